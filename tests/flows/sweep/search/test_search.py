"""The search against brute force: on an area that rises in steps and an error that falls with the square root, and on
drawn arrays whose columns are drawn here."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.mismatch import mismatch
from analoom.flows.statistics.extremes import wilson
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.search.dies import proved
from analoom.flows.sweep.search.judged import error_column
from analoom.flows.sweep.search.search import find_smallest
from analoom.flows.sweep.search.smallest import found_and_proved
from analoom.flows.sweep.workers.campaign import Campaign
from analoom.flows.sweep.workers.local import InProcess
from analoom.flows.sweep.workers.store import PointStore
from analoom.flows.systems.synapse.read_map import read_map
from analoom.flows.systems.synapse.weights import default_weights
from analoom.generators.crossbar.matrix import synapse_of
from analoom.pdk.corners import corner
from analoom.pdk.devices import MOS
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.coefficients import mos_mismatch


def area_um2(w: float, length: float) -> float:
    return math.ceil(w / 0.7 - 1e-9) * math.ceil(length / 0.45 - 1e-9) + 0.01 * w


def sigma_frac(w: float, length: float) -> float:
    return 0.02 / math.sqrt(w * length)


class Formulas(InProcess):
    """Measures by the two formulas."""

    def run(self, tasks: Sequence[Any]) -> Iterator[dict[str, Any]]:
        for task in tasks:
            size = (task["spec"]["w"], task["spec"]["l"])
            values = {"area_um2": area_um2(*size), "closed.gain_error": sigma_frac(*size)}
            yield {"key": task["key"], "values": values, "units": {"closed.gain_error": "frac"}}


@pytest.mark.full
@pytest.mark.parametrize("bits", [3, 4])
def test_two_fields_at_once_come_within_a_step_of_the_smallest(tmp_path: Path, bits: int) -> None:
    vary = {"w": {"low": 2, "high": 12, "step": 0.1}, "l": {"low": 0.5, "high": 6, "step": 0.1}}
    job = SweepJob.parse(
        {"name": "x", "cell": "matched_pair", "search": {"bits": [bits], "vary": vary, "evaluations": 500}}
    )
    found = find_smallest(job, Campaign(Formulas(), PointStore(tmp_path)), bits)
    grid = itertools.product((2 + k / 10 for k in range(101)), (0.5 + k / 10 for k in range(56)))
    least = min(area_um2(*size) for size in grid if 3 * sigma_frac(*size) * 2**bits <= 0.5)
    assert found.met and found.evaluations <= 500
    assert least * (1 - 1e-9) <= found.values["area_um2"] <= 1.01 * least


@pytest.mark.slow
def test_of_layouts_of_one_area_the_most_certain_is_taken_and_the_next_smaller_fails(tmp_path: Path) -> None:
    """Areas rise at every 0.7 um of w: the best w is the last before the next step."""
    vary = {"w": {"low": 2, "high": 12, "step": 0.1}}
    job = SweepJob.parse(
        {"name": "x", "cell": "matched_pair", "fields": {"l": 1}, "search": {"bits": [4], "vary": vary}}
    )
    found = find_smallest(job, Campaign(PureSteps(), PointStore(tmp_path)), 4)
    good = [w for w in (round(2 + k / 10, 1) for k in range(101)) if 3 * sigma_frac(w, 1) * 2**4 <= 0.5]
    least = math.ceil(min(good) / 0.7 - 1e-9)
    assert found.fields["w"] == max(w for w in good if math.ceil(w / 0.7 - 1e-9) == least)
    (below,) = found.below
    assert below["area_um2"] < found.values["area_um2"] and below["error_lsb"] > 0.5 >= found.error_lsb


class PureSteps(InProcess):
    """An area of steps alone."""

    def run(self, tasks: Sequence[Any]) -> Iterator[dict[str, Any]]:
        for task in tasks:
            w = task["spec"]["w"]
            values = {"area_um2": float(math.ceil(w / 0.7 - 1e-9)), "closed.gain_error": sigma_frac(w, 1)}
            yield {"key": task["key"], "values": values, "units": {"closed.gain_error": "frac"}}


BITS, DIES = 6, 40_000
ARRAY = {"rows": 8, "cols": 6, "synapse.cell": "synapse_2t1c", "synapse.w_read": 2.0}
LENGTHS = {"synapse.l_read": {"low": 1.0, "high": 8.0, "step": 0.5}}


def columns_beyond(cell: Cell) -> list[tuple[float, float]]:
    """Wilson's interval of the share of each column that errs by more than half an LSB of BITS.

    Thresholds of the read transistors drawn from the foundry's coefficients, factors from the simulated synapse.
    """
    synapse, rng = synapse_of(cell), np.random.default_rng(11)
    spec: Any = synapse.spec
    sigma_v = mos_mismatch(MOS["nfet_01v8"]).sigma_vth_v(spec.w_read, spec.l_read)
    curve = read_map(make_dut(synapse, "schematic", corner("tt"), 27.0), synapse.require_reading(), 0.05, 0.5, 1.4)
    stored = default_weights((8, 6), *statistics_range(cell), 1)
    full = float(curve.factor(np.array([statistics_range(cell)[1]]))[0])
    drawn = curve.factor(stored + sigma_v * rng.standard_normal((DIES, 8, 6))).sum(axis=1) / (8 * full)
    outside = np.abs(drawn - drawn.mean(axis=0)) > 0.5 / 2**BITS
    return [wilson(int(n), DIES) for n in outside.sum(axis=0)]


def statistics_range(cell: Cell) -> tuple[float, float]:
    point = mismatch(cell).point
    return point["weight_low"], point["weight_high"]


def lengths_met(column: str) -> list[float]:
    """Lengths of the grid at which three sigmas of a metric fit into half an LSB, as the old search asked."""
    met = []
    for k in range(15):
        length = 1.0 + 0.5 * k
        cell = array(length)
        if 3 * mismatch(cell, settings={"ir_drop": False}).metrics[column].sigma * 2**BITS <= 0.5:
            met.append(length)
    return met


def array(length: float) -> Cell:
    synapse = {"cell": "synapse_2t1c", "w_read": 2.0, "l_read": length}
    return build("crossbar", {"rows": 8, "cols": 6, "synapse": synapse})


def searched(tmp_path: Path, family: str, **more: Any) -> tuple[SweepJob, Any, Campaign]:
    search = {"bits": [BITS], "vary": LENGTHS, "fields": ARRAY, **more}
    job = SweepJob.parse({"name": "x", "cell": "crossbar", "measure": {"model": family}, "search": search})
    campaign = Campaign(InProcess(), PointStore(tmp_path))
    return job, find_smallest(job, campaign, BITS), campaign


@pytest.mark.full
@pytest.mark.tools
def test_smallest_array_by_brute_force_and_the_next_smaller_grid_point(tmp_path: Path) -> None:
    """No column of the layout found is beyond more often than three sigmas allow; one of the next smaller is. The twin
    that multiplies with the maximum over columns asks for a layout whose next smaller one is good too."""
    allowed = math.erfc(3 / math.sqrt(2))
    job, found, campaign = searched(tmp_path, "continuous")
    winner, (below,) = found.fields["synapse.l_read"], found.below
    assert all(low <= allowed for low, _ in columns_beyond(array(winner)))
    assert any(low > allowed for low, _ in columns_beyond(array(below["fields"]["synapse.l_read"])))
    told = proved(job, found, campaign)
    assert told["met"] and told["proof"]["verdict"] == "met" and told["below"][0]["proof"]["verdict"] == "not met"
    twin = min(lengths_met("worst_column_error"))
    assert twin > winner
    assert all(high < allowed for _, high in columns_beyond(array(twin - 0.5)))


def check_more(tmp_path: Path, family: str, more: dict[str, str]) -> None:
    plain = searched(tmp_path / "plain", family)[1]
    job, found, campaign = searched(tmp_path / "more", family, **more)
    assert found.sigmas > 3 and (not found.met or found.values["area_um2"] >= plain.values["area_um2"])
    told = proved(job, found, campaign)
    assert told["met"] == found.met and all(b["proof"]["verdict"] != "met" for b in told["below"])


@pytest.mark.slow
@pytest.mark.tools
def test_all_outputs_of_a_die_ask_for_more_and_are_proved(tmp_path: Path) -> None:
    check_more(tmp_path, "continuous", {"outputs": "all"})


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("family", ["continuous", "binned"])
@pytest.mark.parametrize("outputs", ["each", "all"])
def test_fixed_errors_ask_for_more_and_are_proved(tmp_path: Path, family: str, outputs: str) -> None:
    check_more(tmp_path, family, {"outputs": outputs, "errors": "all"})


@pytest.mark.slow
@pytest.mark.tools
def test_a_layout_that_dies_refute_is_looked_for_more_strictly(tmp_path: Path) -> None:
    """In weak inversion a current is lognormal: at half an LSB of one bit three sigmas leave more than 0.27 %."""
    search = {"bits": [1], "vary": {"w": {"low": 1, "high": 4, "step": 0.1}}, "fields": {"l": 1}, "dies": 400_000}
    measure = {"settings": {"gm_id": 24}}
    job = SweepJob.parse({"name": "x", "cell": "mosfet", "measure": measure, "search": search})
    campaign = Campaign(InProcess(), PointStore(tmp_path))
    by_formula = find_smallest(job, campaign, 1)
    assert by_formula.met and proved(job, by_formula, campaign)["proof"]["verdict"] == "not met"
    found, told = found_and_proved(job, campaign, 1)
    assert told["met"] and found.values["area_um2"] > by_formula.values["area_um2"]


def test_a_maximum_over_outputs_is_no_metric_of_a_search() -> None:
    search = {"bits": [6], "vary": LENGTHS, "metric": "worst_column_error"}
    with pytest.raises(InputError, match="a maximum over outputs already") as refused:
        error_column(SweepJob.parse({"name": "x", "cell": "crossbar", "search": search}))
    assert refused.value.remedy and "column_error" in refused.value.remedy
