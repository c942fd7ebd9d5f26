"""Sigmas of a multiplier against hand formulas, and the three engines against each other."""

from __future__ import annotations

from math import sqrt

import numpy as np
import pytest

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.mismatch import mismatch, mismatch_settings, statistics_of
from analoom.flows.systems.charge_mac.budget import gradient_error, unit_places
from analoom.flows.systems.charge_mac.mismatch import MacStatistics
from analoom.pdk.errors import InputError

UNIT_SIGMA = 0.0047 / 2.15
"""Of one 2 um unit: 0.47 %.um of the continuous models over sqrt(area), the plate 0.15 um larger on both sides (SKY130
`sw_mm_cmim`)."""


@pytest.fixture(scope="module")
def cell() -> Cell:
    return build("charge_mac", {"inputs": 2, "bits": 3})


def statistics(cell: Cell, weights: list[list[int]]) -> MacStatistics:
    found = statistics_of(cell, "continuous", mismatch_settings(cell).parse({}), np.array(weights, dtype=float))
    assert isinstance(found, MacStatistics)
    return found


def test_half_of_the_units_on_scatter_as_two_groups_of_units(cell: Cell) -> None:
    """Weights 3 and 0: V = C_a/(C_a + C_b), sigma(V) = sigma_unit/(2 sqrt(6)); full scale is 2."""
    found = statistics(cell, [[3, 0]]).closed()["output_error"].sigma
    assert found == pytest.approx(UNIT_SIGMA / (2 * sqrt(6)) / 2, rel=0.01)


def test_all_units_on_one_side_leave_nothing_to_scatter(cell: Cell) -> None:
    """The sum is 1 whatever the units are; a weight of the other sign brings the scatter back."""
    assert statistics(cell, [[3, 3]]).closed()["output_error"].sigma == pytest.approx(0, abs=1e-15)
    assert statistics(cell, [[3, -3]]).closed()["output_error"].sigma > 1e-4


def test_the_worst_step_is_that_of_the_middle_code(cell: Cell) -> None:
    """From 1 to 2 of 3 units: C_b1 - C_b0 over the mean unit; shares of a sum of three."""
    dnl = statistics(cell, [[3, 0]]).closed()["weight_dnl"].sigma
    assert dnl == pytest.approx(UNIT_SIGMA * sqrt(3 - 1 / 3), rel=0.02)


def test_units_twice_as_wide_scatter_half_as_much() -> None:
    wide = build("charge_mac", {"inputs": 2, "bits": 3, "unit": {"w": 4.0}})
    narrow = build("charge_mac", {"inputs": 2, "bits": 3, "unit": {"w": 2.0}})
    of = [statistics(c, [[3, 0]]).closed()["output_error"].sigma for c in (wide, narrow)]
    assert of[1] / of[0] == pytest.approx(4.15 / 2.15, rel=1e-6)


def test_drawn_samples_agree_with_the_closed_form(cell: Cell) -> None:
    closed = mismatch(cell).metrics
    drawn = mismatch(cell, engine="mc", samples=4000).metrics
    for name in ("output_error", "weight_inl", "weight_dnl"):
        assert drawn[name].sigma == pytest.approx(closed[name].sigma, rel=0.06)


@pytest.mark.tools
def test_ngspice_judges(cell: Cell) -> None:
    closed = mismatch(cell).metrics
    judged = mismatch(cell, engine="ngspice", samples=600).metrics
    for name in ("output_error", "weight_dnl"):
        assert judged[name].ci95[0] * 0.95 < closed[name].sigma < judged[name].ci95[1] * 1.05


def test_too_many_draws_for_ngspice_are_refused() -> None:
    with pytest.raises(InputError, match="too many for ngspice"):
        mismatch(build("charge_mac", {"inputs": 16}), engine="ngspice", samples=100_000)


def test_a_gradient_moves_weights_apart_by_their_distance(cell: Cell) -> None:
    """Weights 3 and -3: the sum errs by half the distance of both tiles times the gradient, by full scale 2."""
    at = unit_places(cell)[0]
    assert at[0] == pytest.approx(np.broadcast_to(at[0].mean(axis=0), at[0].shape), abs=1.5)
    apart_um = np.hypot(*(np.average(at[1], axis=0, weights=[1, 2]) - np.average(at[0], axis=0, weights=[1, 2])))
    assert apart_um == pytest.approx(cell.notes["tile_um"][0], rel=1e-6)
    found = gradient_error(cell, statistics(cell, [[3, -3]]), 1e-5)
    assert found == pytest.approx(1e-5 * apart_um / 2 / 2, rel=1e-6)
    assert gradient_error(cell, statistics(cell, [[3, 3]]), 1e-5) == pytest.approx(0, abs=1e-12)
