"""IPM's tarball: what is in it, the same bytes again, and tarballs with a fault that are told."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import klayout.db as kdb
import pytest

from analoom.cells.model.registry import build
from analoom.flows.handover.catalogue.ipm import checks_of
from analoom.flows.handover.catalogue.tarball import files_in, write_tarball
from analoom.flows.handover.run import export_cell
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer

GIVEN: dict[str, Any] = {
    "repo": "github.com/someone/pair",
    "owner": "Someone",
    "license": "Apache-2.0",
    "author": "Some One",
    "email": "some@one.org",
    "version": "v1.2.0",
    "date": "2026-01-31",
}
Files = dict[str, bytes]


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> tuple[Any, Path]:
    cell = build("matched_pair", {"device": "nfet_g5v0d10v5"})
    report = export_cell(cell, "ipm", tmp_path_factory.mktemp("ipm") / "made", GIVEN)
    assert report.clean and set(report.checks) == {"facts", "contents", "layout", "lvs"}
    return cell, report.folder / report.files["tarball"]


def test_the_tarball_bears_its_version_and_has_the_folders_of_the_catalogue(made: tuple[Any, Path]) -> None:
    """The folders are those of chipfoundry/ipm's README, read by eye."""
    cell, path = made
    assert path.name == "v1.2.0.tar.gz"
    files = files_in(path)
    folders = {name.rpartition("/")[0] for name in files}
    wanted = {"doc", "layout/gds", "layout/lef", "timing/lib", "timing/sdf", "timing/spef", "hdl/gl", "spice", "fw"}
    assert {*wanted, "verify/beh_model"} <= folders
    facts = json.loads(files[f"{cell.name}.json"])
    assert {name: facts[name] for name in GIVEN} == GIVEN
    assert facts["supply_voltage"] == ["3.3"] and facts["type"] == "hard" and facts["category"] == "analog"
    box = cell.bbox_nm
    assert float(facts["width"]) * 1000 == box.width() and float(facts["height"]) * 1000 == box.height()


def test_the_same_cell_gives_the_same_bytes(made: tuple[Any, Path], tmp_path: Path) -> None:
    cell, path = made
    again = export_cell(cell, "ipm", tmp_path / "again", GIVEN)
    assert _hash(tmp_path / "again" / again.files["tarball"]) == _hash(path)


def _hash(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _without(part: str) -> Callable[[Files], Files]:
    return lambda files: {name: data for name, data in files.items() if part not in name}


def _edited(part: str, old: bytes, new: bytes) -> Callable[[Files], Files]:
    return lambda files: {name: data.replace(old, new) if part in name else data for name, data in files.items()}


def _moved(files: Files) -> Files:
    """Met2 of the layout 5 nm wider."""
    name = next(name for name in files if name.endswith(".gds"))
    layout = kdb.Layout()
    options = kdb.LoadLayoutOptions()
    layout.read_bytes(files[name], options)
    index = layout.layer(*Layer.MET2.value)
    shapes = layout.top_cell().shapes(index)
    wider = kdb.Region(shapes).sized(5)
    shapes.clear()
    shapes.insert(wider)
    save = kdb.SaveLayoutOptions()
    save.format = "GDS2"
    return {**files, name: layout.write_bytes(save)}


FAULTS: list[tuple[str, Callable[[Files], Files]]] = [
    ("facts", _edited(".json", b'"author": "Some One"', b'"author": ""')),
    ("facts", _edited(".yaml", b"owner: Someone", b"owner: Another")),
    ("facts", _without(".yaml")),
    ("contents", _without("timing/sdf")),
    ("contents", _edited("README.md", b"## Tapeout History", b"## History")),
    ("contents", _edited("datasheet.pdf", b"%PDF-", b"%PS-")),
    ("layout", _moved),
    ("layout", _without(".gds")),
    ("lvs", _edited(".spice", b" w=4 ", b" w=5 ")),
    ("lvs", _without(".spice")),
]


@pytest.mark.parametrize(("check", "damage"), FAULTS)
def test_a_tarball_with_a_fault_is_told(
    check: str, damage: Callable[[Files], Files], made: tuple[Any, Path], tmp_path: Path
) -> None:
    cell, path = made
    files = files_in(path)
    broken = damage(files)
    assert broken != files
    found = checks_of(cell, write_tarball(tmp_path / "v1.2.0.tar.gz", broken), lambda step: None)
    assert found[check].state == "failed"


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("version", "../1.0.0"),
        ("version", "1"),
        ("repo", "https://example.com"),
        ("email", "someone"),
        ("author", " "),
        ("author", "a\nb"),
        ("date", "yesterday"),
        ("tags", []),
    ],
)
def test_a_fact_that_cannot_be_is_refused_before_anything_is_written(field: str, value: Any, tmp_path: Path) -> None:
    with pytest.raises(SpecError) as refused:
        export_cell(build("mosfet"), "ipm", tmp_path / "made", {**GIVEN, field: value})
    assert refused.value.field == f"settings.{field}"
    assert not (tmp_path / "made").exists()


@pytest.mark.parametrize("field", GIVEN)
def test_who_made_it_is_never_guessed(field: str, tmp_path: Path) -> None:
    with pytest.raises(SpecError) as refused:
        export_cell(build("mosfet"), "ipm", tmp_path / "made", {k: v for k, v in GIVEN.items() if k != field})
    assert refused.value.field == f"settings.{field}"
