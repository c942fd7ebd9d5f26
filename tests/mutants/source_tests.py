"""Which tests are put to a fault: those that execute its line, by one run under coverage, and those of its room."""

from __future__ import annotations

import ast
import re
from pathlib import Path
from xml.etree import ElementTree

from coverage import CoverageData
from mutants.source_mutants import PACKAGES, Mutant

QUICKEST, BUDGET_S = 40, 30.0
"""Of the tests that execute a line: at most so many, and so long together."""
COVERAGE, TIMES = Path("out/coverage"), Path("out/times.xml")
"""What the traced run leaves, from its tree."""
DRAWN = ("cells/", "generators/")


class Traced:
    """Which tests passed, how long each took and what it executed, in one run of the tree at `folder`."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = CoverageData(str(folder / COVERAGE))
        self.data.read()
        cases = ElementTree.parse(folder / TIMES).iter("testcase")
        self.times_s = {_case(case): float(case.get("time", 0)) for case in cases if _passed(case)}

    def seconds(self, test: str) -> float:
        """How long a test took; it passed, or this raises KeyError."""
        return self.times_s[_name(test)]

    def tests(self, mutant: Mutant, root: Path) -> list[str]:
        """The quickest tests that execute the mutant's line and are still in `root`; none where only imports run it.

        The line is the nearest of its text, so that others may have come or gone since.
        """
        path = self.folder / mutant.path
        rows = path.read_text().split("\n") if path.exists() else []
        lines = [k for k, row in enumerate(rows, 1) if row.strip() == mutant.row]
        nearest = min(lines, key=lambda k: abs(k - mutant.line), default=None)
        executed = self._executed(path, nearest) if nearest else set()
        chosen, left_s = list[str](), BUDGET_S
        usable = [t for t in executed if _name(t) in self.times_s and _is_there(t, root)]
        for test in sorted(usable, key=lambda t: (self.seconds(t), t))[:QUICKEST]:
            left_s -= self.seconds(test)
            if left_s < 0 and chosen:
                break
            chosen.append(test)
        return chosen

    def passed(self, test: str, root: Path) -> bool:
        """Whether a test passed in the run, and it and the source in `root` are still the same."""
        source = [path for package in PACKAGES for path in (root / package).rglob("*.py")]
        return _name(test) in self.times_s and all(
            self.same(p, root) for p in [root / test.partition("::")[0], *source]
        )

    def same(self, path: Path, root: Path) -> bool:
        """Whether a file in `root` is the one that was run."""
        then = self.folder / path.relative_to(root)
        return then.exists() and then.read_bytes() == path.read_bytes()

    def _executed(self, path: Path, line: int) -> set[str]:
        """The tests by which a line was run, or the nearest one before it in its statement, of several lines."""
        nodes = (n for n in ast.walk(ast.parse(path.read_text())) if isinstance(n, ast.stmt))
        first = max(node.lineno for node in nodes if node.lineno <= line <= (node.end_lineno or 0))
        by_line = self.data.contexts_by_lineno(str(path.resolve()))
        found = ({c.rpartition("|")[0] for c in by_line.get(k, ()) if c} for k in range(line, first - 1, -1))
        return next(filter(None, found), set())


def _case(case: ElementTree.Element) -> tuple[str, str]:
    return case.get("classname", ""), case.get("name", "")


def _passed(case: ElementTree.Element) -> bool:
    return not any(child.tag in ("failure", "error", "skipped") for child in case)


def _name(test: str) -> tuple[str, str]:
    """The names of class and test by which pytest's JUnit file knows a test; of a file that of no test."""
    address, bracket, parameters = test.partition("[")
    file, *classes, name = address.split("::") if "::" in address else (address, "")
    return ".".join([file.removesuffix(".py").replace("/", "."), *classes]), name + bracket + parameters


def _is_there(test: str, root: Path) -> bool:
    file, *_, name = test.partition("[")[0].split("::")
    return (root / file).exists() and f"def {name}(" in (root / file).read_text()


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
