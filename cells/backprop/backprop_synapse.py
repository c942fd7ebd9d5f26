"""A synapse of a network that trains itself, with its weight's capacitor above it."""

from __future__ import annotations

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import register

from .network_parts import draw_synapse
from .network_sizes import BackpropSynapseSpec


@register(BackpropSynapseSpec, system="backprop", kind="backprop_synapse", examples=[{"w_cap": 5.0, "l_cap": 5.0}])
def backprop_synapse(spec: BackpropSynapseSpec) -> Cell:
    """A forward multiplier of input and weight, and an update multiplier of input and error that moves the weight.

    Pins: `xp`, `xn` the input; `op`, `on` its product with `w` less `wr`, drawn from the neuron; `ep`, `en` the error;
    `pd` the gate of the update's tail; `bias` that of the forward tail; while `learn` is low the weight stays.
    """
    return draw_synapse(spec)
