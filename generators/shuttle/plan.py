"""What a tile is to hold: its name and frame, the net of each port of the macro, and what else its pins are tied to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analoom.cells.model.cell import Cell
from analoom.cells.model.drawing import Box
from analoom.cells.model.obstacles import is_drawn
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.shuttle.tiny_tapeout import BANNED, HEIGHT_NM, FramePin, TileFrame
from analoom.pdk.units import to_um

GROUND, SUPPLY, HIGH_SUPPLY = "VGND", "VDPWR", "VAPWR"
SIDE_NM, LOW_NM, HIGH_NM = 6_000, 8_000, 22_000
"""What is left free for wires beside a macro: at either side, below it, and above it, where the digital pins and the
antenna diodes are."""


@dataclass(frozen=True)
class TilePlan:
    """`nets`: by port of the macro a pin of the frame, a supply, or a net of its own that leads nowhere else. `ties`:
    pins of the frame on a supply. `widths_nm`, `most_ohm`: of nets, as the floorplan takes them. `fill`: whether
    capacitors between the supplies stand where the tile is empty."""

    name: str
    frame: TileFrame
    nets: Mapping[str, str]
    ties: Mapping[str, str] = field(default_factory=dict)
    widths_nm: Mapping[str, int] = field(default_factory=dict)
    most_ohm: Mapping[str, float] = field(default_factory=dict)
    fill: bool = True

    @property
    def outline(self) -> Box:
        """Of the tile (nm)."""
        return Box(0, 0, self.frame.width_nm, HEIGHT_NM)

    @property
    def room(self) -> Box:
        """Where a macro may lie (nm)."""
        straps = max(right for _, _, right, _ in self.frame.straps().values())
        return Box(straps + SIDE_NM, LOW_NM, self.frame.width_nm - SIDE_NM, HEIGHT_NM - HIGH_NM)

    def net_of(self, pin: FramePin) -> str:
        """The net that a pin of the frame lies on: its own, or the supply that it is tied to."""
        return self.ties.get(pin.name, pin.name)

    def is_used(self, pin: FramePin) -> bool:
        """Whether anything in the tile meets a pin of the frame."""
        return pin.name in self.ties or pin.name in self.nets.values()

    def require_room(self, macro: Cell) -> None:
        """Raises SpecError for a macro that is larger than the tile has room for, or draws what the shuttle bans."""
        for layer in BANNED:
            if is_drawn(macro.layout, layer):
                raise _banned(macro, layer)
        box, room = macro.bbox_nm, self.room
        if box.width() > room.width() or box.height() > room.height():
            have, most = (f"{to_um(b.width()):g} x {to_um(b.height()):g} um" for b in (box, room))
            raise SpecError(
                "name", macro.name, f"at most {most} in a tile of {self.frame.tiles}, not {have}", "its room"
            )


def _banned(macro: Cell, layer: Layer) -> SpecError:
    """The refusal of a macro, with the field that keeps its wires below where it has one."""
    name, rule = layer.name.lower(), "the metal is the shuttle's own; capacitors: cap_mim_m3_1 or mom, of two plates"
    if "top_metal" in type(macro.spec).model_fields:
        return SpecError("top_metal", macro.spec.model_dump()["top_metal"], f"met4: {name} is banned", rule, fix="met4")
    return SpecError("name", macro.name, f"without {name}", rule)
