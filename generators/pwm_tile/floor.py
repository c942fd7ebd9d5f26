"""Where everything lies in a tile, nm: the weights from the origin up and to the right, their drivers left and below.

Left of a row the drivers of its pulse and of its word line, under the lanes of the address. Below the weights the
drivers of bit lines in four rows; below these the columns fan in to the read-outs, which lie in rows of their own, and
right of all the lanes that all columns share.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analoom.cells.memory.plan import LINE_NM, LINE_PITCH_NM
from analoom.cells.memory.word_driver import word_driver_plan
from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.pulse_width.circuits import BITS
from analoom.cells.pulse_width.plan import PwmPlan, pwm_plan
from analoom.cells.pulse_width.pulse_driver import pulse_driver_plan
from analoom.cells.pulse_width.wires import LEAST_NM
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.plan import StripPlan
from analoom.cells.strip.sizes import AXIS_NM, TAP_NM
from analoom.generators.memory.driver_floor import DriverFloor
from analoom.generators.memory.lanes import CHAIN
from analoom.generators.memory.word_size import words_height
from analoom.pdk import rules
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET3

from .readout_floor import ReadoutFloor
from .row_height import TAPS_NM, pulse_height
from .spec import PwmTileSpec

LANE_NM = 1000
"""Width of the lanes of the supplies."""
PAST_RAIL_NM = snap_up(TAP_NM // 2 + rules.NWELL_ENCLOSES_NTAP.value_nm, CUT_GRID_NM)
"""From the middle of an outer rail to the end of what lies around it."""
APART_NM = snap_up(rules.NWELL_SPACE.value_nm + 2 * rules.NWELL_ENCLOSES_NTAP.value_nm, CUT_GRID_NM)
"""Between two strips with wells, or a strip and the weights."""
JOGS_NM = 2 * LINE_PITCH_NM
"""Between the pulse's drivers and the weights, beside the wells: both lines of the pulse change their heights."""


