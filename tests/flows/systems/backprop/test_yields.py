"""The share of dies that learn: its interval, what is kept of dies trained before, what is refused, and yields."""

import json
from dataclasses import replace

import pytest
from scipy.stats import binomtest

from analoom.cells.model.registry import build, entries
from analoom.flows.files.progress import heard_by
from analoom.flows.flow import _without
from analoom.flows.mismatch import mismatch
from analoom.flows.netlists.models import cache_dir
from analoom.flows.simulator import ngspice
from analoom.flows.systems.backprop import dies as dies_module
from analoom.flows.systems.backprop import training
from analoom.flows.systems.backprop.dies import PARTS, Die
from analoom.flows.systems.backprop.network_mismatch import NetworkAnalysis, NetworkStatistics
from analoom.flows.systems.backprop.training_settings import TrainingSettings
from analoom.flows.systems.backprop.yields import clopper_pearson, yield_of
from analoom.generators.backprop.spec import BackpropNetworkSpec
from analoom.pdk.errors import InputError, SpecError

TINY = BackpropNetworkSpec(inputs=1, hidden=1)
QUICK = {"epochs": 2, "test_every": 2, "hold": 1}
SHORT_ROWS = {"epochs": 20, "hold": 1, "t_row": 2e-6, "teach": 0.2, "teach_from": 0, "teach_to": 1}
"""Rows of 2 us, taught throughout."""


@pytest.fixture
def own_cache(tmp_path, monkeypatch):
    """Nothing is kept from before."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))


@pytest.mark.parametrize(("k", "n", "low", "high"), [(0, 10, 0, 0.3085), (10, 10, 0.6915, 1), (19, 20, 0.7513, 0.9987)])
def test_intervals_are_those_of_tables(k, n, low, high):
    """E.g. Zar, Biostatistical Analysis, table of confidence limits for proportions; and scipy's own."""
    assert clopper_pearson(k, n) == pytest.approx((low, high), abs=6e-5)
    exact = binomtest(k, n).proportion_ci(method="exact")
    assert clopper_pearson(k, n) == pytest.approx((exact.low, exact.high), rel=1e-9, abs=0)


@pytest.mark.tools
def test_dies_are_trained_once_and_a_damaged_result_again(own_cache, monkeypatch):
    dies, heard = [Die(TINY, "continuous", k) for k in (1, 2)], []
    with heard_by(lambda done, of: heard.append((done, of))):
        first = yield_of(dies, QUICK)
    assert first.kept == 0 and heard[-1] == (2, 2)
    assert first.dies[0].margin_v != first.dies[1].margin_v
    again = yield_of(dies, QUICK)
    assert again.kept == 2 and again.dies == first.dies
    assert yield_of([replace(die, factor=2.0) for die in dies[:1]], QUICK).kept == 0, "another die"
    one = next(file for file in (cache_dir() / "dies").iterdir() if json.loads(file.read_text())["seed"] == 2)
    one.write_text(one.read_text()[:20])
    third = yield_of(dies, QUICK)
    assert third.kept == 1 and third.dies[1].margin_v == pytest.approx(first.dies[1].margin_v, rel=1e-9, abs=0)


@pytest.mark.tools
def test_a_die_that_ngspice_gives_up_counts_and_is_tried_again(own_cache, monkeypatch):
    broken = Die(TINY, "continuous", 1)
    monkeypatch.setattr(dies_module, "REST", "r_short nowhere 0 word")
    for _ in range(2):
        found = yield_of([broken], QUICK)
        assert found.dies[0].failed and found.share == 0 and found.kept == 0
    words = NetworkStatistics(TINY, settings=NetworkAnalysis(**QUICK, processes=1))
    assert "epochs_to_learn" not in words.drawn_by_ngspice(2, 1)
    assert "did not learn" in words.notes[0]


@pytest.mark.tools
def test_the_command_tells_shares_and_the_second_time_that_they_were_known(own_cache):
    cell, settings = build("backprop_network", {"inputs": 1, "hidden": 1}), {**QUICK, "processes": 1, "only": "error"}
    report = mismatch(cell, engine="ngspice", samples=2, settings=settings)
    assert set(report.metrics) == {"margin"} and report.notes == ()
    assert {"yield", "yield_right", "margin_median"} <= set(report.figures)
    assert report.figures["yield"].draws == 2 and report.figures["yield"].unit == "frac"
    assert set(report.meanings) == {*report.metrics, *report.figures}
    again = mismatch(cell, engine="ngspice", samples=2, settings=settings)
    assert again.notes == ("2 of 2 dies had been trained before",) and again.figures == report.figures


@pytest.mark.parametrize("engine", ["closed", "mc"])
def test_only_training_tells_whether_a_network_learns(engine):
    with pytest.raises(InputError) as error:
        mismatch(build("backprop_network", {"inputs": 1, "hidden": 1}), engine=engine)
    assert error.value.field == "engine" and "--engine ngspice" in str(error.value.remedy)


def test_a_whole_flow_leaves_it_out_and_says_why():
    network = entries()["backprop_network"]
    assert "--engine ngspice" in _without(network, "mismatch") and _without(network, "sim") is None
    assert _without(entries()["gilbert"], "mismatch") is None


def test_an_unknown_part_and_too_large_errors_are_refused():
    assert NetworkAnalysis().parts == PARTS and NetworkAnalysis(only="error,back").parts == ("error", "back")
    with pytest.raises(InputError, match="errors"):
        _ = NetworkAnalysis(only="errors").parts
    with pytest.raises(SpecError):
        NetworkAnalysis.parse({"factor": 11}, "settings.")


def test_levels_go_with_absolute_temperature_where_asked():
    """kT/q at 85 degC is 358.15/300.15 of that at 27 degC."""
    asked = TrainingSettings(ptat=True)
    hot = asked.at(85.0)
    assert (hot.v_in, hot.v_target) == pytest.approx((0.1 * 358.15 / 300.15, 0.05 * 358.15 / 300.15), rel=1e-9)
    assert asked.at(27.0).v_in == pytest.approx(0.1, rel=1e-9)
    assert TrainingSettings().at(85.0).v_in == 0.1


@pytest.mark.full
@pytest.mark.tools
def test_a_die_is_trained_fast_and_the_same(own_cache, monkeypatch):
    """Without bulk resistances and with devices at rest left alone; the twin has both and a margin within 1 mV."""
    die, settings = Die(BackpropNetworkSpec(), "continuous", 2), TrainingSettings(epochs=10)
    fast = training.trained(die.spec, settings, die, "{}")
    library = dies_module.mismatch_library
    monkeypatch.setattr(dies_module, "mismatch_library", lambda *given, bulk: library(*given))
    monkeypatch.setattr(dies_module, "REST", ngspice.OPTIONS)
    whole = training.trained(die.spec, settings, replace(die), "{}")
    assert fast.read == pytest.approx(whole.read, abs=1e-3)


@pytest.mark.full
@pytest.mark.tools
def test_most_dies_learn_and_none_of_eightfold_errors():
    """Nine of these ten did; eight are asked, as their paths part by the last digits of a simulator."""
    dies = [Die(BackpropNetworkSpec(), "continuous", k) for k in range(1, 11)]
    assert yield_of(dies, SHORT_ROWS, workers=2).learned >= 8
    assert yield_of([replace(die, factor=8.0) for die in dies[:3]], SHORT_ROWS, workers=2).learned == 0
