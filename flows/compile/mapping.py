"""A network on the codes of a target: rounded, with a scale for each layer that its training data choose.

A ReLU network gives the same classes when the weights of a layer are all scaled by one factor, its biases by that and
those of the layers before. The scale decides what is cut off at the largest code and what is rounded to nothing. Nor do
the classes change with what all outputs have in common: it is taken off, so that the largest output is never below 0,
where many targets give nothing.
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

    `scales`: the signal after each layer, by the one of the network. `steps`: what a code of 1 is worth, a layer each;
    those of the grid where none are given.
    """

    real: tuple[Array, ...]
    scales: tuple[float, ...]
    grid: Grid
    steps: tuple[float, ...] = ()

    @property
    def codes(self) -> list[NDArray[np.int8]]:
        """The codes, (inputs + 1, outputs) a layer."""
        return [np.rint(w).astype(np.int8) for w in self.real]

    def activity(self, x: Array) -> list[Array]:
        """What each layer of ideal devices with these codes gives for inputs (points, inputs): (points, neurons)."""
        found: list[Array] = []
        for k, codes in enumerate(self.codes):
            z = self.step(k) * (x @ codes[:-1] + codes[-1])
            x = np.maximum(z, 0.0) if k < len(self.real) - 1 else z
            found.append(x)
        return found

    def outputs(self, x: Array) -> Array:
        """(points, outputs) of the last layer."""
        return self.activity(x)[-1]

    def step(self, layer: int) -> float:
        """What a code of 1 is worth behind a layer."""
        return self.steps[layer] if self.steps else self.grid.step


def map_network(
    network: Network, grid: Grid, x: Array | None, step_of: Callable[[Array], float] | None = None
) -> Mapping:
    """The codes of `network`; of the scales of a layer the one whose sums err least on inputs `x` (points, inputs).

    Without inputs the sums are those of independent inputs of equal size. `step_of`: of a layer's sums in codes
    (points, outputs), what a code of 1 is worth behind it; without inputs these are the largest of inputs of 0 to 1.
    """
    real, scales, steps, scale = [], [], [], 1.0
    signals = [x, *network.activity(x)] if x is not None else [None] * len(network.layers)
    for layer, signal in zip(network.layers, signals, strict=False):
        wanted = _scaled(layer, scale)
        if layer is network.layers[-1]:
            wanted -= wanted.mean(axis=1, keepdims=True)
        best = min((_largest(wanted, share * grid.most) for share in LARGEST), key=_error(wanted, signal, scale, grid))
        real.append(np.clip(best * wanted, -grid.most, grid.most))
        steps.append(step_of(_sums(np.rint(real[-1]), signal, scale)) if step_of else grid.step)
        scale *= best * steps[-1]
        scales.append(scale)
    return Mapping(tuple(real), tuple(scales), grid, tuple(steps))


def _sums(codes: Array, signal: Array | None, scale: float) -> Array:
    """(points, outputs) of inputs that are `scale` times `signal`; without it, the largest of inputs of 0 to 1."""
    if signal is None:
        return np.maximum(codes, 0.0).sum(axis=0, keepdims=True)
    return np.asarray(scale * signal @ codes[:-1] + codes[-1])


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
