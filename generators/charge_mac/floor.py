"""Where everything lies in a tile of a charge-domain multiplier: one weight's capacitors above its bits.

From below: `rows` x `cols` slots for the bits, turned over every other row so that rails are shared; a met2 bus for the
outcome of the sign; where x and xb come down from met3 to met1; a met2 bus for vcm; the capacitors with x and xb beside
them, under met2 on vcm; the line of `top`; where x and xb go back up.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, cached_property

import klayout.db as kdb

from analoom.cells.model.cell import Cell
from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.parts.via_stack import pad_size
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.plan import StripPlan
from analoom.cells.strip.sizes import AXIS_NM, RAIL_NM, TRACK_NM
from analoom.cells.switch.weight_bit import CLOCKS, WeightBitSpec, weight_bit_plan
from analoom.generators.cap_array.cap_array import cap_array
from analoom.generators.cap_array.spec import CapArraySpec
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET1, MET2, MET3, MET4, VIA2

from .bit_grid import BitGrid
from .spec import ChargeMacSpec

LINE_NM = VIA2.above.short_nm
"""Width of a met3 line: the pad of a via2."""
LEAST_NM = snap_up(MET3.area_nm2 / LINE_NM)
"""Least length of such a line."""
LINE_PITCH_NM = snap_up(VIA2.above.pitch_nm, CUT_GRID_NM)
FIRST_LINE_NM = snap_up((LINE_NM + MET3.space_nm) // 2, CUT_GRID_NM)
"""From a tile's edge to the middle of its first line: half a space is the neighbour's."""
PAD_HALF_NM = max(pad_size(layer, Layer.MET1, Layer.MET3)[1] for layer in (Layer.MET1, Layer.MET2)) // 2
"""Half the length of the pads of a stack from met1 to met3, along the line."""
PAD_END_NM = VIA2.below.long_nm // 2
"""From the middle of a via2 to the end of its met2 along a track."""
METAL_SPACE_NM = max(MET1.space_nm, MET2.space_nm)
BUS_NM = 600
"""Width of the bus of vcm: it carries the charge of a whole row."""
TOP_LINE_NM = MET4.width_nm
TOP_CLEAR_NM = snap_up(MET4.space_nm, CUT_GRID_NM)
"""From the capacitors' plates to the line of `top`, which is not to lie over any of them."""


