"""Sweeps end to end: the table and its provenance, kill -9 and resume, the smallest layout, the page, bad folders."""

from __future__ import annotations

import csv
import errno
import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.mismatch import mismatch
from analoom.flows.statistics.criterion import OutputErrors
from analoom.flows.sweep.plan.job import Measures, Search, SweepJob
from analoom.flows.sweep.run import run_sweep
from analoom.flows.sweep.search.search import find_smallest
from analoom.flows.sweep.table.report import SweepReport
from analoom.flows.sweep.table.table import read_parquet
from analoom.flows.sweep.workers.campaign import Campaign, workers_of
from analoom.flows.sweep.workers.store import PointStore
from analoom.pdk.errors import InputError, SpecError

EXE = Path(sys.executable).parent / "analoom"
JOB = {"name": "caps", "cell": "cap_array", "bits": [2, 3], "axes": {"unit.w": [1.0, 2.0, 4.0]}, "budget_points": 0}


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> SweepReport:
    return run_sweep(SweepJob.parse(JOB), tmp_path_factory.mktemp("sweep") / "caps", workers=0)


def test_rows_hold_what_the_flows_say(done: SweepReport) -> None:
    row = done.rows[4]
    assert (row["bits"], row["unit.w"]) == (3, 2.0)
    cell = build("cap_array", {"weights": [1, 1, 2, 4], "unit": {"w": 2.0}})
    assert row["area_um2"] == pytest.approx(cell.area_um2)
    assert row["closed.inl"] == mismatch(cell).metrics["inl"].sigma


def test_files_hold_the_same_table_with_provenance(done: SweepReport) -> None:
    rows, about = read_parquet(done.files["parquet"])
    assert rows == [dict(row) for row in done.rows]
    assert about["units"]["closed.inl"] == "LSB" and about["provenance"]["pdk"]["sky130"]
    assert SweepJob.parse(about["provenance"]["job"]) == done.job and about["provenance"]["seed"] == 1
    with done.files["csv"].open() as stream:
        assert [float(r["area_um2"]) for r in csv.DictReader(stream)] == [r["area_um2"] for r in done.rows]


def test_larger_units_cost_area_and_buy_precision_so_all_are_on_the_front(done: SweepReport) -> None:
    assert sorted(done.pareto) == [0, 1, 2, 3, 4, 5]


def test_page_opens_offline_with_pictures_of_the_front(done: SweepReport) -> None:
    page = done.files["html"].read_text()
    body = page[page.index("</style>") :]
    assert not re.search(r"""<(script|link|img)[^>]+(src|href)=["']https?:""", page)
    pictures = json.loads(re.search(r"const pictures = (.*);", page)[1])  # type: ignore[index]
    assert len(pictures) == 6
    assert all(uri.startswith("data:image/png;base64,") for uri in pictures.values())
    assert "data:text/csv;base64" in body


def test_results_of_another_job_are_not_mixed(done: SweepReport) -> None:
    other = SweepJob.parse({**JOB, "axes": {"unit.w": [3.0]}})
    with pytest.raises(InputError, match="another job"):
        run_sweep(other, done.folder, workers=0)


def test_a_second_run_measures_nothing(done: SweepReport) -> None:
    again = run_sweep(done.job, done.folder, workers=0)
    assert again.from_store == 6
    assert again.rows == done.rows


def test_points_that_cannot_be_drawn_are_listed(tmp_path: Path) -> None:
    job = SweepJob.parse({**JOB, "bits": [2], "axes": {"unit.w": [0.1, 1.0]}, "skip_undrawable": True})
    report = run_sweep(job, tmp_path / "caps", workers=0).to_json()
    assert (report["points"], report["done"], report["failed"]) == (2, 1, 1)
    assert report["failures"][0]["error"]["field"] == "unit.w"


@pytest.mark.slow
def test_smallest_layout_is_the_smallest_of_all(tmp_path: Path) -> None:
    """Every value of the grid is measured: none smaller meets the target."""
    search = {"bits": [6], "sigmas": 30, "metric": "dnl", "vary": {"unit.w": {"low": 1, "high": 5, "step": 0.1}}}
    job = SweepJob.parse({"name": "x", "cell": "cap_array", "search": search})
    with workers_of(0) as hands:
        found = find_smallest(job, Campaign(hands, PointStore(tmp_path)), 6)
    weights = [1, 1, 2, 4, 8, 16, 32]
    cells = [build("cap_array", {"weights": weights, "unit": {"w": round(1 + k / 10, 1)}}) for k in range(41)]
    good = [c for c in cells if 30 * mismatch(c).metrics["dnl"].sigma <= 0.5]
    assert 0 < len(good) < 41
    assert found.met and found.values["area_um2"] == pytest.approx(min(c.area_um2 for c in good))


