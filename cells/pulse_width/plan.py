"""Where everything lies in a weight, by rule: four latches side by side, above them the switches, above them the units.

Each bit's switch stands over its latch, so that a wire of met3 leads straight up to its gate. From the left: dump, pb,
x, bit 0, n0; x, bit 1, n1; n2, bit 2, x, p, y, sign's complement, colp; y, sign, coln. The units lie in four rows of
two under two plates of poly, with their drains in the middle: two rows of bit 2, then bit 1, then bit 0, alone, beside
the contact of the gates. Everything is in nm; the lowest rail lies at AXIS_NM.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analoom.cells.current_mode.chain import END_NM, LI_END_NM, REACH_NM
from analoom.cells.current_mode.rows import N_PAD_FROM_DIFF_NM, RAIL_TO_DIFF_NM, RAIL_TO_TRACK_NM, down, up
from analoom.cells.memory.latch import LatchSpec, latch_plan
from analoom.cells.memory.plan import GATE_NM, LINE_PITCH_NM, LatchPlan
from analoom.cells.model.drawing import CUT_GRID_NM, spread
from analoom.cells.strip.gates import W_MIN_UM
from analoom.cells.strip.sizes import AXIS_NM, CUT_NM, HALF_CUT_NM, PAD_LENGTH_NM, PITCH_NM, TAP_NM, TRACK_PITCH_NM
from analoom.pdk import rules
from analoom.pdk.units import snap_up, to_nm
from analoom.pdk.wire_levels import LI1, MCON, VIA2

from .circuits import BITS
from .spec import PwmCellSpec

SWITCH_NM = to_nm("w", W_MIN_UM)
STEP_NM = snap_up(REACH_NM + GATE_NM // 2, CUT_GRID_NM)
"""From the middle of a gate to that of the region beside it."""
PAD_SHIFT_NM = 20
"""How far the contacts of two gates beside each other lie outwards: their pads keep their distance."""
UNIT_ROWS = (2, 2, 1, 0)
"""The bit of each row of units, from below."""
LI_CLEAR_NM = 2 * LI_END_NM + LI1.space_nm
"""From a contact to the next above it on another net."""
BESIDE_DRAINS_NM = 400
"""From the drains to the wire of bit 0, which passes those of bit 1."""


@dataclass(frozen=True)
class PwmPlan:
    """Every coordinate of a weight with units `w` x `l`."""

    w: int
    l: int  # noqa: E741

    @property
    def latch(self) -> LatchPlan:
        return latch_plan(LatchSpec())

    @property
    def width(self) -> int:
        return len(BITS) * self.latch.width

    @property
    def vdd_y(self) -> int:
        """The rail above the latches."""
        return AXIS_NM + self.latch.height

    @property
    def low_y(self) -> int:
        """Contacts of the gates that bits switch: off the rail of vdd by a track."""
        return up(self.vdd_y + RAIL_TO_TRACK_NM)

    @property
    def switch_y(self) -> int:
        """Contacts of the switches' regions."""
        return up(self.low_y + max(LI_CLEAR_NM, N_PAD_FROM_DIFF_NM + SWITCH_NM // 2))

    @property
    def switch_bottom(self) -> int:
        """Lower edge of the switches' diffusion."""
        return self.switch_y - SWITCH_NM // 2

    @property
    def high_y(self) -> int:
        """Contacts of the other gates, and the line of `pb`."""
        return up(self.switch_y + max(LI_CLEAR_NM, N_PAD_FROM_DIFF_NM + SWITCH_NM // 2))

    @property
    def p_y(self) -> int:
        return self.high_y + TRACK_PITCH_NM

    @property
    def complement_y(self) -> int:
        """The track of the sign's complement."""
        return self.p_y + TRACK_PITCH_NM

    @property
    def dump_y(self) -> int:
        return self.complement_y + TRACK_PITCH_NM

    @property
    def column_y(self) -> int:
        """Where charges leave for their columns: pads long upright, off the line of `dump`."""
        return up(self.dump_y + TRACK_PITCH_NM + (VIA2.below.long_nm - VIA2.below.short_nm) // 2)

    @cached_property
    def unit_bottom(self) -> tuple[int, ...]:
        """Lower edges of the rows of units."""
        first = self.high_y + PAD_LENGTH_NM // 2 + rules.POLY_SPACE.value_nm + END_NM
        return tuple(first + k * (self.w + rules.DIFF_SPACE.value_nm) for k in range(len(UNIT_ROWS)))

    @property
    def units_top(self) -> int:
        return self.unit_bottom[-1] + self.w

    @property
    def bar(self) -> tuple[int, int]:
        """Lower and upper edge of the poly that joins both plates above the units."""
        bottom = self.units_top + rules.POLY_TO_DIFF.value_nm
        return bottom, bottom + GATE_NM

    @cached_property
    def top_y(self) -> int:
        """The uppermost rail, the lowest of the row above."""
        tap = self.bar[1] + rules.POLY_TO_DIFF.value_nm + TAP_NM // 2
        return up(max(tap, self.units_top + RAIL_TO_DIFF_NM))

    @property
    def height(self) -> int:
        """From row to row."""
        return self.top_y - AXIS_NM

    def cuts(self, row: int) -> tuple[int, ...]:
        """Middles of the contacts of a row of units."""
        inset, bottom = rules.DIFF_ENCLOSES_LICON_ENDS.value_nm, self.unit_bottom[row]
        edges = spread(bottom + inset, bottom + self.w - inset, CUT_NM, MCON.space_nm)
        return tuple(edge + HALF_CUT_NM for edge in edges)

    @property
    def drain_x(self) -> int:
        """The drains, in the middle."""
        return self.width // 2 + AXIS_NM

    @property
    def source_x(self) -> tuple[int, int]:
        """The sources, left and right."""
        reach = snap_up(self.l + 2 * REACH_NM, CUT_GRID_NM)
        return self.drain_x - reach, self.drain_x + reach

    @property
    def unit_left(self) -> tuple[int, int]:
        """Left edges of the plates."""
        return self.drain_x - REACH_NM - self.l, self.drain_x + REACH_NM

    @property
    def gates_contact(self) -> tuple[int, int]:
        """Where the line of `vbn` meets the plates: on the right one, where no unit lies."""
        return down(self.unit_left[1] + self.l // 2), up(self.unit_bottom[-1] + self.w // 2)

    @property
    def bypass_x(self) -> int:
        """The wire of bit 0 past the drains of bit 1, which then goes left below the line of `p`."""
        return self.drain_x - BESIDE_DRAINS_NM

    def slot_x(self, bit: int) -> int:
        """Middle of a bit's latch, where its wire rises, and of its switch's gate."""
        return BITS.index(bit) * self.latch.width + self.latch.middle_x

    def beside(self, bit: int, regions: int) -> int:
        """A region that lies so many steps right of the gate over a latch; odd: regions, even: gates."""
        return self.slot_x(bit) + regions * STEP_NM

    @property
    def beyond_x(self) -> int:
        """The wire of `colp` up from its switch, off that of the gate beside it."""
        return self.beside(BITS[2], 5) + PITCH_NM

    @property
    def edge_x(self) -> int:
        """The wire of `dump` up from its switch: at the left edge, off the contact of `pb`."""
        return self.beside(BITS[0], -2) - PITCH_NM

    @property
    def minus_x(self) -> int:
        """The column of `coln`, off the wire of the sign's complement."""
        return on_line(self.slot_x(BITS[3])) + LINE_PITCH_NM

    @property
    def plus_x(self) -> int:
        """The column of `colp`."""
        return on_line(self.slot_x(BITS[2]))

    @property
    def strap_x(self) -> int:
        """Met4 from rail to rail of vss."""
        return on_line(self.slot_x(BITS[0]))


def on_line(x: int) -> int:
    """Where an upright line lies that meets a cut at `x`."""
    return x - AXIS_NM


def pwm_plan(spec: PwmCellSpec) -> PwmPlan:
    """Where everything lies."""
    return PwmPlan(to_nm("w", spec.w), to_nm("l", spec.l))
