"""The circuit of a network that trains itself: synapses by neuron, neurons, errors, and what brings these back.

Nets: `x<i>p`, `x<i>n` the inputs, `onep`, `onen` the constant one, `h<k>` and `o<j>` before the names of a hidden
neuron's and of an output's own, `w_h<k>_<i>` and `w_o<j>_<k>` the weights, the last of each neuron the constant's.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analoom.cells.backprop.network_circuits import (
    back_circuit,
    bias_circuit,
    error_circuit,
    neuron_circuit,
    synapse_circuit,
)
from analoom.cells.model.circuit import Circuit, SubInstance
from analoom.cells.model.registry import cell_name
from analoom.cells.strip.gates import VDD, VSS

from .spec import BackpropNetworkSpec

CONSTANT = "one"
OWN, SUPPLIES = ("xp", "xn", "w"), (VDD, VSS)
SHARED = ("op", "on", "ep", "en", "wr", "pd", "bias", "learn")
"""What a synapse has by itself, and what all of a neuron have in common."""


def sides(stem: str) -> tuple[str, str]:
    """Both nets of a differential signal."""
    return f"{stem}p", f"{stem}n"


def network_ports(spec: BackpropNetworkSpec) -> tuple[str, ...]:
    """Inputs with the constant one, targets, outputs, reference of the weights, bias, teach, learn, supplies."""
    stems = [*(f"x{i}" for i in range(spec.inputs)), CONSTANT]
    stems += [f"{kind}{j}" for kind in "ty" for j in range(spec.outputs)]
    return (*(net for stem in stems for net in sides(stem)), "wr", "bias", "teach", "learn", VDD, VSS)


def neurons(spec: BackpropNetworkSpec) -> Iterator[tuple[str, int, tuple[str, ...]]]:
    """Stem, layer and inputs of every neuron, the hidden ones first."""
    for k in range(spec.hidden):
        yield f"h{k}", 0, (*(f"x{i}" for i in range(spec.inputs)), CONSTANT)
    for j in range(spec.outputs):
        yield f"o{j}", 1, (*(f"h{k}y" for k in range(spec.hidden)), CONSTANT)


def weight(neuron: str, number: int) -> str:
    """The net of a weight."""
    return f"w_{neuron}_{number}"


def weights(spec: BackpropNetworkSpec) -> tuple[str, ...]:
    """The nets of all weights, neuron by neuron."""
    return tuple(weight(stem, i) for stem, _, inputs in neurons(spec) for i in range(len(inputs)))


def network_circuit(spec: BackpropNetworkSpec, name: str | None = None) -> Circuit:
    """The whole network."""
    return Circuit(name or cell_name("backprop_network", spec), network_ports(spec), (), tuple(_parts(spec)))


def _parts(spec: BackpropNetworkSpec) -> Iterator[SubInstance]:
    for stem, layer, inputs in neurons(spec):
        yield SubInstance(f"s_{stem}", row_circuit(spec, len(inputs)), row_nets(stem, inputs))
        neuron = neuron_circuit(f"backprop_neuron_{spec.neuron(layer).inputs}", spec.neuron(layer))
        yield SubInstance(f"n_{stem}", neuron, neuron_nets(stem))
        if layer == 0:
            nets = back_nets(spec, int(stem.removeprefix("h")))
            yield SubInstance(f"k_{stem}", back_circuit("backprop_back", spec.back), nets)
    error = error_circuit("backprop_error", spec.sizes)
    yield from (SubInstance(f"e_o{j}", error, error_nets(j)) for j in range(spec.outputs))
    yield SubInstance("bias", bias_circuit("backprop_bias", spec.sizes), {net: net for net in ("bias", "teach", VSS)})


def row_circuit(spec: BackpropNetworkSpec, count: int) -> Circuit:
    """The synapses of a neuron, with what they share."""
    synapse = synapse_circuit("backprop_synapse", spec.sizes)
    placed = tuple(SubInstance(f"s{i}", synapse, synapse_in_row(i)) for i in range(count))
    return Circuit(f"synapse_row_{count}", row_ports(count), (), placed)


def row_ports(count: int) -> tuple[str, ...]:
    """Inputs and weights by number, and what is shared."""
    return (*(f"{net}{i}" for i in range(count) for net in OWN), *SHARED, *SUPPLIES)


def synapse_in_row(number: int) -> dict[str, str]:
    """The nets of a synapse among those of its neuron."""
    return {net: f"{net}{number}" for net in OWN} | {net: net for net in (*SHARED, *SUPPLIES)}


def row_nets(stem: str, inputs: Sequence[str]) -> dict[str, str]:
    """The nets of a neuron's synapses whose inputs are `inputs`."""
    found: dict[str, str] = {}
    for i, source in enumerate(inputs):
        found |= {f"xp{i}": sides(source)[0], f"xn{i}": sides(source)[1], f"w{i}": weight(stem, i)}
    n, e = sides(f"{stem}n"), sides(f"{stem}e")
    found |= {"op": n[0], "on": n[1], "ep": e[0], "en": e[1], "pd": f"{stem}pd"}
    return found | {net: net for net in ("wr", "bias", "learn", *SUPPLIES)}


def _out(stem: str) -> str:
    """What an output is called outside: y0 for that of the neuron o0."""
    return stem.replace("o", "y", 1) if stem.startswith("o") else f"{stem}y"


def neuron_nets(stem: str) -> dict[str, str]:
    """The nets of a neuron."""
    n, y = sides(f"{stem}n"), sides(_out(stem))
    own = {"np": n[0], "nn": n[1], "yp": y[0], "yn": y[1], "pd": f"{stem}pd"}
    return own | {net: net for net in ("bias", "teach", VDD, VSS)}


def error_nets(j: int) -> dict[str, str]:
    """The nets of an output's error amplifier."""
    named = {"n": f"o{j}n", "t": f"t{j}", "e": f"o{j}e", "g": f"o{j}g"}
    own = {f"{k}{side}": f"{stem}{side}" for k, stem in named.items() for side in "pn"}
    return own | {net: net for net in ("bias", VDD, VSS)}


def back_nets(spec: BackpropNetworkSpec, k: int) -> dict[str, str]:
    """The nets of what brings the outputs' errors to a hidden neuron."""
    nets = {"ep": f"h{k}ep", "en": f"h{k}en", "wr": "wr", "bias": "bias", VDD: VDD, VSS: VSS}
    for j in range(spec.outputs):
        nets |= {f"w{j}": weight(f"o{j}", k), f"g{j}p": f"o{j}gp", f"g{j}n": f"o{j}gn"}
    return nets
