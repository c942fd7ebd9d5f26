"""Where things lie in the rim of a crossbar: which lines leave through which side, straps, ring, depth."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analoom.cells.model.cell import Cell, Pin
from analoom.cells.model.drawing import CUT_GRID_NM
from analoom.generators.array.block_tree import GROUND, PLATE, Line, lines_of, tile_nm
from analoom.generators.array.ring_tile import RING_NM, Side
from analoom.pdk import rules
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET3

ABOVE_PLATES = (Layer.MET3, Layer.MET4)
"""A wire on these is tied through met3, which keeps away from the plates of the array's capacitors."""

STRAPS = (Layer.MET2, Layer.MET1, Layer.MET3)
"""Layers a supply strap may take, the best first."""


@dataclass(frozen=True)
class Strap:
    """A bar along a side that joins the wires of `net` there; `inner_nm` is its distance from the array."""

    net: str
    layer: Layer
    inner_nm: int


@dataclass(frozen=True)
class Rim:
    """The rim around arrays of `unit`."""

    unit: Cell

    def __post_init__(self) -> None:
        """Raises InputError for a unit whose lines cannot get out, before anything is drawn."""
        for side in Side:
            self.straps(side)
            for _, pin in self.wires(side) if side.has_signals else ():
                _refuse_low(self.unit, pin)

    @cached_property
    def lines(self) -> tuple[Line, ...]:
        return lines_of(self.unit)

    @cached_property
    def overhang_nm(self) -> int:
        """How far shapes of a tile stick out of it."""
        px, py = tile_nm(self.unit)
        box = self.unit.bbox_nm
        return max(-box.left, -box.bottom, box.right - px, box.top - py, 0)

    def clearance_nm(self, side: Side) -> int:
        """From the array to the first bar of the rim, by the widest spacing there: implant, or plate to a via stack."""
        apart = rules.IMPLANT_SPACE.value_nm + rules.IMPLANT_ENCLOSES_DIFF.value_nm
        stacked = any(line.is_supply and pin.layer in ABOVE_PLATES for line, pin in self.wires(side))
        apart = max(apart, rules.CAPM_PLATE_SPACE.value_nm) if stacked else apart
        return snap_up(self.overhang_nm + apart, CUT_GRID_NM)

    def wires(self, side: Side) -> list[tuple[Line, Pin]]:
        """The lines that go out through `side`: signals to their pins, supplies to where they are tied."""
        found = []
        for line in self.lines:
            if line.is_supply != side.has_signals:
                found += [(line, pin) for pin in (line.across if side.is_vertical else line.down)]
        return found

    def straps(self, side: Side) -> tuple[Strap, ...]:
        """The straps of a side, from the array outward: one a supply other than the ring's."""
        out: list[Strap] = []
        for line, _ in self.wires(side):
            if line.is_supply and tied_to(line) != GROUND and line.port not in (s.net for s in out):
                inner = self.clearance_nm(side) + len(out) * (RING_NM + MET3.space_nm)
                out.append(Strap(line.port, self._strap_layer(side, line), inner))
        return tuple(out)

    def _strap_layer(self, side: Side, line: Line) -> Layer:
        others = {pin.layer for other, pin in self.wires(side) if other is not line}
        free = [layer for layer in STRAPS if layer not in others]
        if not free:
            raise InputError(f"{self.unit.name}: no layer is left for a strap of {line.port}", field="synapse")
        return free[0]

    def ring_nm(self, side: Side) -> int:
        """Distance from the array to the ring's inner edge."""
        straps = self.straps(side)
        apart = rules.IMPLANT_ENCLOSES_DIFF.value_nm + MET3.space_nm
        return snap_up(straps[-1].inner_nm + RING_NM + apart, CUT_GRID_NM) if straps else self.clearance_nm(side)

    def depth_nm(self, side: Side) -> int:
        """Distance from the array to the rim's outer edge."""
        return self.ring_nm(side) + RING_NM + 2 * rules.IMPLANT_ENCLOSES_DIFF.value_nm

    def pitch_nm(self, side: Side) -> int:
        """Length of one tile along a side."""
        px, py = tile_nm(self.unit)
        return py if side.is_vertical else px


def tied_to(line: Line) -> str:
    """The net a supply ends on: the common plate on the bulk, others on their own."""
    return GROUND if line.port == PLATE else line.port


def _refuse_low(unit: Cell, pin: Pin) -> None:
    if pin.layer in (Layer.POLY, Layer.LI1):
        message = f"{unit.name}: {pin.name} on {pin.layer.name} cannot cross the guard ring"
        raise InputError(message, field="synapse", remedy="bring the line up to met1")
