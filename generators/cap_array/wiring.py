"""The wires of a capacitor array: `top` above (`cap_top`), met2 bars, met1 tracks and met2 lines below."""

from __future__ import annotations

from collections.abc import Iterable

from analoom.cells.model.cell import Pin, draw_pin
from analoom.cells.model.drawing import Box, Drawing, hull
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import MET2

from .grid import LINE_NM, PAD_LENGTH_NM, PAD_NM, TRACK_NM, VIA_NM, VSS, CapGrid, across, along
from .top_plates import TopWires


def wire(drawing: Drawing, grid: CapGrid, tops: TopWires) -> tuple[Pin, ...]:
    """Draws every wire of the array and its pins; returns the pins: top, the weights', and vss if there is one."""
    for row, col in grid.sites():
        _bar(drawing, grid, row, col)
        _above(grid, tops, row, col)
    _stubs(grid, tops)
    _ring_bars(drawing, grid)
    for shield in grid.shields_nm():
        drawing.add(Layer.MET2, shield)
    tops.shields()
    for col in sorted({col for _, col in grid.sites()}):
        _column(drawing, grid, col)
    nets = [f"b{k}" for k in range(grid.weights)] + ([VSS] if grid.has_vss() else [])
    return (tops.way_out(), *(_line(drawing, grid, net) for net in nets))


def _bar(drawing: Drawing, grid: CapGrid, row: int, col: int) -> None:
    """The met2 bar under a unit, and the tab that its bottom plate reaches out over it with."""
    drawing.add(Layer.MET2, grid.bar_nm(row, col))
    tab = grid.tab_nm(row, col)
    if tab.height() and (row, col) not in grid.way_out:
        drawing.add(Layer.MET3, tab)


def _above(grid: CapGrid, tops: TopWires, row: int, col: int) -> None:
    if (row, col) in grid.way_out:
        tops.bare(row, col)
        return
    tops.joint(row, col)
    (tops.unit if grid.is_unit(row, col) else tops.dummy)(row, col)


def _ring_bars(drawing: Drawing, grid: CapGrid) -> None:
    """Joins the bars of the ring's lower and upper row: all of them are vss."""
    if grid.ring:
        for row in (-1, grid.placement.rows):
            drawing.add(Layer.MET2, hull((grid.bar_nm(row, -1), grid.bar_nm(row, grid.placement.cols))))


def _column(drawing: Drawing, grid: CapGrid, col: int) -> None:
    """The met1 tracks of a column: one per owner, from its highest unit down to its line, a via at each unit."""
    rows: dict[int, list[int]] = {}
    for row, c in grid.sites():
        ring_row = not 0 <= row < grid.placement.rows
        if c == col and not (ring_row and 0 <= col < grid.placement.cols):
            rows.setdefault(grid.owner(row, col), []).append(row)
    first = (grid.tracks - len(rows)) // 2
    for slot, who in enumerate(sorted(rows), start=first):
        levels = [grid.bar_y_nm(row) for row in rows[who]] + [grid.line_y_nm(grid.nets(who)[0])]
        if not 0 <= col < grid.placement.cols:
            levels += [shield.bottom + LINE_NM // 2 for shield in grid.shields_nm()]
        _track(drawing, grid.track_x_nm(col, slot), levels)


def _track(drawing: Drawing, x: int, levels: Iterable[int]) -> None:
    """A met1 track at `x` with a via up to met2 at each level (nm)."""
    marks = sorted(levels)
    drawing.add(Layer.MET1, along(marks[0], marks[-1], x, TRACK_NM))
    for y in marks:
        half = VIA_NM // 2
        drawing.box(Layer.VIA, x - half, y - half, x - half + VIA_NM, y - half + VIA_NM)
        drawing.add(Layer.MET1, along(y - PAD_LENGTH_NM // 2, y + PAD_LENGTH_NM // 2, x, PAD_NM))


def _line(drawing: Drawing, grid: CapGrid, net: str) -> Pin:
    """A net's met2 line under the array, its pin at the left end."""
    edge = int(grid.ring)
    left, right = grid.window_nm(-edge)[0], grid.window_nm(grid.placement.cols - 1 + edge)[1]
    half_space = MET2.space_nm // 2
    line = drawing.add(Layer.MET2, across(left + half_space, right - half_space, grid.line_y_nm(net), LINE_NM))
    box = Box(line.left, line.bottom, line.left + LINE_NM, line.top)
    return draw_pin(drawing, Pin(net, Layer.MET2, box, use="ground" if net == VSS else "signal"))


def _stubs(grid: CapGrid, tops: TopWires) -> None:
    """What balances the weights: `top` over its own unit's bottom plate, so that it couples to nothing else below."""
    for weight in range(grid.weights):
        for order, (row, col) in enumerate(grid.placement.sites(weight)):
            tops.stub(row, col, grid.stub_nm(weight, order))
