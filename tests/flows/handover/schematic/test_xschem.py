"""Schematics for xschem: what they netlist back to is the layout, and a twin with a fault is not."""

from __future__ import annotations

import re
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Circuit, Mos
from analoom.cells.model.registry import build
from analoom.flows.handover.run import export_cell
from analoom.flows.handover.schematic import by_xschem, xschem
from analoom.flows.handover.schematic.drawing import schematic_text
from analoom.flows.handover.schematic.read_back import pins_of
from analoom.flows.handover.schematic.stand_ins import write_stand_ins
from analoom.pdk.devices import MOS
from analoom.pdk.errors import InputError, ToolError

WANTED = by_xschem.version_key(by_xschem.XSCHEM.wanted)


def has_xschem() -> bool:
    found = by_xschem.look_for(by_xschem.XSCHEM)
    return found is not None and by_xschem.version_key(found.version) >= WANTED


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("matched_pair", {"device": "pfet_g5v0d10v5"}),
        ("unit_cap", {}),
        ("res_array", {}),
        ("antenna_diode", {}),
        pytest.param("opamp", {}, marks=pytest.mark.full),
        pytest.param("charge_mac", {}, marks=pytest.mark.full),
    ],
)
def test_schematics_netlist_back_to_the_layout(name: str, fields: dict[str, str], tmp_path: Path) -> None:
    """By the reader of our own, and by xschem where one is installed that can read the library's symbols."""
    report = export_cell(build(name, fields), "xschem", tmp_path / "made")
    assert report.checks["read_back"].state == "passed"
    assert report.checks["netlist"].state == ("passed" if has_xschem() else "not run")
    assert report.clean == has_xschem()


FAULTS: dict[str, Callable[[str], str]] = {
    "a width": lambda text: re.sub(r"W=\S+", "W=3", text, count=1),
    "two nets exchanged": lambda text: (
        text.replace("lab=d1", "lab=x").replace("lab=d2", "lab=d1").replace("lab=x", "lab=d2")
    ),
    "a device missing": lambda text: re.sub(r"C \{sky130_fd_pr/[^}]*\} [^{]*\{[^}]*\}\n", "", text, count=1),
    "a label beside its pin": lambda text: text.replace(" -30 0 1 {name=m1_d", " -20 0 1 {name=m1_d"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_schematic_with_a_fault_is_told(fault: str, tmp_path: Path) -> None:
    cell = build("matched_pair")
    xschem.write(cell, xschem.RECEIVER.chosen({}), tmp_path, lambda step: None)
    drawn = tmp_path / f"{cell.name}.sch"
    damaged = FAULTS[fault](drawn.read_text())
    assert damaged != drawn.read_text()
    drawn.write_text(damaged)
    checks = xschem.checks_of(cell, tmp_path, lambda step: None)
    assert checks["read_back"].state == "failed"
    assert checks["netlist"].state == ("failed" if has_xschem() else "not run")


SCRIPT = """#!{python}
import pathlib, re, sys
if "--version" in sys.argv:
    print("XSCHEM V{version}")
else:
    rc = pathlib.Path(sys.argv[sys.argv.index("--rcfile") + 1]).read_text()
    place = pathlib.Path(re.search(r"netlist_dir [{{](.*)[}}]", rc)[1])
    text = pathlib.Path({netlist!r}).read_text()
    {also}
    (place / (pathlib.Path(sys.argv[-1]).stem + ".spice")).write_text(text)
"""


def played(folder: Path, cell: Cell, version: str, also: str = "pass") -> Path:
    """A program called xschem that says this version and makes the cell's own netlist."""
    folder.mkdir()
    (folder / "given.spice").write_text(cell.spice())
    script = folder / "xschem"
    filled = SCRIPT.format(python=sys.executable, version=version, netlist=str(folder / "given.spice"), also=also)
    script.write_text(filled)
    script.chmod(0o755)
    return folder


@pytest.mark.parametrize(
    ("version", "also", "state"),
    [
        ("3.4.4", "pass", "passed"),
        ("2.8.1", "pass", "not run"),
        ("3.4.4", "text = re.sub('^Xm1 .*$', '', text, flags=re.M)", "failed"),
        ("3.4.4", "text += '* p1 - lab_pin IS MISSING !!!!'", "failed"),
        ("3.4.4", "sys.exit(1)", "failed"),
    ],
)
def test_what_xschem_makes_is_judged(
    version: str, also: str, state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    cell = build("mosfet")
    monkeypatch.setenv("PATH", str(played(tmp_path / "bin", cell, version, also)))
    report = export_cell(cell, "xschem", tmp_path / "made")
    assert report.checks["netlist"].state == state
    assert report.checks["read_back"].state == "passed"


def test_without_xschem_the_check_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError, match="xschem is not installed"):
        by_xschem.find_xschem()


def test_a_net_that_xschem_would_make_a_bus_of_is_refused() -> None:
    device = Mos("m1", MOS["nfet_01v8"], 1.0, 0.15, {"d": "d[1:0]", "g": "g", "s": "s", "b": "b"})
    with pytest.raises(InputError, match=r"d\[1:0\]"):
        schematic_text(Circuit("one", ("g", "s", "b"), (device,)))


def test_stand_ins_have_the_pins_in_the_order_of_the_library(tmp_path: Path) -> None:
    """Read by eye from pfet_01v8.sym of xschem_sky130: D (20, 30), G (-20, 0), S (20, -30), B (20, 0)."""
    cell = build("mosfet", {"device": "pfet_01v8"})
    folder = write_stand_ins([cell.circuit], tmp_path)
    places = [pin.at for pin in pins_of(folder / "sky130_fd_pr" / "pfet_01v8.sym")]
    assert places == [(20, 30), (-20, 0), (20, -30), (20, 0)]
