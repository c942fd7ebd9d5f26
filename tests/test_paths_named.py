"""Files, folders, modules and names of analoom that the pages for people mention are there."""

from __future__ import annotations

import importlib
import re

import pytest
from pages import PAGES
from recipes import PARTS, ROOT, recipes

NAMED = (*PAGES, "CONTRIBUTING.md", "CHANGELOG.md")
FENCED = re.compile(r"```.*?```", re.DOTALL)
PATH = re.compile(rf"({'|'.join(PARTS)}|tests|\.ci)/[\w./-]*|[A-Z]+\.md|\w+\.toml")
ROOM = re.compile(r"[a-z_]+/")
NAME = re.compile(r"analoom(\.\w+)+")
IMPORTED = re.compile(r"^from (analoom[\w.]*) import ([\w, ]+)$", re.MULTILINE)


def paths_missing(text: str) -> set[str]:
    """Words in backticks that have the form of a path of the repository, or of a room's name, and name nothing there.

    What a recipe of the page adds is not there yet.
    """
    added = {step.path for steps in recipes(text).values() for step in steps if step.path}
    added |= {f"{path.rpartition('/')[0]}/" for path in added}
    rooms = {f"{folder.name}/" for part in (*PARTS, "tests") for folder in (ROOT / part).rglob("*") if folder.is_dir()}
    paths = {word for word in _words(text) if PATH.fullmatch(word)} - added
    names = {word for word in _words(text) if ROOM.fullmatch(word) and not PATH.fullmatch(word)}
    return {path for path in paths if not (ROOT / path).exists()} | (names - rooms - {"out/"})


def names_missing(text: str) -> set[str]:
    """Dotted names, in backticks or imported in a block, that analoom does not have."""
    blocks = "\n".join(FENCED.findall(text))
    imported = {f"{module}.{name}" for module, names in IMPORTED.findall(blocks) for name in names.split(", ")}
    return {name for name in imported | set(filter(NAME.fullmatch, _words(text))) if not _is_there(name)}


def _words(text: str) -> set[str]:
    """The words of code in a page's running text."""
    return {word for code in re.findall(r"`([^`\n]+)`", FENCED.sub("", text)) for word in code.split()}


def _is_there(name: str) -> bool:
    """Whether it is a module, or stands in one."""
    module, _, attribute = name.rpartition(".")
    try:
        importlib.import_module(name)
    except ModuleNotFoundError:
        return bool(module) and _is_there(module) and hasattr(importlib.import_module(module), attribute)
    return True


@pytest.mark.parametrize("page", NAMED)
def test_paths_that_are_named_exist(page: str) -> None:
    assert paths_missing((ROOT / page).read_text()) == set()


@pytest.mark.filterwarnings("ignore:simulated is now:DeprecationWarning")
@pytest.mark.parametrize("page", [*PAGES, "CHANGELOG.md"])
def test_names_that_are_written_out_exist(page: str) -> None:
    assert names_missing((ROOT / page).read_text()) == set()


def test_what_is_not_there_is_seen() -> None:
    page = (ROOT / "CONTRIBUTING.md").read_text()
    for wrong in ("pdk/rulez.py", "tests/oracle/", "GUIDE.md", "flows/systems/tube/system.py", "uncertainty/"):
        assert paths_missing(f"{page}\nSee `{wrong}`.") == {wrong}
    for wrong in ("analoom.flows.results.read_table", "analoom.flows.files.read_tables", "analoom.no_such"):
        assert names_missing(f"Take `{wrong}`.") == {wrong}
    assert names_missing("```python\nfrom analoom import build, weave\n```") == {"analoom.weave"}
