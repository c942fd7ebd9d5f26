"""`analoom export`: the frame that all receivers share."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import klayout.db as kdb
import pytest

from analoom.cells.model.registry import build
from analoom.flows.cli.main import main
from analoom.flows.handover.lookup import MODULES, receiver_of
from analoom.flows.handover.record import Check, Receiver, Written, failed, not_run, passed
from analoom.flows.handover.run import export_cell
from analoom.pdk.errors import InputError, SpecError


def test_a_macro_is_written_where_it_was_asked_for(tmp_path: Path) -> None:
    report = export_cell(build("unit_cap"), "librelane", tmp_path / "macro").to_json()
    assert report["clean"]
    assert all(Path(path).is_file() for path in report["files"].values())
    layout = kdb.Layout()
    layout.read(report["files"]["gds"])
    assert [top.name for top in layout.top_cells()] == ["unit_cap"]


def test_a_folder_of_the_users_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(InputError) as refused:
        export_cell(build("unit_cap"), "librelane", tmp_path)
    assert refused.value.field == "out"
    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_an_earlier_export_is_replaced_whole(tmp_path: Path) -> None:
    place = tmp_path / "macro"
    export_cell(build("unit_cap"), "librelane", place)
    stale = place / "gds" / "stale.gds"
    stale.write_text("of an earlier version")
    export_cell(build("unit_cap"), "librelane", place)
    assert not stale.exists()
    assert list(tmp_path.iterdir()) == [place]


def _receiver(monkeypatch: pytest.MonkeyPatch, write: Any) -> None:
    monkeypatch.setattr("analoom.flows.handover.run.receiver_of", lambda name: Receiver("own", "", write))


def test_what_fails_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def write(cell: Any, settings: Any, folder: Path, step: Any) -> Written:
        (folder / "half").write_text("written")
        raise SpecError("w", 1, "another")

    _receiver(monkeypatch, write)
    with pytest.raises(SpecError):
        export_cell(build("unit_cap"), "own", tmp_path / "macro")
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("checks", "clean"),
    [
        ({}, False),
        ({"a": passed("1 looked at")}, True),
        ({"a": passed("1 looked at"), "b": not_run("no tool")}, False),
        ({"a": failed("1 of 2")}, False),
    ],
)
def test_clean_is_what_ran_and_found_nothing(
    checks: Mapping[str, Check], clean: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    _receiver(monkeypatch, lambda cell, settings, folder, step: Written({}, checks))
    assert export_cell(build("unit_cap"), "own", tmp_path / "macro").clean is clean


@pytest.mark.parametrize("name", MODULES)
def test_each_receiver_is_found_by_its_name(name: str) -> None:
    assert receiver_of(name).name == name
    assert receiver_of(name).words


@pytest.mark.parametrize(
    ("words", "field"),
    [
        (["unit_cap", "--to", "nobody"], "to"),
        (["unit_cap"], "to"),
        (["unit_cap", "--to", "librelane", "--set", "a=1"], "settings.a"),
        (["nothing", "--to", "librelane"], "name"),
    ],
)
def test_what_cannot_be_exported_is_told(words: list[str], field: str, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", *words, "--json"])
    assert ended.value.code == 2
    assert json.loads(capfd.readouterr().out)["error"]["field"] == field


def test_the_command_prints_what_lies_beside_the_files(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["export", "unit_cap", "--to", "librelane", "--out", str(tmp_path / "macro"), "--json"])
    assert ended.value.code == 0
    told, kept = json.loads(capfd.readouterr().out), json.loads((tmp_path / "macro" / "export.json").read_text())
    assert {"cell", "to", "files", "checks", "clean"} <= set(told)
    assert kept.pop("provenance")["packages"]["klayout"]
    assert kept == told
