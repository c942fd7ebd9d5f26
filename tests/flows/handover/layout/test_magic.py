"""Magic's files of a cell: what Magic makes of them is what was drawn, and a twin with a fault is not."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import klayout.db as kdb
import pytest

from analoom.cells.model.registry import build
from analoom.flows.files.layout_source import of_cell
from analoom.flows.handover.layout import magic
from analoom.flows.handover.layout.magic import checks_of, compared
from analoom.flows.handover.layout.masks import MADE_ANEW, regions_of
from analoom.flows.handover.run import export_cell
from analoom.pdk.errors import ToolError
from analoom.pdk.install import find_tool
from analoom.pdk.layers import Layer

FAULTS: dict[str, Callable[[str], str]] = {
    "no metal 2": lambda text: text.replace("<< metal2 >>", "<< metal3 >>"),
    "a gate gone": lambda text: text.replace("<< mvnmos >>", "<< mvndiff >>"),
}


@pytest.mark.tools
@pytest.mark.full
def test_magic_gives_back_what_was_drawn_and_tells_faults(tmp_path: Path) -> None:
    cell = build("mosfet", {"device": "nfet_g5v0d10v5", "l": 0.5, "nf": 2})
    report = export_cell(cell, "magic", tmp_path / "made")
    assert report.clean and set(report.checks) == {"xor", "lvs"}
    kept = tmp_path / "made" / "mag" / f"{cell.name}.mag"
    text = kept.read_text()
    assert "timestamp 1\n" in text
    again = export_cell(cell, "magic", tmp_path / "again")
    assert (again.folder / again.files[f"{cell.name}_mag"]).read_text() == text
    for fault, damage in FAULTS.items():
        assert damage(text) != text, fault
        kept.write_text(damage(text))
        checks = checks_of(cell, kept.parent, find_tool("magic"), lambda step: None)
        assert checks["xor"].state == "failed", fault
        assert checks["lvs"].state == "failed", fault


@pytest.mark.tools
@pytest.mark.full
def test_bars_of_precision_resistors_do_not_come_back_as_drawn(tmp_path: Path) -> None:
    """So Magic 8.3.105 has it: li1 and contacts of the heads are made anew, the circuit is the same."""
    report = export_cell(build("res_array"), "magic", tmp_path / "made")
    assert report.checks["xor"].state == "failed" and "LI1" in report.checks["xor"].detail
    assert report.checks["lvs"].state == "passed"


@pytest.mark.parametrize("layer", [*(x for x in Layer if "_" not in x.name), *MADE_ANEW], ids=lambda layer: layer.name)
def test_each_layer_is_compared(layer: Layer) -> None:
    """One rectangle more on a layer fails; on those that Magic makes anew it is told."""
    drawn = regions_of(of_cell(build("matched_pair")))
    back = {name: region.dup() for name, region in drawn.items()}
    back[layer.name].insert(kdb.Box(-20_000, -20_000, -19_000, -19_000))
    check = compared(drawn, back, "8.3.105")
    assert check.state == ("passed" if layer in MADE_ANEW else "failed")
    assert layer.name in check.detail and " 1 um2" in check.detail


def test_without_magic_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError):
        export_cell(build("mosfet"), "magic", tmp_path / "made")
    assert not (tmp_path / "made").exists()
    assert magic.RECEIVER.name == "magic"
