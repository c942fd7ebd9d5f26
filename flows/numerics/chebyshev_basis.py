"""Chebyshev polynomials over an interval: points to sample at, coefficients from samples, values and slopes."""

from __future__ import annotations

import numpy as np
from numpy.polynomial import chebyshev
from numpy.typing import NDArray

Values = NDArray[np.float64]
Bounds = tuple[float, float]


def points(bounds: Bounds, count: int) -> Values:
    """Where to sample, (count,)."""
    middle, half = (bounds[0] + bounds[1]) / 2, (bounds[1] - bounds[0]) / 2
    return middle + half * chebyshev.chebpts1(count)


def from_points(count: int) -> Values:
    """From values at Chebyshev points to coefficients, (count, count)."""
    return np.asarray(np.linalg.inv(chebyshev.chebvander(chebyshev.chebpts1(count), count - 1)), dtype=np.float64)


def basis(x: Values, bounds: Bounds, count: int) -> Values:
    """Chebyshev polynomials at `x`, (n, count)."""
    middle, half = (bounds[0] + bounds[1]) / 2, (bounds[1] - bounds[0]) / 2 or 1.0
    t = (x - middle) / half
    out = np.ones((len(x), count))
    if count > 1:
        out[:, 1] = t
    for k in range(2, count):
        out[:, k] = 2 * t * out[:, k - 1] - out[:, k - 2]
    return out


def basis_and_slope(x: Values, bounds: Bounds, count: int) -> tuple[Values, Values]:
    """Chebyshev polynomials and their derivatives by `x`, each (n, count)."""
    half = (bounds[1] - bounds[0]) / 2 or 1.0
    value = basis(x, bounds, count)
    t2 = 2 * (x - (bounds[0] + bounds[1]) / 2) / half
    slope = np.zeros_like(value)
    if count > 1:
        slope[:, 1] = 1.0
    for k in range(2, count):
        slope[:, k] = 2 * value[:, k - 1] + t2 * slope[:, k - 1] - slope[:, k - 2]
    return value, slope / half
