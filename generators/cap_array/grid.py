"""Where the units, bars, tracks and lines of a capacitor array lie: a placement turned into nm."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from analoom.cells.capacitor.outline import UnitOutline
from analoom.cells.capacitor.unit_cap import UnitCapSpec
from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.generators.matching.placement import DUMMY, Placement, Site
from analoom.pdk.units import GRID_NM, snap_up
from analoom.pdk.wire_levels import MET1, MET2, MET4, VIA, VIA2

from .spines import middle_gap, spine_gaps

VSS, TOP = "vss", "top"

VIA_NM = VIA.size_nm
OFF_NM = VIA_NM // 2 % CUT_GRID_NM
"""Wires that carry vias run this far off the cut grid, so that the edges of their vias fall on it."""
TRACK_NM = MET1.width_nm
PAD_NM = VIA.below.short_nm
"""Width of a met1 track and of its pad at a via; the pad's ends reach out along the track (via.5a)."""
PAD_LENGTH_NM = VIA.below.long_nm
TRACK_PITCH_NM = VIA.below.beside_wire_nm
"""One track beside the pad of the next: two pads of one column are never level, as a unit has one owner."""
LINE_NM = VIA.above.long_nm
"""Width of a met2 bar or line: via's long enclosure (via.5a, m2.5) across it, so its ends need only the short one."""
LINE_PITCH_NM = LINE_NM + MET2.space_nm
STUB_STEP_NM = 30
"""What a stub grows by."""
WIDE_NM = 2900
"""Strips up to this height stay narrow metal: m2.3b begins beyond 3 um."""
LINK_NM = MET4.width_nm


def bar_above_nm(outline: UnitOutline) -> int:
    """Height of a bar's middle above its unit's origin: as low as its via2 allows, its own vias on the cut grid."""
    highest = outline.landing.top + VIA2.below.around_nm - LINE_NM // 2
    return snap_up(highest - OFF_NM, CUT_GRID_NM) + OFF_NM


def tab_top_nm(outline: UnitOutline) -> int:
    """Top of a unit's bottom plate in an array, from its origin; the bar's met2 keeps its distance where it hides."""
    hiding = bar_above_nm(outline) + LINE_NM // 2 + MET2.space_nm
    return max(outline.bottom.top, hiding) if outline.hidden_bar else outline.bottom.top


def tracks_nm(count: int) -> int:
    """The column pitch that `count` tracks need: pads of neighbouring columns may be level."""
    return (count - 1) * TRACK_PITCH_NM + PAD_NM + MET1.space_nm


