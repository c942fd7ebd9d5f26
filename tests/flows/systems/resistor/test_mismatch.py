"""Mismatch of resistors: formulas by hand, drawn samples, and ngspice with the model files' own draws as the judge."""

from math import hypot, sqrt

import numpy as np
import pytest

from analoom import build, mismatch
from analoom.flows.error_budget import error_budget
from analoom.flows.systems.resistor.mismatch import ResistorStatistics
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import MODELS

SIZES = {"w": 1.41, "l": 14.0}
DEVICES = ("res_generic_po", "res_high_po", "res_xhigh_po")


def test_sigma_by_hand():
    """xhigh_po 1.41 x 14: body 4.64 % / sqrt(19.74) of 2000 x 13.9408 / 1.354 ohm, two heads of 188.2 / 2.764 ohm with
    6.3 % / sqrt(1.41) each; four units and one: sqrt(1 + 1/4)."""
    body, head = 2000 * 13.9408 / 1.354, 188.2 / 2.764
    unit = hypot(body * 0.0464 / sqrt(1.41 * 14), sqrt(2) * head * 0.063 / sqrt(1.41)) / (body + 2 * head)
    found = mismatch(build("res_array", ratios=(1, 4), **SIZES)).metrics
    assert found["ratio_error"].sigma == pytest.approx(unit * sqrt(1.25), rel=1e-9)
    assert found["r_p2"].sigma == pytest.approx(unit / 2 * 4 * (body + 2 * head), rel=1e-9)


def test_a_ratio_has_the_same_sigma_in_parallel():
    series, parallel = (mismatch(build("res_array", ratios=(1, 4), connect=how)) for how in ("series", "parallel"))
    assert parallel.metrics["ratio_error"].sigma == pytest.approx(series.metrics["ratio_error"].sigma, rel=1e-9)
    assert parallel.metrics["r_p2"].sigma == pytest.approx(series.metrics["r_p2"].sigma / 16, rel=1e-9)


def test_four_times_the_area_is_half_the_error_but_for_the_heads():
    one, four = (mismatch(build("res_array", w=w, l=4 * w)).metrics["ratio_error"].sigma for w in (1.41, 2.85))
    assert four / one == pytest.approx(1.41 / 2.85, rel=0.02)


def test_a_sigma_beyond_the_first_order_is_said_to_be():
    small, large = (mismatch(build("res_array", device="res_generic_po", w=w, l=2 * w)) for w in (0.66, 2.0))
    assert "beyond the formula" in small.notes[0] and not large.notes


@pytest.mark.parametrize("model", MODELS)
def test_drawn_samples_have_the_sigma_of_the_formula(model):
    cell = build("res_array", ratios=(1, 2, 4), **SIZES)
    low, high = mismatch(cell, model, "mc", samples=4000).metrics["ratio_error"].ci95
    assert low < mismatch(cell, model).metrics["ratio_error"].sigma < high


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("device", DEVICES)
@pytest.mark.parametrize("model", MODELS)
def test_ngspice_judges_the_formula(device, model):
    """Of ratios and of a value; a twin half as long again is told apart."""
    sizes = {"w": 1.0, "l": 20.0} if device == "res_generic_po" else {"w": 0.35, "l": 2.0}
    cell = build("res_array", device=device, ratios=(1, 2), **sizes)
    judged = mismatch(cell, model, "ngspice", samples=800)
    low, high = judged.metrics["ratio_error"].ci95
    formula = mismatch(cell, model).metrics
    assert low < formula["ratio_error"].sigma < high
    r_low, r_high = judged.metrics["r_p2"].ci95
    assert r_low < formula["r_p2"].sigma < r_high
    longer = mismatch(build("res_array", device=device, ratios=(1, 2), w=sizes["w"], l=1.5 * sizes["l"]), model).metrics
    assert not low < longer["ratio_error"].sigma < high


@pytest.mark.tools
@pytest.mark.parametrize("model", MODELS)
@pytest.mark.parametrize("device", DEVICES)
def test_values_of_the_formula_are_those_drawn_about(device, model):
    """The mean of few draws; the binned values differ from the continuous ones by up to 28 %."""
    cell = build("res_array", device=device, ratios=(4,), w=0.69, l=20.0)
    found = ResistorStatistics(cell, model)
    drawn = found.drawn_by_ngspice(60, 1)["r_p1"][0]
    spread = found.sigma_frac[0] / sqrt(60)
    assert np.mean(drawn) == pytest.approx(4 * found.unit.ohm, rel=5 * spread + 6e-3)


def test_a_width_that_the_binned_models_lack_is_refused_and_named():
    cell = build("res_array", device="res_generic_po", w=1.0)
    assert mismatch(cell, "binned").metrics["ratio_error"].sigma > 0
    with pytest.raises(InputError, match="must be at least 2"):
        mismatch(cell, "binned", "mc", samples=1)


@pytest.mark.slow
@pytest.mark.tools
def test_budget_by_source():
    """The two random parts make the sigma; the gradient's part is the offset between two resistors times its slope; an
    array without a common centre has more."""
    fields = {"ratios": (2, 2), "w": 0.69, "l": 2.0}
    cell, apart = build("res_array", fields), build("res_array", {**fields, "pattern": "interdigitated"})
    found = error_budget(cell)
    sigma = mismatch(cell).metrics["ratio_error"].sigma
    assert hypot(found["random_body"], found["random_heads"]) == pytest.approx(sigma, rel=1e-9)
    assert found["gradient"] < 1e-8
    assert error_budget(apart)["gradient"] == pytest.approx(1.17 * 1e-5, rel=1e-3), "A B A B: centres a pitch apart"
    assert 0 < found["wires"] < 0.01
