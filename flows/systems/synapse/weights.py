"""Weights for an array where none are given."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def default_weights(shape: tuple[int, int], low_v: float, high_v: float, seed: int) -> NDArray[np.float64]:
    """Stored voltages drawn uniformly over the range, (rows, cols) V."""
    return np.random.default_rng([seed, 1]).uniform(low_v, high_v, shape)
