"""The drawn network that trains itself: a row a neuron, its synapses side by side, then the rest of it."""

from __future__ import annotations

from analoom.cells.backprop.backprop_back import backprop_back
from analoom.cells.backprop.backprop_error import backprop_error
from analoom.cells.backprop.backprop_neuron import backprop_neuron
from analoom.cells.backprop.network_parts import bias
from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import cell_name, register
from analoom.cells.strip.gates import VDD, VSS
from analoom.generators.placing.arrange import Piece
from analoom.generators.wiring.floorplan import Floorplan

from .circuits import CONSTANT, back_nets, error_nets, neuron_nets, neurons, row_nets, sides
from .spec import BackpropNetworkSpec
from .synapse_row import synapse_row


@register(BackpropNetworkSpec, system="backprop", kind="backprop_network", examples=[{"hidden": 2}])
def backprop_network(spec: BackpropNetworkSpec) -> Cell:
    """A network that trains itself: inputs and targets go in row by row, its weights move by themselves.

    Pins: `x<i>p`, `x<i>n` inputs, `onep`, `onen` the constant one, `t<j>p`, `t<j>n` targets, `y<j>p`, `y<j>n` outputs;
    `wr` what weights are counted from, `bias` and `teach` take currents, weights move while `learn` is high; `vdd`,
    `vss`.
    """
    floor = Floorplan(cell_name("backprop_network", spec))
    tree = _arranged(floor, spec)
    floor.supply(VSS, VDD, width_nm=600)
    stems = (*(f"x{i}" for i in range(spec.inputs)), CONSTANT)
    floor.pins(left=[net for stem in stems for net in sides(stem)])
    floor.pins(right=[net for kind in "ty" for j in range(spec.outputs) for net in sides(f"{kind}{j}")])
    floor.pins(bottom=["wr", "bias", "teach", "learn", VSS], top=[VDD])
    return floor.cell(tree, spec, kind="backprop_network")


def _arranged(floor: Floorplan, spec: BackpropNetworkSpec) -> Piece:
    """A row a neuron: its synapses, then the rest of it and what brings errors back; error amplifiers above."""
    rows = [_row(floor, spec, stem, layer, inputs) for stem, layer, inputs in neurons(spec)]
    amplifiers = [floor.part(f"e_o{j}", backprop_error(spec.error), error_nets(j)) for j in range(spec.outputs)]
    diodes = floor.part("bias", bias(spec.sizes), {net: net for net in ("bias", "teach", VSS)})
    return floor.stack(*rows, floor.row(*amplifiers, diodes))


def _row(floor: Floorplan, spec: BackpropNetworkSpec, stem: str, layer: int, inputs: tuple[str, ...]) -> Piece:
    parts = [floor.part(f"s_{stem}", synapse_row(spec.synapse, len(inputs)), row_nets(stem, inputs))]
    parts.append(floor.part(f"n_{stem}", backprop_neuron(spec.neuron(layer)), neuron_nets(stem)))
    if layer == 0:
        parts.append(floor.part(f"k_{stem}", backprop_back(spec.back), back_nets(spec, int(stem.removeprefix("h")))))
    return floor.row(*parts)
