"""A neuron of a network that trains itself."""

from __future__ import annotations

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import register

from .network_parts import draw_neuron
from .network_sizes import BackpropNeuronSpec


@register(BackpropNeuronSpec, system="backprop", kind="backprop_neuron", examples=[{"inputs": 9}])
def backprop_neuron(spec: BackpropNeuronSpec) -> Cell:
    """A load that sums currents of synapses, a sigmoid of the sum, and its slope as the gate of their update tails.

    Pins: `np`, `nn` the sums; `yp`, `yn` the output; `pd` to the synapses, whose level follows the slope while `teach`
    carries a current; `bias`, `teach` gates of tails; `vdd`, `vss`.
    """
    return draw_neuron(spec)
