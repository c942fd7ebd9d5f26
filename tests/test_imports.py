"""Imports go one way: pdk <- cells <- generators <- flows."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ORDER = ("pdk", "cells", "generators", "flows")
SOURCES = [path for package in ORDER for path in sorted((ROOT / package).glob("*.py"))]


def _packages_imported(text: str, own: str) -> set[str]:
    """The packages of ours that a module's text imports, at the top or inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.ImportFrom) and node.level == 1:
            found.add(own)
        elif isinstance(node, ast.ImportFrom) and node.level == 2:
            found |= {node.module.split(".")[0]} if node.module else {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module == "analoom":
            found |= {alias.name for alias in node.names}
        else:
            names = [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            names += [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            found |= {name.split(".")[1] for name in names if name.startswith("analoom.")}
    return found


def _upward(text: str, own: str) -> set[str]:
    return {name for name in _packages_imported(text, own) if ORDER.index(name) > ORDER.index(own)}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_no_module_imports_upward(path: Path) -> None:
    assert not _upward(path.read_text(), path.parent.name)


@pytest.mark.parametrize(
    "line",
    [
        "from analoom.flows.drc import run_drc",
        "import analoom.flows.drc",
        "from analoom import flows",
        "from ..flows import drc",
    ],
)
def test_an_upward_import_would_be_seen(line: str) -> None:
    assert _upward(f"def f():\n    {line}\n", "cells") == {"flows"}


def test_nothing_imports_the_pdk_package_or_our_folders_by_their_bare_names() -> None:
    for path in SOURCES:
        for node in ast.walk(ast.parse(path.read_text())):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and node.level == 0 else []
            assert not {name.split(".")[0] for name in names} & {"sky130", *ORDER}, path
