"""Puts single faults in our own source to the tests of their rooms and writes the table of those that no test finds.

python tests/mutants/source_campaign.py [COUNT [SEED [--again]]] (200, 0). In copies of the tree, two at a time. Goes on
where it stopped: what is known stands in out/mutants/results.jsonl, one line a mutant; --again tries survivors once
more. Writes tests/mutants/source_mutants.md. Exits 1 while a survivor is not listed in source_equal.yaml.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))

from mutants.source_mutants import PACKAGES, Mutant, sample

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("source_mutants.md")
EQUAL: dict[str, str] = yaml.safe_load(Path(__file__).with_name("source_equal.yaml").read_text())
"""By `Mutant.key`, why it is no fault."""

AT_A_TIME = 2
TIMEOUT_S = 600
"""For all tests of one mutant."""
STAGES = ("not slow and not full", "slow and not full")
"""Quick tests first: most faults are found there."""
PYTEST = (sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider")
DRAWN = ("cells/", "generators/")
NOTHING_RUN = 5
"""Pytest's exit status where no test is selected."""
LEFT_OUT = (".git", ".venv", "out", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", "*.egg-info")


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant: found, by the test `by`; survived; too slow, where time ran out; or without tests."""

    state: str
    by: str
    seconds: float


class Tree:
    """A copy of the source with its tests, where one file at a time is changed and put back."""

    def __init__(self, root: Path, copy: Path) -> None:
        self.root, self.copy, self.changes = root, copy, 0
        self.sound: set[str] = set()
        self.failing: set[str] = set()
        shutil.rmtree(copy, ignore_errors=True)
        shutil.copytree(root, copy, ignore=shutil.ignore_patterns(*LEFT_OUT))
        (copy / "out").mkdir()
        if (root / ".venv").exists():
            (copy / ".venv").symlink_to(root / ".venv")
        self._package()

    def _package(self) -> None:
        """The import package `analoom` of the copy, found before the one installed."""
        package = self.copy / "out" / "package" / "analoom"
        package.mkdir(parents=True)
        for part in [*PACKAGES, *sorted((self.copy / "flows" / "front").glob("*.py"))]:
            if (self.copy / part).exists():
                (package / Path(part).name).symlink_to(self.copy / part)

    def verdict(self, mutant: Mutant, timeout_s: float = TIMEOUT_S) -> Verdict:
        """Runs the tests of the mutant's room, up to the first that fails with the fault and passes without."""
        begin = time.monotonic()
        while True:
            state, by = self._with_fault(mutant, begin + timeout_s)
            if state != "found" or self._passes(by):
                return Verdict(state, by, round(time.monotonic() - begin, 1))

    def _with_fault(self, mutant: Mutant, until: float) -> tuple[str, str]:
        path = self.copy / mutant.path
        text = path.read_text()
        self._write(path, mutant.applied(text))
        try:
            return self._tested(room_tests(self.copy, mutant.path), until)
        finally:
            self._write(path, text)

    def _passes(self, test: str) -> bool:
        """Whether a test passes on the source as it is; one that does not is left out from then on."""
        if test not in self.sound and test not in self.failing:
            status, _ = self._run([*PYTEST, "-m", "", test], TIMEOUT_S)
            (self.failing if status else self.sound).add(test)
        return test in self.sound

    def _write(self, path: Path, text: str) -> None:
        """Writes with a time of its own, so that no compiled file passes for it."""
        self.changes += 1
        path.write_text(text)
        os.utime(path, (self.changes, self.changes))

    def _tested(self, tests: list[str], until: float) -> tuple[str, str]:
        if not tests:
            return "no tests", ""
        for chosen in STAGES:
            left_out = [f"--deselect={test}" for test in sorted(self.failing)]
            status, said = self._run([*PYTEST, "-m", chosen, *left_out, *tests], until - time.monotonic())
            if status is None:
                return "too slow", ""
            if status not in (0, NOTHING_RUN):
                return "found", _first_failure(said)
        return "survived", ""

    def _run(self, command: list[str], timeout_s: float) -> tuple[int | None, str]:
        """(exit status, what it said); no status when time ran out: then what it started is ended too."""
        paths = os.environ | {"PYTHONPATH": str(self.copy / "out" / "package")}
        pipe = subprocess.PIPE
        run = subprocess.Popen(
            command, cwd=self.copy, env=paths, stdout=pipe, stderr=subprocess.STDOUT, text=True, start_new_session=True
        )
        try:
            said = run.communicate(timeout=max(1.0, timeout_s))[0]
            return run.returncode, said
        except subprocess.TimeoutExpired:
            os.killpg(run.pid, signal.SIGKILL)
            run.wait()
            return None, ""


def _first_failure(said: str) -> str:
    found = re.search(r"^(?:FAILED|ERROR) (.+?)(?: - .*)?$", said, re.MULTILINE)
    return found[1] if found else said.strip().rpartition("\n")[2][:200]


def room_tests(root: Path, path: str) -> list[str]:
    """The test files of a module: those that import it, its room's, those beside it in the room above.

    Of what is drawn also the comparison with the reference drawings. Of a module in flows/ itself only the first two.
    """
    module, room = "analoom." + path.removesuffix(".py").replace("/", "."), Path("tests") / Path(path).parent
    while not (root / room).is_dir() and len(room.parts) > 2:
        room = room.parent
    folder, stem = (re.escape(part) for part in (module.rpartition(".")[0], Path(path).stem))
    named = re.compile(rf"\b{folder}\.{stem}\b|\bfrom {folder} import .*\b{stem}\b")
    found = [p for p in sorted((root / "tests").rglob("test_*.py")) if named.search(p.read_text())]
    found += sorted((root / room).glob("test_*.py" if room == Path("tests/flows") else "**/test_*.py"))
    found += sorted((root / room.parent).glob("test_*.py")) if len(room.parts) > 2 else []
    if path.startswith(DRAWN):
        found += sorted((root / "tests" / "conformance").glob("test_reference.py"))
    return list(dict.fromkeys(str(p.relative_to(root)) for p in found))


class Results:
    """Verdicts by mutant, kept in a file of one JSON line each; a last line that was cut short is dropped."""

    def __init__(self, file: Path) -> None:
        self.file, self.lock = file, threading.Lock()
        self.known: dict[str, Verdict] = {}
        if file.exists():
            whole = file.read_text().rpartition("\n")[0]
            file.write_text(whole + "\n" if whole else "")
            self.known = {kept.pop("key"): Verdict(**kept) for kept in map(json.loads, whole.splitlines())}

    def add(self, key: str, verdict: Verdict) -> None:
        """Keeps a verdict at once, in the file too."""
        with self.lock:
            self.known[key] = verdict
            self.file.parent.mkdir(parents=True, exist_ok=True)
            with self.file.open("a") as out:
                out.write(json.dumps({"key": key, **verdict.__dict__}) + "\n")


def campaign(root: Path, mutants: list[Mutant], results: Results, again: bool = False) -> None:
    """Tries every mutant that has no verdict yet (or, `again`, that survived), two at a time."""
    left = [m for m in mutants if m.key not in results.known or (again and _may_be_found(results.known[m.key]))]
    trees: SimpleQueue[Tree] = SimpleQueue()
    for k in range(min(AT_A_TIME, len(left))):
        trees.put(Tree(root, root / "out" / "mutants" / f"tree{k}"))
    with ThreadPoolExecutor(AT_A_TIME) as pool:
        running = [pool.submit(_try, mutant, trees, results) for mutant in left]
        try:
            for k, done in enumerate(as_completed(running), 1):
                print(f"{k} of {len(left)}: {done.result()}", file=sys.stderr, flush=True)
        finally:
            pool.shutdown(cancel_futures=True)


def _may_be_found(verdict: Verdict) -> bool:
    return verdict.state != "found"


def _try(mutant: Mutant, trees: SimpleQueue[Tree], results: Results) -> str:
    tree = trees.get()
    try:
        verdict = tree.verdict(mutant)
    finally:
        trees.put(tree)
    results.add(mutant.key, verdict)
    return f"{verdict.state} in {verdict.seconds} s: {mutant.path}:{mutant.line} {mutant.before} -> {mutant.after}"


def table(mutants: list[Mutant], known: Mapping[str, Verdict], equal: Mapping[str, str], seed: int) -> str:
    """The page: how many were found, by kind, and every other one with its reason."""
    tried = [m for m in mutants if m.key in known]
    others = [m for m in tried if known[m.key].state != "found"]
    survivors = [m for m in others if m.key not in equal]
    share = len(survivors) / max(1, len(tried) - len(others) + len(survivors))
    lines = ["# Single faults in our own source against the tests of their rooms", ""]
    lines += [
        f"`make mutants`: {len(tried)} of {len(mutants)} (seed {seed}) tried, {len(tried) - len(others)} found, "
        f"{len(others) - len(survivors)} shown to be no fault, {len(survivors)} not found ({share:.1%}).",
        "",
        "| kind | tried | found | no fault | not found |",
        "|---|---|---|---|---|",
    ]
    lines += [_row(kind, tried, known, equal) for kind in sorted({m.kind for m in tried})]
    lines += ["", "| not found, or no fault | change | why |", "|---|---|---|"]
    lines += [f"| {m.path}:{m.line} | {_change(m)} | {_reason(m, known, equal)} |" for m in others]
    return "\n".join([*lines, ""])


def _row(kind: str, tried: Iterable[Mutant], known: Mapping[str, Verdict], equal: Mapping[str, str]) -> str:
    mine = [m for m in tried if m.kind == kind]
    found = sum(known[m.key].state == "found" for m in mine)
    none = sum(known[m.key].state != "found" and m.key in equal for m in mine)
    return f"| {kind} | {len(mine)} | {found} | {none} | {len(mine) - found - none} |"


def _change(mutant: Mutant) -> str:
    """In one line, with the bars of a table escaped."""
    said = " ".join(f"`{mutant.before}` to `{mutant.after}` in `{mutant.row}`".split())
    return said.replace("|", "\\|")


def _reason(mutant: Mutant, known: Mapping[str, Verdict], equal: Mapping[str, str]) -> str:
    if mutant.key in equal:
        return f"no fault: {equal[mutant.key]}"
    words = {"survived": "**no test finds it**", "no tests": "**its room has no tests**"}
    return words.get(known[mutant.key].state, f"**tests not done in {TIMEOUT_S} s**")


def main(count: int = 200, seed: int = 0, again: bool = False) -> int:
    mutants, results = sample(ROOT, count, seed), Results(ROOT / "out" / "mutants" / "results.jsonl")
    try:
        campaign(ROOT, mutants, results, again)
    finally:
        TABLE.write_text(table(mutants, results.known, EQUAL, seed))
        print(f"see {TABLE}")
    return int(any(results.known[m.key].state != "found" and m.key not in EQUAL for m in mutants))


if __name__ == "__main__":
    numbers = [int(x) for x in sys.argv[1:] if x != "--again"]
    sys.exit(main(*numbers, again="--again" in sys.argv))  # type: ignore[misc]
