"""The doors of the rooms: each opens, none is loaded before it is asked for, and moved modules keep their old paths."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parent.parent
FRONT = "flows/front"


def _named(folder: Path) -> str:
    path = folder.relative_to(ROOT)
    return "analoom" if str(path) == FRONT else "analoom." + ".".join(path.parts)


ROOMS = {
    _named(file.parent): file.parent
    for top in ("pdk", "cells", "generators", "flows")
    for file in sorted((ROOT / top).rglob("__init__.py"))
}
GROUPS = ("analoom.pdk", "analoom.cells", "analoom.generators", "analoom.flows", "analoom")

ALONE = """
import importlib, json, sys
found = {}
for room in json.loads(sys.argv[1]):
    module = importlib.import_module(room)
    loaded = [n for n, m in sys.modules.items() if n.startswith("analoom") and not hasattr(m, "__path__")]
    doors = sorted(set(module.__dir__()) - set(vars(module))) if "__getattr__" in vars(module) else []
    found[room] = [loaded, doors, sorted(getattr(module, "__all__", []))]
print(json.dumps(found))
"""
OPENED = """
import importlib, json, sys, types
for room in json.loads(sys.argv[1]):
    module = importlib.import_module(room)
    for name in getattr(module, "__all__", []):
        assert not isinstance(getattr(module, name), types.ModuleType), f"{room}.{name} is a module"
"""
OLD = """
import json, sys, warnings
from analoom.moved import MOVED
for line, new in json.loads(sys.argv[1]):
    for name in MOVED:
        sys.modules.pop(name, None)
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        exec(compile(line, "a_user.py", "exec"), {})
    said = [str(w.message) for w in caught if w.filename == "a_user.py" and w.category is DeprecationWarning]
    wanted = [f"is now {new};"] if new else []
    assert len(said) == len(wanted) and all(w in s for w, s in zip(wanted, said)), (line, said)
"""
OLD_LINES = [
    ("from analoom.cells.registry import build", "analoom.cells.model.registry"),
    ("from analoom.flows.matching import matching_sections", None),
    ("from analoom.flows.drc import drc_cell", None),
    ("from analoom.flows.lvs import lvs_cell", None),
    ("from analoom.flows.mismatch import mismatch", None),
    ("from analoom.flows.simulate import simulate", None),
    ("from analoom.flows.array_read import array_reader", "analoom.flows.systems.crossbar.solver.read"),
    ("from analoom.flows.build import build_files", "analoom.flows.export.build"),
    ("from analoom.flows.post_layout import simulated", "analoom.flows.post_layout.simulate_view"),
    ("from analoom.cells.gdsfactory_pdk import pdk", "analoom.flows.gdsfactory"),
    ("from analoom.cells.model.gdsfactory_pdk import pdk", "analoom.flows.gdsfactory"),
    ("from analoom.flows.picture import write_picture", "analoom.flows.export.picture"),
    ("from analoom.flows.sweep import run_sweep", None),
    ("from analoom.flows.sweep_figures import figures", "analoom.flows.sweep.page.figures"),
    ("from analoom.flows.sweep_job import SweepJob", "analoom.flows.sweep.plan.job"),
    ("from analoom.cells.cell import Cell, Kind, LengthUm, Pin, Spec, draw_pin", "analoom.cells.model.cell"),
    ("from analoom.cells.circuit import Circuit", "analoom.cells.model.circuit"),
    ("from analoom.cells.draw import Drawing", "analoom.cells.model.drawing"),
    ("from analoom.cells.registry import cell_name, register", "analoom.cells.model.registry"),
    ("from analoom.pdk.layers import Layer", None),
    ("from analoom.pdk.units import to_nm", None),
    ("import analoom.generators.centroid_cost", "analoom.generators.matching.cost"),
    ("from analoom.flows.results_table import read_table", "analoom.flows.files.results_table"),
]
"""Every import line and module path of the README of version 0.1, and where the module lies now if elsewhere."""


def _run(script: str, told: Any) -> str:
    words = [sys.executable, "-c", script, json.dumps(told)]
    done = subprocess.run(words, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _modules_of(folder: Path) -> set[str]:
    """The names that a folder's modules and rooms have as attributes of its package."""
    rooms = {path.parent.name for path in folder.glob("*/__init__.py")}
    return rooms | {path.stem for path in folder.glob("*.py")} - {"__init__"}


