"""The search for faults that no test finds: what it changes, what it leaves alone, and what it says of a small tree."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest
from coverage import CoverageData
from mutants import source_campaign, source_tests, source_tree
from mutants.source_campaign import How, Results, campaign, table
from mutants.source_mutants import Mutant, mutants_in, sample
from mutants.source_tests import Traced, room_tests
from mutants.source_tree import Tree, Verdict

ROOT = Path(__file__).parents[2]
PLANTED = '''
"""A text with 3 in it."""

from math import hypot


def both(a: float, b: float = 2.0) -> float:
    return hypot(a, b) if a > 0 and b > 0 else -a


def unseen(a: float) -> float:
    return a + 1
'''
TEST = """
from analoom.pdk.planted import both


def test_both():
    assert abs(both(3.0, 4.0) - 5) < 1e-9
    assert both(0.0, 4.0) == 0 and both(-2.0) == 2 and both(3.0, -4.0) == -3 and both(1e-9, 1e-9) > 1e-9
    assert both(3.0) < 3.7
"""

QUICK_TEST = "\n\ndef test_of_something_else():\n    assert 1 + 1 == 2\n"


def changes(text: str, kind: str) -> set[str]:
    return {m.applied(text) for m in mutants_in(text, "pdk/a.py") if m.kind == kind}


@pytest.mark.parametrize(
    ("kind", "text", "wanted"),
    [
        ("arithmetic", "a * (b + c)", {"(a / (b + c))", "a * ((b - c))"}),
        ("dropped term", "a - b", {"(a)", "(-b)"}),
        ("sign", "-a", {"(a)"}),
        ("number", "12", {"(24)", "(6)"}),
        ("number", "0", {"(1)"}),
        ("number", "0.5", {"(1.0)", "(0.25)"}),
        ("number", "True", set()),
        ("comparison", "a < b", {"(a >= b)"}),
        ("boundary", "a < b <= c", {"(a <= b <= c)", "(a < b < c)"}),
        ("condition", "a and not b", {"(a or not b)", "a and (b)"}),
        ("condition", "a if b else c", {"(c if b else a)"}),
        ("swapped arguments", "f(a, b, c)", {"(f(b, a, c))"}),
        ("swapped arguments", "f(a, a)", set()),
        ("function", "hypot(a, b)", {"(a + b)"}),
        ("function", "max(a, b)", {"(min(a, b))"}),
        ("function", "np.sqrt(a)", {"(a)"}),
        ("dropped term", "'a' + b", set()),
    ],
)
def test_one_expression_is_changed(kind: str, text: str, wanted: set[str]) -> None:
    assert changes(text, kind) == wanted


@pytest.mark.parametrize("text", ["x: Annotated[int, 3]", "@f(3)\ndef g() -> 3: ...", "f'{a + 3}'", "'3'"])
def test_what_computes_nothing_is_left_alone(text: str) -> None:
    assert not list(mutants_in(text, "pdk/a.py"))


def test_letters_of_several_bytes_before_a_fault_do_not_move_it() -> None:
    assert changes("a = 'é', 2", "number") == {"a = 'é', (4)", "a = 'é', (1)"}


@pytest.mark.full
def test_the_sample_is_the_same_each_time_and_of_every_kind() -> None:
    chosen = sample(ROOT, 45, 7)
    assert chosen == sample(ROOT, 45, 7) and chosen != sample(ROOT, 45, 8)
    assert len({m.kind for m in chosen}) == 9 and len({m.key for m in chosen}) == 45
    for mutant in chosen:
        ast.parse(mutant.applied((ROOT / mutant.path).read_text()))


def test_tests_are_those_of_the_room_and_those_that_import_the_module() -> None:
    found = room_tests(ROOT, "flows/pex/capacitance/windows.py")
    assert "tests/flows/pex/test_pex.py" in found[:3], "it imports the module"
    assert any(name.startswith("tests/flows/pex/capacitance/") for name in found)
    assert not any(name.startswith("tests/flows/systems/") for name in found)
    assert "tests/conformance/test_reference.py" in room_tests(ROOT, "cells/capacitor/fingers.py")


LINES = """
def near(a):
    return (
        a < 3
        and a > 1
        and a > 0
    )


