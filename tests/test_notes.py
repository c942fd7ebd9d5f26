"""The notes of a cell are for people: no module takes a number, a name or a decision from them."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
ROOMS = ("pdk", "cells", "generators", "flows")
REPORTERS = {"self", "source", "found", "network", "parasitics", "capacitances", "report", "statistics"}
REPORTERS |= {"measured", "super", "rc", "opener", "reach", "by_pdk", "done", "read"}
"""Names of reports and sources, whose own `notes` are sentences."""
ALLOWED = {"flows/export/build.py": "prints them, as `build --json` and the report show them"}
"""Where a cell's notes are read, and what for."""


def reads(text):
    """Lines that read `notes` of anything but a report, in whatever way."""
    found = []
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.Attribute) and node.attr == "notes" and isinstance(node.ctx, ast.Load):
            value = node.value.func if isinstance(node.value, ast.Call) else node.value
            owner = value.attr if isinstance(value, ast.Attribute) else getattr(value, "id", "")
            found += [] if owner in REPORTERS else [node.lineno]
        elif isinstance(node, ast.Call) and getattr(node.func, "id", "") == "getattr":
            named = [a.value for a in node.args[1:2] if isinstance(a, ast.Constant)]
            owner = getattr(node.args[0], "id", "")
            found += [node.lineno] if named == ["notes"] and owner not in REPORTERS else []
    return found


@pytest.mark.slow
def test_no_module_computes_from_notes():
    files = [path for room in ROOMS for path in sorted((ROOT / room).rglob("*.py"))]
    assert len(files) > 300
    found = {str(path.relative_to(ROOT)): lines for path in files if (lines := reads(path.read_text()))}
    assert found.keys() == ALLOWED.keys()
    assert all(len(lines) == 1 for lines in found.values()), found


@pytest.mark.parametrize(
    "line",
    [
        'rows = cell.notes["rows"]',
        'tile = self.cell.notes.get("tile_nm")',
        "notes = source.cell.notes if source.cell else {}",
        'known = {"rows"} <= set(array.notes)',
        'lines = getattr(unit, "notes", {})["lines"]',
        'area = registry.build("matched_pair").notes["area_um2"]',
    ],
)
def test_a_reading_would_be_seen(line):
    assert reads(line) == [1]


@pytest.mark.parametrize("line", ["notes = source.notes", "cell = Cell(name, notes=_notes(spec))", "x = self.notes"])
def test_sentences_of_reports_and_what_is_written_are_not_meant(line):
    assert reads(line) == []
