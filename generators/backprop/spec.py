"""What a network that trains itself is: inputs, hidden neurons, outputs, and the sizes of all devices."""

from __future__ import annotations

from pydantic import Field

from analoom.cells.backprop.network_sizes import (
    BackpropBackSpec,
    BackpropErrorSpec,
    BackpropNeuronSpec,
    BackpropSizes,
    BackpropSynapseSpec,
)


class BackpropNetworkSpec(BackpropSizes):
    """Inputs to hidden neurons to outputs, every neuron with a constant input beside."""

    inputs: int = Field(2, ge=1, le=16, description="inputs, the constant one not counted")
    hidden: int = Field(4, ge=1, le=16, description="hidden neurons")
    outputs: int = Field(1, ge=1, le=8, description="outputs, each with its target")

    @property
    def sizes(self) -> BackpropSizes:
        """Of a synapse and of all that has no number of its own."""
        return BackpropSizes(**self._sizes())

    @property
    def synapse(self) -> BackpropSynapseSpec:
        """Every synapse."""
        return BackpropSynapseSpec(**self._sizes())

    def neuron(self, layer: int) -> BackpropNeuronSpec:
        """A neuron of layer 0, the hidden one, or 1."""
        return BackpropNeuronSpec(**self._sizes(), inputs=(self.inputs, self.hidden)[layer] + 1)

    @property
    def error(self) -> BackpropErrorSpec:
        """The error amplifier of each output."""
        return BackpropErrorSpec(**self._sizes())

    @property
    def back(self) -> BackpropBackSpec:
        """What brings errors back to each hidden neuron."""
        return BackpropBackSpec(**self._sizes(), outputs=self.outputs)

    def _sizes(self) -> dict[str, float]:
        return {name: getattr(self, name) for name in BackpropSizes.model_fields}

    @property
    def synapses(self) -> int:
        """Weights, those of the constant input counted."""
        return self.hidden * (self.inputs + 1) + self.outputs * (self.hidden + 1)
