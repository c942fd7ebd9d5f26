"""Sizes that every strip of CMOS shares, by rule: columns, tracks, rails, taps, and the pads of gates; nm."""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.model.drawing import CUT_GRID_NM, spread
from analoom.pdk import rules
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import LI1, MCON, MET1, MET2, VIA, VIA2, bus_nm

CUT_NM = rules.LICON_SIZE.value_nm
HALF_CUT_NM = CUT_NM // 2
AXIS_NM = HALF_CUT_NM % CUT_GRID_NM
"""Middles of cuts and of the rails lie this far off the cut grid, so that a strip turned over a rail stays on it."""

COLUMN_NM = MET1.width_nm
VIA_PAD_NM = VIA.below.short_nm
VIA_END_NM = VIA.below.long_nm // 2
"""From the middle of a via to the end of met1 along its column, and to that of met2 along its track."""
CUT_END_NM = MCON.above.long_nm // 2
PITCH_NM = snap_up(VIA.below.pitch_nm, CUT_GRID_NM)
"""From column to column: the pads of two vias side by side."""

TRACK_NM = bus_nm(VIA, VIA2)
"""Width of a track: one that a router reaches from above by a via2."""
TRACK_PITCH_NM = snap_up(TRACK_NM + MET2.space_nm, CUT_GRID_NM)

RAIL_NM = 400
"""Width of a supply on met1: more than its contacts need, as it feeds a whole row."""
TAP_NM = CUT_NM + 2 * rules.DIFF_ENCLOSES_LICON_ENDS.value_nm
TAP_TO_DIFF_NM = snap_up(rules.DIFF_SPACE.value_nm + AXIS_NM, CUT_GRID_NM) - AXIS_NM
FIRST_TRACK_NM = snap_up(RAIL_NM // 2 + MET1.space_nm + VIA_END_NM, CUT_GRID_NM)
"""From a rail to the closest track with a via."""

PAD_NM = CUT_NM + 2 * rules.POLY_ENCLOSES_LICON.value_nm
PAD_LENGTH_NM = CUT_NM + 2 * rules.POLY_ENCLOSES_LICON_ENDS.value_nm
DIFF_END_NM = HALF_CUT_NM + rules.DIFF_ENCLOSES_LICON.value_nm
_PAD_CLEAR_NM = max(
    rules.POLY_LICON_TO_DIFF.value_nm, rules.IMPLANT_ENCLOSES_DIFF.value_nm + rules.POLY_LICON_TO_PSDM.value_nm
)
PAD_FROM_DIFF_NM = snap_up(_PAD_CLEAR_NM + HALF_CUT_NM + AXIS_NM, CUT_GRID_NM) - AXIS_NM
"""From the edge of the diffusion to a gate's contact, as the p row needs it: both rows are mirror images."""
PADS_NM = max(
    PAD_LENGTH_NM + rules.POLY_SPACE.value_nm,
    CUT_NM + 2 * rules.LI_ENCLOSES_LICON_ENDS.value_nm + LI1.space_nm,
)
"""Between the contacts of two gates above each other."""


def cut_middles_along(width: int) -> Iterator[int]:
    """Middles of the cuts of a tap, the same from the left as from the right."""
    inset = rules.TAP_ENCLOSES_LICON_ENDS.value_nm
    for edge in spread(inset, width - inset, CUT_NM, MCON.space_nm):
        yield edge + HALF_CUT_NM
