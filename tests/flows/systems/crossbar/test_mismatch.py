"""Mismatch of synapses and crossbars: formula against drawn cells and against ngspice's own draws."""

from __future__ import annotations

from math import log2, sqrt

import numpy as np
import pytest

from analoom.cells.synapse.synapse_2t1c import Synapse2t1cSpec, synapse_2t1c
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.error_budget import error_budget
from analoom.flows.mismatch import mismatch, mismatch_settings, statistics_of
from analoom.flows.statistics.spread import Spread
from analoom.flows.systems.crossbar.mismatch import enob
from analoom.flows.systems.synapse import mismatch as synapse_mismatch
from analoom.flows.systems.synapse.read_map import read_map
from analoom.flows.systems.synapse.response import SynapseResponse
from analoom.generators.crossbar.crossbar import CrossbarSpec, crossbar
from analoom.pdk.corners import corner
from analoom.pdk.devices import MOS
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.coefficients import mos_mismatch

pytestmark = pytest.mark.tools


def inside(sigma: float, spread: Spread) -> bool:
    return spread.ci95[0] <= sigma <= spread.ci95[1]


def test_a_cell_errs_by_the_slope_of_its_factor() -> None:
    """Oracle: the simulated factor itself, moved by plus and minus one sigma of the read transistor (0.42/0.5 um)."""
    cell = synapse_2t1c(Synapse2t1cSpec())
    sigma_v = mos_mismatch(MOS["nfet_01v8"]).sigma_vth_v(0.42, 0.5)
    dut = make_dut(cell, "schematic", corner("tt"), 27.0)
    curve = read_map(dut, cell.require_reading(), 0.05, 0.7, 1.1)
    g = curve.factor(np.array([1 - sigma_v, 1, 1 + sigma_v]))
    assert mismatch(cell).metrics["cell_gain_error"].sigma == pytest.approx((g[2] - g[0]) / 2 / g[1], rel=0.02)


def test_a_column_averages_its_rows() -> None:
    metrics = mismatch(crossbar(CrossbarSpec.parse({"rows": 16, "cols": 4}))).metrics
    assert metrics["column_gain_error"].sigma == pytest.approx(metrics["cell_gain_error"].sigma / 4)


def test_enob_of_an_ideal_quantiser() -> None:
    """N bits of uniform quantisation err by full scale / 2^N / sqrt(12)."""
    assert enob(2**-5 / sqrt(12)) == pytest.approx(5.0)
    report = mismatch(crossbar(CrossbarSpec.parse({"rows": 8, "cols": 1})))
    sigma = report.metrics["worst_column_error"].sigma
    assert report.figures["enob"].value == pytest.approx(-log2(sigma * sqrt(12)))


def test_bits_are_figures_without_sigma() -> None:
    """By formula a value alone, drawn ones with an interval of some width; what has a sigma is no figure."""
    cell = crossbar(CrossbarSpec.parse({"rows": 4, "cols": 4}))
    closed, drawn = (mismatch(cell, engine=engine, samples=100).to_json() for engine in ("closed", "mc"))
    assert set(closed["figures"]) == {"enob", "enob_ir_drop", "enob_total"} and set(drawn["figures"]) == {"enob"}
    assert set(closed["figures"]["enob"]) == {"value", "unit"} and closed["figures"]["enob"]["unit"] == "bit"
    low, high = drawn["figures"]["enob"]["ci95"]
    assert low < drawn["figures"]["enob"]["value"] < high and high - low > 0.05
    for report in (closed, drawn):
        assert all(m["unit"] == "frac" for m in report["metrics"].values())
        assert not set(report["metrics"]) & set(report["figures"]) and "enob" not in report["histograms"]


def test_total_bits_are_those_of_the_sum_of_powers() -> None:
    """Random errors and IR drop, by the budget's own figures: independent, so their squares add."""
    cell = crossbar(CrossbarSpec.parse({"rows": 8, "cols": 8}))
    budget, figures = error_budget(cell), mismatch(cell).figures
    both = sqrt(budget["random"] ** 2 + budget["ir_drop"] ** 2)
    assert figures["enob_total"].value == pytest.approx(-log2(both * sqrt(12)), rel=1e-6)
    assert figures["enob_total"].value < min(figures["enob"].value, figures["enob_ir_drop"].value)


