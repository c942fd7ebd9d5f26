"""Figures over dies drawn, by scipy's intervals: the mean, and what a share of the dies stays below."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from scipy.stats import quantile_test, ttest_1samp

from .spread import CONFIDENCE, Figure


def mean_over_dies(values: NDArray[np.float64], unit: str) -> Figure:
    """The mean of `values` (dies,), with Student's interval."""
    low, high = ttest_1samp(values, 0.0).confidence_interval(CONFIDENCE)
    return Figure(float(values.mean()), unit, (float(low), float(high)), len(values))


def quantile_over_dies(values: NDArray[np.float64], share: float, unit: str) -> Figure | None:
    """What `share` of `values` (dies,) stays below, with the interval of order statistics; None where the dies are too
    few for one, as fewer than 72 are for a share of 0.95.

    Source: W. J. Conover, Practical Nonparametric Statistics, 3rd ed., section 3.2.
    """
    interval = quantile_test(values, p=share).confidence_interval(CONFIDENCE)
    if not np.isfinite([interval.low, interval.high]).all():
        return None
    return Figure(float(np.quantile(values, share)), unit, (float(interval.low), float(interval.high)), len(values))
