"""The error amplifier of an output of a network that trains itself."""

from __future__ import annotations

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import register

from .network_parts import draw_error
from .network_sizes import BackpropErrorSpec


@register(BackpropErrorSpec, system="backprop", kind="backprop_error", examples=[{"w_error": 4.0, "w_tail": 2.0}])
def backprop_error(spec: BackpropErrorSpec) -> Cell:
    """An output against its target, twice: for the output's own updates, and for the way back to hidden neurons.

    Pins: `np`, `nn` the output neuron's sums, whose difference falls as the output rises; `tp`, `tn` the target; `ep`,
    `en` the error at about 0.7 V, on long diodes; `gp`, `gn` the same at about 1.0 V, on wide ones; `bias` gates of
    tails; `vdd`, `vss`.
    """
    return draw_error(spec)