@pytest.mark.parametrize("engine", ["mc", "ngspice"])
def test_the_inputs_of_products_follow_the_seed(engine: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Dies all alike leave the inputs alone to differ: the same for a seed, others for another, never twice."""
    cell, seen = crossbar(CrossbarSpec.parse({"rows": 4, "cols": 2})), {}
    stated = np.random.default_rng(0).uniform(1e-5, 6e-5, (4, 2))
    if engine == "mc":
        monkeypatch.setattr(
            SynapseResponse, "drawn", lambda self, v, rng, n: np.broadcast_to(stated[:, : v.shape[1]], (n, *v.shape))
        )
    else:
        monkeypatch.setattr(
            synapse_mismatch, "draw_factors", lambda copied, v, seed: np.resize(stated.ravel(), np.size(v))
        )
    statistics = statistics_of(cell, "continuous", mismatch_settings(cell).parse({}))
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        drawn = (
            statistics.drawn(np.random.default_rng(seed), 5) if engine == "mc" else statistics.drawn_by_ngspice(5, seed)
        )
        seen[name] = drawn["product_error"][0]
    assert (seen["one"] == seen["again"]).all()
    assert len({*seen["one"].tolist(), *seen["other"].tolist()}) == 10


def test_a_gradient_across_the_columns_is_that_of_their_places() -> None:
    """2 x 6, all weights full: 1 uV/um along the rows; a cell's answer by the drawn sigma of its threshold, places by
    the drawn gates, whose pitch along the columns is another (2.75 and 2.48 um)."""
    cell = crossbar(CrossbarSpec.parse({"rows": 2, "cols": 6}))
    (group,) = cell.match_groups
    x_um = [group.members[f"read[0,{j}]"][0].center().x / 1e3 for j in range(6)]
    per_volt = mismatch(cell).metrics["cell_gain_error"].sigma / mos_mismatch(MOS["nfet_01v8"]).sigma_vth_v(0.42, 0.5)
    full = np.full((2, 6), 1.0)
    found = error_budget(cell, settings={"gradient_vth": 1e-6, "weight_high": 1.0}, weights=full)["gradient"]
    assert found == pytest.approx(1e-6 * per_volt * np.std(x_um), rel=0.02, abs=0)


def test_drawn_cells_agree_with_the_formula() -> None:
    cell = crossbar(CrossbarSpec.parse({"rows": 4, "cols": 4}))
    closed, drawn = mismatch(cell).metrics, mismatch(cell, engine="mc", samples=4000, seed=2).metrics
    assert all(inside(closed[n].sigma, drawn[n]) for n in ("cell_gain_error", "column_gain_error"))
    assert drawn["worst_column_error"].sigma == pytest.approx(closed["worst_column_error"].sigma, rel=0.06)


@pytest.mark.slow
def test_ngspice_judges_the_closed_form() -> None:
    """500 cells drawn by the model file; a twin whose column did not average would be twice as wide."""
    cell = crossbar(CrossbarSpec.parse({"rows": 4, "cols": 2}))
    closed, judged = mismatch(cell).metrics, mismatch(cell, engine="ngspice", samples=300, seed=3).metrics
    assert inside(closed["cell_gain_error"].sigma, judged["cell_gain_error"])
    assert inside(closed["column_gain_error"].sigma, judged["column_gain_error"])
    assert not inside(closed["cell_gain_error"].sigma, judged["column_gain_error"])


@pytest.mark.slow
def test_ngspice_judges_worst_column_product_and_enob() -> None:
    """200 whole dies of 8 x 8, every synapse drawn by the model file; twins: sigma 30 % off, and one column's own."""
    cell = crossbar(CrossbarSpec.parse({"rows": 8, "cols": 8}))
    report, drawn = mismatch(cell), mismatch(cell, engine="ngspice", samples=200, seed=3)
    closed, judged = report.metrics, drawn.metrics
    assert judged["worst_column_error"].draws == 200
    for name in ("worst_column_error", "product_error"):
        assert inside(closed[name].sigma, judged[name])
    for name in ("worst_column_error", "product_error"):
        assert not inside(1.3 * closed[name].sigma, judged[name])
    one_column = 2 ** -report.figures["enob"].value / sqrt(12)
    low, high = drawn.figures["enob"].ci95 or (0.0, 0.0)
    assert low <= report.figures["enob"].value <= high
    assert not low <= enob(1.3 * one_column) <= high
    assert not inside(one_column, judged["worst_column_error"])


def test_weights_of_another_shape_are_refused() -> None:
    cell = crossbar(CrossbarSpec.parse({"rows": 4, "cols": 2}))
    with pytest.raises(InputError, match=r"weights have shape \(2, 4\)"):
        mismatch(cell, weights=np.full((2, 4), 0.8))
