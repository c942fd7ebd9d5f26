"""Mismatch of transistor pairs: formula by hand, drawn samples, and ngspice with the model's own draws as the judge."""

from __future__ import annotations

import json
from dataclasses import replace
from math import sqrt
from types import SimpleNamespace

import numpy as np
import pytest
from bare_cells import bare, pair, single

from analoom.cells.model.cell import Kind
from analoom.cells.model.circuit import Circuit, Mos
from analoom.flows.mismatch import mismatch
from analoom.flows.statistics.spread import Spread, estimated
from analoom.flows.systems.transistor import mismatch as mismatch_transistor
from analoom.flows.systems.transistor import ngspice_draws as mismatch_ngspice
from analoom.flows.systems.transistor.settings import TransistorAnalysis
from analoom.flows.systems.transistor.unit_copies import units_library
from analoom.pdk.devices import MOS
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.coefficients import mos_mismatch

pytestmark = pytest.mark.tools

SIZES_AND_SEEDS = [(1.0, 0.15, 2), *(pytest.param(*x, marks=pytest.mark.full) for x in ((1.0, 1.0, 3), (4.0, 1.0, 4)))]
DRAWS = 2000


def inside(sigma: float, spread: Spread) -> bool:
    return spread.ci95[0] <= sigma <= spread.ci95[1]


@pytest.mark.parametrize(
    ("device", "w", "l", "single_mv"),
    [
        ("nfet_01v8", 4, 1, 1.842),
        ("nfet_01v8", 1, 0.15, 20.41),
        ("pfet_01v8", 4, 1, 2.928),
        ("pfet_01v8_lvt", 1, 1, 10.89),
    ],
)
def test_a_pair_s_difference_is_sqrt2_of_one_device(device: str, w: float, l: float, single_mv: float) -> None:  # noqa: E741
    """Single-device sigmas in mV worked out by hand from the installed model file."""
    metrics = mismatch(pair(device, w, l)).metrics
    assert metrics["delta_vth"].sigma * 1e3 == pytest.approx(sqrt(2) * single_mv, rel=1e-3)


def test_a_side_of_two_units_averages_their_draws() -> None:
    """Two units of w/2 with a sigma s each: mean s / sqrt(2), whatever the shape factor makes of s."""
    half = mos_mismatch(MOS["nfet_01v8"]).sigma_vth_v(2, 1)
    ports = ("d1", "g1", "d2", "g2", "s", "b")
    units = [
        Mos(f"m{k}{u}", MOS["nfet_01v8"], 2, 1, {"d": f"d{k}", "g": f"g{k}", "s": "s", "b": "b"})
        for k in (1, 2)
        for u in "ab"
    ]
    dummy = Mos("mdummy", MOS["nfet_01v8"], 2, 1, {"d": "s", "g": "b", "s": "s", "b": "b"})
    cell = bare(Kind.PAIR, Circuit("units", ports, (*units, dummy)))
    assert mismatch(cell).metrics["delta_vth"].sigma == pytest.approx(half, rel=1e-9)


def test_the_gain_error_is_nearly_gm_over_id_times_the_difference() -> None:
    """By definition of gm but for what else a threshold shift does in the model: under 2 % in nfet_01v8."""
    report = mismatch(pair())
    gm_id = mismatch_transistor.TransistorStatistics(pair()).response.gm_id
    assert report.metrics["gain_error"].sigma == pytest.approx(gm_id * report.metrics["delta_vth"].sigma, rel=0.02)


@pytest.mark.slow
def test_the_gain_error_follows_the_threshold_where_gm_over_id_does_not() -> None:
    """pfet_01v8_lvt: a shift moves more than the gate voltage; gm/ID alone (the twin) is refuted by ngspice."""
    cell = pair("pfet_01v8_lvt", 4, 0.5)
    closed, judged = mismatch(cell).metrics, mismatch(cell, engine="ngspice", samples=DRAWS, seed=5).metrics
    assert inside(closed["gain_error"].sigma, judged["gain_error"])
    gm_id = mismatch_transistor.TransistorStatistics(cell).response.gm_id
    assert not inside(gm_id * closed["delta_vth"].sigma, judged["gain_error"])


@pytest.mark.parametrize("device", ["nfet_01v8", "pfet_01v8"])
def test_drawn_samples_agree_with_the_formula(device: str) -> None:
    closed = mismatch(pair(device)).metrics
    drawn = mismatch(pair(device), engine="mc", samples=4000, seed=3).metrics
    assert all(inside(closed[name].sigma, drawn[name]) for name in closed)


