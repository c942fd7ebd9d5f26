"""Wires to drivers: upright lanes of met3, their ways to tracks, the register, and rails that go on."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from analoom.cells.memory.column_driver import CONTROLS
from analoom.cells.memory.plan import LINE_NM
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.parts.via_stack import draw_stack, draw_via_arrays
from analoom.cells.strip.draw import draw_track
from analoom.cells.strip.sizes import RAIL_NM, TRACK_NM
from analoom.pdk.layers import Layer

from .driver_floor import IN, DriverFloor
from .outlets import LEAST_NM

CHAIN = "d"
"""The track that the stages of the register hand on."""


def line_box(x: int, bottom: int, top: int) -> Box:
    """Met3 upright, its middle at `x`."""
    left = x - LINE_NM // 2
    return Box(left, bottom, left + LINE_NM, top)


def draw_controls(drawing: Drawing, floor: DriverFloor) -> None:
    """The lane of each control with its ways to every row of column drivers."""
    for net in CONTROLS:
        x = floor.left_lanes[net]
        drawing.add(Layer.MET3, line_box(x, floor.bottom, floor.fold_top(0)))
        for fold in range(floor.folds):
            _tap(drawing, x, floor.fold_track_y(net, fold))


def draw_register(drawing: Drawing, floor: DriverFloor) -> None:
    """Met3 from `din` to the first row of drivers, from row to row, and from the last one out."""
    x, y = floor.left_lanes[IN], floor.fold_track_y(CHAIN, 0)
    drawing.add(Layer.MET3, line_box(x, floor.bottom, y + LINE_NM // 2))
    _tap(drawing, x, y)
    for fold, after in pairwise(range(floor.folds)):
        ys = [floor.fold_track_y(CHAIN, k) for k in (fold, after)]
        drawing.add(Layer.MET3, line_box(floor.way_out_x(fold), min(ys) - LINE_NM // 2, max(ys) + LINE_NM // 2))
        for y in ys:
            _turn(drawing, floor, fold, y)
    last = floor.folds - 1
    y = floor.fold_track_y(CHAIN, last)
    top = max(y + LINE_NM // 2, floor.register_end + LEAST_NM)
    drawing.add(Layer.MET3, line_box(floor.way_out_x(last), floor.register_end, top))
    _turn(drawing, floor, last, y)


def _turn(drawing: Drawing, floor: DriverFloor, fold: int, y: int) -> None:
    _tap(drawing, floor.way_out_x(fold), y, floor.drivers_width if floor.runs_right(fold) else 0)


def _tap(drawing: Drawing, x: int, y: int, edge: int = 0) -> None:
    """From the edge of the drivers to a lane."""
    half = TRACK_NM // 2
    draw_track(drawing, min(x - half, edge), max(x + half, edge), y)
    draw_stack(drawing, x, y, Layer.MET2, Layer.MET3, "h")


def draw_address_lane(drawing: Drawing, floor: DriverFloor, x: int, taps: Sequence[int]) -> None:
    """A line of the address from the upper edge down to the lowest row that listens to it, and its way to each.

    No lower: a line that few rows listen to has few gates, and would collect too much for them while it is etched.
    """
    drawing.add(Layer.MET3, line_box(x, min(taps), floor.top))
    for y in taps:
        draw_address_tap(drawing, floor, x, y)


def draw_address_tap(drawing: Drawing, floor: DriverFloor, x: int, y: int) -> None:
    """From a lane of the address to a track, which is lengthened where the lane lies beside the driver."""
    draw_stack(drawing, x, y, Layer.MET2, Layer.MET3, "h")
    left = x - LINE_NM // 2
    if left < floor.words_left:
        draw_track(drawing, left, floor.words_left, y)


def draw_rail_on(drawing: Drawing, floor: DriverFloor, met1_end: int, y: int) -> None:
    """From a word driver's rail on met1, which ends at `met1_end`, to the rails of met2 at the origin."""
    bottom, top = y - RAIL_NM // 2, y + RAIL_NM // 2
    drawing.box(Layer.MET2, floor.words_right, bottom, 0, top)
    draw_via_arrays(drawing, Box(floor.words_right, bottom, met1_end, top), Layer.MET1, Layer.MET2)
