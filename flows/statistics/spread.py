"""Sigma of a quantity, stated or estimated: the value, its 95 % interval and how many draws it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2, norm

from .log_interval import is_nearer_on_the_log, sigma_interval

CONFIDENCE = 0.95
_Z = float(norm.ppf((1 + CONFIDENCE) / 2))
_FEWEST_FOR_KURTOSIS = 50


@dataclass(frozen=True)
class Spread:
    """`sigma` with its 95 % interval; `draws` is 0 for a closed form, whose interval is the value itself."""

    sigma: float
    ci95: tuple[float, float]
    unit: str
    draws: int = 0

    @property
    def value(self) -> float:
        """The sigma: what stands in a table beside figures."""
        return self.sigma

    def to_json(self) -> dict[str, Any]:
        """The shape of one metric of `analoom mismatch`."""
        return {"sigma": self.sigma, "ci95": list(self.ci95), "unit": self.unit, "draws": self.draws}


@dataclass(frozen=True)
class Figure:
    """A figure of the random errors that is no spread, as effective bits; drawn ones with interval and draws."""

    value: float
    unit: str
    ci95: tuple[float, float] | None = None
    draws: int = 0

    def to_json(self) -> dict[str, Any]:
        """The shape of one figure of `analoom mismatch`."""
        drawn: dict[str, Any] = {"ci95": list(self.ci95)} if self.ci95 else {}
        drawn |= {"draws": self.draws} if self.draws or self.ci95 else {}
        return {"value": self.value, "unit": self.unit, **drawn}


def exact(sigma: float, unit: str) -> Spread:
    """A sigma from a formula."""
    return Spread(float(sigma), (float(sigma), float(sigma)), unit)


def estimated(samples: NDArray[np.float64], unit: str) -> Spread:
    """Sample standard deviation of (draws,) or the largest over columns of (draws, quantities).

    The interval is chi-squared for normal draws (e.g. NIST/SEMATECH e-Handbook 7.2.3.1). Fractions whose logarithm is
    nearer to normal have theirs by `log_interval`. Of others, where the draws' kurtosis exceeds a normal's by three of
    its own sigmas, the variance's own scatter widens it: ln(sigma) +- z/2 sqrt((kurtosis - (n - 3)/n) / (n - 1)).
    Source: D. G. Bonett, Comput. Stat. Data Anal. 50 (2006) 775, without trimming.
    """
    columns = samples[:, None] if samples.ndim == 1 else samples
    sigmas = columns.std(axis=0, ddof=1)
    worst, n = int(sigmas.argmax()), len(columns)
    sigma = float(sigmas[worst])
    if unit == "frac" and is_nearer_on_the_log(columns[:, worst]):
        low, high = sigma_interval(columns[:, worst], CONFIDENCE)
        return Spread(sigma, (min(low, sigma), max(high, sigma)), unit, n)
    return Spread(sigma, _interval(columns[:, worst], sigma), unit, n)


def _interval(values: NDArray[np.float64], sigma: float) -> tuple[float, float]:
    n, kurtosis = len(values), _kurtosis(values)
    if n > _FEWEST_FOR_KURTOSIS and kurtosis - 3 > 3 * np.sqrt(24 / n):
        half = _Z / 2 * np.sqrt((kurtosis - (n - 3) / n) / (n - 1))
        return float(sigma * np.exp(-half)), float(sigma * np.exp(half))
    low, high = sigma * np.sqrt((n - 1) / chi2.ppf([(1 + CONFIDENCE) / 2, (1 - CONFIDENCE) / 2], n - 1))
    return float(low), float(high)


def mean_square_spread(squares: NDArray[np.float64], unit: str) -> Spread:
    """Root of the mean of `squares` (draws,), with the interval of ln(mean) by the central limit."""
    mean, n = float(squares.mean()), len(squares)
    half = _Z * float(squares.std(ddof=1)) / np.sqrt(n) / mean if mean else 0.0
    low, high = np.sqrt(mean * np.exp([-half, half]))
    return Spread(float(np.sqrt(mean)), (float(low), float(high)), unit, n)


def _kurtosis(values: NDArray[np.float64]) -> float:
    centred = values - values.mean()
    variance = float(np.mean(centred**2))
    return float(np.mean(centred**4) / variance**2) if variance else 3.0
