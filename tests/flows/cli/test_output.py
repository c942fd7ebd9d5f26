"""What is shown of work that goes on: a bar on a terminal alone, none with --json, and where the results lie."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest

EXE = str(Path(sys.executable).parent / "analoom")
BAR = "\N{BOX DRAWINGS HEAVY HORIZONTAL}"


def on_a_terminal(folder: Path, *words: str) -> tuple[str, str]:
    """(stdout, what a terminal on stderr showed) of a command."""
    ours, theirs = pty.openpty()
    environment = {**os.environ, "TERM": "xterm", "COLUMNS": "100", "LANG": "C.UTF-8"}
    with subprocess.Popen([EXE, *words], cwd=folder, stdout=subprocess.PIPE, stderr=theirs, env=environment) as command:
        os.close(theirs)
        shown = b""
        while more := _read(ours):
            shown += more
        assert command.stdout is not None
        said = command.stdout.read()
    os.close(ours)
    return said.decode(), shown.decode()


def _read(terminal: int) -> bytes:
    """The end of a terminal is an error on Linux."""
    try:
        return os.read(terminal, 1 << 16)
    except OSError:
        return b""


WORDS = ("mismatch", "unit_cap", "--engine", "mc", "--out", "results")


def test_a_terminal_has_a_bar_and_is_told_where_the_results_lie(tmp_path: Path) -> None:
    _, shown = on_a_terminal(tmp_path, *WORDS)
    assert BAR in shown and "mismatch of unit_cap (mc)" in shown
    assert shown.strip().splitlines()[-1].strip().endswith("results: results/mc")
    assert (tmp_path / "results" / "mc" / "mismatch.json").is_file()


def test_with_json_there_is_no_bar(tmp_path: Path) -> None:
    said, shown = on_a_terminal(tmp_path, *WORDS, "--json")
    assert json.loads(said)["cell"] == "unit_cap"
    assert shown == ""


@pytest.mark.slow
def test_a_file_has_no_bar(tmp_path: Path) -> None:
    done = subprocess.run([EXE, *WORDS], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stderr == "results: results/mc\n"
