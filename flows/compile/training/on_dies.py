"""Weights chosen on the dies themselves: of several that were trained with what was measured of a die, each is written
to it, and the one that parts the training set best there stays.

It asks of a chip what a chip can tell: the outputs at its pins for inputs that are known.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .loss import least_loss
from .trainer import Codes

MOST_POINTS = 500
"""Of a training set: more would tell no more of which start is best."""


class Dies(Protocol):
    """What is written and read."""

    def outputs(self, codes: Sequence[NDArray[np.integer]], x: NDArray[np.float64]) -> NDArray[np.float64]: ...


def best_on(dies: Dies, found: Sequence[Codes], x: NDArray[np.float64], y: NDArray[np.int64]) -> Codes:
    """Of `found`, each (dies, inputs + 1, outputs) a layer, for each die the codes with the least loss on it."""
    some = np.linspace(0, len(y) - 1, min(len(y), MOST_POINTS)).round().astype(int)
    losses = np.array([least_loss(dies.outputs(codes, x[some]).astype(np.float32), y[some]) for codes in found])
    first = losses.argmin(axis=0)
    each = np.arange(len(first))
    return [np.stack(of_layer)[first, each] for of_layer in zip(*found, strict=True)]
