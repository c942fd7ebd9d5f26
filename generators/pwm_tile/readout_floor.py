"""Where the read-outs lie below the column drivers, nm: rows of them, a channel of lanes above each row.

A read-out is wider than a column, so those of neighbouring columns stand below each other in one slot; left of them in
the slot lie the wires that lead down to each. Heights are from the lower edge of the column drivers down, negative.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analoom.cells.memory.plan import LINE_PITCH_NM
from analoom.cells.model.cell import Cell
from analoom.cells.model.drawing import CUT_GRID_NM
from analoom.cells.pulse_width.plan import pwm_plan
from analoom.cells.pulse_width.pwm_cell import row_lines
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import TRACK_PITCH_NM
from analoom.pdk import rules
from analoom.pdk.units import snap_up

from .readout_parts import COLUMN, OWN, readout_ports
from .shared_parts import shared_ports
from .spec import PwmTileSpec

CLEAR_NM = 600
"""Between blocks and lanes."""
SUPPLY_NM = 800
"""Width of the supplies' lanes in a channel."""
BESIDE_NM = snap_up(rules.NWELL_SPACE.value_nm + CLEAR_NM, CUT_GRID_NM)
"""Between a read-out and what lies beside it: wells and rings keep apart."""

QUIET = ("vcas", "vbn", "vdump", "bias", "vres", "icmp")
"""Nets that rest while columns are read, side by side and away from those that step: with `go` on a lane beside that of
the units' gates its step took a fifth off the gain of pulses."""


@dataclass(frozen=True)
class ReadoutFloor:
    """Every coordinate of the read-outs; `readout` and `shared` are the wired blocks."""

    spec: PwmTileSpec
    readout: Cell
    shared: Cell

    @property
    def row_lines(self) -> dict[str, int]:
        """Middles of the lines of a row of weights."""
        return row_lines(pwm_plan(self.spec.cell))

    @property
    def column_width(self) -> int:
        return pwm_plan(self.spec.cell).width

    @cached_property
    def rows(self) -> int:
        """Read-outs below each other: as many columns as are as wide as one of them with its wires, if there are."""
        count = 1
        while count < self.spec.cols and count * self.column_width < self._slot_width(count):
            count += 1
        return count

    @property
    def slots(self) -> int:
        """Read-outs side by side."""
        return -(-self.spec.cols // self.rows)

    @property
    def slot(self) -> int:
        """From slot to slot."""
        return self._slot_width(self.rows) if self.slots == 1 else self.rows * self.column_width

    @property
    def width(self) -> int:
        return self.slots * self.slot

    def _slot_width(self, rows: int) -> int:
        box = self.readout.layout.bbox()
        width = len(COLUMN) * rows * LINE_PITCH_NM + box.width() + 2 * BESIDE_NM
        return snap_up(width, CUT_GRID_NM)

    def place(self, col: int) -> tuple[int, int]:
        """Slot and row of a column's read-out."""
        return divmod(col, self.rows)

    def way_x(self, col: int, side: int) -> int:
        """Middle of the wires of a column left of the read-outs: 0 of `colp` and, below, of `out`; 1 of `coln`."""
        slot, row = self.place(col)
        return slot * self.slot + (1 + len(COLUMN) * row + side) * LINE_PITCH_NM

    def block_x(self, col: int) -> int:
        """Origin of a column's read-out."""
        slot, _ = self.place(col)
        start = slot * self.slot + len(COLUMN) * self.rows * LINE_PITCH_NM + BESIDE_NM
        return snap_up(start - self.readout.layout.bbox().left, CUT_GRID_NM)

    @property
    def shared_width(self) -> int:
        return self.shared.layout.bbox().right + BESIDE_NM

    def fan_y(self, lane: int) -> int:
        """Middle of a lane of the fan."""
        return -(2 * CLEAR_NM + lane * TRACK_PITCH_NM)

    @cached_property
    def bus_nets(self) -> tuple[str, ...]:
        """All nets that read-outs or the shared block have in common, supplies last."""
        nets = dict.fromkeys((*shared_ports(self.spec), *readout_ports(self.spec)))
        quiet = [net for net in QUIET if net in nets]
        return (*quiet, *(net for net in nets if net not in (*QUIET, *OWN, VDD, VSS)), VSS, VDD)

    def listens(self, row: int, net: str) -> bool:
        """Whether a block below the channel of a row has the net: the shared one lies in the first."""
        return row == 0 or net in readout_ports(self.spec)

    @cached_property
    def lanes(self) -> dict[str, int]:
        """Middles of the lanes of a channel by net, from its upper edge down: a column's own at both ends."""
        order = ("vcas", *COLUMN, *self.bus_nets[1:], "out")
        found, y = {}, -CLEAR_NM
        for net in order:
            wide = (SUPPLY_NM - TRACK_PITCH_NM) // 2 + TRACK_PITCH_NM // 2 if net in (VDD, VSS) else 0
            y -= wide
            found[net] = y // CUT_GRID_NM * CUT_GRID_NM
            y = found[net] - TRACK_PITCH_NM - wide
        return found

    @property
    def channel(self) -> int:
        """Height of a channel."""
        return CLEAR_NM - min(self.lanes.values())

    @property
    def fan(self) -> int:
        """Height of the fan."""
        return -self.fan_y(len(COLUMN) * self.rows)

    @property
    def step(self) -> int:
        """From row to row of read-outs."""
        return snap_up(self.channel + self.readout.layout.bbox().top + CLEAR_NM, CUT_GRID_NM)

    @property
    def height(self) -> int:
        """Of all below the column drivers."""
        return self.fan + max(self.rows * self.step, self.channel + self.shared.layout.bbox().top) + CLEAR_NM

    def lane_y(self, row: int, net: str) -> int:
        """Middle of a lane above a row of read-outs."""
        return -self.fan - row * self.step + self.lanes[net]

    def block_y(self, row: int, block: Cell) -> int:
        """Origin of a block whose upper edge lies below the channel of a row."""
        return -self.fan - row * self.step - self.channel - block.layout.bbox().top
