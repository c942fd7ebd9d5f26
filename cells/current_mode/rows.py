"""How high somas and synapses are, and what lies where: three rows of transistors between three rails.

From below: vss, a row of latches (or of n units of a soma), vdd, p units, n units, vss. Each row of a layer begins at
the uppermost rail of the one below. Everything is in nm; the lowest rail lies at AXIS_NM.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analoom.cells.memory.latch import LatchSpec, latch_plan
from analoom.cells.model.drawing import CUT_GRID_NM
from analoom.cells.strip.sizes import (
    AXIS_NM,
    HALF_CUT_NM,
    PAD_FROM_DIFF_NM,
    PAD_NM,
    RAIL_NM,
    TAP_NM,
    TAP_TO_DIFF_NM,
    TRACK_NM,
    TRACK_PITCH_NM,
)
from analoom.pdk import rules
from analoom.pdk.units import snap_up, to_nm
from analoom.pdk.wire_levels import LI1, MCON, MET2

from .circuits import HEADER_W_UM

RAIL_TO_DIFF_NM = TAP_NM // 2 + TAP_TO_DIFF_NM
"""From the middle of a rail to the transistors beside it."""
RAIL_TO_TRACK_NM = snap_up(RAIL_NM // 2 + MET2.space_nm + TRACK_NM // 2, CUT_GRID_NM)
"""From the middle of a rail to that of the nearest track."""
N_PAD_FROM_DIFF_NM = HALF_CUT_NM + rules.POLY_LICON_TO_DIFF.value_nm
"""From n-diffusion to a gate's contact, which keeps no distance from its implant."""
BARS_NM = PAD_NM + rules.POLY_SPACE.value_nm
"""From the middle of a bar of poly with contacts to the next."""
CUT_PITCH_NM = MCON.size_nm + MCON.space_nm
HEADER_NM = to_nm("w", HEADER_W_UM)


@dataclass(frozen=True)
class RowPlan:
    """Every height of a row whose units are `w` wide."""

    w: int

    @property
    def vdd_y(self) -> int:
        """The rail above the latches."""
        return AXIS_NM + latch_plan(LatchSpec()).height

    @property
    def p_bottom(self) -> int:
        return self.vdd_y + RAIL_TO_DIFF_NM

    @property
    def p_top(self) -> int:
        return self.p_bottom + self.w

    @property
    def vp_y(self) -> int:
        """The gates of the p units, and the line that they hang on."""
        return up(self.p_top + PAD_FROM_DIFF_NM)

    @property
    def vn_y(self) -> int:
        """The gates of the n units, and the line that they hang on."""
        return self.vp_y + BARS_NM

    @property
    def n_bottom(self) -> int:
        return self.vn_y + N_PAD_FROM_DIFF_NM

    @property
    def n_top(self) -> int:
        return self.n_bottom + self.w

    @cached_property
    def top_y(self) -> int:
        """The uppermost rail: as the transistors ask, or the tracks."""
        tracks = self.low_track_y + 2 * TRACK_PITCH_NM + RAIL_TO_TRACK_NM
        return up(max(self.n_top + RAIL_TO_DIFF_NM, tracks))

    @property
    def height(self) -> int:
        """From row to row."""
        return self.top_y - AXIS_NM

    @property
    def bit_track_y(self) -> int:
        """Where bit lines leave the latches."""
        return up(self.vdd_y + RAIL_TO_TRACK_NM)

    @property
    def low_track_y(self) -> int:
        """Over the n units, next to `vn`."""
        return up(self.vn_y + TRACK_PITCH_NM)

    @property
    def mid_track_y(self) -> int:
        """Over the n units, between the other two."""
        return self.high_track_y - TRACK_PITCH_NM

    @property
    def high_track_y(self) -> int:
        """Next to the uppermost rail."""
        return down(self.top_y - RAIL_TO_TRACK_NM)

    @cached_property
    def p_cuts(self) -> tuple[int, ...]:
        """Middles of the contacts of a region of p units, from below: two of them in the header too."""
        return _cuts(up(self.p_bottom + _inset(HEADER_NM)), self.vp_y, 1)

    @cached_property
    def n_cuts(self) -> tuple[int, ...]:
        """Middles of the contacts of a region of n units, from above: two of them in the header too."""
        return _cuts(down(self.n_top - _inset(HEADER_NM)), self.vn_y, -1)


def up(y: int) -> int:
    """The next height where the middle of a cut may lie."""
    return snap_up(y - AXIS_NM, CUT_GRID_NM) + AXIS_NM


def down(y: int) -> int:
    """The height below where the middle of a cut may lie."""
    return (y - AXIS_NM) // CUT_GRID_NM * CUT_GRID_NM + AXIS_NM


def _inset(w: int) -> int:
    """From the edge of a transistor `w` wide to the middle of the first of two contacts, which lie in its middle."""
    return (w - CUT_PITCH_NM) // 2


def _cuts(first: int, gate_y: int, step: int) -> tuple[int, ...]:
    """As many as fit from `first` towards the contacts of the gates, whose li1 keeps its distance."""
    room = abs(gate_y - first) - 2 * (HALF_CUT_NM + rules.LI_ENCLOSES_LICON_ENDS.value_nm) - LI1.space_nm
    return tuple(first + step * k * CUT_PITCH_NM for k in range(1 + room // CUT_PITCH_NM))
