"""The campaign of `make test-install` runs every command, and sees one that fails and a file left out."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from zipfile import ZipFile

from install import fresh_install
from install.fresh_install import COMMANDS, failures_of, missing_in, versions_promised
from install.interpreters import find

EXE = Path(sys.executable).parent / "analoom"


def test_every_command_is_run() -> None:
    done = subprocess.run([str(EXE), "--help"], capture_output=True, text=True, timeout=60, check=True)
    known = set(re.findall(r"^  ([a-z]+)  ", done.stdout.split("Commands:")[1], re.MULTILINE))
    assert known == {words.split()[0] for words, _ in COMMANDS} - {"--version"}


def test_a_command_that_ends_otherwise_than_it_should_is_a_failure(tmp_path: Path, monkeypatch, capsys) -> None:
    monkeypatch.setattr(fresh_install, "COMMANDS", (("--version", 0), ("--nonsense", 2)))
    assert list(failures_of(EXE, tmp_path / "well")) == []
    monkeypatch.setattr(fresh_install, "COMMANDS", (("--version", 2), ("--nonsense", 0)))
    version, nothing = failures_of(EXE, tmp_path / "wrong")
    assert version.startswith("analoom --version: exit 0, not 2")
    assert nothing.startswith("analoom --nonsense: exit 2, not 0: error: No such option")


def test_a_file_left_out_of_the_wheel_is_seen(tmp_path: Path) -> None:
    folder = fresh_install.ROOT
    whole, short = tmp_path / "whole.whl", tmp_path / "short.whl"
    parts = {"pdk": "analoom/pdk", "cells": "analoom/cells", "generators": "analoom/generators"}
    for wheel, left_out in ((whole, None), (short, "analoom/flows/sweep/plan/jobs/pair.yaml")):
        with ZipFile(wheel, "w") as held:
            for part, place in {**parts, "flows": "analoom/flows", "flows/front": "analoom"}.items():
                for path in (p for p in (folder / part).rglob("*") if p.is_file()):
                    name = f"{place}/{path.relative_to(folder / part)}"
                    if name != left_out:
                        held.writestr(name, "")
    assert missing_in(whole) == []
    assert missing_in(short) == ["analoom/flows/sweep/plan/jobs/pair.yaml"]


def test_pythons_are_found_by_what_they_say(tmp_path: Path, monkeypatch) -> None:
    own = "{}.{}".format(*sys.version_info)
    assert find(own) == Path(sys.executable)
    assert own in versions_promised()
    shim = tmp_path / "python3.99"
    shim.write_text("#!/bin/sh\necho 'python3.99: command not found' >&2; exit 127\n")
    shim.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find("3.99") is None
    shim.write_text("#!/bin/sh\necho 3.99\n")
    assert find("3.99") == shim
