"""Intervals over dies hold what they are of as often as they say: of exponential draws, mean and quantile known."""

from __future__ import annotations

import numpy as np

from analoom.flows.statistics.figures import mean_over_dies, quantile_over_dies

SHARE, DIES, TIMES = 0.95, 150, 100
DRAWN = np.random.default_rng(3).exponential(size=(TIMES, DIES))


def test_the_mean_of_dies_lies_in_nineteen_of_twenty_intervals_and_in_fewer_of_half_as_wide() -> None:
    found = [mean_over_dies(values, "") for values in DRAWN]
    middle, half = np.array([(f.value, f.ci95[1] - f.value) for f in found if f.ci95]).T
    assert 0.9 < np.mean(np.abs(middle - 1) < half) < 0.99
    assert np.mean(np.abs(middle - 1) < half / 2) < 0.8


def test_a_share_of_dies_lies_below_a_value_inside_its_interval_and_not_below_that_of_another_share() -> None:
    """The 95 % point of exponential draws is ln 20; the interval of order statistics holds it at least as often."""
    ends = np.array([f.ci95 for values in DRAWN if (f := quantile_over_dies(values, SHARE, "")) and f.ci95])
    assert len(ends) == TIMES
    assert np.mean((ends[:, 0] < np.log(20)) & (np.log(20) < ends[:, 1])) > 0.9
    assert np.mean((ends[:, 0] < np.log(10)) & (np.log(10) < ends[:, 1])) < 0.5


def test_too_few_dies_have_no_interval_and_no_quantile() -> None:
    """All of n dies lie below the 95 % point in 0.95^n of cases: in more than 2.5 % up to 71."""
    assert quantile_over_dies(DRAWN[0, :71], SHARE, "") is None
    assert quantile_over_dies(DRAWN[0, :72], SHARE, "") is not None
