"""The whole flow of a small cell, and of its broken twin."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import klayout.db as kdb
import pytest

from analoom.cells.model.cell import Cell
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.registry import build
from analoom.flows.flow import FlowOptions, run_flow
from analoom.flows.systems.record import System
from analoom.pdk.layers import Layer

pytestmark = [pytest.mark.slow, pytest.mark.tools]
FAST = FlowOptions(drc_engines=("fast",))


def _shorted(cell: Cell) -> Cell:
    """`cell` with a thin strip of met2 across it, which joins its buses."""
    drawing = Drawing(f"shorted_{cell.name}")
    drawing.instance(cell.layout, kdb.Trans())
    box = cell.bbox_nm
    middle = box.center().x // 5 * 5
    drawing.box(Layer.MET2, middle, box.bottom, middle + 100, box.top)
    return replace(cell, name=drawing.cell.name, layout=drawing.cell)


def test_every_step_is_there_and_kept(tmp_path: Path) -> None:
    told: list[str] = []
    report = run_flow(build("mosfet"), tmp_path, FAST, told.append)
    steps = report.to_json()
    assert report.clean
    assert told == ["build", "drc", "lvs", "pex", "sim", "mismatch", "report"]
    assert set(steps["sim"]) == {"schematic", "post", "difference", "split"}
    assert steps["sim"]["difference"]["c_g"]["value"] > 0, "wires add to the gate's capacitance"
    for name in ("build", "drc", "lvs", "pex", "sim", "mismatch"):
        assert json.loads((tmp_path / "mosfet" / "mosfet" / f"{name}.json").read_text()) == steps[name]
    tools = json.loads((tmp_path / "mosfet" / "mosfet" / "provenance.json").read_text())["tools"]
    assert set(tools) == {"drc fast", "lvs fast", "lvs netgen"}
    page = report.report.read_text()
    assert page.count('class="card good"') == 2, "DRC and LVS"


def test_a_broken_twin_is_not_clean(tmp_path: Path) -> None:
    report = run_flow(_shorted(build("mosfet")), tmp_path, FAST)
    steps = report.to_json()
    assert not report.clean
    assert not steps["lvs"]["clean"]
    assert not steps["drc"]["clean"], "100 nm is too thin for met2"
    assert report.report.read_text().count('class="card bad"') == 2


def test_a_kind_without_testbench_goes_through_the_rest_and_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("analoom.flows.systems.switch.system.RECORDS", {"switch": System("switch", "switch")})
    report = run_flow(build("analog_switch"), tmp_path, FAST)
    steps = report.to_json()
    assert report.clean
    assert steps["sim"] == {"not_run": "there is no testbench for a switch"}
    assert steps["mismatch"] == {"not_run": "there are no mismatch metrics for a switch"}
    assert steps["pex"]["capacitors"] > 0
    assert Path(steps["report"]).is_file()
