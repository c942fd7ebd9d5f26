"""Mismatch of the multiplier: the exponential law by hand, published Monte Carlos, and ngspice's own draws as judge."""

from __future__ import annotations

from functools import cache
from math import exp, expm1, sqrt

import pytest
from scipy.stats import chi2

from analoom.cells.model.registry import build
from analoom.flows.error_budget import error_budget
from analoom.flows.mismatch import mismatch
from analoom.pdk.errors import InputError

pytestmark = pytest.mark.tools

JNW_SV = {"form": "nmos", "w": 16.64, "l": 0.22, "nf": 4, "w_out": 8.32}
RUNS = 14
"""Draws of the published Monte Carlos: 14 to 20; the fewest give their widest interval."""
DRAWS = 400


@cache
def sigmas(form: str, code: int = 1, model: str = "continuous"):
    fields, i_a = (JNW_SV, 1e-7) if form == "nmos" else ({}, 1e-8)
    return mismatch(build("translinear", fields), model, settings={"i_a": i_a, "code": code})


def interval(sigma: float, runs: int) -> tuple[float, float]:
    low, high = chi2.ppf([0.975, 0.025], runs - 1)
    return sigma * sqrt((runs - 1) / low), sigma * sqrt((runs - 1) / high)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("form", "code", "metric", "scale", "published"),
    [
        ("nmos", 1, "gain_error", 1.0, 0.095),
        ("nmos", 4, "gain_error", 1.0, 0.067),
        ("nmos", 1, "offset", 0.5, 9.3e-9),  # published by side, here i(ip) - i(in)
        ("gate_pmos", 1, "gain_error", 1.0, 0.087),
        ("gate_pmos", 1, "offset", 0.5, 1.0e-9),
    ],
)
def test_published_sigmas_are_reproduced(form, code, metric, scale, published) -> None:
    """Monte Carlos of JNW_SV and JNW_SV_TL with the same models, 14 to 20 runs, by their 95 % interval."""
    low, high = interval(published, RUNS)
    assert low <= scale * sigmas(form, code).metrics[metric].sigma <= high


@pytest.mark.slow
def test_the_loop_follows_the_exponential_law() -> None:
    """sigma of l2/l1 = exp(+-sigma_th/(n U_T)) of two devices: pfet_01v8 5.856 mV um over sqrt(1.92 x 0.94), by hand;
    both pairs' thresholds at the input, I_a sigma/(n U_T), against the simulated shifts."""
    report = sigmas("gate_pmos")
    log = sqrt(2) * 5.856e-3 / sqrt(1.92 * 0.94) * report.point["gm_id_out"]
    assert report.metrics["loop_ratio"].sigma == pytest.approx(exp(log**2 / 2) * sqrt(expm1(log**2)), rel=1e-3)
    law, shifts = report.metrics["offset_law"].sigma, report.metrics["offset_loop"].sigma
    assert law == pytest.approx(shifts, rel=0.05)
    assert law == pytest.approx(1e-8 * sqrt(2) * log, rel=0.05)


@pytest.mark.slow
def test_sources_add_up_and_mirrors_rule_the_gain() -> None:
    found = {name: spread.sigma for name, spread in sigmas("nmos").metrics.items()}
    parts = [found[f"gain_error_{source}"] for source in ("loop", "mirrors", "dac")]
    assert sqrt(sum(p**2 for p in parts)) == pytest.approx(found["gain_error"], rel=0.01)
    assert found["gain_error_mirrors"] > 2 * found["gain_error_dac"] > 4 * found["gain_error_loop"]
    assert found["offset_loop"] > found["offset_mirrors"] > 1e3 * found["offset_dac"]


@pytest.mark.slow
def test_four_times_the_unit_s_area_halves_what_its_mirrors_add() -> None:
    """sigma_th goes as 1/sqrt(W L) where the shape factor is near one; at constant W/L the slopes stay."""
    small, large = (
        mismatch(build("translinear", {"bits": 2, "w_unit": x, "l_unit": x}), settings={"i_a": 2e-9}) for x in (4, 8)
    )
    ratio = small.metrics["gain_error_dac"].sigma / large.metrics["gain_error_dac"].sigma
    assert ratio == pytest.approx(2, rel=0.1)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["gate_pmos", pytest.param("nmos", marks=pytest.mark.full)])
def test_ngspice_judges_closed_form_and_draws(form: str) -> None:
    """Draws of the model file's own terms: gain and offset within 95 %; the loop alone (the twin) is refuted."""
    closed, settings = sigmas(form).metrics, sigmas(form).settings
    cell = build("translinear", JNW_SV if form == "nmos" else {})
    judged = mismatch(cell, engine="ngspice", samples=DRAWS, seed=3, settings=settings).metrics
    drawn = mismatch(cell, engine="mc", samples=DRAWS, seed=3, settings=settings).metrics
    for name in ("gain_error", "offset"):
        low, high = judged[name].ci95
        assert low <= closed[name].sigma <= high
        assert drawn[name].ci95[0] <= closed[name].sigma <= drawn[name].ci95[1]
        assert not low <= closed[f"{name}_loop"].sigma <= high


@pytest.mark.full
def test_the_binned_models_draw_more() -> None:
    """voff acts in weak inversion: sigma of nfet_01v8 is 1.7 times that of the continuous models there."""
    ratio = sigmas("nmos", model="binned").metrics["gain_error"].sigma / sigmas("nmos").metrics["gain_error"].sigma
    assert 1.4 < ratio < 2.0


@pytest.mark.slow
def test_the_error_budget_tells_the_parts() -> None:
    cell = build("translinear", {"bits": 2})
    found = error_budget(cell)
    assert set(found) == {"loop", "mirrors", "dac", "gradient", "total"}
    assert found["mirrors"] == pytest.approx(mismatch(cell).metrics["gain_error_mirrors"].sigma)
    steep = error_budget(cell, settings={"gradient_vth": 1e-5})
    assert steep["gradient"] == pytest.approx(10 * found["gradient"])
    assert 0 < found["gradient"] < 0.01


def test_a_code_too_high_is_refused() -> None:
    with pytest.raises(InputError, match="codes of 2 bits"):
        mismatch(build("translinear", {"bits": 2}), settings={"code": 4})
