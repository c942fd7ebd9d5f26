"""Where everything lies in a network, nm: the layers from the origin to the right, all on the same rows.

Between two layers the lanes of the supplies of the first and that of the bias of the second. Left of the layers the
word drivers, below them the column drivers in rows, turned over every other one; left of both the lanes to them.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from analoom.cells.current_mode.circuits import BITS
from analoom.cells.memory.plan import LINE_NM, LINE_PITCH_NM
from analoom.cells.memory.word_driver import word_driver_plan
from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.plan import StripPlan
from analoom.cells.strip.sizes import AXIS_NM, TAP_NM
from analoom.generators.memory.driver_floor import DriverFloor
from analoom.generators.memory.word_size import words_height
from analoom.pdk import rules
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET3

from .layer_floor import LANE_NM, PAST_RAIL_NM, LayerFloor
from .spec import CurrentNetworkSpec

BELOW_NM = snap_up(TAP_NM + 2 * rules.IMPLANT_ENCLOSES_DIFF.value_nm + rules.PSDM_SPACE.value_nm, CUT_GRID_NM)
"""From the lowest rail of the layers to the highest of the column drivers: two taps with their implants."""
APART_NM = snap_up(rules.NWELL_SPACE.value_nm + 2 * rules.NWELL_ENCLOSES_NTAP.value_nm, CUT_GRID_NM)
"""Between the word drivers and the first layer: two wells."""
BIAS_ROOM_NM = snap_up(LINE_NM + 2 * MET3.space_nm, 2 * CUT_GRID_NM)
"""Between two layers: the lane of a bias."""


@dataclass(frozen=True)
class NetworkFloor(DriverFloor):
    """Every coordinate of a network."""

    spec: CurrentNetworkSpec

    @cached_property
    def layers(self) -> tuple[LayerFloor, ...]:
        return tuple(LayerFloor(layer) for layer in self.spec.layers)

    @cached_property
    def layer_x(self) -> tuple[int, ...]:
        """Left edge of each layer."""
        widths = [snap_up(layer.width + BIAS_ROOM_NM, 2 * CUT_GRID_NM) for layer in self.layers[:-1]]
        return tuple(accumulate(widths, initial=0))

    @property
    def pitch(self) -> int:
        """From row to row."""
        return self.layers[0].pitch

    @property
    def drivers_width(self) -> int:
        """Of the column drivers with what lies between them: of all layers."""
        return snap_up(self.layer_x[-1] + self.layers[-1].width, 2 * CUT_GRID_NM)

    @property
    def right(self) -> int:
        """The right edge, where the currents come out."""
        return self.turn_x + LINE_PITCH_NM

    @property
    def left(self) -> int:
        """The left edge, where the currents come in."""
        return self.supply_lane(VDD).left

    @property
    def top(self) -> int:
        """The upper edge, where biases and the address come in: over the highest row or output."""
        rows = max(self.spec.rows, self.spec.dims[-1])
        return snap_up(AXIS_NM + rows * self.pitch + PAST_RAIL_NM, CUT_GRID_NM)

    @property
    def bottom(self) -> int:
        """The lower edge, where the register is."""
        return (self.fold_top(self.folds) - PAST_RAIL_NM) // CUT_GRID_NM * CUT_GRID_NM

    @property
    def below_nm(self) -> int:
        """From the lowest rail of the layers to the highest rail of the column drivers."""
        return BELOW_NM

    @property
    def folds(self) -> int:
        """Rows of column drivers: one a bit."""
        return len(BITS)

    @property
    def word_plan(self) -> StripPlan:
        """Of the driver of a row."""
        return word_driver_plan(self.spec.address_bits, words_height(self.spec.address_bits))

    @property
    def words_right(self) -> int:
        """Right edge of the word drivers."""
        return -APART_NM

    def word_rail_y(self, net: str, row: int) -> int:
        """Middle of a rail of a word driver."""
        return row * self.pitch + AXIS_NM + self.word_plan.height * int(net == VDD)

    def supply_lane(self, net: str) -> Box:
        """The lanes at the left edge, which the rails of all drivers meet."""
        lanes = min(self.address_x(2 * self.spec.address_bits - 1), *self.left_lanes.values()) - LINE_NM
        start = min(lanes, self.words_left - PAST_RAIL_NM) - MET3.space_nm
        right = start // CUT_GRID_NM * CUT_GRID_NM - (LANE_NM + MET3.space_nm) * int(net == VDD)
        return Box(right - LANE_NM, self.bottom, right, self.top)

    def layer_lane(self, k: int, net: str) -> Box:
        """The lane of a layer's supply, on down over the column drivers."""
        return self.layers[k].lane(net, self.bottom, self.layers[k].top).moved(self.layer_x[k], 0)

    def bias_x(self, k: int) -> int:
        """Middle of the lane of a layer's bias, left of its somas."""
        room = BIAS_ROOM_NM if k else APART_NM
        return self.layer_x[k] - room // 2 // CUT_GRID_NM * CUT_GRID_NM


SUPPLIES = (VSS, VDD)
