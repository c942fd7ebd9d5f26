"""No circle of imports, and no room that imports one above it; the packages installed are the rooms, in their order."""

from __future__ import annotations

import ast
import tomllib
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest
from import_graph import Module, circles, graph_of, imports_of, modules_of, upward

ROOT = Path(__file__).parent.parent
SETUP = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
ROOMS: list[str] = SETUP["packages"]
"""Rooms in the order of their imports, the lowest first."""

PACKAGES = ("pdk", "cells", "generators", "flows")
MODULES = modules_of(ROOT, SETUP["package-dir"])
GRAPH = graph_of(MODULES)
MOST_MODULES = 20
"""In one room, its `__init__` aside."""


def test_no_modules_import_each_other_in_a_circle() -> None:
    assert "\n".join(map(str, circles(GRAPH))) == ""


def test_no_room_imports_one_that_stands_later_in_the_order() -> None:
    assert "\n".join(upward(GRAPH, MODULES, ROOMS)) == ""


def test_the_rooms_of_each_package_stand_together_in_the_order_of_the_packages() -> None:
    places = [PACKAGES.index(room.split(".")[1]) for room in ROOMS if room != "analoom"]
    assert ROOMS[-1] == "analoom", "the front door stands above all"
    assert places == sorted(places)


def test_the_packages_installed_are_the_folders_that_hold_modules() -> None:
    assert sorted(ROOMS) == sorted({module.room(name) for name, module in MODULES.items()})


def test_every_room_says_in_its_docstring_what_lives_there() -> None:
    rooms = {name: module for name, module in MODULES.items() if module.is_folder}
    assert sorted(rooms) == sorted(ROOMS)
    assert not [name for name, module in rooms.items() if not ast.get_docstring(ast.parse(module.text))]


def test_no_room_holds_more_modules_than_one_looks_through() -> None:
    assert _too_full(MODULES) == []


def test_a_room_with_one_module_too_many_is_seen() -> None:
    full = {f"analoom.pdk.planted.m{k}": Module("") for k in range(MOST_MODULES)}
    folder = {"analoom.pdk.planted": Module("", is_folder=True)}
    assert _too_full({**full, **folder}) == []
    assert _too_full({**full, **folder, "analoom.pdk.planted.more": Module("")}) == ["analoom.pdk.planted"]


def _too_full(modules: Mapping[str, Module]) -> list[str]:
    held = Counter(module.room(name) for name, module in modules.items() if not module.is_folder)
    return [room for room, count in held.items() if count > MOST_MODULES]


@pytest.mark.parametrize(
    "line",
    [
        "from analoom.flows.drc.check import drc_cell",
        "import analoom.flows.drc.check",
        "from analoom.flows.drc import check",
        "from analoom.flows.drc import drc_cell",
        "from analoom.flows import drc",
        "from ...flows.drc.check import drc_cell",
        "from ...flows.drc import check",
    ],
)
@pytest.mark.parametrize("place", ["{}", "def f():\n    {}", "if TYPE_CHECKING:\n    {}"])
def test_a_planted_upward_import_is_seen(place: str, line: str) -> None:
    (arrow,) = _arrows_of("analoom.cells.model.circuit", place.format(line))
    assert arrow.startswith("analoom.cells.model.circuit -> analoom.flows.drc")


def test_a_planted_upward_import_between_rooms_of_one_package_is_seen() -> None:
    (arrow,) = _arrows_of("analoom.flows.lvs.devices.units", "from ..reference.netlist import read_reference")
    assert arrow == "analoom.flows.lvs.devices.units -> analoom.flows.lvs.reference.netlist"


def test_a_downward_import_and_one_within_a_room_are_not_complained_of() -> None:
    own = "analoom.flows.lvs.reference.netlist"
    assert not _arrows_of(own, "from ..devices.units import FINGERS\nfrom .lines import Line")


def _arrows_of(own: str, text: str) -> list[str]:
    """The upward arrows of a module whose text is this."""
    planted = {**MODULES, own: Module(text)}
    return upward({own: imports_of(own, planted)}, planted, ROOMS)


@pytest.mark.parametrize(
    ("low", "high"),
    [
        ("from .high import f", "from .low import g"),
        ("def g():\n    from .high import f", "from analoom.pdk.low import g"),
        ("from . import high", "import analoom.pdk.low"),
        ("from analoom.pdk import f", "from .low import g"),
    ],
)
def test_a_planted_circle_is_seen(low: str, high: str) -> None:
    folder = Module("from .high import f", is_folder=True)
    planted = {"analoom.pdk": folder, "analoom.pdk.low": Module(low), "analoom.pdk.high": Module(high)}
    (circle,) = circles(graph_of(planted))
    assert {"analoom.pdk.low", "analoom.pdk.high"} <= set(circle)
    assert not circles(graph_of({**planted, "analoom.pdk.low": Module("")}))


def test_an_import_of_a_module_that_there_is_not_is_seen() -> None:
    with pytest.raises(ImportError, match=r"analoom\.pdk\.low imports analoom\.pdk\.gone"):
        graph_of({"analoom.pdk.low": Module("def f():\n    from .gone import g")})


@pytest.mark.slow
def test_nothing_imports_the_pdk_package_or_our_folders_by_their_bare_names() -> None:
    for name, module in MODULES.items():
        for node in ast.walk(ast.parse(module.text)):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
            assert not {given.split(".")[0] for given in names} & {"sky130", *PACKAGES}, name