def _doors_of(folder: Path) -> set[str]:
    """The names in `__all__`, read from the text."""
    for node in ast.parse((folder / "__init__.py").read_text()).body:
        if isinstance(node, ast.Assign) and ast.unparse(node.targets[0]) == "__all__":
            return set(ast.literal_eval(node.value))
    return set()


def test_a_room_alone_loads_none_of_its_modules_and_its_doors_are_those_it_lists() -> None:
    found = json.loads(_run(ALONE, list(ROOMS)))
    for room, (loaded, doors, listed) in found.items():
        assert set(loaded) == {"analoom.pdk.doors", "analoom.moved", "analoom.notebooks"}, room
        assert doors == listed, room
    assert sum(len(listed) for _, _, listed in found.values()) > 100


@pytest.mark.slow
@pytest.mark.parametrize("group", GROUPS)
def test_every_door_opens(group: str) -> None:
    of = [room for room in ROOMS if room == group or (group != "analoom" and room.startswith(f"{group}."))]
    assert of
    _run(OPENED, of)


def test_a_door_that_does_not_open_would_be_seen() -> None:
    with pytest.raises(AssertionError, match="is a module"):
        _run("import json, analoom; analoom.__all__ = ['json']; analoom.json = json\n" + OPENED, ["analoom"])


def test_no_door_is_named_like_a_module_of_its_room() -> None:
    for room, folder in ROOMS.items():
        assert not _doors_of(folder) & _modules_of(folder), room
    assert {"check", "fast"} <= _modules_of(ROOT / "flows/drc"), "such a name would be seen"


def test_a_name_that_is_no_door_is_told() -> None:
    import analoom

    with pytest.raises(AttributeError, match="'analoom' has no attribute 'nonsense'"):
        analoom.nonsense  # type: ignore[attr-defined]  # noqa: B018
    with pytest.raises(ModuleNotFoundError):
        import analoom.cells.nonsense


def test_the_front_door_gives_the_functions_themselves() -> None:
    import analoom
    from analoom.cells.model import registry
    from analoom.flows.drc.check import drc_cell

    assert analoom.build is registry.build and analoom.drc_cell is drc_cell
    assert analoom.build("mosfet", w=3) is analoom.build("mosfet", {"w": 3}) is analoom.build("mosfet", {"w": 9}, w=3)


def test_the_version_is_the_one_installed_and_python_m_runs_the_command_line() -> None:
    import analoom

    done = subprocess.run([sys.executable, "-m", "analoom", "--version"], capture_output=True, text=True, timeout=60)
    assert done.stdout.split() == [analoom.__version__] and done.returncode == 0


@pytest.mark.slow
def test_the_lines_of_the_old_readme_work_and_tell_the_new_path() -> None:
    _run(OLD, OLD_LINES)


def test_a_line_that_tells_another_path_would_be_seen() -> None:
    with pytest.raises(AssertionError, match="is now"):
        _run(OLD, [("import analoom.cells.circuit", "analoom.cells.model.cell")])
    with pytest.raises(AssertionError, match="is now"):
        _run(OLD, [("import analoom.cells.circuit", None)])


def test_a_moved_module_is_one_object_under_both_paths(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delitem(sys.modules, "analoom.cells.circuit", raising=False)
    with pytest.warns(DeprecationWarning, match="analoom.cells.model.circuit"):
        import analoom.cells.circuit as old
    import analoom.cells.model.circuit as new

    assert old is new
    assert new.__spec__ is not None and new.__spec__.name == "analoom.cells.model.circuit" == new.__name__
