"""Where the drivers of bit lines and word lines lie beside what they write, nm, whose origin is its lower left corner.

The column drivers lie below in rows, turned over every other one, with the lanes of their controls at the left and that
of the register's turns on both sides; the word drivers lie left of the rows, under the lanes of their address.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from functools import cached_property

import klayout.db as kdb

from analoom.cells.memory.column_driver import CONTROLS, column_driver_plan
from analoom.cells.memory.plan import LINE_PITCH_NM
from analoom.cells.model.drawing import CUT_GRID_NM
from analoom.cells.strip.gates import VDD
from analoom.cells.strip.plan import StripPlan
from analoom.cells.strip.sizes import AXIS_NM
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET3

TURN, IN = "turn", "din"
"""The lanes of the register: its turns from row to row, and its input."""


class DriverFloor(ABC):
    """The coordinates of drivers; where they begin is the subclass's."""

    @property
    @abstractmethod
    def below_nm(self) -> int:
        """From the lowest rail of what is written to the highest of the column drivers."""

    @property
    @abstractmethod
    def folds(self) -> int:
        """Rows of column drivers."""

    @property
    @abstractmethod
    def drivers_width(self) -> int:
        """Of a row of column drivers."""

    @property
    @abstractmethod
    def bottom(self) -> int:
        """The lower edge."""

    @property
    @abstractmethod
    def top(self) -> int:
        """The upper edge, where the address comes in."""

    @property
    @abstractmethod
    def word_plan(self) -> StripPlan:
        """Of the driver of a row."""

    @property
    @abstractmethod
    def words_right(self) -> int:
        """Right edge of the word drivers."""

    @property
    def driver(self) -> StripPlan:
        """Of a column."""
        return column_driver_plan()

    def fold_top(self, fold: int) -> int:
        """Middle of the upper rail of a row of column drivers, the first one nearest to what is written."""
        return AXIS_NM - self.below_nm - fold * self.driver.height

    def runs_right(self, fold: int) -> bool:
        """Whether the register runs from left to right there; such a row lies upside down, its vss above."""
        return fold % 2 == 0

    def fold_trans(self, fold: int, x: int, *, mirrored: bool = False) -> kdb.Trans:
        """Puts a strip with its left edge at 0 there; a mirrored one has its right edge at `x`."""
        turned = self.runs_right(fold)
        y = self.fold_top(fold) + AXIS_NM if turned else self.fold_top(fold + 1) - AXIS_NM
        return kdb.Trans(2 if mirrored else 0, turned != mirrored, x, y)

    def fold_track_y(self, net: str, fold: int) -> int:
        """Middle of a driver's track in a row of drivers."""
        return (self.fold_trans(fold, 0) * kdb.Point(0, self.driver.tracks[net])).y

    def fold_rail_y(self, net: str) -> list[int]:
        """Middles of the rails of the column drivers of a supply."""
        return [self.fold_top(fold) for fold in range(self.folds + 1)][int(net == VDD) :: 2]

    @cached_property
    def left_lanes(self) -> dict[str, int]:
        """Middles of the met3 lanes left of the column drivers: what leads into the register, and their controls."""
        first = -snap_up(MET3.space_nm, CUT_GRID_NM)
        return {net: first - k * LINE_PITCH_NM for k, net in enumerate((TURN, IN, *CONTROLS))}

    @property
    def turn_x(self) -> int:
        """Middle of the lane of the register's turns on the right."""
        return self.drivers_width + LINE_PITCH_NM

    def way_out_x(self, fold: int) -> int:
        """Middle of the lane where the register leaves a row of drivers."""
        return self.turn_x if self.runs_right(fold) else self.left_lanes[TURN]

    @property
    def words_left(self) -> int:
        """Left edge of the word drivers."""
        return self.words_right - self.word_plan.width

    @property
    def register_end(self) -> int:
        """Down to where the lane goes on which the register leaves the last row of drivers."""
        return self.bottom

    def address_x(self, line: int) -> int:
        """Middle of the lane of an address line over the word drivers, counted from the right."""
        return self.words_right - LINE_PITCH_NM // 2 // CUT_GRID_NM * CUT_GRID_NM - line * LINE_PITCH_NM
