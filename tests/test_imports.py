"""Imports go one way, pdk <- cells <- generators <- flows; the packages installed are the folders there are."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ("pdk", "cells", "generators", "flows")
SOURCES = [path for package in ORDER for path in sorted((ROOT / package).rglob("*.py"))]


def _module(path: Path) -> list[str]:
    """`flows/drc/check.py` as its names; what is relative to it begins at the last but one, of an `__init__` too."""
    return [*path.relative_to(ROOT).parts[:-1], path.stem]


def _packages_imported(text: str, own: list[str]) -> set[str]:
    """The packages of ours that a module's text imports, at the top or inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.level:
            below = own[: len(own) - node.level]
            parts = [*below, *(node.module or "").split(".")] if node.module else below
            found |= {parts[0]} if parts else {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "analoom":
            found |= {alias.name for alias in node.names}
        else:
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            found |= {name.split(".")[1] for name in names if name.startswith("analoom.")}
    return found


def _upward(text: str, own: list[str]) -> set[str]:
    return {name for name in _packages_imported(text, own) if ORDER.index(name) > ORDER.index(own[0])}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_no_module_imports_upward(path: Path) -> None:
    assert not _upward(path.read_text(), _module(path))


@pytest.mark.parametrize(
    "line",
    [
        "from analoom.flows.drc import run_drc",
        "import analoom.flows.drc",
        "from analoom import flows",
        "from ...flows import drc",
    ],
)
def test_an_upward_import_would_be_seen(line: str) -> None:
    assert _upward(f"def f():\n    {line}\n", ["cells", "model", "cell"]) == {"flows"}


def test_nothing_imports_the_pdk_package_or_our_folders_by_their_bare_names() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
            assert not {name.split(".")[0] for name in names} & {"sky130", *ORDER}, path


def test_the_packages_installed_are_the_folders_that_hold_modules() -> None:
    """The front door alone is installed under another name than its folder's: as `analoom` itself."""
    told = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]
    assert told["package-dir"].pop("analoom") == "flows/front"
    assert all(name == f"analoom.{folder}" for name, folder in told["package-dir"].items())
    folders = {".".join(path.relative_to(ROOT).parts[:-1]) for path in SOURCES} - {"flows.front"}
    assert sorted(told["packages"]) == sorted({"analoom", *(f"analoom.{folder}" for folder in folders)})
