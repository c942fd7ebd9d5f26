"""The interval of a sigma of relative errors whose logarithm is nearly normal, as currents of weak inversion are.

A few draws far out carry most of the variance of such errors, so neither chi-squared nor a resampling of the draws
knows it: of 200 draws with sigma(ln) = 0.84 their intervals hold in 83 and 85 %. On the logarithm no draw is far out.
With y = ln(1 + x) of cumulants k1, k2, k3 and K(t) = k1 t + k2 t^2/2 + k3 t^3/6, sigma(x)^2 = exp(K(2)) - exp(2 K(1)).
The cumulants are given their own scatter: mean and variance as generalised pivots of a normal sample (K.
Krishnamoorthy, T. Mathew, J. Stat. Plan. Inference 115 (2003) 103), skewness by its standard error.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FEWEST = 10
_PIVOTS, _SEED = 4000, 1

Array = NDArray[np.float64]


def is_nearer_on_the_log(errors: Array) -> bool:
    """Whether ln(1 + error) is less skewed than the errors (draws,), which all lie above -1."""
    if len(errors) < FEWEST or not errors.min() > -1:
        return False
    return abs(skewness(np.log1p(errors))) < abs(skewness(errors))


def sigma_interval(errors: Array, confidence: float) -> tuple[float, float]:
    """Interval of the sigma of relative errors (draws,) above -1; the same for the same draws."""
    y, n, rng = np.log1p(errors), len(errors), np.random.default_rng(_SEED)
    k2 = y.var(ddof=1) * (n - 1) / rng.chisquare(n - 1, _PIVOTS)
    k1 = y.mean() - np.sqrt(k2 / n) * rng.standard_normal(_PIVOTS)
    k3 = (skewness(y) - _skewness_sigma(n) * rng.standard_normal(_PIVOTS)) * k2**1.5
    once, twice = k1 + k2 / 2 + k3 / 6, 2 * k1 + 2 * k2 + 8 / 6 * k3
    log_sigma = once + 0.5 * np.log(np.expm1(np.maximum(twice - 2 * once, np.finfo(float).tiny)))
    low, high = np.exp(np.quantile(log_sigma, [(1 - confidence) / 2, (1 + confidence) / 2]))
    return float(low), float(high)


def skewness(values: Array) -> float:
    """Sample skewness, unbiased for a normal quantity; 0 for equal values."""
    n, centred = len(values), values - values.mean()
    variance = float(np.mean(centred**2))
    return float(np.mean(centred**3)) / variance**1.5 * np.sqrt(n * (n - 1)) / (n - 2) if variance else 0.0


def _skewness_sigma(n: int) -> float:
    """Standard error of `skewness` of n normal draws: sqrt(6 n (n - 1) / ((n - 2) (n + 1) (n + 3)))."""
    return float(np.sqrt(6 * n * (n - 1) / ((n - 2) * (n + 1) * (n + 3))))
