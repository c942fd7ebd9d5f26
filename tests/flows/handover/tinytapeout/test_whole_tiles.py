"""Whole tiles of the five kinds of macro, in every engine, and the shuttle's own precheck where it is installed."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from analoom.cells.model.registry import build
from analoom.flows.handover.run import export_cell
from analoom.flows.handover.tinytapeout.pin_kinds import FITS
from analoom.flows.handover.tinytapeout.precheck import require_tools, run_precheck
from analoom.pdk.errors import InputError, ToolError

TOOLS = Path(os.environ.get("ANALOOM_TT_SUPPORT_TOOLS", "nowhere"))
"""A checkout of TinyTapeout/tt-support-tools with the packages of its precheck in `.venv`, where there is one."""


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("name", FITS)
def test_a_tile_is_clean_in_every_engine(name: str, tmp_path: Path) -> None:
    report = export_cell(build(name, FITS[name]), "tinytapeout", tmp_path / "tile", {"author": "Ada"})
    assert {name: check for name, check in report.checks.items() if check.state != "passed"} == {}
    assert {"drc_klayout", "drc_magic", "drc_antenna", "lvs_fast", "lvs_netgen"} <= set(report.checks)


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize(("tile", "uses_3v3"), [("1x2", True), ("2x2", False), ("2x2", True)])
def test_other_tiles_are_clean_in_process(tile: str, uses_3v3: bool, tmp_path: Path) -> None:
    settings = {"tile": tile, "uses_3v3": uses_3v3, "signoff": "fast"}
    report = export_cell(build("charge_mac", FITS["charge_mac"]), "tinytapeout", tmp_path / "tile", settings)
    assert {name: check for name, check in report.checks.items() if check.state != "passed"} == {}


@pytest.mark.full
@pytest.mark.tools
def test_the_shuttles_own_precheck_passes_and_finds_a_broken_twin(tmp_path: Path) -> None:
    if not TOOLS.is_dir():
        pytest.skip("ANALOOM_TT_SUPPORT_TOOLS names no checkout of tt-support-tools")
    folder = tmp_path / "tile"
    settings = {"author": "Ada", "signoff": "fast", "precheck": str(TOOLS)}
    report = export_cell(build("crossbar", FITS["crossbar"]), "tinytapeout", folder, settings)
    theirs = {name: check.state for name, check in report.checks.items() if name.startswith("precheck: ")}
    assert len(theirs) == 15
    assert set(theirs.values()) == {"passed"}
    lef = next((folder / "lef").iterdir())
    lef.write_text(lef.read_text().replace("RECT 151.810", "RECT 151.800"))
    assert run_precheck(folder, TOOLS, tmp_path)["precheck: Pin check"].state == "failed"


def test_a_precheck_that_is_not_there_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(InputError, match=r"precheck\.py"):
        require_tools(tmp_path)
    (tmp_path / "precheck").mkdir()
    (tmp_path / "precheck" / "precheck.py").write_text("")
    monkeypatch.delenv("PDK_ROOT", raising=False)
    with pytest.raises(ToolError, match="PDK_ROOT"):
        require_tools(tmp_path)
