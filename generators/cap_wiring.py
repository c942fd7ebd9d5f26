"""The wires of a capacitor array: a met4 mesh above, met2 bars, met1 tracks and met2 lines below."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analoom.cells.cell import Pin, draw_pin
from analoom.cells.draw import CUT_GRID_NM, Box, Drawing, hull
from analoom.cells.unit_cap import UnitCapSpec, bottom_box, via2_area
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.units import GRID_NM, snap_up

from .centroid import DUMMY, Placement, Site

VSS, TOP = "vss", "top"

VIA_NM = rules.VIA_SIZE.value_nm
OFF_NM = VIA_NM // 2 % CUT_GRID_NM
"""Wires that carry vias run this far off the cut grid, so that the edges of their vias fall on it."""
TRACK_NM = rules.MET1_WIDTH.value_nm
PAD_NM = VIA_NM + 2 * rules.MET1_ENCLOSES_VIA.value_nm
"""Width of a met1 track and of its pad at a via; the pad's ends reach out along the track (via.5a)."""
PAD_LENGTH_NM = VIA_NM + 2 * rules.MET1_ENCLOSES_VIA_ENDS.value_nm
TRACK_PITCH_NM = PAD_NM // 2 + rules.MET1_SPACE.value_nm + TRACK_NM // 2
"""One track beside the pad of the next: two pads of one column are never level, as a unit has one owner."""
LINE_NM = VIA_NM + 2 * rules.MET2_ENCLOSES_VIA_ENDS.value_nm
"""Width of a met2 bar or line: via's long enclosure (via.5a, m2.5) across it, so its ends need only the short one."""
LINE_PITCH_NM = LINE_NM + rules.MET2_SPACE.value_nm
LINK_NM = rules.MET4_WIDTH.value_nm


def tracks_nm(count: int) -> int:
    """The column pitch that `count` tracks need: pads of neighbouring columns may be level."""
    return (count - 1) * TRACK_PITCH_NM + PAD_NM + rules.MET1_SPACE.value_nm


