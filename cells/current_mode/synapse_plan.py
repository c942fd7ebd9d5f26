"""Where everything lies along a synapse, by rule: four latches side by side, above them the units and the switches.

The p units from the left, gates between regions: vdd, header, p, n2, p, n2, p, n1, p, n0: each drain is between its
sources. The n units below the upper rail are alike, from vss and q, and go on: n0, switch, iout, switch, n1; then apart
iout, switch, n2. So every drain has its n and its p units above each other, and one column of li1 for both.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from analoom.cells.memory.latch import LatchSpec, latch_plan
from analoom.cells.memory.plan import GATE_NM, LINE_PITCH_NM, LatchPlan
from analoom.cells.model.drawing import CUT_GRID_NM
from analoom.cells.strip.sizes import CUT_END_NM, DIFF_END_NM, HALF_CUT_NM, PAD_NM, VIA_PAD_NM
from analoom.pdk import rules
from analoom.pdk.units import snap_up, to_nm
from analoom.pdk.wire_levels import MET1

from .chain import FIRST_X, REACH_NM, next_region
from .circuits import BITS
from .rows import RowPlan, down, up
from .spec import CurrentUnitSpec

REGIONS = ("supply", "source", "n2", "source", "n2", "source", "n1", "source", "n0")
"""The regions of the units: a supply, then in turn the source, which the header lets in, and the drain of each bit."""
LINES_BEYOND = 3
"""Lines of met3 from the last bit line of a synapse to the first of its neighbour: iout, a bit, and that one."""
STEP_NM = snap_up(rules.DIFF_PAST_POLY.value_nm + rules.POLY_TO_DIFF.value_nm - 2 * REACH_NM, CUT_GRID_NM)
"""How much wider a region is in which units meet a narrower transistor: past a gate diffusion stays as wide."""
BESIDE_STRAP_NM = MET1.space_nm + MET1.width_nm // 2
"""From met1 to the middle of the strap that joins the rails of vss."""


@dataclass(frozen=True)
class SynapsePlan:
    """Every coordinate of a synapse with units `w` x `l`."""

    w: int
    l: int  # noqa: E741

    @property
    def latch(self) -> LatchPlan:
        return latch_plan(LatchSpec())

    @cached_property
    def rows(self) -> RowPlan:
        """The heights."""
        return RowPlan(self.w)

    @cached_property
    def region_x(self) -> tuple[int, ...]:
        """Middles of REGIONS."""
        wide = self.l + STEP_NM
        gates = (GATE_NM, wide, *[self.l] * (len(REGIONS) - 4), wide)
        return tuple(accumulate(gates, next_region, initial=FIRST_X))

    def regions(self, net: str) -> list[int]:
        """Middles of the regions of a net."""
        return [x for x, name in zip(self.region_x, REGIONS, strict=True) if name == net]

    @property
    def unit_left(self) -> tuple[int, ...]:
        """Left edges of the units' gates."""
        first, *others = self.region_x[1:-1]
        return first + REACH_NM + STEP_NM, *(x + REACH_NM for x in others)

    @property
    def step_x(self) -> tuple[int, int]:
        """Where the diffusion of units begins, from that of headers, and ends at that of switches."""
        past = rules.DIFF_PAST_POLY.value_nm
        return self.unit_left[0] - past, self.unit_left[-1] + self.l + past

    @property
    def head_left(self) -> int:
        """Left edge of the gate of both headers."""
        return self.region_x[0] + REACH_NM

    @property
    def sign_x(self) -> int:
        """Its contact."""
        return down(self.head_left + GATE_NM - PAD_NM // 2)

    @property
    def line_contact_x(self) -> tuple[int, int]:
        """Where `vp` and `vn` meet their gates: over the first and the second unit."""
        left, middle, right = self.region_x[1:4]
        return down((left + middle) // 2), down((middle + right) // 2)

    @property
    def switch_contact_x(self) -> tuple[int, int, int]:
        """Contacts of the switches' gates, by bit: the first off the units, the second off that, the third alone."""
        first = self._first_contact
        return first, first + PAD_NM + rules.POLY_SPACE.value_nm, up(self.apart_x + REACH_NM + GATE_NM // 2)

    @property
    def switch_left(self) -> tuple[int, int, int]:
        """Left edges of the switches' gates, by bit."""
        return self.region_x[-1] + REACH_NM, self._second_switch, self.apart_x + REACH_NM

    @property
    def _first_contact(self) -> int:
        return up(self.step_x[1] + rules.POLY_LICON_TO_DIFF.value_nm + HALF_CUT_NM)

    @property
    def _second_switch(self) -> int:
        return self._first_contact + PAD_NM // 2 + rules.POLY_SPACE.value_nm

    @property
    def iout_x(self) -> int:
        """The region between two switches."""
        return down((self.region_x[-1] + REACH_NM + self._second_switch + GATE_NM) // 2)

    @property
    def n1_x(self) -> int:
        """Behind the second switch."""
        return up(self._second_switch + GATE_NM + REACH_NM)

    @property
    def apart_x(self) -> int:
        """The region of iout beside the third switch."""
        return up(self.n1_x + 2 * DIFF_END_NM + rules.DIFF_SPACE.value_nm)

    @property
    def n2_x(self) -> int:
        """Behind the third switch."""
        return next_region(self.apart_x, GATE_NM)

    @property
    def latches_width(self) -> int:
        return len(BITS) * self.latch.width

    @cached_property
    def width(self) -> int:
        """From synapse to synapse: as the transistors ask, or the lines over them."""
        lines = self._last_bit_line + LINES_BEYOND * LINE_PITCH_NM - on_grid(self.latch.bit_x[0])
        devices = self.n2_x + CUT_END_NM + 2 * BESIDE_STRAP_NM
        return snap_up(max(lines, devices), 2 * CUT_GRID_NM)

    @property
    def strap_x(self) -> tuple[int, int]:
        """The strap of vss, off the word line's contact of the neighbour and, above, off the switches."""
        word = self.width - VIA_PAD_NM // 2 - BESIDE_STRAP_NM
        return down(word), up(self.width - BESIDE_STRAP_NM)

    @property
    def _last_bit_line(self) -> int:
        return on_grid(self.latches_width - self.latch.width + self.latch.bit_x[1])

    @property
    def iout_line_x(self) -> int:
        """The line of the column's current: beyond the bit lines, and where it comes from if that is farther."""
        return max(self._last_bit_line + LINE_PITCH_NM, on_grid(self.iout_x))

    def stored_line_x(self, bit: int) -> int:
        """Where a stored bit leaves its latch: in the middle, or for the last one beyond that line, at its switch."""
        place = BITS.index(bit)
        if place == len(BITS) - 1:
            return max(self.iout_line_x + LINE_PITCH_NM, on_grid(self.switch_contact_x[bit]))
        return on_grid(place * self.latch.width + self.latch.middle_x)


def on_grid(x: int) -> int:
    """Where a line of met3 lies that meets a cut at `x`."""
    return x // CUT_GRID_NM * CUT_GRID_NM


def synapse_plan(spec: CurrentUnitSpec) -> SynapsePlan:
    """Where everything lies."""
    return SynapsePlan(to_nm("w", spec.w), to_nm("l", spec.l))
