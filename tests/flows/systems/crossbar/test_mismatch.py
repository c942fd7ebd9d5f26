"""Mismatch of synapses and crossbars: formula against drawn cells and against ngspice's own draws."""

from __future__ import annotations

from math import log2, sqrt

import numpy as np
import pytest

from analoom.cells.synapse.synapse_2t1c import Synapse2t1cSpec, synapse_2t1c
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.mismatch import mismatch
from analoom.flows.statistics.spread import Spread
from analoom.flows.systems.crossbar.mismatch import enob
from analoom.flows.systems.synapse.read_map import read_map
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
