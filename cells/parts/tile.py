"""A tile: a rectangle from (0, 0) whose through lines meet those of its neighbours, placed by plain translation."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

from analoom.cells.model.cell import Pin, draw_pin
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.model.facts import Across, Fabric
from analoom.pdk.layers import Layer

Use = Literal["signal", "power", "ground"]


@dataclass
class Tile:
    """The tile being drawn, `px_nm` x `py_nm`; collects pins and the direction of each line."""

    drawing: Drawing
    px_nm: int
    py_nm: int
    pins: list[Pin] = field(default_factory=list)
    lines: dict[str, Across] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.drawing.box(Layer.PR_BOUNDARY, 0, 0, self.px_nm, self.py_nm)

    @property
    def fabric(self) -> Fabric:
        """Pitch and lines of what is drawn so far."""
        return Fabric((self.px_nm, self.py_nm), dict(self.lines))

    def across(self, name: str, layer: Layer, y_nm: int, width_nm: int, use: Use = "signal") -> None:
        """Draws a horizontal through line and its pin."""
        self._line(Pin(name, layer, Box(0, y_nm - width_nm // 2, self.px_nm, y_nm + width_nm // 2), use), "h")

    def along(self, name: str, layer: Layer, x_nm: int, width_nm: int, use: Use = "signal") -> None:
        """Draws a vertical through line and its pin."""
        self._line(Pin(name, layer, Box(x_nm - width_nm // 2, 0, x_nm + width_nm // 2, self.py_nm), use), "v")

    def strip(self, layer: Layer, bottom_nm: int, top_nm: int) -> None:
        """Draws an implant or well from edge to edge."""
        self.drawing.box(layer, 0, bottom_nm, self.px_nm, top_nm)

    def _line(self, pin: Pin, direction: Across) -> None:
        self.drawing.add(pin.layer, pin.box)
        self.pins.append(draw_pin(self.drawing, pin))
        self.lines[pin.name] = direction
