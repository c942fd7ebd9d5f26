"""Result folders: safe names, files whole or absent."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from analoom.cells.model.registry import build
from analoom.flows.files.outputs import (
    cell_folder,
    file_folder,
    make_folder,
    provenance,
    safe_name,
    whole_file,
    write_whole,
)
from analoom.pdk.errors import InputError


def test_a_folder_a_cell_and_spec(tmp_path: Path) -> None:
    folder = cell_folder(build("mosfet", {"w": 4}), tmp_path)
    assert folder == tmp_path / "mosfet" / "mosfet_w4"
    assert folder.is_dir()


def test_a_file_of_any_name_gets_a_plain_folder(tmp_path: Path) -> None:
    folder = file_folder(Path("/x/../we ird$.gds.gz"), tmp_path)
    assert folder.parent == tmp_path / "files" and re.fullmatch(r"we_ird_-[0-9a-f]{8}", folder.name)
    assert file_folder(Path("/we ird$.gds.gz"), tmp_path) == folder
    assert file_folder(Path("/y/we ird$.gds.gz"), tmp_path) != folder
    assert len(file_folder(Path("/" + "x" * 250 + ".gds"), tmp_path).name) < 200


@pytest.mark.parametrize("name", ["../up", "a/b", "", ".hidden", "a\nb", "x" * 300])
def test_a_name_that_leaves_its_folder_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        safe_name(name)


def test_a_write_that_fails_leaves_the_old_file_and_no_litter(tmp_path: Path) -> None:
    path = write_whole(tmp_path / "report.json", "old")
    with pytest.raises(RuntimeError, match="killed"), whole_file(path) as draft:
        draft.write_text("half")
        raise RuntimeError("killed")
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["report.json"]


def test_a_folder_below_a_file_cannot_be_made(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match="cannot write"):
        make_folder(tmp_path / "file" / "below")


def test_provenance_names_packages_and_seed() -> None:
    told = provenance(seed=7)
    assert told["seed"] == 7
    assert told["packages"]["klayout"][0].isdigit()
    assert told["pdk"]["sky130"][0].isdigit()
