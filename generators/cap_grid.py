"""Where the units, bars, tracks and lines of a capacitor array lie: a placement turned into nm."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

from analoom.cells.draw import CUT_GRID_NM, Box
from analoom.cells.unit_cap import UnitCapSpec, bottom_box, via2_area
from analoom.pdk import rules
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
        return across(left, right, self.bar_y_nm(row), LINE_NM)

    def shields_nm(self) -> list[Box]:
        """Met2 on vss between the rows' bars, ring to ring: it hides the met1 tracks from the plates and met4 above."""
        clear = LINE_NM // 2 + rules.MET2_WIDE_SPACE.value_nm
        left, right = self.bar_nm(0, -1).left, self.bar_nm(0, self.placement.cols).right
        levels = [self.bar_y_nm(row) for row in range(-1, self.placement.rows + 1)]
        gaps = [Box(left, low + clear, right, high - clear) for low, high in pairwise(levels)]
        return gaps if self.ring else []

    def line_y_nm(self, net: str) -> int:
        """Middle of a net's met2 line: `vss` highest, then b0, b1, ...; all below the lowest row's bars."""
        order = 0 if net == VSS else int(net[1:]) + int(self.has_vss())
        return self.bar_y_nm(-1) - (order + 1) * LINE_PITCH_NM

    def _margin(self) -> int:
        return snap_up((self.placement.pitch_x_nm - self.unit.w_nm) // 2)


def across(left: int, right: int, middle_y: int, width: int) -> Box:
    """A horizontal wire of a given width."""
    return Box(left, middle_y - width // 2, right, middle_y - width // 2 + width)


def along(bottom: int, top: int, middle_x: int, width: int) -> Box:
    """A vertical wire of a given width."""
    return Box(middle_x - width // 2, bottom, middle_x - width // 2 + width, top)
