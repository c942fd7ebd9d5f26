"""The analog part of a network as netlist lines: somas and synapses with their codes, latches and drivers left out.

What a latch holds is a supply at a gate. Without latches a network is half as many transistors, and at rest from the
start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

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

Codes = Sequence[NDArray[np.int64]]


@dataclass(frozen=True)
class WrittenNetwork:
    """A network with `codes` (inputs + 1, outputs) a layer, and `c_tap_f` on each of a synapse's three lines, or by net
    what its drawn wires have."""

    spec: CurrentNetworkSpec
    codes: Codes
    c_tap_f: float
    wires_f: Mapping[str, float] = field(default_factory=dict)

    def deck(self, corner: Corner, temp_degc: float, *bench: str) -> str:
        """The whole circuit with the lines of a bench: inputs `in<k>` and `bias<k>`, outputs `out<k>`."""
        devices = list(self.devices())
        sizes = sorted({size_of(device) for device in devices})
        models = f'.include "{trimmed_library(sizes, corner)}"\n{flat_parameters(sizes)}\n.temp {temp_degc:g}'
        lines = [with_flat_lines(device.spice(), bulk=False) for device in devices]
        taps = [f"c_{net} {net} 0 {c_f!r}" for net, c_f in self.lines_f().items() if c_f]
        return deck("network of currents", models, *lines, *taps, *bench)

    @property
    def transistors(self) -> int:
        """How many transistors somas and synapses have."""
        layer = self.spec.layers[0]
        a_soma, a_synapse = len(soma_devices(layer.soma)), len(synapse_devices(layer.synapse))
        return sum(k.rows * (a_soma + k.cols * a_synapse) for k in self.spec.layers)

    def devices(self) -> Iterator[Mos]:
        """Its somas' and synapses' transistors, on nets of one word each."""
        for flat in flat_devices(network_circuit(self.spec)):
            if len(flat.path) == 2:
                nets = {terminal: self.net(flat, net) for terminal, net in flat.nets.items()}
                yield replace(flat.mos, name=flat.word, nets=nets)

    def net(self, flat: FlatDevice, net: str) -> str:
        """A net in one word; a stored bit's is a supply."""
        *path, last = net.split(".")
        if path and path[-1].startswith("w"):
            stored = {bit_node(bit): high for bit, high in enumerate(code_bits(self.code(*path[-2:])))}
            if last in stored:
                return "vdd" if stored[last] else "vss"
        return net.replace(".", "_")

    def code(self, layer: str, weight: str) -> int:
        """The code of a synapse by the names of its layer and itself."""
        row, column = weight.removeprefix("w").split("_")
        return int(self.codes[int(layer.removeprefix("layer"))][int(row), int(column)])

    def lines_f(self) -> dict[str, float]:
        """Capacitance of each line's wires, F."""
        return {net: self.wires_f.get(net, count * self.c_tap_f) for net, count in self.taps().items()}

    def taps(self) -> dict[str, int]:
        """How many synapses hang on each line."""
        found: dict[str, int] = {}
        for k, layer in enumerate(self.spec.layers):
            ends = "out" if k == len(self.spec.layers) - 1 else f"x{k + 1}_"
            for i in range(layer.rows):
                found |= {f"layer{k}_vp{i}": layer.cols, f"layer{k}_vn{i}": layer.cols}
            found |= {f"{ends}{j}": layer.rows for j in range(layer.cols)}
        return found