@dataclass(frozen=True)
class CapGrid:
    """Where units, bars and tracks lie (nm). Rows and columns run from 0; the ring, if any, adds one on each side.

    `stubs_nm`: per weight the length of all its units' stubs together; empty for none. `way_out`: dummy sites that hold
    no unit, as `top` comes out across them. `ring_gap_nm`: how much farther off than a pitch the ring stands.
    """

    placement: Placement
    unit: UnitCapSpec
    weights: int
    ring: bool
    tracks: int
    stubs_nm: tuple[int, ...] = ()
    way_out: frozenset[Site] = frozenset()
    ring_gap_nm: tuple[int, int] = (0, 0)

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

    @cached_property
    def outline(self) -> UnitOutline:
        return self.unit.outline

    def has_vss(self) -> bool:
        return self._with_dummies

    @cached_property
    def _with_dummies(self) -> bool:
        return any(self.owner(row, col) == DUMMY for row, col in self.sites())

    def origin_nm(self, row: int, col: int) -> tuple[int, int]:
        """Origin of the unit at a site: the lower left corner of its capm."""
        placement, (gap_x, gap_y) = self.placement, self.ring_gap_nm
        x = col * placement.pitch_x_nm + _outside(col, placement.cols) * gap_x
        return x, row * placement.pitch_y_nm + _outside(row, placement.rows) * gap_y

    def plate_nm(self, row: int, col: int) -> Box:
        return self.outline.plate.moved(*self.origin_nm(row, col))

    def bottom_nm(self, row: int, col: int) -> Box:
        """The unit's own bottom plate, without its tab."""
        return self.outline.bottom.moved(*self.origin_nm(row, col))

    def window_nm(self, col: int) -> tuple[int, int]:
        """Left and right end of a column's share of the width."""
        left = self.origin_nm(0, col)[0] - self._margin()
        return left, left + self.placement.pitch_x_nm

    def bar_y_nm(self, row: int) -> int:
        """Middle of the met2 bar under the via2 of a row."""
        return self.origin_nm(row, 0)[1] + bar_above_nm(self.outline)

    def tab_nm(self, row: int, col: int) -> Box:
        """What the array adds to a bottom plate: its tab reaches as far as the met2 on vss beyond the bar begins.

        Nothing on met1 is then left in sight of the top plates.
        """
        plate = self.outline.bottom
        return Box(plate.left, plate.top, plate.right, tab_top_nm(self.outline)).moved(*self.origin_nm(row, col))

    def middle_nm(self, row: int, col: int) -> tuple[int, int]:
        """Middle of a plate, down to the grid."""
        plate = self.plate_nm(row, col)
        return plate.left + _half(plate.width()), plate.bottom + _half(plate.height())

    def track_x_nm(self, col: int, slot: int) -> int:
        """Middle of met1 track `slot` of a column; the tracks lie close together under the middle of the plates."""
        plate = self.plate_nm(0, col)
        middle = plate.left + plate.width() // 2 // CUT_GRID_NM * CUT_GRID_NM + OFF_NM
        return middle + (2 * slot - self.tracks + 1) * TRACK_PITCH_NM // 2

    def bar_nm(self, row: int, col: int) -> Box:
        """The met2 bar under a unit: as wide as its bottom plate, or as the column's tracks need."""
        plate, pad = self.bottom_nm(row, col), PAD_NM // 2
        left = min(plate.left, self.track_x_nm(col, 0) - pad)
        right = max(plate.right, self.track_x_nm(col, self.tracks - 1) + pad)
        return across(left, right, self.bar_y_nm(row), LINE_NM)

    def shields_nm(self) -> list[Box]:
        """Met2 on vss between the rows' bars, ring to ring: it hides the met1 tracks from the plates and met4 above.

        In strips too low to count as wide metal, so that they come as close to the bars as narrow metal may; whole, and
        as far off the bars as wide metal, under units that would see through the slots.
        """
        if not self.ring:
            return []
        whole = self.outline.sees_below
        clear = LINE_NM // 2 + (MET2.wide_space_nm if whole else MET2.space_nm)
        left, right = self.bar_nm(0, -1).left, self.bar_nm(0, self.placement.cols).right
        levels = [self.bar_y_nm(row) for row in range(-1, self.placement.rows + 1)]
        gaps = [(low + clear, high - clear) for low, high in pairwise(levels)]
        return [Box(left, low, right, high) for gap in gaps for low, high in ([gap] if whole else _strips(*gap))]

    def line_y_nm(self, net: str) -> int:
        """Middle of a net's met2 line: `vss` highest, then b0, b1, ...; all below the lowest row's bars."""
        order = 0 if net == VSS else int(net[1:]) + int(self.has_vss())
        return self._lines_top_nm() - (order + 1) * LINE_PITCH_NM

    def _lines_top_nm(self) -> int:
        """Where the lines begin: below the ring's plates, out of sight of `top`; without a ring below the bars."""
        if not self.ring:
            return self.bar_y_nm(-1)
        return self.bar_y_nm(0) - snap_up(self.bar_y_nm(0) - self._ring_bottom_nm(), CUT_GRID_NM)

    def _ring_bottom_nm(self) -> int:
        return self.bottom_nm(-1, 0).bottom

    def spines_x_nm(self) -> list[int]:
        """Middles of the gaps where spines stand, from the left."""
        return [self.window_nm(gap)[1] for gap in spine_gaps(self.placement)]

    @property
    def middle_col(self) -> int:
        """The column on whose right side the top plate comes out."""
        return middle_gap(self.placement)

    def is_unit(self, row: int, col: int) -> bool:
        """Whether a weight's unit stands at a site."""
        return self.owner(row, col) != DUMMY

    def stub_nm(self, weight: int, order: int) -> int:
        """What the stub of a weight's unit number `order` grows by: an even share in whole steps.

        Units differ by one step only, and what is less than a step goes to one more unit: an extraction need not be
        smooth in lengths, it adds up over units alike.
        """
        if not self.stubs_nm:
            return 0
        (steps, part), units = divmod(self.stubs_nm[weight], STUB_STEP_NM), len(self.placement.sites(weight))
        each, rest = divmod(steps, units)
        return (each + (order < rest)) * STUB_STEP_NM + (part if order == rest else 0)

    def _margin(self) -> int:
        return snap_up((self.placement.pitch_x_nm - self.outline.plate.width()) // 2)


def _outside(index: int, count: int) -> int:
    """-1 before the grid, 1 behind it, 0 inside."""
    return int(index >= count) - int(index < 0)


def _half(length_nm: int) -> int:
    """Half a length, down to the grid."""
    return length_nm // 2 // GRID_NM * GRID_NM


def _strips(low: int, high: int) -> list[tuple[int, int]]:
    """The stretch cut into the fewest equal strips that are not wide metal (m2.3b), at least spacing apart."""
    apart, count = MET2.space_nm, -(-(high - low) // WIDE_NM)
    height = (high - low - (count - 1) * apart) // count // GRID_NM * GRID_NM
    starts = [low + k * (height + apart) for k in range(count)]
    return [(start, start + height) for start in starts[:-1]] + [(starts[-1], high)]


def across(left: int, right: int, middle_y: int, width: int) -> Box:
    """A horizontal wire of a given width."""
    return Box(left, middle_y - width // 2, right, middle_y - width // 2 + width)


def along(bottom: int, top: int, middle_x: int, width: int) -> Box:
    """A vertical wire of a given width."""
    return Box(middle_x - width // 2, bottom, middle_x - width // 2 + width, top)
