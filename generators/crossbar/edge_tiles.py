"""The rim of a crossbar: edge tiles that carry signals out (left, bottom) and tie supplies (right, top), and corners.

One tile a side and unit, repeated through a tree of strips as the array is. Rim tiles hold wires and the guard ring
only, so the circuit does not know them.
"""

from __future__ import annotations

import klayout.db as kdb

from analoom.cells.model.cell import Pin
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing, library
from analoom.cells.parts.via_stack import draw_via_arrays
from analoom.generators.array.block_tree import Line, child_side
from analoom.generators.array.ring_tile import END_NM, INSET_NM, RING_NM, Side, draw_contacts, draw_ring, draw_tap
from analoom.pdk.layers import Layer

from .rim import Rim

PIN_NM = 300
"""Length of a pin at the rim's outer edge."""


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
    """The wire from the array across the ring to the outer edge."""
    drawing.add(pin.layer, side.box(0, rim.depth_nm(side), *side.span(pin.box)))


def _draw_tie(drawing: Drawing, rim: Rim, side: Side, line: Line, pin: Pin) -> None:
    """The wire from the array to the ring or to its strap, and the vias there."""
    inner, layer = _target(rim, side, line)
    s0, s1 = side.span(pin.box)
    drawing.add(pin.layer, side.box(0, inner + RING_NM, s0, s1))
    start = ((s0 + s1) // 2 - RING_NM // 2) // CUT_GRID_NM * CUT_GRID_NM
    draw_via_arrays(drawing, side.box(inner, inner + RING_NM, start, start + RING_NM), layer, pin.layer)


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
