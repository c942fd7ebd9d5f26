"""A step of the flow that cannot run: the others go on, the page says so, and nothing is called clean."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from analoom.cells.model.registry import build
from analoom.flows import flow
from analoom.flows.cli.output import finish
from analoom.flows.flow import FlowOptions, FlowReport, run_flow
from analoom.flows.report.page import read_steps, write_report
from analoom.flows.report.summary import HEADS, summary_row
from analoom.pdk.errors import AnaloomError, InputError, SpecError, ToolError

pytestmark = [pytest.mark.slow, pytest.mark.tools]
FAST = FlowOptions(drc_engines=("fast",), lvs_engines=("fast",), samples=10)
ERRORS = {
    "build": InputError("no name for it", remedy="find one"),
    "drc": ToolError("klayout fell over"),
    "lvs": ToolError("netgen fell over"),
    "pex": InputError("no wires there"),
    "sim": SpecError("v_ds", 9, "at most 1.8"),
    "mismatch": ToolError("ngspice fell over"),
}
OTHERS = [step for step in ERRORS if step not in ("drc", "sim")]


def with_failure(step: str, error: Exception, folder: Path, monkeypatch: pytest.MonkeyPatch) -> FlowReport:
    def fails(run: Any) -> dict[str, Any]:
        raise error

    monkeypatch.setitem(flow._STEPS, step, fails)
    return run_flow(build("mosfet"), folder, FAST)


@pytest.mark.parametrize("step", ["drc", "sim", *(pytest.param(s, marks=pytest.mark.full) for s in OTHERS)])
def test_one_step_fails_and_the_others_go_on(
    step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    error = ERRORS[step]
    assert isinstance(error, AnaloomError)
    report = with_failure(step, error, tmp_path, monkeypatch)
    steps = report.to_json()
    assert not report.clean
    assert steps[step]["not_run"] == error.advice()
    assert [name for name in ERRORS if set(steps[name]) <= {"cell", "not_run"}] == [step]
    assert json.loads((report.report.parent / f"{step}.json").read_text()) == steps[step]
    assert error.message.split(":")[0] in report.report.read_text()
    assert write_report(report.report.parent) == report.report, "and again from the files kept"
    assert finish("flow", steps, as_json=False) == 1
    assert f"{step} not run, {error.message}" in capsys.readouterr().out
    assert len(summary_row(steps)) == len(HEADS)


def test_without_a_failure_the_same_flow_is_clean(tmp_path: Path) -> None:
    report = run_flow(build("mosfet"), tmp_path, FAST)
    assert report.clean
    assert finish("flow", report.to_json(), as_json=True) == 0
    assert "not run" not in report.report.read_text()


@pytest.mark.parametrize("step", ["lvs", "pex"])
def test_what_needs_a_step_that_failed_says_so(step: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    report = with_failure(step, ERRORS[step], tmp_path, monkeypatch)
    sim = report.to_json()["sim"]
    assert set(sim) == {"schematic", "not_run"}
    assert sim["not_run"] == f"post: {step} was not run"


def test_a_post_view_that_fails_leaves_the_schematic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fails(run: Any) -> Any:
        raise ToolError("no convergence")

    monkeypatch.setattr(flow, "_post", fails)
    report = run_flow(build("mosfet"), tmp_path, FAST)
    sim = report.to_json()["sim"]
    assert not report.clean
    assert set(sim) == {"schematic", "not_run"}
    assert sim["not_run"] == "post: no convergence"
    assert "no convergence" in report.report.read_text()


def test_a_verdict_that_failed_is_a_bad_card(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """And that of an earlier run in the same folder is gone."""
    assert run_flow(build("mosfet"), tmp_path, FAST).clean
    report = with_failure("drc", ERRORS["drc"], tmp_path, monkeypatch)
    page = report.report.read_text()
    assert (page.count('class="card good"'), page.count('class="card bad"')) == (1, 1)
    assert read_steps(report.report.parent)["drc"] == {"not_run": "klayout fell over"}


def test_what_is_not_ours_is_not_caught(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ZeroDivisionError):
        with_failure("drc", ZeroDivisionError(), tmp_path, monkeypatch)


@pytest.mark.parametrize(
    "options",
    [
        FlowOptions(drc_engines=("fastest",)),
        FlowOptions(lvs_engines=("guess",)),
        FlowOptions(corner="xx"),
        FlowOptions(temp_degc=400.0),
    ],
)
def test_options_no_step_could_run_with_are_refused_at_the_door(options: FlowOptions, tmp_path: Path) -> None:
    with pytest.raises(InputError):
        run_flow(build("mosfet"), tmp_path, options)
    assert not list(tmp_path.rglob("*.json"))
