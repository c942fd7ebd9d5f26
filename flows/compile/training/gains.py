"""What is known of dies, as a network is trained with it: a gain of each neuron's two paths, and of each output.

Signals are relative: 1 is the full input. A weight of code c times the gain a code, g, takes a neuron's signal y to
g c p y where c > 0 and g c n y where c < 0; p and n are the gains of its positive and its negative path.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]
"""Training is done in single precision: codes are small integers, and gains are known to some per cent."""


@dataclass(frozen=True)
class Gains:
    """`positive` and `negative`: (dies, inputs + 1) a layer, the bias last; `output`: (dies, outputs)."""

    positive: tuple[Numbers, ...]
    negative: tuple[Numbers, ...]
    output: Numbers

    @property
    def dies(self) -> int:
        return len(self.output)

    def repeated(self, times: int) -> Gains:
        """Each die so many times, all dies first."""
        many = [tuple(np.tile(g, (times, 1)) for g in path) for path in (self.positive, self.negative)]
        return Gains(many[0], many[1], np.tile(self.output, (times, 1)))

    def rolled(self) -> Gains:
        """Each die with what is known of the one before it."""
        many = [tuple(np.roll(g, 1, axis=0) for g in path) for path in (self.positive, self.negative)]
        return Gains(many[0], many[1], np.roll(self.output, 1, axis=0))


def ideal(dims: Sequence[int], dies: int = 1) -> Gains:
    """Gains of 1: dies that are as designed."""
    ones = tuple(np.ones((dies, size + 1), dtype=np.float32) for size in dims[:-1])
    return Gains(ones, ones, np.ones((dies, dims[-1]), dtype=np.float32))