@pytest.mark.slow
@pytest.mark.parametrize(("w", "l", "seed"), SIZES_AND_SEEDS)
def test_ngspice_judges_the_closed_form(w: float, l: float, seed: int) -> None:  # noqa: E741
    """2,000 pairs drawn by the model file's own terms: at the operating point and at constant current.

    The broken twins fall outside: without the pair's sqrt(2), and with the coefficient alone, without shape factor.
    """
    cell = pair(w=w, l=l)
    closed = mismatch(cell).metrics["delta_vth"].sigma
    judged = mismatch(cell, engine="ngspice", samples=DRAWS, seed=seed).metrics
    assert judged["delta_vth"].draws == DRAWS
    assert inside(closed, judged["delta_vth"])
    assert judged["delta_vth_cc"].sigma == pytest.approx(closed, rel=0.06)
    assert not inside(closed / sqrt(2), judged["delta_vth"])
    without_shape = replace(mos_mismatch(MOS["nfet_01v8"]), shape=()).sigma_vth_v(w, l) * sqrt(2)
    assert not inside(without_shape, judged["delta_vth"])


@pytest.mark.slow
def test_a_mirror_s_diode_gives_way() -> None:
    """pfet_01v8_lvt 4/0.5 in weak inversion, V_GS near 0.14 V: the twin whose diode has gm alone is refuted."""
    settings = TransistorAnalysis(i_square=1e-9)
    statistics = mismatch_transistor.TransistorStatistics(pair("pfet_01v8_lvt", 4, 0.5), "binned", settings)
    judged = estimated(mismatch_ngspice._mirrors(statistics, units_library(statistics), 3000, 8), "frac")
    assert inside(statistics.closed()["mirror_gain_error"].sigma, judged)
    answer = statistics.response
    stiff = {name: values / answer.gm_id for name, values in answer.log_ratio.items()}
    statistics.__dict__["response"] = replace(answer, diode=stiff)
    assert not inside(statistics.closed()["mirror_gain_error"].sigma, judged)


def test_draws_of_ngspice_repeat_by_seed_and_differ_by_copy() -> None:
    one, again, other = (
        mismatch_transistor.TransistorStatistics(pair()).drawn_by_ngspice(20, seed)["delta_vth"][0]
        for seed in (5, 5, 6)
    )
    assert one.tolist() == again.tolist()
    assert one.tolist() != other.tolist()
    assert len(set(one.tolist())) == 20


def test_a_single_transistor_has_a_threshold_of_its_own() -> None:
    metrics = mismatch(single(w=4.0, l=1.0)).metrics
    assert metrics["vth"].sigma * 1e3 == pytest.approx(1.842, rel=1e-3)


def test_the_interval_of_an_estimate_holds_the_truth_95_times_of_100() -> None:
    """Coverage of the chi-squared interval over 400 sets of 50 normal draws: 95 % within three of its own sigmas."""
    rng = np.random.default_rng(1)
    hits = sum(inside(1.0, estimated(rng.standard_normal(50), "V")) for _ in range(400))
    assert abs(hits / 400 - 0.95) < 3 * sqrt(0.95 * 0.05 / 400)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"model": "spectre"}, "no model called 'spectre'; known: continuous, binned"),
        ({"engine": "spice"}, "no engine called 'spice'"),
        ({"samples": 1}, "samples = 1: must be at least 2"),
        ({"seed": -1}, "seed = -1"),
    ],
)
def test_bad_options_are_refused(options: dict, says: str) -> None:
    with pytest.raises(InputError, match=says):
        mismatch(pair(), **options)


def test_json_has_the_promised_shape() -> None:
    report = json.loads(json.dumps(mismatch(pair()).to_json()))
    assert report["engine"] == "closed"
    assert report["seed"] is None
    sigma = report["metrics"]["delta_vth"]
    assert sigma["unit"] == "V"
    assert sigma["ci95"] == [sigma["sigma"], sigma["sigma"]]


def test_the_current_of_one_transistor_is_compared_with_the_nominal_one_of_all_its_units() -> None:
    """Three units of 2 um by 1 um, of 1 uA each at the point: 3 uA."""
    mos = Mos("m1", MOS["nfet_01v8"], 2.0, 1.0, {t: t for t in "dgsb"})
    units = SimpleNamespace(
        is_pair=False,
        response=SimpleNamespace(i_op=1e-6),
        sides=["only"],
        unit=mos,
        units=lambda side: [SimpleNamespace(device=mos)] * 3,
    )
    assert mismatch_ngspice._reference(units, np.zeros((4, 1))) == pytest.approx(3e-6, rel=1e-9, abs=0)  # type: ignore[arg-type]
