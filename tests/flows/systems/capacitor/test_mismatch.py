"""Mismatch of capacitor arrays: textbook cases by hand, drawn samples, and ngspice with the model's own draws."""

from __future__ import annotations

from math import sqrt

import pytest
from bare_cells import capacitors

from analoom.flows.mismatch import mismatch
from analoom.flows.statistics.spread import Spread

UNIT = 0.0047 / 2.15
"""Relative sigma of a 2 x 2 um unit: 0.47 % um over 2.15 um, read from the installed model files."""

BINARY = (1, 1, 2, 4, 8, 16, 32)


def inside(sigma: float, spread: Spread) -> bool:
    return spread.ci95[0] <= sigma <= spread.ci95[1]


def test_two_equal_capacitors() -> None:
    """r = C1/(C1 + C2): sigma(r)/r = s / sqrt(2) for independent s."""
    assert mismatch(capacitors((1, 1))).metrics["ratio_error"].sigma == pytest.approx(UNIT / sqrt(2))


def test_a_weight_of_n_units_is_sqrt_n_better() -> None:
    metrics = mismatch(capacitors((4, 4))).metrics
    assert metrics["ratio_error"].sigma == pytest.approx(UNIT / 2 / sqrt(2))


def test_dnl_of_a_binary_array_is_worst_in_the_middle() -> None:
    """Code 31 to 32 swaps 31 units for 32 others: sigma = s sqrt(63) LSB; INL there: s sqrt(31 * 33 / 64) and less."""
    metrics = mismatch(capacitors(BINARY)).metrics
    assert metrics["dnl"].sigma == pytest.approx(UNIT * sqrt(63), rel=1e-3)
    assert metrics["inl"].sigma == pytest.approx(UNIT * sqrt(32 * 32 / 64), rel=1e-2)


def test_a_single_capacitor_is_as_far_off_as_its_unit() -> None:
    assert inside(UNIT, mismatch(capacitors((1,)), engine="mc", samples=4000, seed=2).metrics["ratio_error"])
    assert not inside(UNIT, mismatch(capacitors((1,), drawn=(4,)), engine="mc", samples=4000).metrics["ratio_error"])


def test_drawn_samples_agree_with_the_formula() -> None:
    closed = mismatch(capacitors(BINARY)).metrics
    drawn = mismatch(capacitors(BINARY), engine="mc", samples=4000, seed=2).metrics
    single = [name for name in closed if name.startswith("ratio_error_")] + ["dnl"]
    assert all(inside(closed[name].sigma, drawn[name]) for name in single)


@pytest.mark.tools
def test_ngspice_judges_the_closed_form() -> None:
    """The twin that forgets that a weight is made of many units falls outside."""
    closed = mismatch(capacitors((1, 3))).metrics
    judged = mismatch(capacitors((1, 3)), engine="ngspice", samples=2000, seed=4).metrics
    assert all(inside(closed[f"ratio_error_b{k}"].sigma, judged[f"ratio_error_b{k}"]) for k in (0, 1))
    as_if_equal = UNIT * sqrt((3 / 4) ** 2 * 2)
    assert not inside(as_if_equal, judged["ratio_error_b0"])


def test_weights_that_leave_codes_unmet_have_no_inl() -> None:
    assert "inl" not in mismatch(capacitors((3, 5))).metrics
