"""The rim of a crossbar: edge tiles that carry signals out (left, bottom) and tie supplies (right, top), and corners.

One tile a side and unit, repeated through a tree of strips as the array is. Rim tiles hold wires and the guard ring
only, so the circuit does not know them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import klayout.db as kdb

from analoom.cells.cell import Cell, Pin
from analoom.cells.draw import CUT_GRID_NM, Box, Drawing, library
from analoom.pdk import rules
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up

from .block_tree import GROUND, PLATE, Line, child_side, lines_of, tile_nm
from .edge_stack import draw_stack
from .ring_tile import END_NM, INSET_NM, RING_NM, Side, draw_contacts, draw_ring, draw_tap

PIN_NM = 300
"""Length of a pin at the rim's outer edge."""

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
                inner = self.clearance_nm(side) + len(out) * (RING_NM + rules.MET3_SPACE.value_nm)
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
        apart = rules.IMPLANT_ENCLOSES_DIFF.value_nm + rules.MET3_SPACE.value_nm
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


def strip(rim: Rim, side: Side, count: int) -> kdb.Cell:
    """`count` edge tiles in a row along `side`, as a tree; the first at the origin."""
    name = f"{rim.unit.name}_{side.value}{count}"
    if library().has_cell(name):
        return library().cell(name)
    drawing, step = Drawing(name), child_side(count, 1)
    for start in range(0, count, step):
        size = min(step, count - start)
        child = _tile(rim, side) if size == 1 else strip(rim, side, size)
        drawing.instance(child, _along(side, start * rim.pitch_nm(side)))
    return drawing.cell


def _along(side: Side, s_nm: int) -> kdb.Trans:
    return kdb.Trans(kdb.Vector(0, s_nm) if side.is_vertical else kdb.Vector(s_nm, 0))


def _tile(rim: Rim, side: Side) -> kdb.Cell:
    name = f"{rim.unit.name}_{side.value}"
    if library().has_cell(name):
        return library().cell(name)
    drawing, pitch = Drawing(name), rim.pitch_nm(side)
    drawing.add(Layer.PR_BOUNDARY, side.box(0, rim.depth_nm(side), 0, pitch))
    draw_ring(drawing, side, rim.ring_nm(side), pitch)
    for strap in rim.straps(side):
        drawing.add(strap.layer, side.box(strap.inner_nm, strap.inner_nm + RING_NM, 0, pitch))
    for line, pin in rim.wires(side):
        _draw_signal(drawing, rim, side, pin) if side.has_signals else _draw_tie(drawing, rim, side, line, pin)
    return drawing.cell


def _draw_signal(drawing: Drawing, rim: Rim, side: Side, pin: Pin) -> None:
    """The wire from the array across the ring to the outer edge. Raises InputError for one that cannot cross."""
    if pin.layer in (Layer.POLY, Layer.LI1):
        message = f"{rim.unit.name}: {pin.name} on {pin.layer.name} cannot cross the guard ring"
        raise InputError(message, field="synapse", remedy="bring the line up to met1")
    drawing.add(pin.layer, side.box(0, rim.depth_nm(side), *side.span(pin.box)))


def _draw_tie(drawing: Drawing, rim: Rim, side: Side, line: Line, pin: Pin) -> None:
    """The wire from the array to the ring or to its strap, and the vias there."""
    inner, layer = _target(rim, side, line)
    s0, s1 = side.span(pin.box)
    drawing.add(pin.layer, side.box(0, inner + RING_NM, s0, s1))
    start = ((s0 + s1) // 2 - RING_NM // 2) // CUT_GRID_NM * CUT_GRID_NM
    draw_stack(drawing, side.box(inner, inner + RING_NM, start, start + RING_NM), layer, pin.layer)


def _target(rim: Rim, side: Side, line: Line) -> tuple[int, Layer]:
    for strap in rim.straps(side):
        if strap.net == line.port:
            return strap.inner_nm, strap.layer
    return rim.ring_nm(side), Layer.MET1


def corner(rim: Rim, vertical: Side, horizontal: Side) -> kdb.Cell:
    """The corner between two sides, its inner corner at the origin."""
    name = f"{rim.unit.name}_{horizontal.value}_{vertical.value}"
    if library().has_cell(name):
        return library().cell(name)
    drawing = Drawing(name)
    outer = _quadrant(vertical, horizontal, (0, rim.depth_nm(vertical)), (0, rim.depth_nm(horizontal)))
    drawing.add(Layer.PR_BOUNDARY, outer)
    square = corner_square(rim, vertical, horizontal)
    draw_tap(drawing, square, metal=True)
    draw_contacts(drawing, square.enlarged(-INSET_NM, -INSET_NM), metal=True)
    for arm, contacts, metal in _arms(rim, vertical, horizontal):
        draw_tap(drawing, arm, metal=metal)
        draw_contacts(drawing, contacts, metal=metal)
    return drawing.cell


def corner_square(rim: Rim, vertical: Side, horizontal: Side) -> Box:
    """Where the two bars of the ring meet, relative to the corner of the array."""
    v, h = rim.ring_nm(vertical), rim.ring_nm(horizontal)
    return _quadrant(vertical, horizontal, (v, v + RING_NM), (h, h + RING_NM))


def _arms(rim: Rim, vertical: Side, horizontal: Side) -> list[tuple[Box, Box, bool]]:
    """The two bars from the square to the array's corner: bar, where its contacts lie, whether met1 covers it."""
    v, h = rim.ring_nm(vertical), rim.ring_nm(horizontal)
    across, down = (v, v + RING_NM), (h, h + RING_NM)
    cuts_across, cuts_down = (v + INSET_NM, v + RING_NM - INSET_NM), (h + INSET_NM, h + RING_NM - INSET_NM)
    along_v, along_h = (END_NM, h - END_NM), (END_NM, v - END_NM)
    return [
        (
            _quadrant(vertical, horizontal, across, (0, h)),
            _quadrant(vertical, horizontal, cuts_across, along_v),
            not vertical.has_signals,
        ),
        (
            _quadrant(vertical, horizontal, (0, v), down),
            _quadrant(vertical, horizontal, along_h, cuts_down),
            not horizontal.has_signals,
        ),
    ]


def _quadrant(vertical: Side, horizontal: Side, across: tuple[int, int], down: tuple[int, int]) -> Box:
    """The box `across` nm outward of the vertical side and `down` nm outward of the horizontal one."""
    x, y = vertical.box(*across, 0, 1), horizontal.box(*down, 0, 1)
    return Box(x.left, y.bottom, x.right, y.top)
