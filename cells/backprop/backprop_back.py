"""What brings the errors of outputs back to a hidden neuron of a network that trains itself."""

from __future__ import annotations

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import register

from .network_parts import draw_back
from .network_sizes import BackpropBackSpec


@register(BackpropBackSpec, system="backprop", kind="backprop_back", examples=[{"outputs": 2}])
def backprop_back(spec: BackpropBackSpec) -> Cell:
    """The sum over outputs of each one's error by the weight that leads to it: the error of a hidden neuron.

    Pins: `w<j>` the weight to output j, counted from `wr`; `g<j>p`, `g<j>n` that output's error; `ep`, `en` the sum, on
    one load; `bias` gates of tails; `vdd`, `vss`.
    """
    return draw_back(spec)
