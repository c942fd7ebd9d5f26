"""Isolated p-wells: a deep n-well below, an n-well ring with its tap around, n-well walls with taps between them."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

import klayout.db as kdb

from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing, hull
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up

from .guard_ring import RING_NM, tap_ring, tap_wall
from .spacings import THIN, Spacings

RIM_NM = rules.NWELL_PAST_DNWELL.value_nm + rules.NWELL_INTO_DNWELL.value_nm
"""Least width of the n-well ring: the deep n-well ends within it."""


def pitch_less_ring_nm(apart: Spacings) -> int:
    """From the p-tap ring of one isolated well to that of the next, with the n-well's wall between them."""
    wall_nm = max(rules.NWELL_BETWEEN_PWELLS.value_nm, RING_NM + 2 * apart.tap_in_nwell)
    return snap_up(snap_up(wall_nm, CUT_GRID_NM) + 2 * apart.ptap_to_nwell, CUT_GRID_NM)


def deep_well(drawing: Drawing, rings: Sequence[Sequence[Box]], clear: Box, apart: Spacings = THIN) -> Box:
    """Isolates what lies in p-tap rings, given row by row in a grid (outer boxes, nm); returns the n-tap ring's outer
    box, whose met1 keeps outside `clear`."""
    holes = [ring.enlarged(apart.ptap_to_nwell, apart.ptap_to_nwell) for row in rings for ring in row]
    to_tap = RIM_NM - apart.tap_in_nwell - RING_NM
    inner = hull([clear, hull(holes).enlarged(to_tap, to_tap)])
    outer = tap_ring(drawing, inner, n_tap=True)
    well = outer.enlarged(apart.tap_in_nwell, apart.tap_in_nwell)
    around = kdb.Region(well)
    for hole in holes:
        around -= kdb.Region(hole)
    for part in around.decompose_trapezoids_to_region().each():
        drawing.add(Layer.NWELL, part.bbox())
    drawing.add(Layer.DNWELL, well.enlarged(-rules.NWELL_PAST_DNWELL.value_nm, -rules.NWELL_PAST_DNWELL.value_nm))
    _walls(drawing, rings, outer.enlarged(-RING_NM, -RING_NM))
    return outer


def _walls(drawing: Drawing, rings: Sequence[Sequence[Box]], inner: Box) -> None:
    """Taps in the walls: upright ones from the ring's bottom to its top, level ones between these, as far out as the
    rings of the p-taps."""
    columns = [_between(a.right, b.left) for a, b in pairwise(rings[0])]
    for left, right in columns:
        tap_wall(drawing, Box(left, inner.bottom, right, inner.top), n_tap=True)
    ends = [rings[0][0].left, *(x for column in columns for x in column), rings[0][-1].right]
    for below, above in pairwise(row[0] for row in rings):
        bottom, top = _between(below.top, above.bottom)
        for left, right in zip(ends[::2], ends[1::2], strict=True):
            tap_wall(drawing, Box(left, bottom, right, top), n_tap=True)


def _between(low: int, high: int) -> tuple[int, int]:
    """The tap in the middle of a wall, on the grid of the cuts."""
    start = (low + high - RING_NM) // 2 // CUT_GRID_NM * CUT_GRID_NM
    return start, start + RING_NM
