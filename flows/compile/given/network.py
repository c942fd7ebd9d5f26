"""A trained network: layers of weights and biases, ReLU between them and none after the last."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Layer:
    """One layer: weights (outputs, inputs), biases (outputs,), and what the file calls it."""

    name: str
    w: Array
    b: Array

    @property
    def with_bias(self) -> Array:
        """(inputs + 1, outputs): a row an input, and the biases as a last row of a constant input of 1."""
        return np.vstack([self.w.T, self.b[None, :]])


@dataclass(frozen=True)
class Network:
    """Layers from the input on."""

    layers: tuple[Layer, ...]

    @property
    def dims(self) -> tuple[int, ...]:
        """Inputs, neurons of each hidden layer, outputs."""
        return (self.layers[0].w.shape[1], *(layer.w.shape[0] for layer in self.layers))

    @property
    def key(self) -> str:
        """A hash of all weights and biases."""
        digest = hashlib.sha256()
        for layer in self.layers:
            digest.update(repr(layer.w.shape).encode() + layer.w.tobytes() + layer.b.tobytes())
        return digest.hexdigest()[:16]

    def activity(self, x: Array) -> list[Array]:
        """What each layer gives for inputs (points, inputs): (points, neurons) a layer, after its ReLU."""
        found: list[Array] = []
        for layer in self.layers:
            x = (found[-1] if found else x) @ layer.w.T + layer.b
            found.append(np.maximum(x, 0.0) if layer is not self.layers[-1] else x)
        return found

    def outputs(self, x: Array) -> Array:
        """(points, outputs) of inputs (points, inputs)."""
        return self.activity(x)[-1]
