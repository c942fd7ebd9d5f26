"""A copy of the source with its tests, in which one fault at a time is put to them."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mutants.source_mutants import PACKAGES, Mutant
from mutants.source_tests import COVERAGE, TIMES, Traced, room_tests

TIMEOUT_S = 600
"""For all tests of one mutant."""
START_S, SLOWER = 60.0, 10.0
"""Tests that execute the line and pass are over in this time to start and so many times what they took."""
TRACED_S = 3600
QUICK, SLOW = "not slow and not full", "slow and not full"
"""Quick tests first: most faults are found there."""
PYTEST = (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider")
NO_SUCH_TEST, NOTHING_RUN = 4, 5
"""Pytest's exit status where a test that was named is not there, and where none is selected."""
LEFT_OUT = (".git", ".venv", "out", "__pycache__", ".mypy_cache", ".ruff_cache", ".pytest_cache", "*.egg-info")


@dataclass(frozen=True)
class Verdict:
    """What became of a mutant.

    Found, by the test `by`; "no end", where tests that pass do not end; survived; "slow left", where quick tests alone
    were run; too slow, where time ran out; or without tests.
    """

    state: str
    by: str
    seconds: float

    @property
    def found(self) -> bool:
        """Whether the tests tell that something is wrong."""
        return self.state in ("found", "no end")


class Tree:
    """A copy of the source with its tests, where one file at a time is changed and put back.

    What analoom caches is made anew with each fault: in the user's cache it would hide faults, and outlive them.
    """

    def __init__(self, root: Path, copy: Path, traced: Traced | None = None, quick: bool = False) -> None:
        self.root, self.copy, self.traced, self.quick, self.changes = root, copy, traced, quick, 0
        self.cache = copy / "out" / "cache"
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

    def trace(self) -> None:
        """Runs the quick tests under coverage: which lines each executes, and how long it takes."""
        parts = [f"--cov={part}" for part in PACKAGES if (self.copy / part).exists()]
        kept = ["--cov-context=test", "--cov-report=", f"--junitxml={TIMES}"]
        core = {"COVERAGE_CORE": "ctrace", "COVERAGE_FILE": str(self.copy / COVERAGE)}
        status, said = self._run([*PYTEST, "-n", "2", "-m", QUICK, *parts, *kept], TRACED_S, core)
        if status not in (0, 1):
            raise RuntimeError(f"no tests could be traced: {said[-2000:]}")

    def verdict(self, mutant: Mutant, timeout_s: float = TIMEOUT_S) -> Verdict:
        """Runs tests up to the first that fails with the fault and passes without.

        First the quickest of those that execute its line, then those of its room.
        """
        begin = time.monotonic()
        while True:
            state, by = self._with_fault(mutant, begin + timeout_s)
            if state != "found" or self._passes(by):
                return Verdict(state, by, round(time.monotonic() - begin, 1))

    def _with_fault(self, mutant: Mutant, until: float) -> tuple[str, str]:
        path = self.copy / mutant.path
        text = path.read_text()
        shutil.rmtree(self.cache, ignore_errors=True)
        self._write(path, mutant.applied(text))
        try:
            return self._tested(mutant, until)
        finally:
            self._write(path, text)
            shutil.rmtree(self.cache, ignore_errors=True)

    def _passes(self, test: str) -> bool:
        """Whether a test passes on the source as it is; one that does not is left out from then on."""
        if test not in self.sound | self.failing:
            known = self.traced is not None and self.traced.passed(test, self.copy)
            status = 0 if known else self._run([*PYTEST, "-m", "", test], TIMEOUT_S)[0]
            (self.sound if status in (0, NOTHING_RUN) else self.failing).add(test)
        return test in self.sound

    def _write(self, path: Path, text: str) -> None:
        """Writes with a time of its own, so that no compiled file passes for it."""
        self.changes += 1
        path.write_text(text)
        os.utime(path, (self.changes, self.changes))

    def _tested(self, mutant: Mutant, until: float) -> tuple[str, str]:
        executing = self.traced.tests(mutant, self.copy) if self.traced else []
        chosen = [test for test in executing if test not in self.failing]
        if self.traced and chosen:
            limit_s = START_S + SLOWER * sum(map(self.traced.seconds, chosen))
            status, said = self._run([*PYTEST, "-x", "-m", "", *chosen], min(limit_s, until - time.monotonic()))
            if status is None:
                return "no end", f"{len(chosen)} tests in {limit_s:.0f} s"
            if status not in (0, NO_SUCH_TEST):
                return "found", _first_failure(said)
        tests = sorted(room_tests(self.copy, mutant.path), key=self._is_known)
        if not tests and not chosen:
            return "no tests", ""
        return self._tested_by(tests, {*chosen, *self.failing}, until)

    def _is_known(self, test_file: str) -> bool:
        """Whether its tests could be among those that execute a line: what was written since comes first."""
        return self.traced is not None and self.traced.same(self.copy / test_file, self.copy)

    def _tested_by(self, tests: list[str], left_out: set[str], until: float) -> tuple[str, str]:
        for stage in ((QUICK,) if self.quick else (QUICK, SLOW)) if tests else ():
            others = [f"--deselect={test}" for test in sorted(left_out)]
            status, said = self._run([*PYTEST, "-x", "-m", stage, *others, *tests], until - time.monotonic())
            if status is None:
                return "too slow", ""
            if status not in (0, NOTHING_RUN):
                return "found", _first_failure(said)
        return "slow left" if self.quick else "survived", ""

    def _run(
        self, command: list[str], timeout_s: float, also: Mapping[str, str] | None = None
    ) -> tuple[int | None, str]:
        """(exit status, what it said); no status when time ran out: then what it started is ended too."""
        out = self.copy / "out"
        own = {
            "PYTHONPATH": str(out / "package"),
            "XDG_CACHE_HOME": str(self.cache),
            "MPLCONFIGDIR": str(out / "fonts"),
        }
        pipe = subprocess.PIPE
        run = subprocess.Popen(
            command,
            cwd=self.copy,
            env={**os.environ, **own, **(also or {})},
            stdout=pipe,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
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
    found = found or re.search(r"^ImportError while loading conftest '(.+)'", said, re.MULTILINE)
    return found[1] if found else said.strip().rpartition("\n")[2][:200]
