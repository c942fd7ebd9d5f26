"""The recipes of CONTRIBUTING.md: what each saves, changes and runs, and a copy of the repository to follow them in."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
PARTS = ("pdk", "cells", "generators", "flows")
COPIED = (*PARTS, "tests", "pyproject.toml", "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile")
BLOCK = re.compile(r"```(python|yaml|diff|sh)\n(.*?)```", re.DOTALL)


@dataclass(frozen=True)
class Step:
    """One block: a file under its path, a difference of the file at `path`, or commands (`path` empty)."""

    kind: str
    path: str
    text: str


def recipes(text: str) -> dict[str, list[Step]]:
    """The steps of every `### ` section below `## Recipes`, by its title; none for a page without."""
    sections = re.split(r"^### ", text.partition("\n## Recipes\n")[2], flags=re.MULTILINE)[1:]
    return {section.partition("\n")[0]: [_step(*found) for found in BLOCK.findall(section)] for section in sections}


def _step(kind: str, text: str) -> Step:
    if kind == "sh":
        return Step(kind, "", text)
    found = re.match(r"# (\S+)$" if kind != "diff" else r"--- a/(\S+)$", text, re.MULTILINE)
    assert found, text
    return Step(kind, found[1], text)


def copy_of_the_repository(folder: Path) -> Path:
    """A copy without history, whose modules the commands of `follow` import."""
    ignored = shutil.ignore_patterns("__pycache__", "out")
    for name in COPIED:
        whole = ROOT / name
        shutil.copytree(whole, folder / name, ignore=ignored) if whole.is_dir() else shutil.copy(whole, folder / name)
    package = folder / "out" / "types" / "analoom"
    package.mkdir(parents=True)
    for part in (*(folder / part for part in PARTS), *(folder / "flows" / "front").glob("*.py")):
        (package / part.name).symlink_to(part)
    return folder


def follow(steps: Sequence[Step], folder: Path) -> str | None:
    """Does what the steps say in a copy; what the first that failed printed, None where all went well."""
    for step in steps:
        for words in _words(step, folder):
            run = subprocess.run(
                words, cwd=folder, env=_environment(folder), capture_output=True, text=True, timeout=600
            )
            if run.returncode:
                return f"{shlex.join(words)}\n{run.stdout[-3000:]}{run.stderr[-3000:]}"
    return None


def _words(step: Step, folder: Path) -> list[list[str]]:
    """The commands of a step; its file is written first."""
    if step.kind == "sh":
        return [shlex.split(line) for line in step.text.splitlines()]
    if step.kind == "diff":
        (folder / "step.diff").write_text(step.text)
        return [["git", "apply", "--recount", "step.diff"]]
    (folder / step.path).parent.mkdir(parents=True, exist_ok=True)
    (folder / step.path).write_text(step.text)
    checks = [["ruff", "check", step.path], ["ruff", "format", "--check", step.path]]
    return checks if step.kind == "python" else []


def _environment(folder: Path) -> dict[str, str]:
    path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    modules = str(folder / "out" / "types")
    return {**os.environ, "PATH": path, "PYTHONPATH": modules, "GIT_CEILING_DIRECTORIES": str(folder.parent)}
