"""How far levels lie off a straight line, in steps of that line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def inl_lsb(x: Array, levels: Array) -> Array:
    """Distance of `levels` at `x`, both (points,) in steps, from the line through the first and the last."""
    slope = step_of(x, levels)
    return (levels - levels[0]) / slope - (x - x[0])


def dnl_lsb(x: Array, levels: Array) -> Array:
    """Of neighbours that are one step apart: their difference by the mean step, less one, (pairs,)."""
    near = np.diff(x) == 1
    return np.diff(levels)[near] / step_of(x, levels) - 1


def step_of(x: Array, levels: Array) -> float:
    """The mean step."""
    return float((levels[-1] - levels[0]) / (x[-1] - x[0]))


def largest(values: Array) -> float:
    """The largest magnitude; 0 of nothing."""
    return float(np.abs(values).max(initial=0.0))
