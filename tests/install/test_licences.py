"""All that a plain install brings, and the extras, is free by its own metadata; NOTICE says what these say."""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

import pytest
from install.licences import Licence, closure, licence_of, normal
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
EXTRAS = [words for name, wanted in PROJECT["optional-dependencies"].items() if name != "dev" for words in wanted]
DIRECT = [*PROJECT["dependencies"], *EXTRAS]
FREE_ALL_THE_SAME = {"qrcode": "BSD by its License field and its licence file; the second classifier says otherwise"}
"""Distributions whose metadata contradict themselves, and what was found there."""


@pytest.fixture(scope="module")
def brought() -> dict[str, Licence]:
    return {name: licence_of(found) for name, found in closure(DIRECT, sys.path).items()}


@pytest.mark.slow
def test_nothing_that_comes_with_analoom_is_proprietary(brought: dict[str, Licence]) -> None:
    assert len(brought) > len(DIRECT)
    wrong = {name: why for name, found in brought.items() if (why := found.wrong)}
    assert wrong.keys() == FREE_ALL_THE_SAME.keys(), wrong
    for name in FREE_ALL_THE_SAME:
        assert "Redistribution and use in source and binary forms" in brought[name].text


@pytest.mark.parametrize(
    "said",
    [
        "License: Proprietary",
        "License-Expression: LicenseRef-Proprietary",
        "License-Expression: MIT AND LicenseRef-Vendor",
        "License: MIT\nClassifier: License :: Other/Proprietary License",
        "License: Commercial, see the contract",
        "License: All rights reserved",
        "License: UNKNOWN",
        "Summary: it says nothing, as gdsfactoryplus does, which sky130 1.0 brings",
    ],
)
def test_a_proprietary_one_is_caught_however_deep_it_lies(said: str, tmp_path: Path) -> None:
    _install(tmp_path, "own", "License: MIT\nRequires-Dist: between>=1")
    asked = 'Requires-Dist: Closed_One; extra == "all"\nRequires-Dist: between[all]'
    _install(tmp_path, "between", f"License: BSD\n{asked}")
    _install(tmp_path, "closed.one", said)
    wrong = {name: licence_of(found).wrong for name, found in closure(["own"], [str(tmp_path)]).items()}
    assert [name for name, why in wrong.items() if why] == ["closed-one"]
    _install(tmp_path, "closed.one", "License-Expression: Apache-2.0")
    assert not any(licence_of(found).wrong for found in closure(["own"], [str(tmp_path)]).values())


def test_a_licence_file_counts_where_the_metadata_say_nothing(tmp_path: Path) -> None:
    folder = _install(tmp_path, "silent", "Summary: silent")
    (folder / "LICENSE").write_text("MIT License\n\nCopyright (c) 2020 nobody\n")
    (folder / "RECORD").write_text("silent-1.dist-info/LICENSE,,\n")
    assert licence_of(closure(["silent"], [str(tmp_path)])["silent"]).families == {"MIT"}


def test_a_requirement_that_is_not_installed_is_told(tmp_path: Path) -> None:
    _install(tmp_path, "own", "Requires-Dist: absent")
    with pytest.raises(LookupError, match="absent"):
        closure(["own"], [str(tmp_path)])


def test_notice_says_what_the_metadata_say(brought: dict[str, Licence]) -> None:
    assert _false_in((ROOT / "NOTICE").read_text(), brought) == []


@pytest.mark.parametrize(
    ("true", "false", "wrong"),
    [
        ("klayout: GPL-3.0-or-later", "klayout: MIT", "klayout"),
        ("PySpice: GPL-3.0", "PySpice: BSD-3-Clause", "pyspice"),
        ("- numpy: ", "- numpi: ", "numpy"),
        ("- rich: ", "- requests: Apache-2.0\n- rich: ", "requests"),
    ],
)
def test_a_false_notice_is_seen(true: str, false: str, wrong: str, brought: dict[str, Licence]) -> None:
    notice = (ROOT / "NOTICE").read_text()
    assert true in notice
    assert wrong in _false_in(notice.replace(true, false), brought)


def _install(folder: Path, name: str, said: str) -> Path:
    """A made-up distribution in `folder`."""
    place = folder / f"{name}-1.dist-info"
    place.mkdir(exist_ok=True)
    (place / "METADATA").write_text(f"Metadata-Version: 2.4\nName: {name}\nVersion: 1\n{said}\n")
    return place


def _false_in(notice: str, brought: dict[str, Licence]) -> list[str]:
    """Direct requirements that NOTICE does not list by the licences of their metadata, and what it lists besides."""
    told = {normal(name): words for name, words in re.findall(r"^- ([\w.-]+): (.+)$", notice, re.MULTILINE)}
    wanted = {normal(Requirement(words).name) for words in DIRECT}
    said = {name: Licence(name, (words,), "").families for name, words in told.items()}
    differ = [name for name in wanted & said.keys() if said[name] != brought[name].families]
    return sorted({*differ, *(wanted ^ told.keys())})
