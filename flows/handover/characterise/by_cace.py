"""Running CACE on what was written, and reading what it found.

CACE asks for a PDK as open_pdks installs it. Where `$PDK_ROOT` is none, one is put together in a temporary folder: the
installed models, and stand-ins for the symbols of devices.
"""

from __future__ import annotations

import csv
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import yaml

from analoom.cells.model.circuit import Circuit
from analoom.flows.files.application import run_tool
from analoom.flows.files.outputs import write_whole
from analoom.flows.handover.schematic.by_xschem import find_xschem
from analoom.flows.handover.schematic.stand_ins import library_folder, write_stand_ins
from analoom.pdk.applications import FoundTool, Tool, look_for
from analoom.pdk.errors import ToolError
from analoom.pdk.install import ROOT_VARIABLE, TECH, find_tool, models_dir

CACE = Tool("cace", ("cace",), "2.13", "export --to cace", ("--version",), r"cace ([\d.]+)", "cace")
"""The version that was tried. It pins older packages than analoom's (rich), so it has an environment of its own."""

INSTALL = "pip install cace, in an environment of its own whose bin folder is on PATH"
TIMEOUT_S = 1800
_START_UP = """set XSCHEM_LIBRARY_PATH ${XSCHEM_SHAREDIR}/xschem_library
append XSCHEM_LIBRARY_PATH :[file dirname [file normalize [info script]]]
"""

Values = Mapping[str, float]


@dataclass(frozen=True)
class Simulated:
    """One simulation of CACE's: its corner, what ngspice wrote, and what CACE's summary says of that."""

    corner: str
    written: Values
    printed: Values


def tools_for_cace() -> tuple[FoundTool, FoundTool]:
    """CACE and xschem. Raises ToolError for what is missing, ngspice too."""
    found = look_for(CACE)
    if found is None:
        raise ToolError("cace is not installed", field="cace", remedy=INSTALL)
    find_tool("ngspice")
    return found, find_xschem()


def run_cace(tool: FoundTool, folder: Path, name: str, circuits: list[Circuit]) -> list[Simulated]:
    """What CACE's summary says of each simulation of the datasheet `name` in `folder`; runs in a copy of that.

    Raises ToolError when CACE gives no summary.
    """
    with tempfile.TemporaryDirectory() as place, _pdk(circuits, Path(place) / "pdk") as root:
        project = Path(place) / "project"
        shutil.copytree(folder, project)
        argv = [str(tool.path), f"cace/{name}.yaml", "--source", "schematic", "--no-plot", "--no-progress-bar"]
        given = {ROOT_VARIABLE: str(root), "PDK": "sky130A", "HOME": place}
        done = run_tool([*argv, "--sequential"], project, TIMEOUT_S, given)
        found = sorted(project.glob("runs/*/parameters/*/simulation_summary.csv"))
        if not found:
            said = " ".join((done.stdout + done.stderr).split())[-400:]
            raise ToolError(f"cace {tool.version} gave no summary: {said}", field="cace")
        with found[0].open(newline="") as file:
            return [_simulated(found[0].parent, row) for row in csv.DictReader(file)]


def _simulated(folder: Path, row: Mapping[str, str]) -> Simulated:
    """The run that a line of the summary tells of."""
    run = folder / row["run"]
    corner = yaml.safe_load((run / "conditions.yaml").read_text())["corner"]
    printed = {name: value for name, word in row.items() if (value := _number(word)) is not None}
    names = [name for name in row if name not in ("run", "corner")]
    words = next(iter(sorted(run.glob("*.data")))).read_text().split()
    written = {name: value for name, word in zip(names, words, strict=False) if (value := _number(word)) is not None}
    return Simulated(corner, written, printed)


def _number(word: str) -> float | None:
    try:
        return float(word)
    except ValueError:
        return None


@contextmanager
def _pdk(circuits: list[Circuit], place: Path) -> Iterator[Path]:
    """`$PDK_ROOT` where it has xschem's symbols, or one that is put together."""
    if library_folder():
        yield Path(os.environ[ROOT_VARIABLE])
        return
    tech = place / TECH
    write_stand_ins(circuits, tech / "xschem")
    (tech / "xschem" / "xschemrc").write_text(_START_UP)
    write_whole(tech / "ngspice" / "spiceinit", "set ngbehavior=hsa\nset ng_nomodcheck\n")
    (tech / "combined").symlink_to(models_dir().resolve())
    yield place