@dataclass(frozen=True)
class CapGrid:
    """Where units, bars and tracks lie (nm). Rows and columns run from 0; the ring, if any, adds one on each side."""

    placement: Placement
    unit: UnitCapSpec
    weights: int
    ring: bool
    tracks: int

    def sites(self) -> list[Site]:
        """Every site, ring included, row by row."""
        edge = int(self.ring)
        rows, cols = self.placement.rows, self.placement.cols
        return [(r, c) for r in range(-edge, rows + edge) for c in range(-edge, cols + edge)]

    def owner(self, row: int, col: int) -> int:
        """Index of the weight at a site; DUMMY in the ring and outside."""
        inside = 0 <= row < self.placement.rows and 0 <= col < self.placement.cols
        return self.placement.owner[row][col] if inside else DUMMY

    def nets(self, who: int) -> tuple[str, str]:
        """Nets of the (bottom, top) plates of a unit owned by `who`."""
        return (VSS, VSS) if who == DUMMY else (f"b{who}", TOP)

    def has_vss(self) -> bool:
        return any(self.owner(row, col) == DUMMY for row, col in self.sites())

    def origin_nm(self, row: int, col: int) -> tuple[int, int]:
        """Origin of the unit at a site: the lower left corner of its capm."""
        return col * self.placement.pitch_x_nm, row * self.placement.pitch_y_nm

    def plate_nm(self, row: int, col: int) -> Box:
        x, y = self.origin_nm(row, col)
        return Box(x, y, x + self.unit.w_nm, y + self.unit.w_nm)

    def window_nm(self, col: int) -> tuple[int, int]:
        """Left and right end of a column's share of the width."""
        left = col * self.placement.pitch_x_nm - self._margin()
        return left, left + self.placement.pitch_x_nm

    def bar_y_nm(self, row: int) -> int:
        """Middle of the met2 bar under the via2 of a row."""
        return row * self.placement.pitch_y_nm + via2_area(self.unit).bottom + rules.VIA2_SIZE.value_nm // 2 + OFF_NM

    def middle_nm(self, row: int, col: int) -> tuple[int, int]:
        """Middle of a plate, down to the grid."""
        x, y = self.origin_nm(row, col)
        half = self.unit.w_nm // 2 // GRID_NM * GRID_NM
        return x + half, y + half

    def track_x_nm(self, col: int, slot: int) -> int:
        """Middle of met1 track `slot` of a column; the tracks lie close together under the middle of the plates."""
        middle = col * self.placement.pitch_x_nm + self.unit.w_nm // 2 // CUT_GRID_NM * CUT_GRID_NM + OFF_NM
        return middle + (2 * slot - self.tracks + 1) * TRACK_PITCH_NM // 2

    def bar_nm(self, row: int, col: int) -> Box:
        """The met2 bar under a unit: as wide as its bottom plate, or as the column's tracks need."""
        plate, pad = bottom_box(self.unit).moved(*self.origin_nm(row, col)), PAD_NM // 2
        left = min(plate.left, self.track_x_nm(col, 0) - pad)
        right = max(plate.right, self.track_x_nm(col, self.tracks - 1) + pad)
        return _across(left, right, self.bar_y_nm(row), LINE_NM)

    def line_y_nm(self, net: str) -> int:
        """Middle of a net's met2 line: `vss` highest, then b0, b1, ...; all below the lowest row's bars."""
        order = 0 if net == VSS else int(net[1:]) + int(self.has_vss())
        return self.bar_y_nm(-1) - (order + 1) * LINE_PITCH_NM

    def _margin(self) -> int:
        return snap_up((self.placement.pitch_x_nm - self.unit.w_nm) // 2)


def wire(drawing: Drawing, grid: CapGrid) -> tuple[Pin, ...]:
    """Draws every wire of the array and its pins; returns the pins: top, the weights', and vss if there is one."""
    for row, col in grid.sites():
        _bar(drawing, grid, row, col)
        above = _strap if grid.owner(row, col) == DUMMY else _frame
        above(drawing, grid, row, col)
    _ring_bars(drawing, grid)
    for col in sorted({col for _, col in grid.sites()}):
        _column(drawing, grid, col)
    nets = [f"b{k}" for k in range(grid.weights)] + ([VSS] if grid.has_vss() else [])
    return (_top_exit(drawing, grid), *(_line(drawing, grid, net) for net in nets))


def _bar(drawing: Drawing, grid: CapGrid, row: int, col: int) -> None:
    """The met2 bar under a unit, with via2 up to its bottom plate."""
    drawing.add(Layer.MET2, grid.bar_nm(row, col))
    area = via2_area(grid.unit).moved(*grid.origin_nm(row, col))
    drawing.cuts(Layer.VIA2, area, rules.VIA2_SIZE.value_nm, rules.VIA2_SPACE.value_nm)


def _ring_bars(drawing: Drawing, grid: CapGrid) -> None:
    """Joins the bars of the ring's lower and upper row: all of them are vss."""
    if grid.ring:
        for row in (-1, grid.placement.rows):
            drawing.add(Layer.MET2, hull((grid.bar_nm(row, -1), grid.bar_nm(row, grid.placement.cols))))


def _frame(drawing: Drawing, grid: CapGrid, row: int, col: int) -> None:
    """Met4 around a unit and across its top plate: lines in the gaps beside it, one link; the same for every unit.

    Neighbours' frames meet and make the mesh of `top`; nothing of it crosses a bottom plate or its wires.
    """
    (left, right), (_, y) = grid.window_nm(col), grid.middle_nm(row, col)
    drawing.add(Layer.MET4, _across(left, right, y, LINK_NM))
    low = y - grid.placement.pitch_y_nm // 2 // GRID_NM * GRID_NM
    for x in (left, right):
        drawing.add(Layer.MET4, _along(low, low + grid.placement.pitch_y_nm, x, LINK_NM))


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
        _track(drawing, grid.track_x_nm(col, slot), levels)


def _track(drawing: Drawing, x: int, levels: Iterable[int]) -> None:
    """A met1 track at `x` with a via up to met2 at each level (nm)."""
    marks = sorted(levels)
    drawing.add(Layer.MET1, _along(marks[0], marks[-1], x, TRACK_NM))
    for y in marks:
        half = VIA_NM // 2
        drawing.box(Layer.VIA, x - half, y - half, x - half + VIA_NM, y - half + VIA_NM)
        drawing.add(Layer.MET1, _along(y - PAD_LENGTH_NM // 2, y + PAD_LENGTH_NM // 2, x, PAD_NM))


def _line(drawing: Drawing, grid: CapGrid, net: str) -> Pin:
    """A net's met2 line under the array, its pin at the left end."""
    edge = int(grid.ring)
    left, right = grid.window_nm(-edge)[0], grid.window_nm(grid.placement.cols - 1 + edge)[1]
    half_space = rules.MET2_SPACE.value_nm // 2
    line = drawing.add(Layer.MET2, _across(left + half_space, right - half_space, grid.line_y_nm(net), LINE_NM))
    box = Box(line.left, line.bottom, line.left + LINE_NM, line.top)
    return draw_pin(drawing, Pin(net, Layer.MET2, box, use="ground" if net == VSS else "signal"))


def _top_exit(drawing: Drawing, grid: CapGrid) -> Pin:
    """Brings the top plates out between two columns, up to the upper edge."""
    row = max(r for r, _ in grid.sites())
    col = (grid.placement.cols - 1) // 2
    start = grid.middle_nm(_highest_unit(grid, col), col)[1]
    end = bottom_box(grid.unit).moved(*grid.origin_nm(row, col)).top
    x = grid.window_nm(col)[1]
    drawing.add(Layer.MET4, _along(start, end, x, LINK_NM))
    box = Box(x - LINK_NM // 2, end - LINK_NM, x + LINK_NM // 2, end)
    return draw_pin(drawing, Pin(TOP, Layer.MET4, box))


def _highest_unit(grid: CapGrid, col: int) -> int:
    return max(row for row in range(grid.placement.rows) if grid.owner(row, col) != DUMMY)


def _across(left: int, right: int, middle_y: int, width: int) -> Box:
    return Box(left, middle_y - width // 2, right, middle_y - width // 2 + width)


def _along(bottom: int, top: int, middle_x: int, width: int) -> Box:
    return Box(middle_x - width // 2, bottom, middle_x - width // 2 + width, top)
