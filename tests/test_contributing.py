"""CONTRIBUTING does what it says: recipes are followed in a copy, rooms and keys are those that there are."""

from __future__ import annotations

import json
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import numpy as np
import pytest
from recipes import ROOT, copy_of_the_repository, follow, recipes

TEXT = (ROOT / "CONTRIBUTING.md").read_text()
ROOMS = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"]
RECIPES = recipes(TEXT)
LEFT_OUT = {
    "Add a cell": "cells/capacitor/bar_cap.py",
    "Add a system": "pyproject.toml",
    "Add a metric": "flows/systems/capacitor/bench.py",
    "Add a DRC rule": "flows/drc/fast/rule_table.py",
    "Add a flow step": "flows/flow.py",
}
"""A block of each recipe without which it has to fail."""
QUICK = ("Add a metric", "Add a flow step")
"""Recipes that are followed each time, the others in `make test-full`."""
KEYS = re.findall(r"^\| `(analoom [^`]+)` \| (.+) \|$", TEXT, re.MULTILINE)


def full_unless(is_quick: bool, *case: str) -> object:
    return pytest.param(*case, id=case[0], marks=() if is_quick else pytest.mark.full)


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("title", [full_unless(title in QUICK, title) for title in RECIPES])
def test_a_recipe_that_is_followed_goes_well(title: str, tmp_path: Path) -> None:
    assert follow(RECIPES[title], copy_of_the_repository(tmp_path)) is None


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_with_a_block_left_out_fails(title: str, tmp_path: Path) -> None:
    rest = [step for step in RECIPES[title] if step.path != LEFT_OUT[title]]
    assert len(rest) == len(RECIPES[title]) - 1
    assert follow(rest, copy_of_the_repository(tmp_path)) is not None


@pytest.mark.parametrize("title", RECIPES)
def test_a_recipe_names_what_it_touches_and_how_long_it_took(title: str) -> None:
    words = re.split(rf"^### {title}\n", TEXT, flags=re.MULTILINE)[1].partition("```")[0]
    assert "Touches" in words and re.search(r"\d\s+minutes?\b", words)
    assert LEFT_OUT[title] in words


def test_the_rooms_listed_are_those_installed_in_their_order() -> None:
    assert rooms_listed(TEXT) == ROOMS


def test_a_room_left_out_or_out_of_order_is_seen() -> None:
    assert rooms_listed(TEXT.replace(", `switch/`", "")) != ROOMS
    line = next(line for line in TEXT.splitlines() if line.startswith("| `flows/numerics/`"))
    assert rooms_listed(TEXT.replace(f"{line}\n", "") + f"\n{line}") != ROOMS


def rooms_listed(text: str) -> list[str]:
    """The packages of the table of rooms in its order; rooms within one that is listed stand where installed."""
    found: list[str] = []
    for path, holds in re.findall(r"^\| `((?:pdk|cells|generators|flows)/\S*)` \| (.+) \|$", text, re.MULTILINE):
        name = f"analoom.{path.rstrip('/').replace('/', '.')}".replace("analoom.flows.front", "analoom")
        said = {f"{name}.{below}" for below in re.findall(r"`([a-z_]+)/`", holds)}
        inside = [room for room in ROOMS if room.startswith(f"{name}.") and room.count(".") >= 3]
        shown = [room for room in inside if ".".join(room.split(".")[:4]) in said]
        own = ROOMS.index(name)
        found += [*(r for r in shown if ROOMS.index(r) < own), name, *(r for r in shown if ROOMS.index(r) > own)]
    return found


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize(
    ("command", "keys"), [full_unless("compile" not in command, command, keys) for command, keys in KEYS]
)
def test_a_command_prints_the_keys_that_are_said(command: str, keys: str, tmp_path: Path) -> None:
    np.save(tmp_path / "W.npy", [[0.5, -1.0]])
    np.savez(tmp_path / "net.npz", w1=np.eye(3, 4), b1=np.zeros(3))
    words = [str(Path(sys.executable).parent / "analoom"), *shlex.split(command)[1:], "--json"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    report = found[0] if isinstance(found, list) else found
    whole, _, each = keys.partition(": each")
    assert set(re.findall(r"`(\w+)`", whole)) <= report.keys()
    if each:
        inner = report[re.findall(r"`(\w+)`", whole)[-1]]
        assert inner and all(set(re.findall(r"`(\w+)`", each)) <= one.keys() for one in inner.values())
