"""Adam: steps by the gradient's running mean over the root of that of its square.

Source: Kingma and Ba, Adam: a method for stochastic optimization (2015), algorithm 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from .known import Numbers

MEAN, SQUARE, FLOOR = 0.9, 0.999, 1e-8
"""Decay of the two running means, and what keeps the quotient finite; as in the source."""


@dataclass
class Adam:
    """The running means of one set of parameters."""

    parameters: Sequence[Numbers]
    _means: list[Numbers] = field(init=False)
    _squares: list[Numbers] = field(init=False)
    _steps: int = 0

    def __post_init__(self) -> None:
        self._means = [np.zeros_like(p) for p in self.parameters]
        self._squares = [np.zeros_like(p) for p in self.parameters]

    def step(self, gradients: Sequence[Numbers], rate: float) -> None:
        """Moves the parameters in place, by about `rate` each."""
        self._steps += 1
        worth = rate * float(np.sqrt(1 - SQUARE**self._steps)) / (1 - MEAN**self._steps)
        for p, g, mean, square in zip(self.parameters, gradients, self._means, self._squares, strict=True):
            mean += np.float32(1 - MEAN) * (g - mean)
            square += np.float32(1 - SQUARE) * (g * g - square)
            p -= np.float32(worth) * mean / (np.sqrt(square) + np.float32(FLOOR))
