"""Results of other settings lie apart: two choices never share a folder, and what is usual keeps the plain one."""

from __future__ import annotations

import hashlib
import itertools
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analoom.flows.files.array_files import ArrayFile, read_array
from analoom.flows.files.settings_folder import given_files, settings_folder

USUAL = {"corner": "tt", "temp": 27.0, "seed": 1}


def file(path: Path, *numbers: float) -> ArrayFile:
    np.save(path, np.array([numbers]))
    return read_array(path)


@pytest.mark.parametrize(
    ("chosen", "name"),
    [
        ({"corner": "ss", "temp": 125.0}, "ss_125degc"),
        ({"corner": "tt", "temp": -40.0, "seed": 2}, "minus40degc_seed-2"),
        ({"set": {"v_read": 0.04}}, "v_read-0.04"),
        ({"set": {}, "weights": None, **USUAL}, ""),
    ],
)
def test_a_folder_is_named_by_what_is_not_usual(tmp_path: Path, chosen: dict[str, Any], name: str) -> None:
    found = settings_folder(tmp_path, chosen, USUAL, bare=("corner",))
    assert not name or not found.exists(), "made by what is written"
    assert found.relative_to(tmp_path) == Path(name)


def test_no_two_choices_share_a_folder(tmp_path: Path) -> None:
    one, other = file(tmp_path / "a.npy", 1.0), file(tmp_path / "b.npy", 2.0)
    choices: list[dict[str, Any]] = [
        {},
        {"corner": "ss"},
        {"temp": 28.0},
        {"seed": 3},
        *({"set": {"a": value}} for value in (1, -1, "1/2", "1-2", "x" * 80, "x" * 81)),
        {"set": {"b": 1}},
        *({name: given} for name in ("weights", "inputs", "shifts") for given in (one, other)),
    ]
    folders = [settings_folder(tmp_path, choice, USUAL, bare=("corner",)) for choice in choices]
    for first, second in itertools.combinations(folders, 2):
        assert first != second
    assert all(folder.parent in (tmp_path, tmp_path.parent) for folder in folders)


def test_the_files_given_are_told_with_what_sha256sum_says(tmp_path: Path) -> None:
    path = tmp_path / "a.npy"
    held = file(path, 1.0)
    said = {"weights": {"path": str(path), "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}}
    assert given_files({"weights": held, "inputs": None}) == {"given": said}
    assert given_files({"weights": None}) == {}
    assert file(path, 2.0).sha256 != held.sha256
