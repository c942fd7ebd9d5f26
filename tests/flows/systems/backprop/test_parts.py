"""The parts against the laws of weak inversion, and their mismatch against the models' own draws."""

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.cells.strip.gates import NFET, PFET
from analoom.flows.mismatch import mismatch
from analoom.flows.simulate import simulate
from analoom.flows.systems.backprop.parts_bench import fitted
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import random_terms

U_T = 0.025865
"""kT/q at 300.15 K."""
N = 1.55
"""Slope factor of the short n-types in weak inversion: from their gm/Id of 24.9 1/V, 1/(n UT)."""


def value(result, name):
    return result.metrics[name].value


def test_a_multiplier_is_a_product_of_two_tanh_of_2_n_ut():
    result = simulate(build("gilbert"))
    assert value(result, "scale_x") == pytest.approx(2 * N * U_T, rel=0.06)
    assert value(result, "scale_w") == pytest.approx(2 * N * U_T, rel=0.06)
    assert value(result, "full_scale") == pytest.approx(100e-9, rel=0.07), "the tail's current"
    assert value(result, "fit_error") < 0.025 * value(result, "full_scale")


def test_the_fit_finds_the_law_that_was_put_in_and_says_how_far_another_one_is():
    x = np.linspace(-0.16, 0.16, 17)
    law = 9e-8 * np.tanh(x[None, :] / 0.07) * np.tanh(x[:, None] / 0.09)
    found, error = fitted(x, x, law, 1e-7)
    assert found == pytest.approx((9e-8, 0.07, 0.09), rel=1e-4, abs=0)
    assert error < 1e-12
    assert fitted(x, x, law + 5e-9, 1e-7)[1] == pytest.approx(5e-9, rel=0.3, abs=0)


def test_a_sigmoids_slope_is_that_of_two_logarithms():
    """Both devices in weak inversion: the output follows the input by n_p gm/Id of the pair: (gm/Id)_n / (gm/Id)_p."""
    result = simulate(build("diff_sigmoid"))
    points = {point.name: point for point in result.devices}
    law = points["pair_p"].gm_id / points["load_p"].gm_id
    assert value(result, "gain") == pytest.approx(law, rel=0.03)


def test_a_bump_is_the_bump_of_delbrucks_law():
    """I/(1 + 4 cosh^2(x/2nUT)): a fifth at most; half of that where 1 + 4 cosh^2 = 10, at x = 2nUT arcosh(1.5)."""
    result = simulate(build("bump"))
    assert 0.14 < value(result, "peak_share") <= 0.2
    half = 2 * N * U_T * np.arccosh(1.5)
    assert value(result, "width") == pytest.approx(2 * half, rel=0.06)
    assert abs(value(result, "centre")) < 1e-3
    assert value(result, "left_off") < 1e-4 * value(result, "peak")


def test_an_error_is_the_sum_of_two_tanh_of_2_n_ut_in_both_copies():
    """Slope with a load: of each load's current half is a pair's, so half the ratio of both devices' gm/Id."""
    result = simulate(build("backprop_error"))
    points = {point.name: point for point in result.devices}
    for k in "eg":
        assert value(result, f"scale_{k}") == pytest.approx(2 * N * U_T, rel=0.06)
        assert value(result, f"full_scale_{k}") == pytest.approx(100e-9, rel=0.07), "the tails' current"
        assert value(result, f"fit_error_{k}") < 0.025 * value(result, f"full_scale_{k}")
        law = points[f"{k}_n_p"].gm_id / points[f"{k}_load_p"].gm_id / 2
        assert value(result, f"gain_{k}") == pytest.approx(law, rel=0.05)


def test_each_output_adds_its_error_by_its_weight_and_two_share_one_load():
    one, two = (simulate(build("backprop_back", {"outputs": n})) for n in (1, 2))
    assert value(one, "scale_g_0") == pytest.approx(2 * N * U_T, rel=0.06)
    assert value(one, "scale_w_0") == pytest.approx(2 * N * U_T, rel=0.06)
    assert value(two, "full_scale_0") == pytest.approx(100e-9, rel=0.07)
    assert value(two, "full_scale_1") == pytest.approx(value(two, "full_scale_0"), rel=1e-3, abs=0)
    assert value(two, "gain") == pytest.approx(value(one, "gain") / 2, rel=0.06), "twice the load, twice as wide"


@pytest.mark.parametrize(
    ("name", "settings"), [("gilbert", {"v_x": 0.0}), ("backprop_back", {"v_g": 0.0}), ("backprop_error", {"v_n": 0.0})]
)
def test_levels_that_starve_a_pair_are_told(name, settings):
    with pytest.raises(InputError, match="there: at these levels a pair has no current") as error:
        simulate(build(name), settings=settings)
    assert error.value.field == f"settings.{next(iter(settings))}"


@pytest.mark.parametrize("model", ["continuous", "binned"])
def test_offsets_of_a_multiplier_are_those_of_its_pairs(model):
    """The lower pair errs by one pair, the quad by the mean of two: offset_x is offset_w by the root of two."""
    found = mismatch(build("gilbert"), model=model).metrics
    assert found["offset_w"].sigma / found["offset_x"].sigma == pytest.approx(np.sqrt(2), rel=0.06)


def test_the_offset_of_an_error_is_that_of_two_pairs_and_a_load():
    """Each pair errs by a threshold's sigma times the root of two, the load by that too, times its gm by a pair's."""
    cell = build("backprop_error")
    found = mismatch(cell, model="continuous").metrics
    points = {point.name: point for point in simulate(cell).devices}
    for k, (w, l_um) in {"e": (0.84, 15.0), "g": (8.0, 1.0)}.items():
        pair, load = (random_terms(kind, *size)["delvto"] for kind, size in ((NFET, (8.0, 2.0)), (PFET, (w, l_um))))
        share = points[f"{k}_load_p"].gm_s / points[f"{k}_n_p"].gm_s
        assert found[f"offset_{k}"].sigma == pytest.approx(np.sqrt(4 * pair**2 + 2 * (share * load) ** 2), rel=0.06)


@pytest.mark.parametrize("model", ["continuous", "binned"])
def test_offsets_of_what_brings_errors_back_are_those_of_a_multiplier(model):
    found = mismatch(build("backprop_back"), model=model).metrics
    assert found["offset_w"].sigma / found["offset_g"].sigma == pytest.approx(np.sqrt(2), rel=0.06)


@pytest.mark.slow
def test_larger_pairs_err_less():
    """By the root of the area; of the binned family, as the continuous one has more for short and narrow ones."""
    found = [mismatch(build("bump", {"w": w}), model="binned").metrics["centre"].sigma for w in (1.0, 4.0)]
    assert found[0] / found[1] == pytest.approx(2.0, rel=0.2)


@pytest.mark.full
@pytest.mark.parametrize("model", ["continuous", "binned"])
@pytest.mark.parametrize("name", ["gilbert", "diff_sigmoid", "bump", "backprop_error", "backprop_back"])
def test_by_formula_as_the_models_draw_it(name, model):
    closed = mismatch(build(name), model=model).metrics
    drawn = mismatch(build(name), model=model, engine="ngspice", samples=600, seed=3).metrics
    for metric, spread in closed.items():
        low, high = drawn[metric].ci95
        assert 0.9 * low <= spread.sigma <= 1.1 * high, metric
