"""Resistor bodies of a layout as an extraction reports them: devices between nets, not wires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .geometry import Shapes


@dataclass(frozen=True)
class ResistorBody:
    """A resistor: its `device`, the nets at its ends, and its lower left corner in um."""

    device: str
    nets: tuple[str, ...]
    x_um: float
    y_um: float

    def to_json(self) -> dict[str, Any]:
        return {"device": self.device, "nets": list(self.nets), "x_um": self.x_um, "y_um": self.y_um}


def resistor_bodies(shapes: Shapes, names: Sequence[str]) -> tuple[ResistorBody, ...]:
    """The bodies among shapes, with the names of nets by their number."""
    return tuple(
        ResistorBody(body.device, tuple(names[end.net] for end in body.ends), x / 1000, y / 1000)
        for body in shapes.bodies
        for x, y in [body.place_nm]
    )