def test_a_target_out_of_reach_is_said_to_be(tmp_path: Path) -> None:
    search = {"bits": [4], "sigmas": 500, "vary": {"unit.w": {"low": 1, "high": 1.3, "step": 0.1}}, "sign_off": False}
    report = run_sweep(SweepJob.parse({"name": "x", "cell": "cap_array", "search": search}), tmp_path / "x", workers=0)
    (found,) = report.smallest
    assert not found["met"] and found["error_lsb"] > 0.5
    assert found["fields"] == {"unit.w": 1.3}


def test_quantile_of_a_yield() -> None:
    """99.73 % of a normal lies within three sigmas; for n outputs each must reach yield^(1/n)."""

    def room(count: int, **fields: object) -> float:
        search = Search.parse({"bits": [4], "vary": {"w": {"low": 1, "high": 2}}, **fields})
        return search.criterion.half_width(OutputErrors(np.ones(count)))

    assert room(64, yield_frac=0.9973002) == pytest.approx(3, abs=1e-5)
    assert room(64) == 3
    each = room(64, yield_frac=0.9, outputs="all")
    assert math.erf(each / math.sqrt(2)) ** 64 == pytest.approx(0.9)


ARRAY = {"rows": 4, "cols": 3, "synapse.cell": "synapse_2t1c", "synapse.w_read": 2}


def array_job(**search: object) -> SweepJob:
    lengths = {"synapse.l_read": {"low": 2, "high": 4, "step": 2}}
    asked = {"bits": [4], "vary": lengths, "sign_off": False, **search}
    axes = {"synapse.l_read": [2, 4]}
    return SweepJob.parse({"name": "x", "cell": "crossbar", "fields": ARRAY, "axes": axes, "search": asked})


@pytest.mark.slow
@pytest.mark.tools
def test_a_front_says_what_gradients_and_the_ir_drop_leave_of_it(tmp_path: Path) -> None:
    """Bits are log2 of full scale by twice the room: those of random errors by three sigmas of the least certain."""
    report = run_sweep(array_job(), tmp_path / "x", workers=0)
    said = report.to_json()
    for row in said["pareto"]:
        assert row["bits.random"] == pytest.approx(-math.log2(6 * row["closed.column_error"]), rel=1e-9)
        assert row["bits.all"] < row["bits.random"]
    assert "gradients, IR drop and wires" in said["front"] and said["front"] in report.files["html"].read_text()
    (found,) = said["smallest"]
    assert found["proof"]["evidence"][0]["of"] == 10_000 and found["proof"]["verdict"] == "met"
    assert found["with_fixed"]["bits"] < -math.log2(6 * found["values"]["closed.column_error"])


@pytest.mark.slow
@pytest.mark.tools
def test_a_front_of_a_criterion_with_fixed_errors_is_judged_by_them(tmp_path: Path) -> None:
    report = run_sweep(array_job(errors="all", dies=0), tmp_path / "x", workers=0)
    assert list(report.objectives) == ["area_um2", "room.error"]
    assert all(row["room.bits"] == pytest.approx(row["bits.all"]) for row in report.front)
    assert "proof" not in report.smallest[0] and "with_fixed" not in report.smallest[0]


def test_fixed_errors_that_are_not_to_be_solved_are_refused() -> None:
    job = array_job(errors="all").model_dump(mode="json")
    with pytest.raises(SpecError) as refused:
        SweepJob.parse({**job, "measure": {"settings": {"ir_drop": False}}})
    assert refused.value.field == "search.errors"


def test_fixed_errors_of_a_kind_that_has_none_are_refused(tmp_path: Path) -> None:
    search = {"bits": [4], "errors": "all", "vary": {"w": {"low": 1, "high": 2}}}
    with pytest.raises(InputError, match="nothing tells what gradients and wires do to mosfet"):
        run_sweep(SweepJob.parse({"name": "x", "cell": "mosfet", "search": search}), tmp_path / "x", workers=0)


