"""A network of codes on many dies at once: forward, and backward for its gradient.

Shapes: codes (dies, inputs + 1, outputs) a layer, the bias last; inputs (points, inputs); outputs (dies, points,
outputs). The dies are a batch of matrix products.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .known import Numbers

BELOW = 0.1
"""What is left of an output below 0, where a diode carries next to nothing: the order, but hardly a difference."""


class Paths(Protocol):
    """Gains of dies, as in `gains.Gains`."""

    @property
    def positive(self) -> Sequence[Numbers]: ...

    @property
    def negative(self) -> Sequence[Numbers]: ...

    @property
    def output(self) -> Numbers: ...

    @property
    def dies(self) -> int: ...


@dataclass(frozen=True)
class DensePass:
    """Networks on dies with `gains`; `step`: what a code of 1 is worth."""

    gains: Paths
    step: float

    @property
    def steps(self) -> list[float]:
        return [self.step] * len(self.gains.positive)

    def weights(self, codes: Sequence[Numbers]) -> list[Numbers]:
        """What codes weigh on each die, shaped as the codes."""
        return [np.float32(self.step) * c * own for c, own in zip(codes, self._own(codes), strict=True)]

    def forward(self, weights: Sequence[Numbers], x: Numbers) -> list[Numbers]:
        """What enters each layer, and last the outputs: (dies, points, neurons)."""
        found = [x]
        for k, w in enumerate(weights):
            z = found[-1] @ w[:, :-1] + w[:, -1:]
            found.append(np.maximum(z, 0, out=z) if k < len(weights) - 1 else self._read(z))
        return found

    def _read(self, z: Numbers) -> Numbers:
        return self.gains.output[:, None, :] * np.where(z > 0, z, np.float32(BELOW) * z)

    def outputs(self, codes: Sequence[Numbers], x: Numbers) -> Numbers:
        """(dies, points, outputs)."""
        return self.forward(self.weights(codes), x)[-1]

    def held(self, codes: Sequence[Numbers], x: Numbers) -> NDArray[np.bool_]:
        """A current has no bound, (dies,) all true."""
        return np.ones(self.gains.dies, dtype=np.bool_)

    def backward(self, weights: Sequence[Numbers], signals: Sequence[Numbers], slope: Numbers) -> list[Numbers]:
        """The gradient by weight, for the one by output, `slope` (dies, points, outputs)."""
        slope = slope * self.gains.output[:, None, :] * np.where(signals[-1] > 0, np.float32(1), np.float32(BELOW))
        found: list[Numbers] = []
        for k in reversed(range(len(weights))):
            inner = np.swapaxes(signals[k], -1, -2) @ slope
            found.append(np.concatenate([inner, slope.sum(axis=1, keepdims=True)], axis=1))
            if k:
                slope = (slope @ np.swapaxes(weights[k][:, :-1], 1, 2)) * (signals[k] > 0)
        return found[::-1]

    def by_code(self, codes: Sequence[Numbers], slopes: Sequence[Numbers]) -> list[Numbers]:
        """The gradient by code, of that by weight: rounding is taken for the identity (straight through)."""
        return [np.float32(self.step) * s * own for s, own in zip(slopes, self._own(codes), strict=True)]

    def _own(self, codes: Sequence[Numbers]) -> list[Numbers]:
        """The gain of the path that each code takes."""
        paths = zip(codes, self.gains.positive, self.gains.negative, strict=True)
        return [np.where(c > 0, _of_weights(p), _of_weights(n)) for c, p, n in paths]


def _of_weights(gains: Numbers) -> Numbers:
    """Gains (dies, inputs + 1, outputs), or (dies, inputs + 1, 1) where those of a neuron are all alike."""
    return gains if gains.ndim == 3 else gains[:, :, None]
