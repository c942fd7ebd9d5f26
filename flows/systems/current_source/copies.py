"""Many copies of a cell in one netlist, each drawn anew by the model files: what ngspice judges by.

Copies share the supplies and what controls them; every other net is a copy's own.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from analoom.cells.model.cell import Cell
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices
from analoom.flows.netlists.model_variants import with_variants
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import deck
from analoom.flows.statistics.copies import in_copy, net_in_copy
from analoom.flows.statistics.mismatch_library import State, mismatch_library
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC

COPIES = 20
"""Copies in one netlist, of some ten devices each: more take longer by the copy."""


@dataclass(frozen=True)
class Copies:
    """Copies of `cell` in a family of models; `shared` nets are common to all."""

    cell: Cell
    model: str
    shared: frozenset[str]

    def deck(self, copies: int, state: State, bench: Iterable[str]) -> str:
        """`copies` of the cell and the `bench` lines; as `drawn` every device draws by itself."""
        library = mismatch_library(sizes_of(self.cell.circuit), self.model, state)
        lines = (
            self._line(flat, k) for k in range(copies) for flat in flat_devices(self.cell.circuit) if _conducts(flat)
        )
        return deck("copies", f'.include "{library}"\n.temp {TEMP_DEGC:g}', *bench, *lines)

    def net(self, net: str, copy: int) -> str:
        """What a net of the cell is called in a copy."""
        return net_in_copy(net, self.shared, copy)

    def _line(self, flat: FlatDevice, copy: int) -> str:
        return with_variants(in_copy(flat, flat.device, self.shared, copy).spice())


def _conducts(flat: FlatDevice) -> bool:
    """Whether a device does anything: dummies at a row's end have both ends and the gate at their body."""
    return len(set(flat.nets.values())) > 1