def test_a_disk_that_fills_up_ends_the_sweep_and_finished_points_stay(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, kept = SweepJob.parse(JOB), tmp_path / "caps" / "points"
    replace = os.replace

    def full(source: str, target: Path) -> None:
        if len(list(kept.rglob("*.json"))) - sum(1 for _ in kept.rglob(".writing-*/*.json")) >= 4:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
        replace(source, target)

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(InputError, match="No space left") as told:
        run_sweep(job, tmp_path / "caps", workers=0)
    assert told.value.remedy and "make room" in told.value.remedy
    monkeypatch.undo()
    again = run_sweep(job, tmp_path / "caps", workers=0)
    assert (again.from_store, len(again.rows)) == (4, 6)


def test_a_changed_grid_is_another_job_and_can_be_taken_on(tmp_path: Path) -> None:
    few = SweepJob.parse({**JOB, "axes": {"unit.w": [1.0]}})
    run_sweep(few, tmp_path / "caps", workers=0)
    with pytest.raises(InputError, match="differs in axes") as told:
        run_sweep(SweepJob.parse(JOB), tmp_path / "caps", workers=0)
    assert told.value.remedy and "--extend" in told.value.remedy
    more = run_sweep(SweepJob.parse(JOB), tmp_path / "caps", workers=0, extend=True)
    assert (more.from_store, len(more.rows)) == (2, 6)
    with pytest.raises(InputError, match="another job 'caps'"):
        run_sweep(SweepJob.parse({**JOB, "name": "mine"}), tmp_path / "caps", workers=0, extend=True)


def test_another_front_of_the_same_points_measures_nothing(done: SweepReport) -> None:
    other = SweepJob.parse({**JOB, "objectives": {"area_um2": "max"}})
    again = run_sweep(other, done.folder, workers=0)
    assert again.from_store == 6 and {again.rows[i]["unit.w"] for i in again.pareto} == {4.0}
    run_sweep(done.job, done.folder, workers=0)


def test_points_with_findings_are_in_the_table_and_off_the_front(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    from analoom.flows.sweep.measure import measure as sweep_measure

    def found(cell: Cell, measure: Measures, folder: Path) -> sweep_measure.Columns:
        return {"drc.fast": "violations" if cell.area_um2 < 150 else "clean"}, {}

    monkeypatch.setattr(sweep_measure, "_drc", found)
    report = run_sweep(SweepJob.parse({**JOB, "bits": [2]}), tmp_path / "caps", workers=0)
    assert [row["drc.fast"] for row in report.rows] == ["violations", "clean", "clean"]
    assert list(report.pareto) == [1, 2]
    assert (report.not_clean, report.clean) == (1, False)


@pytest.mark.slow
def test_killed_and_resumed_gives_the_table_of_one_run(tmp_path: Path) -> None:
    job = {**JOB, "bits": [4], "axes": {"unit.w": {"low": 1, "high": 5, "points": 12}}}
    (tmp_path / "job.yaml").write_text(json.dumps(job))
    words = [str(EXE), "sweep", "job.yaml", "--workers", "1", "--json", "--out", "killed"]
    first = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 90
    while len(list(tmp_path.glob("killed/points/*/*.json"))) < 3 and time.monotonic() < deadline:
        time.sleep(0.01)
    first.send_signal(signal.SIGKILL)
    first.wait()
    kept = len(list(tmp_path.glob("killed/points/*/*.json")))
    report = json.loads(subprocess.run(words, cwd=tmp_path, capture_output=True, check=True, timeout=120).stdout)
    assert report["done"] == 12 and report["from_store"] >= kept >= 3
    whole = run_sweep(SweepJob.parse(job), tmp_path / "whole", workers=0)
    assert read_parquet(tmp_path / report["table"])[0] == [dict(row) for row in whole.rows]


@pytest.mark.slow
def test_an_engine_that_takes_too_long_is_not_run_and_the_layout_not_clean(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, version in (("magic", "8.3.677"), ("klayout", "KLayout 0.30.1"), ("netgen-lvs", "Netgen 1.5.270")):
        script = tmp_path / name
        script.write_text(f"#!/bin/sh\ncase $1 in -v|--version|-batch) echo {version}; exit;; esac\nexec sleep 100\n")
        script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    search = {"bits": [3], "vary": {"unit.w": {"low": 1, "high": 1.1, "step": 0.1}}, "sign_off_timeout_s": 0.3}
    report = run_sweep(SweepJob.parse({"name": "x", "cell": "cap_array", "search": search}), tmp_path / "x", workers=0)
    (found,) = report.smallest
    assert re.fullmatch(r"not run \(.*magic: stopped after 0\.3 s\)", found["verdicts"]["drc magic"])
    assert found["verdicts"]["drc fast"] == "clean"
    assert not found["clean"] and not report.clean
    assert PointStore(tmp_path / "x" / "points").get(f"{found['key']}-signed") is None, "it is tried again"


@pytest.mark.slow
@pytest.mark.tools
def test_smallest_layout_is_signed_off_by_every_engine(tmp_path: Path) -> None:
    search = {"bits": [3], "vary": {"unit.w": {"low": 1, "high": 1.2, "step": 0.1}}}
    measure = {"mismatch": ["closed", "mc"], "samples": 20, "simulate": ["schematic"], "corners": ["tt", "ss"]}
    job = SweepJob.parse({"name": "x", "cell": "cap_array", "search": search, "measure": measure})
    report = run_sweep(job, tmp_path / "x", workers=0)
    (found,) = report.smallest
    assert found["budget"]["random"] > 0
    assert {"closed.inl", "mc.inl", "schematic.ss.ktc_noise"} <= set(found["values"]), (
        "of the one found, all is measured"
    )
    assert found["clean"], found["verdicts"]
    assert set(found["verdicts"]) == {"drc fast", "drc klayout", "drc magic", "lvs fast", "lvs netgen"}
