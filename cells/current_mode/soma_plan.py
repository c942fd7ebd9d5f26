"""Where everything lies along a soma, by rule: eight p units above eight n units, and four n units where latches lie.

The regions of both upper rows from the left: supply, vp, supply, vp, supply, vn, supply, vn, supply; every vp is the
drain of a p diode and of an n copy, every vn that of a p copy and of an n diode. The lower row is the diode of `iin`,
below the copies of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from analoom.cells.model.drawing import CUT_GRID_NM
from analoom.cells.strip.sizes import AXIS_NM, DIFF_END_NM
from analoom.pdk import rules
from analoom.pdk.units import snap_up, to_nm

from .chain import FIRST_X, REACH_NM, next_region
from .circuits import SOMA_UNITS
from .rows import N_PAD_FROM_DIFF_NM, RAIL_TO_DIFF_NM, RowPlan, up
from .spec import CurrentUnitSpec


@dataclass(frozen=True)
class SomaPlan:
    """Every coordinate of a soma with units `w` x `l`."""

    w: int
    l: int  # noqa: E741

    @cached_property
    def rows(self) -> RowPlan:
        """The heights of the upper rows."""
        return RowPlan(self.w)

    @cached_property
    def region_x(self) -> tuple[int, ...]:
        """Middles of the regions of both upper rows; the lower row has the first of them."""
        return tuple(accumulate([self.l] * 2 * SOMA_UNITS, next_region, initial=FIRST_X))

    @property
    def supply_x(self) -> tuple[int, ...]:
        """Regions of the supplies."""
        return self.region_x[::2]

    @property
    def vp_x(self) -> tuple[int, ...]:
        """Drains of the left half; those of `iin` in the lower row."""
        return self.region_x[1:SOMA_UNITS:2]

    @property
    def vn_x(self) -> tuple[int, ...]:
        """Drains of the right half."""
        return self.region_x[SOMA_UNITS + 1 :: 2]

    @property
    def gate_left(self) -> tuple[int, ...]:
        """Left edges of the gates."""
        return tuple(x + REACH_NM for x in self.region_x[:-1])

    @property
    def in_x(self) -> int:
        """Where `iin` runs from the lower row to the copies of it: in the middle of both."""
        return self.region_x[SOMA_UNITS // 2]

    @property
    def strap_x(self) -> int:
        """Where met1 joins the rails of vss: in the middle of the other half."""
        return self.region_x[SOMA_UNITS + SOMA_UNITS // 2]

    @property
    def low_bottom(self) -> int:
        """Lower edge of the lower row."""
        return AXIS_NM + RAIL_TO_DIFF_NM

    @property
    def low_top(self) -> int:
        return self.low_bottom + self.w

    @property
    def low_gate_y(self) -> int:
        """Its gates' contacts."""
        return up(self.low_top + N_PAD_FROM_DIFF_NM)

    @property
    def low_cuts(self) -> tuple[int, ...]:
        """Middles of its contacts: as far below its upper edge as those of the n units above are below theirs."""
        return tuple(up(y - self.rows.n_top + self.low_top) for y in self.rows.n_cuts)

    @property
    def input_y(self) -> int:
        """The line of met4 on which the current comes in."""
        return up((self.rows.p_bottom + self.rows.p_top) // 2)

    @cached_property
    def width(self) -> int:
        return snap_up(self.region_x[-1] + DIFF_END_NM + rules.DIFF_SPACE.value_nm // 2, 2 * CUT_GRID_NM)


def soma_plan(spec: CurrentUnitSpec) -> SomaPlan:
    """Where everything lies."""
    return SomaPlan(to_nm("w", spec.w), to_nm("l", spec.l))
