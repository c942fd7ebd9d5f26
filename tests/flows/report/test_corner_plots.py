"""A table over corners on the page: numbers and places as in the table, every line drawn, failures told."""

from __future__ import annotations

import base64
import re
from pathlib import Path

import numpy as np
import pytest

from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import View
from analoom.flows.bench.measured import Curve
from analoom.flows.corners.files import write_corners
from analoom.flows.corners.table import CornerTable, Failure
from analoom.flows.export.build import build_files
from analoom.flows.files.outputs import write_json
from analoom.flows.files.results_table import Axis, ResultsTable
from analoom.flows.report.corner_plots import COLOURS, corner_plots, curve_files, lines_of
from analoom.flows.report.page import write_report

AXES = (Axis("corner", ("ss", "tt")), Axis("temp", (25.0, 125.0), "degC"), Axis("vdd", (1.6, 1.8), "V"))
GAINS = np.array([[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, np.nan]]])


def corners(view: View) -> CornerTable:
    table = ResultsTable(AXES, {"gain": GAINS * 1e-3}, {"gain": "A"}, {"cell": "mosfet", "view": view})
    places = [place for place in table.places() if place != ("tt", 125.0, 1.8)]
    x = np.array([0.0, 1.0, 2.0])
    curves = {place: Curve(x, x * k, "V_gs (V)", "I_d (A)") for k, place in enumerate(places)}
    failure = Failure(("tt", 125.0, 1.8), {"type": "ToolError", "message": "no <b>convergence</b>"})
    return CornerTable("mosfet", view, table, {"i_d": curves}, (failure,), {}, 1.5)


@pytest.fixture
def page(tmp_path: Path) -> str:
    write_json(tmp_path / "build.json", build_files(build("mosfet"), tmp_path).to_json())
    for view in ("schematic", "post"):
        write_corners(corners(view), tmp_path)  # type: ignore[arg-type]
    return write_report(tmp_path).read_text()


def test_the_nominal_place_is_the_nearest_to_typical(tmp_path: Path) -> None:
    report = write_corners(corners("schematic"), tmp_path)
    assert report["nominal"] == ["tt", 25.0, 1.8]
    assert report["metrics"]["gain"]["nominal"] == 6e-3
    assert report["metrics"]["gain"]["min"] == {"value": 1e-3, "at": ["ss", 25.0, 1.6]}
    assert report["metrics"]["gain"]["max"] == {"value": 7e-3, "at": ["tt", 125.0, 1.6]}
    assert report["clean"] is False


def test_curves_are_those_at_the_nominal_supply(tmp_path: Path) -> None:
    report = write_corners(corners("schematic"), tmp_path)
    labels, lines = lines_of(curve_files(report)["i_d"], report)
    assert labels == ("V_gs (V)", "I_d (A)")
    assert set(lines) == {("ss", 25.0), ("ss", 125.0), ("tt", 25.0)}
    assert lines["tt", 25.0] == ([0.0, 1.0, 2.0], [0.0, 5.0, 10.0])


@pytest.mark.slow
def test_each_curve_is_drawn_in_each_view_and_the_metrics_in_both(tmp_path: Path) -> None:
    reports = {view: write_corners(corners(view), tmp_path) for view in ("schematic", "post")}  # type: ignore[arg-type]
    plots = corner_plots(reports)
    assert set(plots) == {"metrics over corners", "i_d over corners, schematic", "i_d over corners, post"}
    for name, svg in plots.items():
        assert COLOURS["tt"] in svg and COLOURS["ss"] in svg, name
    assert "stroke-dasharray" in plots["metrics over corners"], "post-layout is dashed"
    assert "stroke-dasharray" not in corner_plots({"schematic": reports["schematic"]})["metrics over corners"]


@pytest.mark.slow
def test_the_page_has_the_table_the_failure_and_the_plots(page: str) -> None:
    text = re.sub(r"\s+", " ", page)
    assert "Over corners" in text
    assert "tt, 25 degC, 1.8 V" in text and ">6 mA<" in text and ">ss, 25 degC, 1.6 V<" in text
    assert "simulated at 8 points, 1 FAILED" in text
    assert "no &lt;b&gt;convergence" in text and "no <b>" not in text
    pictures = re.findall(r'src="data:image/svg\+xml;base64,([^"]+)"', page)
    assert len(pictures) == 3
    assert all(base64.b64decode(picture).lstrip().startswith(b"<?xml") for picture in pictures)


def test_a_page_without_tables_has_no_such_section(tmp_path: Path) -> None:
    write_json(tmp_path / "build.json", build_files(build("mosfet"), tmp_path).to_json())
    assert "Over corners" not in write_report(tmp_path).read_text()
