"""The parts of a network as they lie side by side in its rows, drawn in a common frame."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from analoom.cells.model.cell import Cell, MatchGroup
from analoom.cells.model.circuit import Circuit
from analoom.cells.rows.chains import Frame, Rows
from analoom.cells.rows.plan import RowsPlan, frame_of
from analoom.cells.strip.gates import VDD, VSS

from . import abutting_rows as rows
from .drawn import Channels, drawn_cell
from .network_circuits import (
    NEURON_PORTS,
    back_devices,
    back_loads,
    bias_circuit,
    error_loads,
    error_pairs,
    neuron_circuit,
)
from .network_parts import synapse_of
from .network_sizes import BackpropNeuronSpec, BackpropSizes

COMMON_ROWS = 2
"""Rows of n-types, whose tracks meet; those of p-types above are each part's own."""


@dataclass(frozen=True)
class RowParts:
    """What lies in one row of a network. `name` begins the names of all."""

    name: str
    sizes: BackpropSizes
    neuron: BackpropNeuronSpec
    outputs: int

    @property
    def _rows(self) -> dict[str, Rows]:
        """The rows of each part, by name."""
        raise NotImplementedError

    @cached_property
    def frame(self) -> Frame:
        """What they have in common."""
        return frame_of(tuple(self._rows.values()), COMMON_ROWS)

    @property
    def from_taps_nm(self) -> int:
        """How far from a tap of its rail a transistor lies at most."""
        return max(RowsPlan(of, self.frame).from_taps_nm for of in self._rows.values())


@dataclass(frozen=True)
class HiddenParts(RowParts):
    """What lies in the row of a hidden neuron."""

    globals_to_right: int

    @cached_property
    def _rows(self) -> dict[str, Rows]:
        return {
            "synapse": rows.hidden_synapse(self.sizes),
            "neuron": rows.hidden_neuron(self.neuron, self.outputs, self.globals_to_right),
            "back": rows.back_part(self.sizes, last=self.outputs == 1),
            "output_synapse": rows.output_synapse(self.sizes, last=self.outputs == 1),
        }

    @cached_property
    def synapse(self) -> Cell:
        """A hidden neuron's synapse."""
        return synapse_of(f"{self.name}_synapse", self.sizes, self._rows["synapse"], self.frame)

    @cached_property
    def output_synapse(self) -> Cell:
        """An output's synapse."""
        return synapse_of(f"{self.name}_output_synapse", self.sizes, self._rows["output_synapse"], self.frame)

    @cached_property
    def neuron_cell(self) -> Cell:
        """The neuron with the load of what comes back."""
        own = neuron_circuit("", self.neuron).devices
        ports = (*NEURON_PORTS[:-2], "ep", "en", VDD, VSS)
        circuit = Circuit(f"{self.name}_neuron", ports, (*own, *back_loads(self.outputs)))
        return drawn(self.neuron, circuit, self._rows["neuron"], self.frame)

    @cached_property
    def back(self) -> Cell:
        """The back multiplier of a weight."""
        ports = ("w0", "g0p", "g0n", "ep", "en", "wr", "bias", VSS)
        circuit = Circuit(f"{self.name}_back", ports, back_devices(self.sizes, 0))
        return drawn(self.sizes, circuit, self._rows["back"], self.frame)


@dataclass(frozen=True)
class OutputParts(RowParts):
    """What lies in the row of an output neuron."""

    @cached_property
    def _rows(self) -> dict[str, Rows]:
        return {
            "neuron": rows.output_neuron(self.neuron),
            "e": rows.error_half(self.sizes, "e"),
            "bias": rows.biases(self.sizes),
            "g": rows.error_half(self.sizes, "g"),
            "constant": rows.output_synapse(self.sizes, last=self.outputs == 1),
        }

    @property
    def globals_to_right(self) -> int:
        """From the left edge of the diodes to the right one of the error amplifier (nm)."""
        return sum(RowsPlan(self._rows[name]).width for name in ("bias", "g"))

    @cached_property
    def neuron_cell(self) -> Cell:
        """The neuron with the load of its error's copy for the way back."""
        own = neuron_circuit("", self.neuron).devices
        ports = (*NEURON_PORTS[:-2], "gp", "gn", VDD, VSS)
        circuit = Circuit(f"{self.name}_output_neuron", ports, (*own, *error_loads("g")))
        return drawn(self.neuron, circuit, self._rows["neuron"], self.frame)

    @cached_property
    def errors(self) -> dict[str, Cell]:
        """Both copies of the error amplifier, by name."""
        return {e: self._error(e) for e in "eg"}

    def _error(self, e: str) -> Cell:
        devices = (*error_pairs(self.sizes, e), *(error_loads(e) if e == "e" else ()))
        ports = ("np", "nn", "tp", "tn", f"{e}p", f"{e}n", "bias", *([VDD] if e == "e" else []), VSS)
        return drawn(self.sizes, Circuit(f"{self.name}_error_{e}", ports, devices), self._rows[e], self.frame)

    @cached_property
    def bias(self) -> Cell:
        """The diodes."""
        return drawn(self.sizes, bias_circuit(f"{self.name}_bias", self.sizes), self._rows["bias"], self.frame)

    @cached_property
    def constant(self) -> Cell:
        """The synapse of an output's constant input."""
        return synapse_of(f"{self.name}_constant_synapse", self.sizes, self._rows["constant"], self.frame)


def drawn(spec: BackpropSizes, circuit: Circuit, of: Rows, frame: Frame) -> Cell:
    """A part by its rows."""
    return drawn_cell(spec, circuit.name, circuit.name, circuit, of, _unmatched, frame)


def _unmatched(channels: Channels) -> tuple[MatchGroup, ...]:
    """Parts of a network are wired over: what has to match is said of the parts alone."""
    return ()
