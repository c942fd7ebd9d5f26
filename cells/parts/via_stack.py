"""Stacks of vias from one conductor up to another: single cuts at a point with the least pads, or arrays over a pad."""

from __future__ import annotations

from typing import Literal

from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.pdk.layers import Layer
from analoom.pdk.rules import Rule
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import LEVELS, MCON, vias_between

Ends = Literal["h", "v"]
"""The direction in which a pad is long (its larger enclosure)."""


def draw_stack(drawing: Drawing, x_nm: int, y_nm: int, lowest: Layer, highest: Layer, ends: Ends = "v") -> None:
    """Joins `lowest` to `highest` at a point by single cuts; draws the least pad of each on the conductors it joins."""
    for via in vias_between(lowest, highest):
        cut = drawing.add(via.cut, cut_box(via.size, x_nm, y_nm))
        for pad in via.pads:
            wide, long = (pad.short_nm - via.size_nm) // 2, (pad.long_nm - via.size_nm) // 2
            half = (long, wide) if ends == "h" else (wide, long)
            drawing.add(pad.layer, cut.enlarged(*half))


def draw_via_arrays(drawing: Drawing, pad: Box, one: Layer, other: Layer) -> None:
    """Joins two conductors over `pad` (nm), drawn on both and on all between, by as many cuts as fit.

    Raises ValueError for a pad that holds no cut.
    """
    order = list(LEVELS)
    for via in vias_between(*sorted((one, other), key=order.index)):
        for end in via.pads:
            drawing.add(end.layer, pad)
        if not drawing.cuts(via.cut, pad.enlarged(-via.ends_nm, -via.ends_nm), via.size_nm, via.space_nm):
            raise ValueError(f"no {via.cut.name} fits into {pad}")


def cut_box(size: Rule, x_nm: int, y_nm: int) -> Box:
    """The cut nearest to a point, on the grid of the cuts (a square of side `size`)."""
    left, bottom = ((v - size.value_nm // 2) // CUT_GRID_NM * CUT_GRID_NM for v in (x_nm, y_nm))
    return Box(left, bottom, left + size.value_nm, bottom + size.value_nm)


def stack_centre(least_nm: int) -> int:
    """The smallest coordinate from `least_nm` up where li1, mcon and via cuts can all be centred."""
    half = MCON.size_nm // 2
    return snap_up(least_nm - half, CUT_GRID_NM) + half


def pad_size(layer: Layer, lowest: Layer, highest: Layer) -> tuple[int, int]:
    """Short and long side (nm) of the pad that `draw_stack` leaves on `layer`."""
    pads = [pad for via in vias_between(lowest, highest) for pad in via.pads if pad.layer is layer]
    return max(pad.short_nm for pad in pads), max(pad.long_nm for pad in pads)
