"""Extremes and yields: the worst of many normal errors, Wilson's interval, and how many draws an interval needs."""

from __future__ import annotations

from math import ceil, erf, sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.special import erf as erf_of
from scipy.stats import norm

from analoom.pdk.errors import InputError

CONFIDENCE = 0.95
_Z = float(norm.ppf((1 + CONFIDENCE) / 2))
_POINTS, _REACH_SIGMAS = 4000, 8.0


def worst_of(sigmas: NDArray[np.float64]) -> float:
    """Root mean square of the largest |error| among independent normal errors with `sigmas` (columns,).

    For one column it is its sigma. From the distribution of the largest, prod erf(t / (sigma sqrt 2)); exact but for
    the integration.
    """
    distinct, counts = np.unique(np.asarray(sigmas, dtype=float), return_counts=True)
    if distinct[0] < 0 or not np.isfinite(distinct).all():
        raise InputError(f"sigma = {distinct[0]:g}: must be a finite number, not negative", field="sigma")
    if distinct[-1] == 0:
        return 0.0
    t = np.linspace(0, _REACH_SIGMAS * distinct[-1], _POINTS)
    with np.errstate(divide="ignore", invalid="ignore"):
        log_below = sum(
            n * np.log(erf_of(t / (s * sqrt(2)))) if s else np.zeros_like(t)
            for s, n in zip(*_binned(distinct, counts), strict=True)
        )
    return float(sqrt(np.trapezoid(2 * t * -np.expm1(log_below), t)))


def normal_yield(sigma: float, limit: float) -> float:
    """Share of normal errors within +-`limit`."""
    if sigma < 0 or limit <= 0:
        raise InputError(f"sigma = {sigma:g}, limit = {limit:g}: sigma must not be negative, the limit positive")
    return 1.0 if sigma == 0 else erf(limit / (sigma * sqrt(2)))


def wilson(good: int, of: int) -> tuple[float, float]:
    """95 % interval of a share. Source: E. B. Wilson, J. Am. Stat. Assoc. 22 (1927) 209."""
    if not 0 <= good <= of or of < 1:
        raise InputError(f"{good} good of {of}: not a share", field="samples")
    share, spread = good / of, _Z**2 / of
    half = _Z * sqrt(share * (1 - share) / of + spread / (4 * of))
    return max((share + spread / 2 - half) / (1 + spread), 0.0), min((share + spread / 2 + half) / (1 + spread), 1.0)


def draws_for(precision: float) -> int:
    """Draws of a normal quantity for a 95 % interval of its sigma of +-`precision` (relative): 1 + z^2 / (2 p^2)."""
    return 1 + ceil(_Z**2 / (2 * precision**2))


def _binned(sigmas: NDArray[np.float64], counts: NDArray[np.int64]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """At most 64 groups of nearly equal sigmas: the mean of each, and how many."""
    groups = np.array_split(np.arange(len(sigmas)), min(64, len(sigmas)))
    means = np.array([np.average(sigmas[g], weights=counts[g]) for g in groups])
    return means, np.array([counts[g].sum() for g in groups])
