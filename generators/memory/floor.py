"""Where everything lies in an array of latches, nm: the latches from the origin up and to the right.

Right of them the lanes of the supplies, which every rail meets; left of them the word drivers; below them the column
drivers in rows, turned over every other one, with the lanes of their controls at the left and that of the register's
turns on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analoom.cells.memory.latch import latch_plan
from analoom.cells.memory.plan import FOLDS, LINE_NM, LatchPlan
from analoom.cells.memory.word_driver import word_driver_plan
from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.plan import StripPlan
from analoom.cells.strip.sizes import AXIS_NM, RAIL_NM, TAP_NM, TRACK_NM, VIA_END_NM
from analoom.pdk import rules
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET1, MET2, MET3, VIA2

from .driver_floor import DriverFloor
from .spec import LatchArraySpec

LANE_NM = 1000
"""Width of the lanes of the supplies."""
PAST_RAIL_NM = TAP_NM // 2 + rules.NWELL_ENCLOSES_NTAP.value_nm
"""From the middle of an outer rail to the end of what lies around it."""
STACK_NM = snap_up(RAIL_NM // 2 + MET2.space_nm + VIA2.below.long_nm // 2, CUT_GRID_NM)
"""From the lowest rail of the latches to where the bit lines leave met1."""
BELOW_NM = snap_up(STACK_NM + VIA_END_NM + MET1.space_nm + RAIL_NM // 2, CUT_GRID_NM)
"""From that rail to the highest rail of the column drivers."""


@dataclass(frozen=True)
class MemoryFloor(DriverFloor):
    """Every coordinate of an array."""

    spec: LatchArraySpec

    @property
    def plan(self) -> LatchPlan:
        return latch_plan(self.spec.latch)

    @property
    def width(self) -> int:
        """Of the latches."""
        return self.spec.cols * self.plan.width

    @property
    def height(self) -> int:
        """Of the latches, lowest to highest rail."""
        return self.spec.rows * self.plan.height

    def rail_y(self, net: str) -> list[int]:
        """Middles of the rails of the latches of a supply."""
        return [AXIS_NM + k * self.plan.height for k in range(int(net == VDD), self.spec.rows + 1, 2)]

    @property
    def top(self) -> int:
        """The upper edge, where the bits come out."""
        return snap_up(AXIS_NM + self.height + PAST_RAIL_NM, CUT_GRID_NM)

    @property
    def bottom(self) -> int:
        """The lower edge."""
        low = self.fold_top(self.folds) if self.spec.drivers else AXIS_NM
        return (low - PAST_RAIL_NM) // CUT_GRID_NM * CUT_GRID_NM

    @property
    def stack_y(self) -> int:
        """Where the bit lines leave met1."""
        return AXIS_NM - STACK_NM

    def bit_x(self, col: int) -> tuple[int, int]:
        """Middles of bl and blb of a column."""
        left, right = self.plan.bit_x
        return col * self.plan.width + left, col * self.plan.width + right

    @property
    def below_nm(self) -> int:
        """From the lowest rail of the latches to the highest rail of the column drivers."""
        return BELOW_NM

    @property
    def folds(self) -> int:
        """Rows of column drivers."""
        return min(FOLDS, self.spec.cols)

    @property
    def slots(self) -> int:
        """Drivers in a row of them."""
        return -(-self.spec.cols // FOLDS)

    @property
    def slot(self) -> int:
        """Width of a driver's place."""
        return FOLDS * self.plan.width

    @property
    def drivers_width(self) -> int:
        return self.slots * self.slot

    @cached_property
    def supply_lanes(self) -> dict[str, Box]:
        """The lanes of vss and vdd, at the right edge."""
        start = self.width if not self.spec.drivers else max(self.width, self.turn_x)
        first = snap_up(start + LINE_NM // 2 + MET3.space_nm, CUT_GRID_NM)
        step = LANE_NM + MET3.space_nm
        lefts = {net: first + k * step for k, net in enumerate((VSS, VDD))}
        return {net: Box(left, self.bottom, left + LANE_NM, self.top) for net, left in lefts.items()}

    @property
    def word_plan(self) -> StripPlan:
        """Of the driver of a row."""
        return word_driver_plan(self.spec.address_bits, self.plan.height)

    @property
    def words_right(self) -> int:
        """Right edge of the word drivers: between them and the latches met1 changes to met2."""
        return -snap_up(3 * TRACK_NM, CUT_GRID_NM)

    @cached_property
    def order(self) -> list[tuple[int, int]]:
        """(row of drivers, column) in the order of the shift register, the first one behind `din`."""
        found = []
        for fold in range(self.folds):
            cols = range(fold, self.spec.cols, FOLDS)
            found += [(fold, col) for col in (cols if self.runs_right(fold) else reversed(cols))]
        return found
