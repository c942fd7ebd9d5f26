"""How a network is trained: steps, rate, restarts, and the noise that its weights are trained to bear."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Self

MEDIUM, LARGE = 200, 600
"""Weights from which on a network is trained with fewer restarts, and with less noise for longer: what is enough was
found on irises and digits."""


@dataclass(frozen=True)
class Training:
    """`rate`: codes a step at first, falling to nothing by half a cosine. `batch`: points a step.

    `noise`: sigma of a unit's gain, as a fraction, that training draws anew at each step: what no measurement of
    neurons tells; more than is drawn, as what is borne on the training set is to be borne off it too. `restarts`: so
    many starts, the first of them from the network as it was mapped.
    """

    steps: int = 300
    rate: float = 0.15
    batch: int = 128
    noise: float = 0.5
    restarts: int = 4
    jump: float = 2.0
    seed: int = 1

    @classmethod
    def fitting(cls, dims: Sequence[int], seed: int) -> Self:
        """Settings for a network of `dims`."""
        weights = sum((a + 1) * b for a, b in pairwise(dims))
        if weights > LARGE:
            return cls(steps=600, noise=0.2, restarts=4, seed=seed)
        return cls(restarts=8 if weights <= MEDIUM else 4, seed=seed)
