"""Sweeps without the extras: CSV alone, read back and resumed; what cannot be done without one is refused."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from analoom.flows.cli import main as cli
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.run import run_sweep
from analoom.flows.sweep.table.table import csv_text, read_csv, read_parquet

JOB = {"name": "caps", "cell": "cap_array", "bits": [2], "axes": {"unit.w": [1.0]}, "budget_points": 0}


@pytest.mark.slow
def test_a_sweep_without_pyarrow_is_csv_alone_and_goes_on_with_and_without_it(tmp_path: Path, monkeypatch) -> None:
    job, folder, parquet = SweepJob.parse(JOB), tmp_path / "caps", tmp_path / "caps" / "table.parquet"
    with monkeypatch.context() as plain:
        plain.setitem(sys.modules, "pyarrow", None)
        first = run_sweep(job, folder, workers=0)
    assert first.to_json()["table"] == str(folder / "table.csv") and not parquet.exists()
    assert "pip install 'analoom[parquet]'" in first.to_json()["notes"][0]
    assert "<code>table.csv</code>" in (folder / "report.html").read_text()
    again = run_sweep(job, folder, workers=0)
    assert (again.from_store, again.notes, again.table) == (1, (), parquet)
    assert read_csv(folder / "table.csv") == read_parquet(parquet)[0] == list(first.rows)
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    assert run_sweep(job, folder, workers=0).from_store == 1
    assert not parquet.exists(), "or an old table would pass for the new one"


def test_csv_comes_back_with_its_types(tmp_path: Path) -> None:
    """Keys are text even where all are digits; a column with one word in it is text; numbers come back to the bit."""
    rows = [
        {"index": 0, "key": "12345678", "w": 0.1 + 0.2, "state": "7", "met": True, "ratios": "[1, 2]"},
        {"index": 1, "key": "9e10", "state": "clean", "met": False, "ratios": "[1]"},
    ]
    path = tmp_path / "table.csv"
    path.write_text(csv_text(rows))
    assert read_csv(path) == rows
    assert [type(value) for value in read_csv(path)[0].values()] == [int, str, float, str, bool, str]
    path.write_text(csv_text([]))
    assert read_csv(path) == []


@pytest.mark.parametrize(
    ("words", "module", "package"),
    [
        (["sweep", "pair", "--scheduler", "tcp://127.0.0.1:1"], "distributed", "dask"),
        (["sim", "mosfet", "--parquet"], "pyarrow", "pyarrow"),
    ],
)
def test_what_needs_an_extra_is_refused_before_the_work(words, module, package, tmp_path, monkeypatch, capfd) -> None:
    monkeypatch.setitem(sys.modules, module, None)
    with pytest.raises(SystemExit) as left:
        cli.main([*words, "--out", str(tmp_path), "--json"])
    error = json.loads(capfd.readouterr().out)["error"]
    assert (left.value.code, error["type"], error["field"]) == (2, "ToolError", package)
    assert f"{package} is not installed (wanted: {package}" in error["message"]
    assert error["remedy"].startswith("pip install 'analoom[")