START = 7
"""
RAN = {"test_slow": (29.0, [4]), "test_quick": (0.5, [4]), "test_broken": (0.2, [4]), "test_two[a::b|c]": (1.0, [4, 5])}
"""By test, its seconds and the lines that it executes."""


@pytest.fixture
def traced(tmp_path: Path) -> Traced:
    """What a run leaves in which `test_broken` failed and the module was imported by no test."""
    for folder in ("out", "pdk", "tests"):
        (tmp_path / folder).mkdir()
    module = tmp_path / "pdk" / "a.py"
    module.write_text(LINES)
    data = CoverageData(str(tmp_path / "out" / "coverage"))
    data.add_lines({str(module): [2, 10]})
    cases = []
    for test, (seconds, lines) in RAN.items():
        data.set_context(f"tests/test_a.py::{test}|run")
        data.add_lines({str(module): lines})
        failure = "<failure/>" if test == "test_broken" else ""
        cases.append(f'<testcase classname="tests.test_a" name="{test}" time="{seconds}">{failure}</testcase>')
    data.write()
    (tmp_path / "out" / "times.xml").write_text(f"<testsuite>{''.join(cases)}</testsuite>")
    (tmp_path / "tests" / "test_a.py").write_text("".join(f"def {t.partition('[')[0]}(): ...\n" for t in RAN))
    return Traced(tmp_path)


def at_line(line: int, text: str = LINES) -> Mutant:
    return next(m for m in mutants_in(text, "pdk/a.py") if m.line == line and m.kind in ("comparison", "number"))


def test_the_quickest_tests_that_passed_and_execute_a_line_come_first(traced: Traced) -> None:
    """As long as they take half a minute together; a line of a statement that has none has those of the line before."""
    quick, two = "tests/test_a.py::test_quick", "tests/test_a.py::test_two[a::b|c]"
    assert traced.tests(at_line(4), traced.folder) == [quick, two], "29 s more would be 30.5 s"
    assert traced.tests(at_line(5), traced.folder) == traced.tests(at_line(6), traced.folder) == [two]
    assert traced.tests(at_line(10), traced.folder) == [], "run at import only"
    assert traced.tests(at_line(6, "\n\n" + LINES), traced.folder) == [quick, two], "the line has moved"


def test_tests_that_are_gone_or_many_are_left_out(traced: Traced, monkeypatch) -> None:
    monkeypatch.setattr(source_tests, "QUICKEST", 1)
    assert traced.tests(at_line(4), traced.folder) == ["tests/test_a.py::test_quick"]
    (traced.folder / "tests" / "test_a.py").write_text("def test_two(): ...\n")
    assert traced.tests(at_line(4), traced.folder) == ["tests/test_a.py::test_two[a::b|c]"]


def test_what_passed_counts_as_long_as_it_and_the_source_stay(traced: Traced, tmp_path_factory) -> None:
    root = tmp_path_factory.mktemp("now") / "root"
    shutil.copytree(traced.folder, root)
    quick, broken = "tests/test_a.py::test_quick", "tests/test_a.py::test_broken"
    assert traced.passed(quick, root) and not traced.passed(broken, root)
    assert not traced.passed("tests/test_a.py", root), "a file that could not be read names no test"
    (root / "pdk" / "a.py").write_text(LINES.replace("7", "8"))
    assert not traced.passed(quick, root)
    shutil.copy(traced.folder / "pdk" / "a.py", root / "pdk" / "a.py")
    (root / "tests" / "test_a.py").write_text("def test_quick(): assert False\n")
    assert not traced.passed(quick, root)


@pytest.fixture
def planted(tmp_path: Path) -> Path:
    for folder in ("pdk", "tests/pdk"):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / "pdk" / "__init__.py").write_text("")
    (tmp_path / "pdk" / "planted.py").write_text(PLANTED)
    (tmp_path / "tests" / "pdk" / "test_planted.py").write_text(TEST)
    (tmp_path / "pyproject.toml").write_text("[tool.pytest.ini_options]\naddopts = '--import-mode=importlib'\n")
    return tmp_path


@pytest.mark.full
def test_faults_that_a_test_sees_are_found_and_the_others_are_told(planted: Path, capsys) -> None:
    """A root of squares that became a sum is found; what nothing calls survives; the source itself is never touched."""
    mutants = [m for m in sample(planted, 1000, 0) if m.kind in ("function", "dropped term", "condition")]
    results = Results(planted / "out" / "mutants" / "results.jsonl")
    campaign(planted, mutants, results)
    states = {m.key: results.known[m.key].state for m in mutants}
    by_kind = {kind: {states[m.key] for m in mutants if m.kind == kind} for kind in {m.kind for m in mutants}}
    assert by_kind == {"function": {"found"}, "condition": {"found"}, "dropped term": {"survived"}}
    assert (planted / "pdk" / "planted.py").read_text() == PLANTED
    assert {v.by for v in results.known.values() if v.state == "found"} == {"tests/pdk/test_planted.py::test_both"}
    page = table(mutants, results.known, {m.key: "never called" for m in mutants if "1" in m.after}, 0)
    assert "no fault: never called" in page and "**no test finds it**" in page
    assert f"1 of {len(mutants)}: " in capsys.readouterr().err


@pytest.mark.full
def test_a_run_says_which_tests_execute_a_line(planted: Path) -> None:
    """Those of `both` are `test_both`; `unseen` has none, nor has a default value, which is computed at import."""
    seen = source_campaign.traced(planted)
    by_line = {m.row: seen.tests(m, planted) for m in sample(planted, 1000, 0)}
    assert by_line == {
        "return hypot(a, b) if a > 0 and b > 0 else -a": ["tests/pdk/test_planted.py::test_both"],
        "def both(a: float, b: float = 2.0) -> float:": [],
        "return a + 1": [],
    }
    assert 0 < seen.seconds("tests/pdk/test_planted.py::test_both") < 2


@pytest.mark.full
def test_a_fault_that_keeps_its_tests_from_ending_is_told(planted: Path, monkeypatch) -> None:
    """The half of 1 is 0, by which nothing gets smaller."""
    module = planted / "pdk" / "planted.py"
    module.write_text(PLANTED + "\n\ndef counted(a: int) -> int:\n    while a > 0:\n        a -= 1\n    return a\n")
    test = planted / "tests" / "pdk" / "test_planted.py"
    test.write_text("from analoom.pdk.planted import counted\n\n\ndef test_counted():\n    assert counted(3) == 0\n")
    seen = source_campaign.traced(planted)
    monkeypatch.setattr(source_tree, "START_S", 5.0)
    (mutant,) = (m for m in sample(planted, 1000, 0) if (m.row, m.after) == ("a -= 1", "(0)"))
    verdict = Tree(planted, planted / "out" / "tree", seen).verdict(mutant)
    assert (verdict.state, verdict.by, verdict.found) == ("no end", "1 tests in 5 s", True)


@pytest.mark.full
def test_a_test_that_fails_without_the_fault_finds_none(planted: Path) -> None:
    broken = TEST + "\n\ndef test_broken():\n    assert False\n"
    (planted / "tests" / "pdk" / "test_planted.py").write_text(broken)
    unseen = next(m for m in sample(planted, 1000, 0) if m.kind == "dropped term")
    tree = Tree(planted, planted / "out" / "tree")
    assert tree.verdict(unseen).state == "survived"
    assert tree.failing == {"tests/pdk/test_planted.py::test_broken"}


@pytest.mark.full
def test_it_goes_on_where_it_stopped(planted: Path, monkeypatch) -> None:
    """What has a verdict is not tried again, but survivors when asked; a line cut short is tried again."""
    mutants = sample(planted, 4, 0)
    file = planted / "out" / "mutants" / "results.jsonl"
    campaign(planted, mutants[:2], Results(file))
    file.write_text(file.read_text() + '{"key": "cut sho')
    tried: list[str] = []
    monkeypatch.setattr(Tree, "verdict", lambda tree, m: tried.append(m.key) or Verdict("found", "", 0.0))
    campaign(planted, mutants, Results(file))
    assert tried == [m.key for m in mutants[2:]]


@pytest.mark.full
def test_slow_tests_are_left_to_a_later_run(planted: Path) -> None:
    test = planted / "tests" / "pdk" / "test_planted.py"
    test.write_text(
        TEST.replace("def test", "@pytest.mark.slow\ndef test").replace("from", "import pytest\nfrom", 1) + QUICK_TEST
    )
    mutants = [m for m in sample(planted, 1000, 0) if m.kind == "function"]
    states = []
    for how in (How(quick=True), How(quick=True), How(), How(again=True)):
        results = Results(planted / "out" / "mutants" / "results.jsonl")
        campaign(planted, mutants, results, how)
        states += [results.known[m.key].state for m in mutants]
    assert states == ["slow left", "slow left", "found", "found"]
    assert len(results.file.read_text().splitlines()) == 2, "tried once by quick tests, once by all"


CACHING = """
import os
from pathlib import Path


def test_that_nothing_is_cached_yet():
    home = Path(os.environ["XDG_CACHE_HOME"])
    assert not home.exists()
    home.mkdir()
"""


@pytest.mark.full
def test_what_a_fault_leaves_in_the_cache_is_not_found_by_the_next(planted: Path) -> None:
    (planted / "tests" / "pdk" / "test_planted.py").write_text(CACHING)
    tree = Tree(planted, planted / "out" / "tree")
    assert [tree.verdict(m).state for m in sample(planted, 2, 0)] == ["survived", "survived"]
    assert tree.failing == set() and not tree.cache.exists()


@pytest.mark.full
def test_an_endless_loop_is_ended_and_told(planted: Path) -> None:
    (planted / "tests" / "pdk" / "test_planted.py").write_text("import analoom.pdk.planted\nwhile True:\n    pass\n")
    mutant = sample(planted, 1, 0)[0]
    assert Tree(planted, planted / "out" / "tree").verdict(mutant, timeout_s=3).state == "too slow"
    assert source_campaign.table([mutant], {mutant.key: Verdict("too slow", "", 3)}, {}, 0).count("not done in") == 1
