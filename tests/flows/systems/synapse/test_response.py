"""The table of a synapse's random errors, made by hand: what straight lines in two parameters give in closed form."""

from __future__ import annotations

import numpy as np
import pytest

from analoom.flows.systems.synapse.response import SynapseResponse

WEIGHTS, Z = np.linspace(0.2, 1.6, 8), np.linspace(-7, 7, 15)
FACTOR = np.full(8, 100.0)


@pytest.fixture
def straight() -> SynapseResponse:
    """A factor of 100 S that two parameters move by 3 and by -4 S a sigma; their parts add."""
    shifted = {("m1", "vth0"): 100 + 3 * Z, ("m2", "u0"): 100 - 4 * Z}
    tables = {key: np.tile(values, (8, 1)) for key, values in shifted.items()}
    return SynapseResponse(WEIGHTS, FACTOR, Z, tables, {("m1", "vth0"): 0.01, ("m2", "u0"): 0.05}, False)


def test_independent_slopes_add_as_squares(straight: SynapseResponse) -> None:
    stored = np.array([[0.2, 0.7], [1.1, 1.6]])
    assert straight.first_order(stored) == pytest.approx(np.full((2, 2), 5.0), rel=1e-9)
    assert straight.sigma(stored) == pytest.approx(np.full((2, 2), 5.0), rel=1e-3)
    assert straight.per_volt(stored) == pytest.approx(np.full((2, 2), 3 / 0.01), rel=1e-9), "by the threshold alone"


def test_drawn_errors_are_the_two_lines(straight: SynapseResponse) -> None:
    """20 000 draws of a sigma of 5 S: known to 0.5 %, their mean to 0.035 S."""
    drawn = straight.drawn(np.array([0.9]), np.random.default_rng(3), 20_000)[:, 0]
    assert drawn.std() == pytest.approx(5.0, rel=0.02)
    assert drawn.mean() == pytest.approx(100.0, abs=0.12)
