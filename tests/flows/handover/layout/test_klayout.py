"""The package for KLayout: what is in it, and what KLayout makes of it and of packages with a fault."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from pathlib import Path
from xml.etree import ElementTree

import klayout.db as kdb
import pytest

from analoom.cells.model import registry
from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.handover.layout.klayout import (
    cells_offered,
    checks_of,
    grain_xml,
    macro_xml,
    technology_xml,
)
from analoom.flows.handover.run import export_cell


def test_every_generator_is_offered_with_the_fields_of_its_spec() -> None:
    cell = build("matched_pair", {"l": 0.5, "device": "pfet_g5v0d10v5"})
    offered = {one["name"]: one["fields"] for one in cells_offered(cell)}
    assert set(offered) == set(registry.entries())
    mine = {field["name"]: field["default"] for field in offered["matched_pair"]}
    assert mine["l"] == 0.5 and mine["device"] == "pfet_g5v0d10v5"
    others = {field["name"]: field for field in offered["current_mirror"]}
    assert others["ratios"]["type"] == "json" and json.loads(others["ratios"]["default"]) == [2, 2]


def test_technology_macro_and_grain_are_what_klayout_reads() -> None:
    technology = kdb.Technology.technology_from_xml(technology_xml())
    assert technology.name == "sky130_analoom" and technology.dbu == 0.001
    assert technology.layer_properties_file == "layers.lyp"
    macro = ElementTree.fromstring(macro_xml())
    assert macro.findtext("autorun") == "true" and macro.findtext("interpreter") == "python"
    compile(macro.findtext("text") or "", "macro", "exec")
    assert ElementTree.fromstring(grain_xml()).findtext("name") == "analoom_sky130"


def _no_macro(package: Path, cell: Cell) -> None:
    next(package.glob("pymacros/*.lym")).unlink()


def _no_technology(package: Path, cell: Cell) -> None:
    next(package.glob("tech/*/*.lyt")).unlink()


def _no_layout(package: Path, cell: Cell) -> None:
    next(package.glob("layouts/*.gds")).unlink()


@pytest.mark.tools
@pytest.mark.full
@pytest.mark.parametrize(
    ("fault", "failing"),
    [(None, ()), (_no_macro, ("package", "drawn")), (_no_technology, ("package",)), (_no_layout, ("package",))],
)
def test_klayout_loads_the_package_and_draws_the_cell(
    fault: Callable[[Path, Cell], None] | None, failing: tuple[str, ...], tmp_path: Path
) -> None:
    cell = build("mosfet", {"l": 0.5})
    report = export_cell(cell, "klayout", tmp_path / "made")
    assert report.clean and set(report.checks) == {"package", "drawn"}
    package = tmp_path / "made" / "analoom_sky130"
    if fault:
        fault(package, cell)
        checks = checks_of(cell, package, lambda step: None)
        assert {name for name, check in checks.items() if check.state == "failed"} == set(failing)


@pytest.mark.tools
@pytest.mark.full
def test_another_cell_from_the_library_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A command that draws another length than it is asked for."""
    cell, script = build("mosfet", {"l": 0.5}), tmp_path / "analoom"
    own = Path(sys.executable).parent / "analoom"
    script.write_text(f'#!/bin/sh\nsed -i s/0.5/0.6/ "$4"\nexec {own} "$@"\n')
    script.chmod(0o755)
    monkeypatch.setenv("ANALOOM", str(script))
    report = export_cell(cell, "klayout", tmp_path / "made")
    assert report.checks["package"].state == "passed"
    assert report.checks["drawn"].state == "failed" and "another cell" in report.checks["drawn"].detail


def test_without_klayout_nothing_is_said_to_be_checked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    report = export_cell(build("mosfet"), "klayout", tmp_path / "made")
    assert {check.state for check in report.checks.values()} == {"not run"}
    assert not report.clean
