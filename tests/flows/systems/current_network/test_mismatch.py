"""Sigmas of somas and synapses: the law of a unit, drawn by our coefficients, and by the model files in ngspice."""

import pytest

from analoom.cells.model.registry import build
from analoom.flows.mismatch import mismatch
from analoom.flows.systems.current_network.law import sigma_log
from analoom.flows.systems.current_network.solver.devices import NetworkDevices

pytestmark = pytest.mark.tools

STUDY = {
    ("current_soma", "continuous"): {"slope_p_error": 0.090, "slope_n_error": 0.115},
    ("current_soma", "binned"): {"slope_p_error": 0.126, "slope_n_error": 0.158},
    ("current_synapse", "continuous"): {"unit_p_error": 0.100, "unit_n_error": 0.108},
    ("current_synapse", "binned"): {"unit_p_error": 0.101, "unit_n_error": 0.167},
}
"""Sigmas at 100 nA in 1/1 um of ngspice's own draws on a schematic written by hand, each of some hundred draws."""


@pytest.mark.parametrize(("name", "model"), STUDY)
def test_sigmas_are_those_of_the_study(name, model):
    for engine, samples in (("closed", 2), ("mc", 600)):
        found = mismatch(build(name), model=model, engine=engine, samples=samples).metrics
        for metric, sigma in STUDY[name, model].items():
            assert found[metric].sigma == pytest.approx(sigma, rel=0.13), (engine, metric)


def test_larger_units_err_less():
    """Four times the area halves K/sqrt(wl). For n the models multiply by (.064/l+.992)(.245/w+.965)(.056/(wl)+.999),
    1.348 at 1/1 um and 1.128 at 2/2."""
    small, large = (NetworkDevices(w, w, "continuous", "tt", 27.0) for w in (1.0, 2.0))
    ratio = {
        "n": sigma_at(small.n, 0.5) / sigma_at(large.n, 0.5),
        "p": sigma_at(small.p, 0.86) / sigma_at(large.p, 0.86),
    }
    assert ratio["p"] == pytest.approx(2.0, rel=0.05)
    assert ratio["n"] == pytest.approx(2 * 1.348 / 1.128, rel=0.05)


def sigma_at(unit, gate_v):
    """Sigma of ln(I) at a gate voltage by its slope there."""
    return sigma_log(unit, unit.log_i[:, 24], gate_v)


def test_seven_units_err_less_than_one_by_the_root_of_seven():
    found = mismatch(build("current_synapse"), engine="mc", samples=2000).metrics
    assert found["unit_n_error"].sigma / found["weight_n_error"].sigma == pytest.approx(7**0.5, rel=0.08)


@pytest.mark.full
@pytest.mark.parametrize(("name", "model"), STUDY)
def test_the_model_files_draw_the_same(name, model):
    drawn = mismatch(build(name), model=model, engine="mc", samples=4000).metrics
    judged = mismatch(build(name), model=model, engine="ngspice", samples=400).metrics
    for metric, spread in judged.items():
        assert spread.ci95[0] * 0.97 < drawn[metric].sigma < spread.ci95[1] * 1.03, metric
