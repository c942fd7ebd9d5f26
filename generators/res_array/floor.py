"""Where strips, tracks, risers and the ring of an array of resistors lie, in nm.

Tracks are met2 over the heads of a row, the first nearest the bodies, as far outward as there are nets; risers are met1
beside the rows. Nothing crosses a body.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from analoom.cells.model.drawing import CUT_GRID_NM, Box, hull
from analoom.cells.resistor.strip import Strip
from analoom.generators.matching.placement import DUMMY, Placement, Site
from analoom.pdk import rules
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET1, MET2, VIA

from .nets import Side, dummy_columns

TRACK_NM = VIA.above.long_nm
"""Height of a track: via's long enclosure across it, so that its ends need only the short one."""
TRACK_PITCH_NM = snap_up(TRACK_NM + MET2.space_nm, CUT_GRID_NM)
RISER_NM = VIA.below.short_nm
RISER_PITCH_NM = snap_up(RISER_NM + MET1.space_nm, CUT_GRID_NM)
PAD_NM = VIA.below.long_nm
OFF_NM = VIA.size_nm // 2 % CUT_GRID_NM
"""Middles of tracks and risers lie this far off the cuts' grid, so that the edges of vias fall on it."""


@dataclass(frozen=True)
class ResFloor:
    """The strips of `placement` (its pitches aside) with `ring` dummies at either end of a row, and the number of
    risers that either side has room for.
    """

    strip: Strip
    placement: Placement
    resistors: int
    ring: int
    risers: Mapping[Side, int] = field(default_factory=dict)

    @cached_property
    def dummies(self) -> list[list[int]]:
        """The columns of each row that hold a dummy."""
        return dummy_columns(self.placement, self.ring)

    @property
    def tracks(self) -> int:
        """Tracks on either side of a row: one a resistor, and the body's outside them."""
        return self.resistors + 1

    @property
    def sites(self) -> list[Site]:
        """Every site that holds a strip, row by row."""
        rows, cols = self.placement.rows, range(-self.ring, self.placement.cols + self.ring)
        return [(row, col) for row in range(rows) for col in cols]

    def owner(self, site: Site) -> int:
        """The resistor at a site, or DUMMY."""
        row, col = site
        return self.placement.owner[row][col] if 0 <= col < self.placement.cols else DUMMY

    def origin_nm(self, site: Site) -> tuple[int, int]:
        """The lower left corner of the strip at a site."""
        return site[1] * self.strip.pitch_nm, site[0] * self.row_pitch_nm

    @property
    def row_pitch_nm(self) -> int:
        """From row to row: poly apart (poly.9), or what the tracks beyond the heads need."""
        beyond = 2 * self._reach_nm + max(MET1.space_nm, MET2.space_nm)
        return snap_up(self.strip.poly.height() + max(rules.RESISTOR_SPACE.value_nm, beyond), CUT_GRID_NM)

    @property
    def _reach_nm(self) -> int:
        """How far tracks and their pads run out past the strips."""
        return max(0, PAD_NM // 2 - self._below_nm(self.tracks - 1))

    def _below_nm(self, slot: int) -> int:
        """Middle of a lower track above the foot of its strips."""
        first = self.strip.head_nm - TRACK_NM // 2 - OFF_NM
        return first // CUT_GRID_NM * CUT_GRID_NM + OFF_NM - slot * TRACK_PITCH_NM

    def track_nm(self, row: int, slot: int, *, top: bool) -> int:
        """Middle of a track; upper ones mirror the lower ones."""
        foot = row * self.row_pitch_nm
        return foot + (self.strip.poly.height() - self._below_nm(slot) if top else self._below_nm(slot))

    def plate_nm(self, row: int, col: int, *, top: bool) -> Box:
        """The met1 over a head."""
        return self.strip.plate(top=top).moved(*self.origin_nm((row, col)))

    @cached_property
    def poly(self) -> Box:
        """All strips."""
        return hull(self.strip.poly.moved(*self.origin_nm(site)) for site in self.sites)

    def riser_nm(self, side: Side, slot: int) -> int:
        """Middle of a riser, the first nearest the strips and over none of them."""
        away = MET1.space_nm + RISER_NM // 2 + slot * RISER_PITCH_NM
        if side == "left":
            return (self.poly.left - away - OFF_NM) // CUT_GRID_NM * CUT_GRID_NM + OFF_NM
        return snap_up(self.poly.right + away - OFF_NM, CUT_GRID_NM) + OFF_NM

    @property
    def inner(self) -> Box:
        """What the ring goes around: strips with their distance to taps, tracks and, of several rows, risers."""
        clear, around = rules.RESISTOR_SPACE.value_nm, RISER_NM // 2 + MET1.space_nm
        inner = self.poly.enlarged(clear, max(clear, self._reach_nm + MET1.space_nm))
        for side, count in self.risers.items():
            x, y = self.riser_nm(side, count - 1), self.poly.center().y
            inner += Box(x, y, x, y).enlarged(around, 0)
        return inner