@dataclass(frozen=True)
class TileFloor:
    """Every coordinate of a tile, nm; its lower left corner is the origin, its lowest rail at AXIS_NM."""

    spec: ChargeMacSpec
    plan: StripPlan
    caps: Cell
    grid: BitGrid

    @cached_property
    def width(self) -> int:
        slots, lines = self.grid.cols * self.plan.width, self.risers_end
        return snap_up(max(self.gap + self._caps_width, slots, lines), CUT_GRID_NM)

    @property
    def gap(self) -> int:
        """Width beside the capacitors for x and xb: two lines, and half a space on each side."""
        return FIRST_LINE_NM + LINE_PITCH_NM + FIRST_LINE_NM

    @property
    def _caps_width(self) -> int:
        return self.caps.bbox_nm.right - self._lines_left + MET2.space_nm

    @property
    def _lines_left(self) -> int:
        """Left end of the met2 lines under the capacitors, in their own frame: half a space inside their window."""
        return next(pin.box.left for pin in self.caps.pins if pin.name == "b0")

    @property
    def lines_x(self) -> tuple[int, int]:
        """Middles of x and xb."""
        return FIRST_LINE_NM, FIRST_LINE_NM + LINE_PITCH_NM

    @property
    def top_rail(self) -> int:
        """Middle of the highest rail, which is vss."""
        return AXIS_NM + self.grid.rows * self.plan.height

    @property
    def down_y(self) -> int:
        """Where x and xb come down to met1."""
        clear = max(RAIL_NM // 2, TRACK_NM // 2) + METAL_SPACE_NM + PAD_HALF_NM
        return snap_up(self.top_rail + clear, CUT_GRID_NM)

    @property
    def vcm_y(self) -> int:
        """Middle of the bus of vcm."""
        return snap_up(self.down_y + PAD_HALF_NM + METAL_SPACE_NM + BUS_NM // 2, CUT_GRID_NM)

    @property
    def caps_at(self) -> tuple[int, int]:
        """Where the capacitors' origin lies: in the middle of the width they have."""
        spare = (self.width - self.gap - self._caps_width) // 2 // CUT_GRID_NM * CUT_GRID_NM
        x = self.gap + spare + MET2.space_nm // 2 - self._lines_left
        y = self.vcm_y + BUS_NM // 2 + METAL_SPACE_NM - self.caps.bbox_nm.bottom
        return snap_up(x, CUT_GRID_NM), snap_up(y, CUT_GRID_NM)

    def caps_pin(self, name: str) -> Box:
        """A pin of the capacitors, here."""
        return next(pin.box for pin in self.caps.pins if pin.name == name).moved(*self.caps_at)

    @property
    def top_y(self) -> int:
        """Middle of the line of `top`."""
        return self.caps.bbox_nm.top + self.caps_at[1] + TOP_CLEAR_NM + TOP_LINE_NM // 2

    @property
    def up_y(self) -> int:
        """Where x and xb go back to met3."""
        return snap_up(self.top_y + TOP_LINE_NM // 2 + MET4.space_nm + LINE_NM // 2, CUT_GRID_NM)

    @property
    def height(self) -> int:
        """Up to where the rail of the next row may begin."""
        rail = PAD_HALF_NM + METAL_SPACE_NM + RAIL_NM // 2
        return snap_up(self.up_y + max(rail, LEAST_NM - LINE_NM // 2), CUT_GRID_NM)

    def is_turned(self, row: int) -> bool:
        """Whether a row of slots lies upside down, its vss above."""
        return (self.grid.rows - 1 - row) % 2 == 0

    def slot_trans(self, row: int, col: int, *, from_left: bool) -> kdb.Trans:
        """Where the cell of a slot goes: the chain runs from its left to its right, or mirrored."""
        turned, plan = self.is_turned(row), self.plan
        x = col * plan.width + (0 if from_left else plan.width)
        y = row * plan.height + (plan.height + 2 * AXIS_NM if turned else 0)
        return kdb.Trans(0 if from_left else 2, turned == from_left, x, y)

    def track_y(self, net: str, row: int) -> int:
        """Middle of a bit's track in a row of slots."""
        y, bottom = self.plan.tracks[net], row * self.plan.height
        return bottom + (self.plan.height + 2 * AXIS_NM - y if self.is_turned(row) else y)

    def rail_y(self, net: str) -> list[int]:
        """Middles of the rails of a supply."""
        first = VDD if self.is_turned(0) else VSS
        return [AXIS_NM + k * self.plan.height for k in range(int(net != first), self.grid.rows + 1, 2)]

    @cached_property
    def riser_x(self) -> dict[tuple[str, int], int]:
        """Middles of the met3 lines over the bits, by net and column of slots; lines of the whole tile come last."""
        out, last = {}, self.grid.cols - 1
        for col in range(self.grid.cols):
            x = self.lines_x[1] + LINE_PITCH_NM if col == 0 else col * self.plan.width + FIRST_LINE_NM
            for net in (*self._column_nets(col), *((*CLOCKS, VDD, VSS) if col == last else ())):
                out[net, col] = x
                x += LINE_PITCH_NM
        return out

    @property
    def risers_end(self) -> int:
        """Right end of the last line, half a space included."""
        return max(self.riser_x.values()) + FIRST_LINE_NM

    def _column_nets(self, col: int) -> list[str]:
        bits = [self.grid.bit(row, col) for row in range(self.grid.rows)]
        magnitudes = [f"b{bit}" for bit in bits if bit not in (None, self.spec.sign)]
        return ["xs", *(["vcm"] if magnitudes and self.spec.keeps_capacitance else []), *magnitudes]


@cache
def tile_floor(spec: ChargeMacSpec) -> TileFloor:
    """The tile of a spec, with as many columns of slots as give the smallest area."""
    plan = weight_bit_plan(WeightBitSpec(w=spec.w_select, l=spec.l))
    caps = cap_array(CapArraySpec(weights=spec.weights, unit=spec.unit, dummies=False))
    grids = [BitGrid(spec.bits, -(-spec.bits // cols), cols) for cols in range(1, spec.bits + 1)]
    floors = [TileFloor(spec, plan, caps, grid) for grid in grids]
    return min(floors, key=lambda floor: (floor.width * floor.height, floor.grid.cols))
