"""Where everything lies in a layer, nm: somas from the origin up, the synapses of their rows to the right of them.

Right of the synapses the lanes of the supplies, which every rail meets.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analoom.cells.current_mode.circuits import BITS
from analoom.cells.current_mode.soma_draw import input_box
from analoom.cells.current_mode.soma_plan import SomaPlan, soma_plan
from analoom.cells.current_mode.synapse_draw import bit_line_x
from analoom.cells.current_mode.synapse_plan import SynapsePlan, on_grid, synapse_plan
from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import AXIS_NM, TAP_NM, TRACK_NM
from analoom.pdk import rules
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET3

from .spec import CurrentLayerSpec

LANE_NM = 1000
"""Width of the lanes of the supplies."""
PAST_RAIL_NM = snap_up(TAP_NM // 2 + rules.NWELL_ENCLOSES_NTAP.value_nm, CUT_GRID_NM)
"""From the middle of an outer rail to the end of what lies around it."""


@dataclass(frozen=True)
class LayerFloor:
    """Every coordinate of a layer."""

    spec: CurrentLayerSpec

    @property
    def soma(self) -> SomaPlan:
        return soma_plan(self.spec)

    @property
    def synapse(self) -> SynapsePlan:
        return synapse_plan(self.spec)

    @property
    def pitch(self) -> int:
        """From row to row."""
        return self.synapse.rows.height

    @property
    def height(self) -> int:
        """Lowest to highest rail."""
        return self.spec.rows * self.pitch

    @property
    def right(self) -> int:
        """Right edge of the synapses."""
        return self.column_x(self.spec.cols)

    @property
    def width(self) -> int:
        """With the lanes of the supplies."""
        return self.lane(VDD, 0, 0).right

    @property
    def top(self) -> int:
        """The upper edge, where the currents come out."""
        return snap_up(AXIS_NM + self.height + PAST_RAIL_NM, CUT_GRID_NM)

    @property
    def bottom(self) -> int:
        """The lower edge, where the bit lines come in."""
        return (AXIS_NM - PAST_RAIL_NM) // CUT_GRID_NM * CUT_GRID_NM

    def column_x(self, col: int) -> int:
        """Left edge of a column of synapses."""
        return self.soma.width + col * self.synapse.width

    def rail_y(self, net: str) -> list[int]:
        """Middles of the rails of a supply."""
        first, count = (AXIS_NM, self.spec.rows + 1) if net == VSS else (self.synapse.rows.vdd_y, self.spec.rows)
        return [first + k * self.pitch for k in range(count)]

    def lane(self, net: str, bottom: int, top: int) -> Box:
        """The met3 of a supply."""
        left = snap_up(self.right + MET3.space_nm, CUT_GRID_NM) + (LANE_NM + MET3.space_nm) * int(net == VDD)
        return Box(left, bottom, left + LANE_NM, top)

    def word_box(self, row: int, left: int, right: int) -> Box:
        """A piece of the word line of a row."""
        y = self.synapse.latch.tracks["wl"] + row * self.pitch - TRACK_NM // 2
        return Box(left, y, right, y + TRACK_NM)

    def input_y(self, row: int) -> int:
        """Middle of the met4 on which the current of a row comes in."""
        return self.soma.input_y + row * self.pitch

    def input_box(self, row: int) -> Box:
        """The met4 of a soma."""
        return input_box(self.soma).moved(0, row * self.pitch)

    def output_x(self, col: int) -> int:
        """Middle of the met3 on which the current of a column runs."""
        return self.column_x(col) + self.synapse.iout_line_x

    def bit_x(self) -> Iterator[tuple[int, int, int, int]]:
        """Column, bit, which of both lines (0 or 1) and middle of each bit line."""
        for col in range(self.spec.cols):
            for k, x in enumerate(bit_line_x(self.synapse)):
                yield col, BITS[k // 2], k % 2, self.column_x(col) + on_grid(x)
