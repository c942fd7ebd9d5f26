"""The nets of a network of tiles, and its ports.

`in0`.. are pulses in, `bias0`.. those of the biases, one a layer; `hidden0_0`.. the pulses between layers, by layer and
neuron; `out0`.. those out. Supplies and levels are one net for all tiles; any other net of a tile has its layer behind
its name: `reset_0`, `reset_1`.
"""

from __future__ import annotations

from analoom.cells.strip.gates import VDD, VSS

from .circuits import tile_ports
from .network_spec import PwmNetworkSpec

SHARED = ("vcas", "vres", "vdump", VDD, VSS)
"""Nets that all tiles have."""


def hidden_net(layer: int, neuron: int) -> str:
    """The pulse between a layer and the next."""
    return f"hidden{layer}_{neuron}"


def tile_nets(spec: PwmNetworkSpec, layer: int) -> dict[str, str]:
    """The net of each port of a layer's tile."""
    found = {port: port if port in SHARED else f"{port}_{layer}" for port in tile_ports(spec.layers[layer])}
    inputs, last = spec.dims[layer], layer == len(spec.dims) - 2
    found |= {f"in{i}": f"in{i}" if layer == 0 else hidden_net(layer - 1, i) for i in range(inputs)}
    found[f"in{inputs}"] = f"bias{layer}"
    return found | {f"out{j}": f"out{j}" if last else hidden_net(layer, j) for j in range(spec.dims[layer + 1])}


def network_ports(spec: PwmNetworkSpec) -> tuple[str, ...]:
    """Each net once, tile by tile; supplies last."""
    nets = (net for layer in range(len(spec.layers)) for net in tile_nets(spec, layer).values())
    found = dict.fromkeys(nets)
    return (*(net for net in found if net not in (VDD, VSS)), VDD, VSS)
