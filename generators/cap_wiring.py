"""The wires of a capacitor array: met4 arms and two spines above, met2 bars, met1 tracks and met2 lines below."""

from __future__ import annotations

from collections.abc import Iterable

from analoom.cells.cell import Pin, draw_pin
from analoom.cells.draw import Box, Drawing, hull
from analoom.cells.unit_cap import bottom_box, via2_area
from analoom.pdk import rules
from analoom.pdk.layers import Layer

from .cap_grid import LINE_NM, LINK_NM, PAD_LENGTH_NM, PAD_NM, TOP, TRACK_NM, VIA_NM, VSS, CapGrid, across, along
from .cap_spines import rows_used
from .centroid import DUMMY


def wire(drawing: Drawing, grid: CapGrid) -> tuple[Pin, ...]:
    """Draws every wire of the array and its pins; returns the pins: top, the weights', and vss if there is one."""
    for row, col in grid.sites():
        _bar(drawing, grid, row, col)
        above = _strap if grid.owner(row, col) == DUMMY else _arm
        above(drawing, grid, row, col)
    _stubs(drawing, grid)
    _ring_bars(drawing, grid)
    for shield in grid.shields_nm():
        drawing.add(Layer.MET2, shield)
    for col in sorted({col for _, col in grid.sites()}):
        _column(drawing, grid, col)
    nets = [f"b{k}" for k in range(grid.weights)] + ([VSS] if grid.has_vss() else [])
    return (_spines(drawing, grid), *(_line(drawing, grid, net) for net in nets))


def _bar(drawing: Drawing, grid: CapGrid, row: int, col: int) -> None:
    """The met2 bar under a unit, with via2 up to its bottom plate, which reaches out over it."""
    drawing.add(Layer.MET2, grid.bar_nm(row, col))
    drawing.add(Layer.MET3, grid.tab_nm(row, col))
    area = via2_area(grid.unit).moved(*grid.origin_nm(row, col))
    drawing.cuts(Layer.VIA2, area, rules.VIA2_SIZE.value_nm, rules.VIA2_SPACE.value_nm)


def _ring_bars(drawing: Drawing, grid: CapGrid) -> None:
    """Joins the bars of the ring's lower and upper row: all of them are vss."""
    if grid.ring:
        for row in (-1, grid.placement.rows):
            drawing.add(Layer.MET2, hull((grid.bar_nm(row, -1), grid.bar_nm(row, grid.placement.cols))))


def _arm(drawing: Drawing, grid: CapGrid, row: int, col: int) -> None:
    """Met4 across a unit's top plate, from gap to gap, the same for every unit: neighbours' arms meet.

    It crosses no wire of a weight that a plate, or met2 on vss, does not hide.
    """
    drawing.add(Layer.MET4, across(*grid.window_nm(col), grid.middle_nm(row, col)[1], LINK_NM))


def _strap(drawing: Drawing, grid: CapGrid, row: int, col: int) -> None:
    """Ties a dummy's top plate to its own bottom plate: via3 beside capm, met4 over it."""
    area = via2_area(grid.unit).moved(*grid.origin_nm(row, col))
    inset = rules.MET3_ENCLOSES_VIA3_ENDS.value_nm
    drawing.cuts(Layer.VIA3, area.enlarged(-inset, 0), rules.VIA3_SIZE.value_nm, rules.VIA3_SPACE.value_nm)
    plate = grid.plate_nm(row, col)
    drawing.box(Layer.MET4, plate.left, plate.top, plate.right, area.top + rules.MET4_ENCLOSES_VIA3.value_nm)


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
    half_space = rules.MET2_SPACE.value_nm // 2
    line = drawing.add(Layer.MET2, across(left + half_space, right - half_space, grid.line_y_nm(net), LINE_NM))
    box = Box(line.left, line.bottom, line.left + LINE_NM, line.top)
    return draw_pin(drawing, Pin(net, Layer.MET2, box, use="ground" if net == VSS else "signal"))


def _spines(drawing: Drawing, grid: CapGrid) -> Pin:
    """Met4 that joins the rows' arms and brings the top plates out, up to the edge.

    Two spines stand in the outermost gaps that every row reaches: few units have one beside them, and of every weight
    no larger share than of the heaviest.
    """
    rows = rows_used(grid.placement)
    low, high = (grid.middle_nm(row, 0)[1] for row in (rows[0], rows[-1]))
    for x in grid.spines_x_nm():
        drawing.add(Layer.MET4, along(low - LINK_NM // 2, high + LINK_NM // 2, x, LINK_NM))
    x = grid.window_nm(grid.middle_col)[1]
    end = bottom_box(grid.unit).moved(*grid.origin_nm(grid.placement.rows - 1 + int(grid.ring), 0)).top
    drawing.add(Layer.MET4, along(high, end, x, LINK_NM))
    return draw_pin(drawing, Pin(TOP, Layer.MET4, Box(x - LINK_NM // 2, end - LINK_NM, x + LINK_NM // 2, end)))


def _stubs(drawing: Drawing, grid: CapGrid) -> None:
    """Met4 from a top plate out over the tab of its own bottom plate: it couples to nothing else below."""
    for weight in range(grid.weights):
        for order, (row, col) in enumerate(grid.placement.sites(weight)):
            length, plate = grid.stub_nm(weight, order), grid.plate_nm(row, col)
            drawing.add(Layer.MET4, along(plate.top, plate.top + length, grid.middle_nm(row, col)[0], LINK_NM))
