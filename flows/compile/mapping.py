"""A network on the codes of a target: rounded, with a scale for each layer that its training data choose.

A ReLU network gives the same classes when the weights of a layer are all scaled by one factor, its biases by that and
those of the layers before. The scale decides what is cut off at the largest code and what is rounded to nothing. Nor do
the classes change with what all outputs have in common: it is taken off, so that the largest output is never below 0,
where no current flows.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.compile.given.network import Array, Layer, Network
from analoom.flows.compile.training.trainer import Grid

LARGEST = tuple(2.0 ** (np.arange(-12, 25) / 12))
"""The largest weight of a layer that is tried, by the largest code: above 1 it is cut off."""


@dataclass(frozen=True)
class Mapping:
    """Codes before rounding, (inputs + 1, outputs) a layer, the bias last, and what a signal of 1 is worth behind it.

    `scales`: the signal after each layer, by the one of the network.
    """

    real: tuple[Array, ...]
    scales: tuple[float, ...]
    grid: Grid

    @property
    def codes(self) -> list[NDArray[np.int8]]:
        """The codes, (inputs + 1, outputs) a layer."""
        return [np.rint(w).astype(np.int8) for w in self.real]

    def outputs(self, x: Array) -> Array:
        """(points, outputs) of ideal devices with these codes, for inputs (points, inputs)."""
        for k, codes in enumerate(self.codes):
            z = self.grid.step * (x @ codes[:-1] + codes[-1])
            x = np.maximum(z, 0.0) if k < len(self.real) - 1 else z
        return x


def map_network(network: Network, grid: Grid, x: Array | None) -> Mapping:
    """The codes of `network`; of the scales of a layer the one whose sums err least on inputs `x` (points, inputs).

    Without inputs the sums are those of independent inputs of equal size.
    """
    real, scales, scale = [], [], 1.0
    signals = [x, *network.activity(x)] if x is not None else [None] * len(network.layers)
    for layer, signal in zip(network.layers, signals, strict=False):
        wanted = _scaled(layer, scale)
        if layer is network.layers[-1]:
            wanted -= wanted.mean(axis=1, keepdims=True)
        best = min((_largest(wanted, share * grid.most) for share in LARGEST), key=_error(wanted, signal, scale, grid))
        real.append(np.clip(best * wanted, -grid.most, grid.most))
        scale *= best * grid.step
        scales.append(scale)
    return Mapping(tuple(real), tuple(scales), grid)


def _scaled(layer: Layer, scale: float) -> Array:
    """Weights and biases (inputs + 1, outputs) for inputs that are `scale` times those of the network."""
    wanted = layer.with_bias.copy()
    wanted[-1] *= scale
    return wanted


def _largest(wanted: Array, size: float) -> float:
    """The factor that takes the largest of `wanted` to `size`; 1 where all are nothing."""
    most = float(np.abs(wanted).max())
    return size / most if most else 1.0


def _error(wanted: Array, signal: Array | None, scale: float, grid: Grid) -> Callable[[float], float]:
    """How far the rounded weights' sums are from those wanted, as a function of the factor: rms, by theirs."""
    inputs = np.eye(len(wanted)) if signal is None else np.hstack([scale * signal, np.ones((len(signal), 1))])
    exact = inputs @ wanted

    def error(factor: float) -> float:
        rounded = inputs @ np.clip(np.rint(factor * wanted), -grid.most, grid.most) / factor
        return float(np.linalg.norm(rounded - exact))

    return error
