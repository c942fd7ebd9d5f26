"""The README does what it says: its Python runs, its commands end well, its make targets exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()
PYTHON = re.findall(r"```python\n(?!# doc)(.*?)```", README, re.DOTALL)
SHELL = [line for block in re.findall(r"```sh\n(.*?)```", README, re.DOTALL) for line in block.splitlines()]
(MY_CELLS,) = (code for code in PYTHON if "@register" in code)
COMMANDS = [line for line in SHELL if line.startswith("analoom ")]


@pytest.mark.slow
@pytest.mark.parametrize("code", PYTHON, ids=lambda code: code.splitlines()[0])
def test_python_examples_run_as_files_of_their_own(code: str, tmp_path: Path) -> None:
    (tmp_path / "example.py").write_text(code)
    words = [sys.executable, "-W", "error::DeprecationWarning:__main__", "example.py"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.tools
def test_commands_end_well_one_after_the_other(tmp_path: Path) -> None:
    exe = Path(sys.executable).parent / "analoom"
    (tmp_path / "my_cells.py").write_text(MY_CELLS)
    for line in COMMANDS:
        words = [str(exe), *shlex.split(line)[1:]]
        done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=300)
        assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"make ([a-z-]+)", "\n".join([*SHELL, *re.findall(r"`(make [a-z-]+)`", README)])))
    assert named
    assert named <= targets


def test_every_command_is_shown() -> None:
    done = subprocess.run(
        [str(Path(sys.executable).parent / "analoom"), "--help"], capture_output=True, text=True, timeout=60, check=True
    )
    known = set(re.findall(r"^  ([a-z]+)  ", done.stdout.split("Commands:")[1], re.MULTILINE))
    assert known - {"demo"} == {line.replace("--cells my_cells.py ", "").split()[1] for line in COMMANDS}
