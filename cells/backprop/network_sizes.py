"""Sizes of what a network that trains itself is made of, the same for every synapse and neuron of it.

Forward cells, sigmoid and error amplifier run on the current of `bias`; the bump and the update cells on that of
`teach`, which is off while the weights are to stay.
"""

from __future__ import annotations

from typing import Any

from pydantic import Field

from analoom.cells.model.cell import LengthUm, Spec, ruled_length
from analoom.pdk import rules
from analoom.pdk.units import GRID_NM

from .bump import BumpSpec
from .diff_sigmoid import DiffSigmoidSpec
from .gilbert import GilbertSpec
from .sizes import LEAST_W_UM, current, length, width

LOAD_W_UM_INPUT, LOAD_L_UM = 0.14, 8.0
"""A neuron's load: as wide as its inputs are many, so that their sum stays between 0.6 and 0.7 V."""


class BackpropSizes(Spec):
    """Transistors by what they are for; capacitors of the weights; the current of `bias`."""

    w: LengthUm = width(2.0, "pairs of forward cells and sigmoids")
    l: LengthUm = length(0.5, "pairs of forward cells and sigmoids")  # noqa: E741
    w_tail: LengthUm = width(1.0, "tails on bias and teach")
    l_tail: LengthUm = length(2.0, "tails on bias and teach")
    w_update: LengthUm = width(1.0, "pairs of update cells and bumps")
    l_update: LengthUm = length(0.5, "pairs of update cells and bumps")
    w_mirror: LengthUm = width(1.0, "mirrors of updates and bumps, and tails of updates")
    l_mirror: LengthUm = length(1.0, "mirrors of updates and bumps, and tails of updates")
    w_error: LengthUm = width(8.0, "pairs of the error amplifier")
    l_error: LengthUm = length(2.0, "pairs of the error amplifier")
    w_cap: LengthUm = ruled_length(7.2, rules.CAPM_WIDTH, 30.0, "width of a weight's capacitor, above its synapse")
    l_cap: LengthUm = ruled_length(6.9, rules.CAPM_WIDTH, 30.0, "height of a weight's capacitor")
    i_bias: float = current(100e-9, "current that the network is meant for")

    @property
    def error_tail(self) -> tuple[float, float]:
        """Width and length of the error amplifier's tails: those of the others, twice as wide and as long."""
        return 2 * self.w_tail, 2 * self.l_tail

    @property
    def forward(self) -> GilbertSpec:
        """The forward cell."""
        return GilbertSpec(w=self.w, l=self.l, w_tail=self.w_tail, l_tail=self.l_tail, i_tail=self.i_bias)

    @property
    def sigmoid(self) -> DiffSigmoidSpec:
        """A neuron's sigmoid."""
        return DiffSigmoidSpec(w=self.w, l=self.l, w_tail=self.w_tail, l_tail=self.l_tail, i_tail=self.i_bias)

    @property
    def bump(self) -> BumpSpec:
        """A neuron's bump."""
        size: dict[str, Any] = {"w": self.w_update, "l": self.l_update, "w_tail": self.w_tail, "l_tail": self.l_tail}
        return BumpSpec(**size, w_mirror=self.w_mirror, l_mirror=self.l_mirror, i_tail=self.i_bias / 5)


class BackpropSynapseSpec(BackpropSizes):
    """A synapse; sizes of what only neurons have are left unused."""


class BackpropNeuronSpec(BackpropSizes):
    """A neuron of some inputs, the constant one counted."""

    inputs: int = Field(3, ge=2, le=17, description="synapses whose currents are summed, that of the constant counted")

    @property
    def load_um(self) -> tuple[float, float]:
        """Width and length of each diode of its load: wider with every input, longer where that is too narrow."""
        asked = LOAD_W_UM_INPUT * self.inputs
        w = max(LEAST_W_UM, asked)
        grid = GRID_NM * 2 / 1000
        return round(w, 3), round(round(LOAD_L_UM * w / asked / grid) * grid, 3)


class BackpropErrorSpec(BackpropSizes):
    """The error amplifier of an output."""


class BackpropBackSpec(BackpropSizes):
    """What brings the errors of some outputs back to a hidden neuron."""

    outputs: int = Field(1, ge=1, le=8, description="outputs whose errors are summed")


E_LOAD_UM, G_LOAD_UM, BACK_LOAD_UM = (0.84, 15.0), (8.0, 1.0), (0.42, 15.0)
"""Loads of the error amplifier at 0.7 and at 1.0 V, and of the back multiplier by output, width and length."""
GATE_UM = (0.42, 0.15)
"""What joins a weight to its update cell, width and length: small, as its charge goes to the weight when it opens."""
