"""The criterion of resolution against numbers of the normal distribution and against plain draws; Wilson's interval."""

from __future__ import annotations

from math import erf, sqrt

import numpy as np
import pytest

from analoom.flows.statistics.criterion import Criterion, OutputErrors
from analoom.flows.statistics.extremes import wilson, worst_of

DRAWS = 400_000
SIGMAS = np.array([0.7, 1.0, 0.4, 1.0])


def share(errors: np.ndarray, half: float) -> tuple[float, float]:
    """Wilson's interval of the share of rows beyond."""
    return wilson(int((np.abs(errors) > half).any(axis=1).sum()), len(errors))


def holds(interval: tuple[float, float], allowed: float) -> bool:
    return interval[0] <= allowed <= interval[1]


@pytest.mark.parametrize(
    ("good", "of", "low", "high"),
    [(81, 263, 0.2553, 0.3662), (15, 148, 0.0624, 0.1605), (0, 20, 0.0, 0.1611), (1, 29, 0.0061, 0.1718)],
)
def test_wilson_is_that_of_the_textbook(good: int, of: int, low: float, high: float) -> None:
    """Source: R. G. Newcombe, Statistics in Medicine 17 (1998) 857, table I, method 3."""
    assert wilson(good, of) == pytest.approx((low, high), abs=5e-5)


def test_any_one_output_is_the_least_certain_at_z_sigmas() -> None:
    """Three sigmas leave 0.27 %, e.g. NIST/SEMATECH e-Handbook 1.3.6.7.1."""
    criterion = Criterion(3.0)
    assert criterion.half_width(OutputErrors(SIGMAS)) == 3.0
    assert criterion.allowed == pytest.approx(0.0026998, rel=1e-5)


def test_a_maximum_over_outputs_times_z_counts_the_outputs_twice() -> None:
    """The twin: 16 outputs, whose largest error's root mean square is 2.1 sigma: one output is beyond 1e-10 then."""
    half = 3 * worst_of(np.ones(16))
    assert half > 6 and Criterion(3.0).beyond(OutputErrors(np.ones(16)), half) < 1e-9


def test_all_outputs_at_once_are_a_power_of_one() -> None:
    half = Criterion(3.0, "all").half_width(OutputErrors(np.ones(64)))
    assert erf(half / sqrt(2)) ** 64 == pytest.approx(erf(3 / sqrt(2)), abs=1e-9)


@pytest.mark.parametrize("outputs", ["each", "all"])
@pytest.mark.parametrize("offsets", [None, [[0.5, -0.8, 1.5, 0.1], [-0.5, 0.2, 0.3, -0.9]]])
def test_independent_outputs_as_drawn(outputs: str, offsets: list[list[float]] | None) -> None:
    errors = OutputErrors(SIGMAS, offsets=None if offsets is None else np.array(offsets))
    criterion = Criterion(2.0, outputs)  # type: ignore[arg-type]
    half = criterion.half_width(errors)
    cases = np.zeros((1, 4)) if offsets is None else np.array(offsets)
    drawn = np.random.default_rng(1).standard_normal((DRAWS, 4)) * SIGMAS
    parts = [drawn + case for case in cases]
    if outputs == "each":
        parts = [part[:, [k]] for part in parts for k in range(4)]
    worst = max((share(part, half) for part in parts), key=lambda interval: interval[1])
    tighter = max((share(part, 0.97 * half) for part in parts), key=lambda interval: interval[1])
    assert holds(worst, criterion.allowed)
    assert tighter[0] > criterion.allowed


def test_outputs_that_share_parameters_as_drawn() -> None:
    """Ten sums of three parameters: as independent ones they would ask for more."""
    slopes = np.random.default_rng(2).standard_normal((10, 3))
    slopes /= np.sqrt((slopes**2).sum(axis=1, keepdims=True))
    sigma = np.sqrt((slopes**2).sum(axis=1))
    criterion = Criterion(2.0, "all")
    half = criterion.half_width(OutputErrors(sigma, slopes=slopes))
    drawn = np.random.default_rng(3).standard_normal((DRAWS, 3)) @ slopes.T
    low, high = share(drawn, half)
    assert low < criterion.allowed * 1.02 and high > criterion.allowed * 0.98
    assert share(drawn, 0.97 * half)[0] > criterion.allowed
    assert criterion.half_width(OutputErrors(sigma)) > 1.03 * half


def test_an_offset_that_is_large_leaves_one_tail() -> None:
    """norm.isf(0.0027) = 2.782: tables of the normal distribution."""
    half = Criterion(3.0, sources="all").half_width(OutputErrors(np.ones(1), offsets=np.array([[-9.0]])))
    assert half == pytest.approx(9 + 2.782, abs=1e-3)
