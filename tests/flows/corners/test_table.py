"""Corners x temperatures x supplies in processes: every value is that of a run of its own; files and command line."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from analoom.cells.model.registry import build
from analoom.flows.cli import main as cli
from analoom.flows.corners.files import write_corners
from analoom.flows.corners.table import corner_names, corner_table
from analoom.flows.files.results_table import read_table
from analoom.flows.report.plots import read_curve
from analoom.flows.simulate import simulate
from analoom.pdk.errors import AnaloomError, InputError, ToolError

pytestmark = [pytest.mark.tools, pytest.mark.slow]
MOSFET = {"w": 1.0}


def test_a_table_holds_what_single_runs_give(tmp_path: Path) -> None:
    cell = build("mosfet", MOSFET)
    told: list[str] = []
    found = corner_table(cell, ("tt", "ss"), (27.0, 85.0), workers=2, progress=told.append)
    single = simulate(cell, corner="ss", temp_degc=85.0, workdir=tmp_path)
    for name, metric in single.metrics.items():
        assert found.at(name, "ss", 85.0) == pytest.approx(metric.value, rel=1e-9, abs=0)
    assert found.at("i_on", "ss", 27.0) < found.at("i_on", "tt", 27.0)
    assert [line.split(":")[0] for line in told] == [f"{k} of 4" for k in (1, 2, 3, 4)]
    report = write_corners(found, tmp_path)
    assert report["nominal"] == ["tt", 27.0] and report["clean"] and not report["failed"]
    ends = report["metrics"]["i_on"]
    assert ends["max"]["value"] == max(v for row in ends["values"] for v in row) == found.at("i_on", *ends["max"]["at"])
    assert read_table(Path(report["files"]["metrics_parquet"])).at("vth", "tt", 85.0) == found.at("vth", "tt", 85.0)
    _, x, y = read_curve(Path(single.files["i_d"]))
    held = pq.read_table(report["files"]["i_d_parquet"]).to_pylist()
    mine = [row for row in held if (row["corner"], row["temp"]) == ("ss", 85.0)]
    assert [row["V_gs"] for row in mine] == pytest.approx(x)
    assert [row["I_d"] for row in mine] == pytest.approx(y, rel=1e-8, abs=1e-18)


def test_the_post_layout_view_has_the_wires_of_each_corner() -> None:
    cell = build("unit_cap")
    after = corner_table(cell, ("tt", "ss"), (27.0,), view="post", workers=1)
    assert after.at("c_bottom", "tt", 27.0) > simulate(cell).metrics["c_bottom"].value
    assert after.at("c_bottom", "ss", 27.0) > after.at("c_bottom", "tt", 27.0)


@pytest.mark.full
def test_a_supply_is_one_more_axis_and_points_that_fail_leave_a_hole(tmp_path: Path) -> None:
    """20 uA by W/L is out of reach of a gate at 1.0 V."""
    cell = build("mosfet", MOSFET)
    found = corner_table(cell, ("tt",), (27.0,), (1.0, 1.6), settings={"i_square": 2e-5}, workers=1)
    assert [axis.name for axis in found.table.axes] == ["corner", "temp", "vdd"]
    single = simulate(cell, settings={"i_square": 2e-5, "vdd": 1.6}).metrics["i_on"].value
    assert found.at("i_on", "tt", 27.0, 1.6) == pytest.approx(single, rel=1e-9, abs=0)
    assert single < simulate(cell).metrics["i_on"].value
    report = write_corners(found, tmp_path)
    assert [one["place"] for one in report["failed"]] == [["tt", 27.0, 1.0]]
    assert "out of reach" in report["failed"][0]["error"]["message"]
    assert report["metrics"]["vth"]["values"][0][0][0] is None and report["clean"] is False
    assert json.loads((tmp_path / "corners_schematic.json").read_text()) == report
    with pytest.raises(ToolError, match="no point could be simulated"):
        corner_table(cell, ("tt",), (27.0,), settings={"i_square": 1e-3})


@pytest.mark.parametrize(
    ("asked", "wrong"),
    [
        ({"corners": ("tt", "xx")}, "no corner called"),
        ({"corners": ()}, "at least one"),
        ({"temps_degc": (27.0, 27.0)}, "each once"),
        ({"temps_degc": (300.0,)}, "must be"),
        ({"supplies_v": (6.0,)}, "less than or equal"),
        ({"settings": {"v_dss": 1}}, "one of the fields"),
        ({"settings": {"vdd": 1.8}, "supplies_v": (1.8,)}, "varied too"),
    ],
)
def test_what_no_point_could_use_is_refused_before_any_run(asked: dict[str, object], wrong: str) -> None:
    with pytest.raises(AnaloomError, match=wrong):
        corner_table(build("mosfet"), **asked)  # type: ignore[arg-type]


def test_a_testbench_without_a_supply_says_so() -> None:
    with pytest.raises(InputError, match="has no supply"):
        corner_table(build("unit_cap"), ("tt",), (27.0,), (1.8,))


def test_all_corners() -> None:
    assert corner_names(("all",)) == ("tt", "ss", "ff", "sf", "fs")


@pytest.mark.full
def test_the_command_line_prints_one_document_and_ends_with_its_code(
    tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    words = ["sim", "unit_cap", "--corners", "tt", "--temperatures", "-40,27", "--set", "frequency=1e5"]
    with pytest.raises(SystemExit) as left:
        cli.main([*words, "--out", str(tmp_path), "--json"])
    report = json.loads(capfd.readouterr().out)
    assert left.value.code == 0
    assert [axis["values"] for axis in report["axes"]] == [["tt"], [-40.0, 27.0]]
    assert all(Path(path).is_file() for path in report["files"].values())
    assert report["settings"]["frequency"] == 1e5


def test_without_pyarrow_a_table_is_csv_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    of_before = tmp_path / "temperatures-27" / "unit_cap_schematic_corners.parquet"
    of_before.parent.mkdir()
    of_before.touch()
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(SystemExit) as left:
        cli.main(["sim", "unit_cap", "--temperatures", "27", "--out", str(tmp_path)])
    assert left.value.code == 0 and "pip install 'analoom[parquet]'" in capfd.readouterr().out
    assert of_before.with_suffix(".csv").exists() and not of_before.exists()


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (["--temperatures", "warm"], "temperatures"),
        (["--temperatures", ""], "temperatures"),
        (["--temperatures", "nan"], "temperatures"),
        (["--corners", "tt,yy"], "corners"),
        (["--set", "nothing=1"], "settings.nothing"),
        (["--set", "frequency"], "frequency"),
    ],
)
def test_bad_words_are_refused(words: list[str], field: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as left:
        cli.main(["sim", "unit_cap", *words, "--out", str(tmp_path), "--json"])
    assert left.value.code == 2
    assert json.loads(capfd.readouterr().out)["error"]["field"] == field
