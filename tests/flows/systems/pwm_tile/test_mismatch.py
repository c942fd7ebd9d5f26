"""Mismatch of tiles of pulses: formulas against dies of the solver, and these against the model files' own draws."""

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.systems.pwm_tile.mismatch import TileStatistics
from analoom.flows.systems.pwm_tile.solver.dies import PulseDies, of_units, thermal_charge_c
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.pdk.errors import InputError

FAMILIES = ("continuous", "binned")


def test_a_weight_is_the_sum_of_the_units_that_its_code_lets_in():
    """By hand: 5 is the bits of 1 and of 4; bit 0 is the first unit, bit 2 the last four."""
    units = np.arange(1.0, 8.0)[:, None, None]
    assert of_units(units, np.array([[5]]))[0, 0] == pytest.approx((1 + 4 + 5 + 6 + 7) / 5, abs=1e-12)
    assert of_units(units, np.array([[-2]]))[0, 0] == pytest.approx((2 + 3) / 2, abs=1e-12)
    assert of_units(units, np.array([[0]]))[0, 0] == 1.0


def test_noise_is_that_of_two_capacitors():
    """sqrt(2 kT C) of 2.4 pF at 27 degC, k = 1.380649e-23 J/K."""
    expected = np.sqrt(2 * 1.380649e-23 * 300.15 * 2.4e-12)
    assert thermal_charge_c(2.4e-12, 27.0) == pytest.approx(expected, rel=1e-6, abs=0)


def test_no_dies_and_unknown_families_are_refused():
    with pytest.raises(InputError, match="at least 1"):
        PulseDies(PwmTileSpec(), "continuous", 0, 1)
    with pytest.raises(InputError, match=r"family|model"):
        PulseDies(PwmTileSpec(), "smooth", 1, 1)


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("family", FAMILIES)
def test_formulas_say_what_dies_of_the_solver_do(family):
    """Each source alone, and all; a formula of another unit would be off by its sigma."""
    cell = build("pwm_tile", {"rows": 2, "cols": 2})
    statistics = TileStatistics(cell, np.array([[7.0, 4.0], [5.0, 3.0]]), family)
    closed, drawn = statistics.closed(), statistics.drawn(np.random.default_rng(1), 400)
    for source in ("units", "ramp", "comparator", "switches"):
        name = f"column_error_{source}"
        assert drawn[name][0].std(axis=0).max() == pytest.approx(closed[name].sigma, rel=0.15, abs=0)
    print(family, {name: round(100 * spread.sigma, 3) for name, spread in closed.items()})


@pytest.mark.full
@pytest.mark.tools
def test_a_few_dies_of_ngspice_spread_alike():
    """Six tiles of two columns: a sigma of twelve is good to 40 % at two of its own."""
    cell = build("pwm_tile", {"rows": 2, "cols": 2})
    statistics = TileStatistics(cell, np.array([[7.0, 4.0], [5.0, 3.0]]), "continuous")
    drawn = statistics.drawn_by_ngspice(6, 1)["column_error"][0]
    expected = np.sqrt(np.sum([part**2 for part in statistics.by_source().values()], axis=0))
    assert 0.5 < float(np.sqrt(np.mean((drawn / expected) ** 2))) < 1.6
