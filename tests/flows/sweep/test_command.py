"""`analoom sweep`: one JSON document with the agreed keys; what cannot be run exits with 2 and says the way out."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

EXE = Path(sys.executable).parent / "analoom"
JOB = {
    "name": "caps",
    "cell": "cap_array",
    "axes": {"unit.w": [1.0, 2.0]},
    "fields": {"weights": [1, 1]},
    "budget_points": 0,
}


def run(folder: Path, job: dict[str, object], *words: str) -> tuple[int, dict[str, object]]:
    (folder / "job.yaml").write_text(json.dumps(job))
    command = [str(EXE), "sweep", "job.yaml", "--json", *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert "Traceback" not in done.stderr
    return done.returncode, json.loads(done.stdout)


@pytest.mark.slow
def test_report_holds_the_agreed_keys(tmp_path: Path) -> None:
    code, report = run(tmp_path, JOB, "--workers", "1")
    assert code == 0
    assert set(report) >= {"points", "done", "failed", "table", "pareto", "report", "seconds"}
    assert (tmp_path / str(report["table"])).is_file() and (tmp_path / str(report["report"])).is_file()


@pytest.mark.slow
def test_schema_is_one_document_and_a_point_that_fails_is_not_done(tmp_path: Path) -> None:
    done = subprocess.run([str(EXE), "sweep", "--schema"], capture_output=True, text=True, timeout=60)
    assert (done.returncode, json.loads(done.stdout)["title"]) == (0, "SweepJob")
    code, report = run(tmp_path, {**JOB, "measure": {"timeout_s": 0.05}}, "--workers", "1")
    assert (code, report["clean"], report["done"], report["failed"]) == (1, False, 0, 2)
    failures = report["failures"]
    assert isinstance(failures, list) and "took more than 0.05 s" in failures[0]["error"]["message"]


@pytest.mark.full
@pytest.mark.parametrize(
    ("change", "words", "field"),
    [
        ({"axes": {"unit.w": []}}, (), "axes.unit.w"),
        ({"axes": {"unit.w": [0.1]}}, (), "unit.w"),
        ({"axes": {"unit.wide": [1]}}, (), "unit.wide"),
        ({"cell": "cap_aray"}, (), "name"),
        ({}, ("--workers", "1", "--scheduler", "tcp://127.0.0.1:9"), "workers"),
        ({}, ("--workers", "0"), "workers"),
        ({}, ("--out", "job.yaml/below"), "out"),
    ],
)
def test_bad_input_is_told_and_exits_with_2(
    tmp_path: Path, change: dict[str, object], words: tuple[str, ...], field: str | None
) -> None:
    code, report = run(tmp_path, {**JOB, **change}, *words)
    error = report["error"]
    assert isinstance(error, dict)
    assert (code, error["field"]) == (2, field)
    assert error["message"]
