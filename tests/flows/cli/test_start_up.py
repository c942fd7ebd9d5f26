"""What a command loads before it does its work: nothing that it does not need. Modules are counted, not seconds."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

LOADED = """
import json, sys
from analoom.flows.cli.main import main
try:
    main(sys.argv[2:])
except SystemExit as end:
    assert not end.code, end.code
with open(sys.argv[1], "w") as out:
    json.dump(sorted(sys.modules), out)
"""
LARGE = {"matplotlib", "scipy", "gdsfactory", "plotly", "pyarrow", "distributed", "jinja2", "analoom.flows.flow"}


def loaded(folder: Path, *words: str) -> set[str]:
    """The modules in memory after a command has run in a fresh process."""
    said = folder / "modules.json"
    command = [sys.executable, "-c", LOADED, str(said), *words]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return set(json.loads(said.read_text()))


@pytest.mark.slow
def test_build_loads_its_cell_and_neither_plots_nor_flow_nor_solvers(tmp_path: Path) -> None:
    found = loaded(tmp_path, "build", "matched_pair", "--out", "out")
    assert not found & LARGE
    ours = {name for name in found if name.startswith(("analoom.cells.", "analoom.generators."))}
    assert "analoom.generators.transistors.matched_pair" in ours
    assert not {name for name in ours if "synapse" in name or "charge_mac" in name or name.endswith("current_mirror")}
    assert {path.name for path in (tmp_path / "out").glob("*.png")} == {"matched_pair.png", "pattern.png"}


@pytest.mark.slow
@pytest.mark.parametrize("words", [("--help",), ("list", "--json"), ("build", "--help")])
def test_help_and_the_list_load_neither_numpy_nor_klayout(words: tuple[str, ...], tmp_path: Path) -> None:
    loaded(tmp_path, "list", "--json")  # the list is remembered from now on
    assert not loaded(tmp_path, *words) & {*LARGE, "numpy", "klayout", "pydantic", "analoom.cells.model.registry"}


@pytest.mark.slow
def test_extraction_of_a_pair_loads_neither_bars_nor_crossbars_nor_resistances(tmp_path: Path) -> None:
    rooms = ("rich.", "analoom.flows.pex.crossbar.", "analoom.flows.pex.resistance.network")
    assert not [name for name in loaded(tmp_path, "pex", "matched_pair", "--json") if name.startswith(rooms)]
    found = loaded(tmp_path, "pex", "matched_pair", "--mode", "rc")
    assert {"rich.table", "analoom.flows.pex.resistance.network"} <= found


@pytest.mark.slow
def test_a_command_that_needs_them_loads_them(tmp_path: Path) -> None:
    found = loaded(tmp_path, "mismatch", "mosfet", "--json")
    assert {"scipy", "numpy", "klayout"} <= found
