"""The READMEs do what they say: their Python runs, their commands end well, their make targets exist."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from own_cells import PAD
from pages import PAGES, ROOT, commands_of, python_of, shell_of, text_of

EXE = Path(sys.executable).parent / "analoom"
SNIPPETS = [(page, code) for page in PAGES for code in python_of(page)]
LINK = re.compile(r"\]\((?!https?:)([^)#]+)(?:#([^)]*))?\)")
SHOWING = [page for page in PAGES if commands_of(page)]
MINUTES = ("analoom sweep mirror --workers 2",)
"""Commands that stand on the pages and take minutes: `make test-full`."""
QUICK = "README.md"
"""The page whose code and commands are run each time, the others' in `make test-full`."""
LONGEST = 900
"""Words of the front page, code apart: what is longer goes to a folder's own."""


def each_page(cases: list[tuple[str, ...]], ids: list[str]) -> list[object]:
    """The cases, which begin with a page, the quick one's for every run."""
    marks = [() if page == QUICK else pytest.mark.full for page, *_ in cases]
    return [pytest.param(*case, id=name, marks=m) for case, name, m in zip(cases, ids, marks, strict=True)]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("page", "code"), each_page(SNIPPETS, [f"{page}: {code.splitlines()[0]}" for page, code in SNIPPETS])
)
def test_python_examples_run_as_files_of_their_own(page: str, code: str, tmp_path: Path) -> None:
    (tmp_path / "example.py").write_text(code)
    words = [sys.executable, "-W", "error::DeprecationWarning:__main__", "example.py"]
    done = subprocess.run(words, cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
@pytest.mark.tools
@pytest.mark.parametrize("page", each_page([(page,) for page in SHOWING], SHOWING))
def test_commands_end_well_one_after_the_other(page: str, tmp_path: Path) -> None:
    (tmp_path / "my_cells.py").write_text(PAD)
    np.save(tmp_path / "W.npy", [[0.5, -1.2, 0.0], [2.0, 0.3, -0.7]])
    for line in commands_of(page):
        if line not in MINUTES:
            assert_ends_well(line, tmp_path)


@pytest.mark.full
@pytest.mark.tools
@pytest.mark.parametrize("line", MINUTES)
def test_commands_of_minutes_end_well(line: str, tmp_path: Path) -> None:
    assert line in {shown for page in PAGES for shown in commands_of(page)}
    assert_ends_well(line, tmp_path)


def assert_ends_well(line: str, folder: Path) -> None:
    words = [str(EXE), *shlex.split(line)[1:]]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, timeout=900)
    assert done.returncode == 0, f"{line}\n{done.stdout}{done.stderr}"


def test_every_make_target_named_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    lines = [line for page in PAGES for line in (*shell_of(page), *re.findall(r"`(make [a-z-]+)`", text_of(page)))]
    named = set(re.findall(r"make ([a-z-]+)", "\n".join(lines)))
    assert len(named) > 8
    assert named <= targets


@pytest.mark.slow
def test_every_command_is_shown() -> None:
    done = subprocess.run([str(EXE), "--help"], capture_output=True, text=True, timeout=60, check=True)
    known = set(re.findall(r"^  ([a-z]+)  ", done.stdout.split("Commands:")[1], re.MULTILINE))
    shown = [line.replace("--cells my_cells.py ", "").split()[1] for page in PAGES for line in commands_of(page)]
    assert "analoom compile net.npz" in text_of("flows/README.md"), "as text: it takes minutes; the demo has one"
    assert known - {"demo", "help", "compile"} == set(shown)


def test_the_front_page_is_short() -> None:
    words = re.sub(r"```.*?```", "", text_of("README.md"), flags=re.DOTALL).split()
    assert 400 < len(words) < LONGEST


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(page: str) -> None:
    found = LINK.findall(text_of(page))
    assert found or page != "README.md"
    for path, heading in found:
        target = (ROOT / page).parent / path
        assert target.exists(), path
        assert not heading or heading in anchors(target.read_text()), heading


def anchors(text: str) -> set[str]:
    """What a page's headings are called in links: small letters, hyphens for spaces."""
    heads = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w -]", "", head.lower()).replace(" ", "-") for head in heads}
