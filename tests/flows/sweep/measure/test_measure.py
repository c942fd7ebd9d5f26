"""What a point of a sweep is measured by: the flows themselves, at every corner, with every source of error."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from analoom.cells.model.registry import build
from analoom.flows.error_budget import error_budget
from analoom.flows.mismatch import mismatch
from analoom.flows.post_layout import simulate_view
from analoom.flows.sweep.measure.measure import measure_point
from analoom.flows.sweep.measure.task import budget_task, picture_task, task_of
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.plan.points import points_of
from analoom.flows.systems.crossbar import mismatch as mismatch_crossbar


def tasks(**fields: Any) -> list[dict[str, Any]]:
    job = SweepJob.parse({"name": "x", **fields})
    return [task_of(job, p) for p in points_of(job)[0]]


def test_sigmas_of_all_engines_are_those_of_the_mismatch_flow() -> None:
    (task,) = tasks(cell="matched_pair", axes={"w": [4]}, measure={"mismatch": ["closed", "mc"], "samples": 50})
    values = measure_point(task)["values"]
    for engine in ("closed", "mc"):
        alone = mismatch(build("matched_pair", {"w": 4}), engine=engine, samples=50)
        assert {n: values[f"{engine}.{n}"] for n in alone.metrics} == {n: s.sigma for n, s in alone.metrics.items()}


@pytest.mark.slow
def test_figures_have_a_column_too() -> None:
    (task,) = tasks(cell="charge_mac", axes={"inputs": [2]}, measure={"mismatch": ["closed"]})
    found, alone = measure_point(task), mismatch(build("charge_mac", {"inputs": 2}))
    assert found["values"]["closed.enob"] == alone.figures["enob"].value and found["units"]["closed.enob"] == "bit"


@pytest.mark.tools
def test_a_renamed_metric_keeps_its_old_column_beside_the_new() -> None:
    """Jobs that name it go on; the schematic's worst INL is none, mismatch's sigma another column."""
    measure = {"mismatch": ["closed"], "simulate": ["schematic"], "corners": ["tt", "ss"]}
    (task,) = tasks(cell="cap_array", axes={"weights": [[1, 1, 2]]}, measure=measure)
    found = measure_point(task)
    for old, new in (("inl", "inl_max"), ("dnl", "dnl_max")):
        for at in ("tt", "ss", "least", "most"):
            assert found["values"][f"schematic.{at}.{old}"] == found["values"][f"schematic.{at}.{new}"]
            assert found["units"][f"schematic.{at}.{old}"] == "LSB"
    assert found["values"]["closed.inl"] > 1e-3 > found["values"]["schematic.tt.inl_max"]


@pytest.mark.slow
def test_the_budget_has_the_drop_of_an_array_of_any_size(monkeypatch: pytest.MonkeyPatch) -> None:
    """The mismatch flow leaves it out of large arrays unless asked; here, above three synapses."""
    monkeypatch.setattr(mismatch_crossbar, "MOST_WITH_DROP", 3)
    (task,) = tasks(cell="crossbar", sizes=["2x2"])
    values = measure_point(budget_task(task))["values"]
    assert "ir_drop" not in error_budget(build("crossbar", {"rows": 2, "cols": 2}))
    assert values["total"] > values["ir_drop"] > 0


def test_a_picture_is_a_png_small_enough_for_a_page_of_many() -> None:
    (task,) = tasks(cell="crossbar", sizes=["16x16"])
    picture = measure_point(picture_task(task))["values"]["picture"]
    assert picture.startswith("data:image/png;base64,iVBORw0KGgo")
    assert len(picture) < 60_000


@pytest.mark.slow
@pytest.mark.tools
def test_every_corner_is_simulated_and_its_ends_are_told(tmp_path: Path) -> None:
    measure = {"mismatch": [], "simulate": ["post"], "corners": ["tt", "ss", "ff"], "drc": ["fast"], "lvs": ["fast"]}
    (task,) = tasks(
        cell="unit_cap", axes={"w": [2.0]}, measure=measure, objectives={"area_um2": "min", "post.ss.c": "min"}
    )
    result = measure_point(task)
    values = result["values"]
    assert (values["drc.fast"], values["lvs.fast"]) == ("clean", "match")
    for corner in ("tt", "ss", "ff"):
        metrics = simulate_view(build("unit_cap", {"w": 2.0}), "post", tmp_path, corner).metrics
        assert {n: values[f"post.{corner}.{n}"] for n in metrics} == {n: float(m.value) for n, m in metrics.items()}
    name = next(iter(metrics))
    by_corner = [values[f"post.{corner}.{name}"] for corner in ("tt", "ss", "ff")]
    assert (values[f"post.least.{name}"], values[f"post.most.{name}"]) == (min(by_corner), max(by_corner))
    assert len(set(by_corner)) == 3 and result["units"][f"post.most.{name}"]
