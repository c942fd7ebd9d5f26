"""A page names the cells beside its own, and links their pages where they are; a sum names the multiplier, and back."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from analoom.cells.model.registry import entries
from analoom.flows.report.beside import beside
from analoom.flows.report.page import write_report

SIZE = {"width_um": 1.0, "height_um": 1.0, "area_um2": 1.0, "seconds": 0.0}
KINDS = {"weighted_sum": "translinear", "translinear": "weighted_sum"}


def folder_of(name: str, out: Path) -> Path:
    made, entry = out / name / name, entries()[name]
    made.mkdir(parents=True)
    build = {"cell": name, "system": entry.system, "kind": entry.kind, "spec": {}, "files": {}, "pins": {}, **SIZE}
    (made / "build.json").write_text(json.dumps(build))
    return made


@pytest.mark.parametrize(("name", "other"), KINDS.items())
def test_the_other_is_told_by_its_command_and_linked_once_its_page_is_there(
    name: str, other: str, tmp_path: Path
) -> None:
    here, there = (folder_of(one, tmp_path) for one in (name, other))
    assert f"analoom flow {other}" in write_report(here).read_text()
    page = write_report(there)
    (address,) = (address for _, _, address in beside(json.loads((here / "build.json").read_text()), here))
    assert address is not None and (here / address).resolve() == page.resolve()
    assert f'href="{address}"' in write_report(here).read_text()


def test_a_cell_whose_system_names_none_tells_of_none(tmp_path: Path) -> None:
    assert "analoom flow" not in write_report(folder_of("unit_cap", tmp_path)).read_text()
