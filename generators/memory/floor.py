"""Where everything lies in an array of latches, nm: the latches from the origin up and to the right.

Right of them the lanes of the supplies, which every rail meets; left of them the word drivers; below them the column
drivers in rows, turned over every other one, with the lanes of their controls at the left and that of the register's
turns on both sides.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

import klayout.db as kdb

from analoom.cells.memory.column_driver import CONTROLS, column_driver_plan
from analoom.cells.memory.latch import latch_plan
from analoom.cells.memory.plan import FOLDS, LINE_PITCH_NM, LatchPlan
from analoom.cells.memory.word_driver import word_driver_plan
from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.plan import StripPlan
from analoom.cells.strip.sizes import AXIS_NM, RAIL_NM, TAP_NM, TRACK_NM, VIA_END_NM
from analoom.pdk import rules
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET1, MET2, MET3, VIA2

from .outlets import LINE_NM
from .spec import LatchArraySpec

LANE_NM = 1000
"""Width of the lanes of the supplies."""
PAST_RAIL_NM = TAP_NM // 2 + rules.NWELL_ENCLOSES_NTAP.value_nm
"""From the middle of an outer rail to the end of what lies around it."""
TURN, IN = "turn", "din"
"""The lanes of the register: its turns from row to row, and its input."""
STACK_NM = snap_up(RAIL_NM // 2 + MET2.space_nm + VIA2.below.long_nm // 2, CUT_GRID_NM)
"""From the lowest rail of the latches to where the bit lines leave met1."""
BELOW_NM = snap_up(STACK_NM + VIA_END_NM + MET1.space_nm + RAIL_NM // 2, CUT_GRID_NM)
"""From that rail to the highest rail of the column drivers."""


@dataclass(frozen=True)
class MemoryFloor:
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
        low = self.fold_bottom(self.folds - 1) if self.spec.drivers else AXIS_NM
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
    def driver(self) -> StripPlan:
        """Of a column."""
        return column_driver_plan()

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

    def fold_top(self, fold: int) -> int:
        """Middle of the upper rail of a row of drivers, the first one nearest to the latches."""
        return AXIS_NM - BELOW_NM - fold * self.driver.height

    def fold_bottom(self, fold: int) -> int:
        return self.fold_top(fold + 1)

    def is_turned(self, fold: int) -> bool:
        """Whether a row of drivers lies upside down, its vss above."""
        return fold % 2 == 0

    def runs_right(self, fold: int) -> bool:
        """Whether the register runs from left to right there."""
        return fold % 2 == 0

    def fold_trans(self, fold: int, x: int, *, mirrored: bool = False) -> kdb.Trans:
        """Puts a strip with its left edge at 0 there; a mirrored one has its right edge at `x`."""
        is_turned = self.is_turned(fold)
        y = self.fold_top(fold) + AXIS_NM if is_turned else self.fold_bottom(fold) - AXIS_NM
        return kdb.Trans(2 if mirrored else 0, is_turned != mirrored, x, y)

    def track_y(self, net: str, fold: int) -> int:
        """Middle of a driver's track in a row of drivers."""
        return (self.fold_trans(fold, 0) * kdb.Point(0, self.driver.tracks[net])).y

    def fold_rail_y(self, net: str) -> list[int]:
        """Middles of the rails of the drivers of a supply."""
        ys = [self.fold_top(fold) for fold in range(self.folds + 1)]
        return ys[int(net == VDD) :: 2]

    @cached_property
    def left_lanes(self) -> dict[str, int]:
        """Middles of the met3 lanes left of the column drivers: what leads into the register, and their controls."""
        first = -snap_up(MET3.space_nm, CUT_GRID_NM)
        return {net: first - k * LINE_PITCH_NM for k, net in enumerate((TURN, IN, *CONTROLS))}

    @property
    def turn_x(self) -> int:
        """Middle of the lane of the turns on the right."""
        return self.drivers_width + LINE_PITCH_NM

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

    @property
    def words_left(self) -> int:
        return self.words_right - self.word_plan.width

    def address_x(self, line: int) -> int:
        """Middle of the lane of an address line over the word drivers, counted from the right."""
        return self.words_right - LINE_PITCH_NM // 2 // CUT_GRID_NM * CUT_GRID_NM - line * LINE_PITCH_NM

    @cached_property
    def order(self) -> list[tuple[int, int]]:
        """(row of drivers, column) in the order of the shift register, the first one behind `din`."""
        found = []
        for fold in range(self.folds):
            cols = range(fold, self.spec.cols, FOLDS)
            found += [(fold, col) for col in (cols if self.runs_right(fold) else reversed(cols))]
        return found

    @property
    def turns(self) -> list[tuple[int, int]]:
        """Rows of drivers between which the register turns."""
        return list(pairwise(range(self.folds)))
