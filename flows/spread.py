"""Sigma of a quantity, stated or estimated: the value, its 95 % interval and how many draws it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import chi2

CONFIDENCE = 0.95


@dataclass(frozen=True)
class Spread:
    """`sigma` with its 95 % interval; `draws` is 0 for a closed form, whose interval is the value itself."""

    sigma: float
    ci95: tuple[float, float]
    unit: str
    draws: int = 0

    def to_json(self) -> dict[str, Any]:
        """The shape of one metric of `analoom mismatch`."""
        return {"sigma": self.sigma, "ci95": list(self.ci95), "unit": self.unit, "draws": self.draws}


def exact(sigma: float, unit: str) -> Spread:
    """A sigma from a formula."""
    return Spread(float(sigma), (float(sigma), float(sigma)), unit)


def estimated(samples: NDArray[np.float64], unit: str) -> Spread:
    """Sample standard deviation of (draws,) or the largest over columns of (draws, quantities).

    The interval is chi-squared, for normal draws. Source: e.g. NIST/SEMATECH e-Handbook 7.2.3.1.
    """
    columns = samples[:, None] if samples.ndim == 1 else samples
    sigma, n = float(columns.std(axis=0, ddof=1).max()), len(columns)
    tails = chi2.ppf([(1 + CONFIDENCE) / 2, (1 - CONFIDENCE) / 2], n - 1)
    low, high = sigma * np.sqrt((n - 1) / tails)
    return Spread(sigma, (float(low), float(high)), unit, n)
