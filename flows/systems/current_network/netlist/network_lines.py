"""The analog part of a network as netlist lines: somas and synapses with their codes, latches and drivers left out.

What a latch holds is a supply at a gate, or a net of its own that a bench drives. Without latches a network is half as
many transistors, and at rest from the start.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analoom.cells.current_mode.circuits import bit_node, code_bits, soma_devices, synapse_devices
from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices
from analoom.flows.netlists.flat_lines import flat_parameters, with_flat_lines
from analoom.flows.netlists.model_variants import size_of
from analoom.flows.netlists.models import trimmed_library
from analoom.flows.simulator.ngspice import deck
from analoom.generators.current_network.circuits import network_circuit
from analoom.generators.current_network.spec import CurrentNetworkSpec
from analoom.pdk.corners import Corner

from .drawn_devices import is_stored
from .wires import NetworkWires

Codes = Sequence[NDArray[np.int64]]


def stored_net(layer: int, row: int, column: int, bit: int) -> str:
    """The net of a stored bit of a network without codes."""
    return f"layer{layer}_w{row}_{column}_{bit_node(bit)}"


@dataclass(frozen=True)
class WrittenNetwork:
    """A network with `codes` (inputs + 1, outputs) a layer, and `c_tap_f` on each of a synapse's three lines, or its
    drawn wires. Without codes, stored bits are nets: `stored_net`."""

    spec: CurrentNetworkSpec
    codes: Codes | None
    c_tap_f: float
    wires: NetworkWires | None = None

    def deck(self, corner: Corner, temp_degc: float, *bench: str) -> str:
        """The whole circuit with the lines of a bench: inputs `in<k>` and `bias<k>`, outputs `out<k>`."""
        devices = list(self.devices())
        sizes = sorted({size_of(device) for device in devices})
        models = f'.include "{trimmed_library(sizes, corner)}"\n{flat_parameters(sizes)}\n.temp {temp_degc:g}'
        lines = [with_flat_lines(device.spice(), bulk=False) for device in devices]
        return deck("network of currents", models, *lines, *self.wire_lines(), *bench)

    def wire_lines(self) -> Iterator[str]:
        """What lies between the transistors: the drawn wires, or a capacitance a line."""
        if self.wires is not None:
            yield from (*self.wires.resistors, *self.wires.capacitors)
        elif self.c_tap_f:
            yield from (f"c_{net} {net} 0 {count * self.c_tap_f!r}" for net, count in self.taps().items())

    @property
    def transistors(self) -> int:
        """How many transistors somas and synapses have."""
        layer = self.spec.layers[0]
        a_soma, a_synapse = len(soma_devices(layer.soma)), len(synapse_devices(layer.synapse))
        return sum(k.rows * (a_soma + k.cols * a_synapse) for k in self.spec.layers)

    def devices(self) -> Iterator[Mos]:
        """Its somas' and synapses' transistors, on nets of one word each, or on the nodes of their drawn terminals."""
        for flat in flat_devices(network_circuit(self.spec)):
            if len(flat.path) == 2:
                drawn = self.wires.terminals[flat.word] if self.wires else {}
                nets = {terminal: drawn.get(terminal) or self.net(flat, net) for terminal, net in flat.nets.items()}
                yield replace(flat.mos, name=flat.word, nets=nets)

    def net(self, flat: FlatDevice, net: str) -> str:
        """A net in one word; a stored bit's is a supply where there are codes."""
        *path, last = net.split(".")
        if self.codes is not None and is_stored(net):
            stored = {bit_node(bit): high for bit, high in enumerate(code_bits(_code(self.codes, *path)))}
            return "vdd" if stored[last] else "vss"
        return net.replace(".", "_")

    def taps(self) -> dict[str, int]:
        """How many synapses hang on each line."""
        found: dict[str, int] = {}
        for k, layer in enumerate(self.spec.layers):
            ends = "out" if k == len(self.spec.layers) - 1 else f"x{k + 1}_"
            for i in range(layer.rows):
                found |= {f"layer{k}_vp{i}": layer.cols, f"layer{k}_vn{i}": layer.cols}
            found |= {f"{ends}{j}": layer.rows for j in range(layer.cols)}
        return found


def _code(codes: Codes, layer: str, weight: str) -> int:
    """The code of a synapse by the names of its layer and itself."""
    row, column = weight.removeprefix("w").split("_")
    return int(codes[int(layer.removeprefix("layer"))][int(row), int(column)])