@dataclass(frozen=True)
class TileFloor(DriverFloor):
    """Every coordinate of a tile; `readouts` those below the column drivers."""

    spec: PwmTileSpec
    readouts: ReadoutFloor

    @property
    def cell(self) -> PwmPlan:
        return pwm_plan(self.spec.cell)

    @property
    def pitch(self) -> int:
        """From row to row."""
        return self.cell.height

    @property
    def width(self) -> int:
        """Of the weights."""
        return self.spec.cols * self.cell.width

    @property
    def top(self) -> int:
        """The upper edge."""
        return snap_up(AXIS_NM + self.spec.rows * self.pitch + PAST_RAIL_NM, CUT_GRID_NM)

    def rail_y(self, net: str) -> list[int]:
        """Middles of the rails of the weights."""
        first, count = (AXIS_NM, self.spec.rows + 1) if net == VSS else (self.cell.vdd_y, self.spec.rows)
        return [first + k * self.pitch for k in range(count)]

    def row_y(self, row: int, net: str) -> int:
        """Middle of a line of a row of weights."""
        return row * self.pitch + self.readouts.row_lines[net]

    @property
    def below_nm(self) -> int:
        """From the lowest rail of the weights to the highest of the column drivers."""
        return TAPS_NM

    @property
    def folds(self) -> int:
        """Rows of column drivers: one a bit."""
        return len(BITS)

    @property
    def drivers_width(self) -> int:
        return self.width

    @property
    def drivers_bottom(self) -> int:
        """Lower edge of the column drivers."""
        return (self.fold_top(self.folds) - PAST_RAIL_NM) // CUT_GRID_NM * CUT_GRID_NM

    @property
    def bottom(self) -> int:
        """The lower edge of all, where the register comes out."""
        return self.drivers_bottom - self.readouts.height

    @property
    def register_out_y(self) -> int:
        """Middle of the track on which the register leaves the last row of drivers."""
        return self.fold_track_y(CHAIN, self.folds - 1)

    @property
    def register_end(self) -> int:
        """Just below that track: a jumper goes on from there."""
        return self.register_out_y - LEAST_NM // 2

    @property
    def pulse_plan(self) -> StripPlan:
        return pulse_driver_plan(pulse_height(self.spec))

    @property
    def pulses_right(self) -> int:
        """Right edge of the pulses' drivers."""
        return -APART_NM - JOGS_NM

    @property
    def pulses_left(self) -> int:
        return self.pulses_right - self.pulse_plan.width

    @property
    def word_plan(self) -> StripPlan:
        """Of the driver of a row's word line."""
        return word_driver_plan(self.spec.address_bits, words_height(self.spec.address_bits))

    @property
    def words_right(self) -> int:
        """Right edge of the word drivers."""
        return self.pulses_left - APART_NM

    @property
    def level_x(self) -> int:
        """Between both drivers, where word lines and pulses change to met4 and back."""
        return self.words_right + APART_NM // 2 // CUT_GRID_NM * CUT_GRID_NM

    @property
    def jog_x(self) -> tuple[int, int]:
        """Right of the pulses' drivers, where lines change their heights."""
        first = self.pulses_right + LINE_PITCH_NM
        return first, first + LINE_PITCH_NM

    @property
    def vcas_x(self) -> int:
        """The lane of `vcas` over the pulses' drivers."""
        return self.pulses_left + self.pulse_plan.width // 2 // CUT_GRID_NM * CUT_GRID_NM

    def supply_lane(self, net: str) -> Box:
        """The lanes at the left, which the rails of all drivers meet."""
        lanes = min(self.address_x(2 * self.spec.address_bits - 1), *self.left_lanes.values()) - LINE_NM
        start = min(lanes, self.words_left - PAST_RAIL_NM) - MET3.space_nm
        right = start // CUT_GRID_NM * CUT_GRID_NM - (LANE_NM + MET3.space_nm) * int(net == VDD)
        return Box(right - LANE_NM, self.drivers_bottom, right, self.top)

    @cached_property
    def shared_left(self) -> int:
        """Left edge of the shared block: left of the register's lanes."""
        room = min(self.left_lanes.values()) - LINE_PITCH_NM - self.readouts.shared_width
        return room // CUT_GRID_NM * CUT_GRID_NM

    @property
    def left(self) -> int:
        """The left edge, where pulses come in."""
        return min(self.supply_lane(VDD).left, self.shared_left) - LINE_PITCH_NM

    @property
    def bus_left(self) -> int:
        """Where the lanes of all columns begin, right of weights and read-outs."""
        right = max(self.turn_x, self.readouts.width)
        return snap_up(right + LINE_PITCH_NM, CUT_GRID_NM)

    @cached_property
    def bus(self) -> dict[str, Box]:
        """The upright lanes that all columns share, supplies last; x alone counts."""
        found, x = {}, self.bus_left
        for net in self.readouts.bus_nets:
            width = LANE_NM if net in (VDD, VSS) else LINE_NM
            left = snap_up(x + width // 2, CUT_GRID_NM) - width // 2
            found[net] = Box(left, self.bottom, left + width, self.top)
            x = left + width + MET3.space_nm
        return found

    @property
    def vcas_y(self) -> int:
        """Where its lane meets the channel of the first row of read-outs."""
        return self.lane_y(0, "vcas")

    def lane_y(self, row: int, net: str) -> int:
        """Middle of a lane above a row of read-outs."""
        return self.drivers_bottom + self.readouts.lane_y(row, net)

    def fan_y(self, lane: int) -> int:
        """Middle of the lane on which a wire of a column goes to its read-out."""
        return self.drivers_bottom + self.readouts.fan_y(lane)

    def column_x(self, col: int, net: str) -> int:
        """Middle of the met4 of a column."""
        return col * self.cell.width + (self.cell.plus_x if net == "colp" else self.cell.minus_x)

    def word_y(self, row: int) -> int:
        """Middle of the track of the word line in its driver."""
        return row * self.pitch + self.word_plan.tracks["wl"]

    def pulse_y(self, row: int, net: str) -> int:
        """Middle of a track of the pulse's driver."""
        return row * self.pitch + self.pulse_plan.tracks[net]
