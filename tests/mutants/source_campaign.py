"""Puts single faults in our own source to the tests and writes the table of those that no test finds.

python tests/mutants/source_campaign.py [COUNT [SEED]] [--again] [--quick] [--one] (200, 0). In copies of the tree, two
at a time, or --one. A first run of the quick tests under coverage, kept in out/mutants/traced/ and made where it is
missing (some minutes), says which tests execute a line; the quickest of them come first, then those of the file's room,
slow ones last. Goes on where it stopped: what is known stands in out/mutants/results.jsonl, one line a mutant; --again
tries survivors once more, --quick leaves the slow tests to a later run. Writes tests/mutants/source_mutants.md. Exits 1
while a survivor is not listed in source_equal.yaml.
"""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor, as_completed
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue

import yaml

sys.path.insert(0, str(Path(__file__).parents[1]))

from mutants.source_mutants import Mutant, sample
from mutants.source_tests import COVERAGE, TIMES, Traced
from mutants.source_tree import TIMEOUT_S, Tree, Verdict

ROOT = Path(__file__).parents[2]
TABLE = Path(__file__).with_name("source_mutants.md")
EQUAL: dict[str, str] = yaml.safe_load(Path(__file__).with_name("source_equal.yaml").read_text())
"""By `Mutant.key`, why it is no fault."""


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


@dataclass(frozen=True)
class How:
    """How mutants are tried: survivors `again`, without slow tests (`quick`), so many `at_a_time`."""

    again: bool = False
    quick: bool = False
    at_a_time: int = 2

    def tries(self, known: Verdict | None) -> bool:
        """Whether a mutant of that verdict is tried."""
        return known is None or (self.again and not known.found) or (not self.quick and known.state == "slow left")


def campaign(root: Path, mutants: list[Mutant], results: Results, how: How = How()) -> None:
    """Tries every mutant that has no verdict yet, or that `how` tries again."""
    left = [m for m in mutants if how.tries(results.known.get(m.key))]
    if not left:
        return
    seen, trees = traced(root), SimpleQueue[Tree]()
    for k in range(min(how.at_a_time, len(left))):
        trees.put(Tree(root, root / "out" / "mutants" / f"tree{k}", seen, how.quick))
    with ThreadPoolExecutor(how.at_a_time) as pool:
        running = [pool.submit(_try, mutant, trees, results) for mutant in left]
        try:
            for k, done in enumerate(as_completed(running), 1):
                print(f"{k} of {len(left)}: {done.result()}", file=sys.stderr, flush=True)
        finally:
            pool.shutdown(cancel_futures=True)


def traced(root: Path) -> Traced:
    """Which tests execute which lines: what is kept, or a run of its own."""
    folder = root / "out" / "mutants" / "traced"
    if not all((folder / kept).exists() for kept in (COVERAGE, TIMES)):
        print("quick tests under coverage, some minutes", file=sys.stderr, flush=True)
        Tree(root, folder).trace()
    return Traced(folder)


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
    others = [m for m in tried if not known[m.key].found]
    survivors = [m for m in others if m.key not in equal]
    share = len(survivors) / max(1, len(tried) - len(others) + len(survivors))
    endless = sum(known[m.key].state == "no end" for m in tried)
    lines = ["# Single faults in our own source against the tests that execute them and those of their rooms", ""]
    lines += [
        f"`make mutants`: {len(tried)} of {len(mutants)} (seed {seed}) tried, {len(tried) - len(others)} found "
        f"({endless} because tests no longer end), {len(others) - len(survivors)} shown to be no fault, "
        f"{len(survivors)} not found ({share:.1%}).",
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
    found = sum(known[m.key].found for m in mine)
    none = sum(not known[m.key].found and m.key in equal for m in mine)
    return f"| {kind} | {len(mine)} | {found} | {none} | {len(mine) - found - none} |"


def _change(mutant: Mutant) -> str:
    """In one line, with the bars of a table escaped."""
    said = " ".join(f"`{mutant.before}` to `{mutant.after}` in `{mutant.row}`".split())
    return said.replace("|", "\\|")


def _reason(mutant: Mutant, known: Mapping[str, Verdict], equal: Mapping[str, str]) -> str:
    if mutant.key in equal:
        return f"no fault: {equal[mutant.key]}"
    words = {"survived": "**no test finds it**", "no tests": "**its room has no tests**"}
    words["slow left"] = "**no quick test finds it, slow ones are left**"
    return words.get(known[mutant.key].state, f"**tests not done in {TIMEOUT_S} s**")


def main(how: How, count: int = 200, seed: int = 0) -> int:
    mutants, results = sample(ROOT, count, seed), Results(ROOT / "out" / "mutants" / "results.jsonl")
    try:
        campaign(ROOT, mutants, results, how)
    finally:
        TABLE.write_text(table(mutants, results.known, EQUAL, seed))
        print(f"see {TABLE}")
    return int(any(not results.known[m.key].found and m.key not in EQUAL for m in mutants))


if __name__ == "__main__":
    numbers = [int(x) for x in sys.argv[1:] if not x.startswith("--")]
    again, quick, one = (flag in sys.argv for flag in ("--again", "--quick", "--one"))
    sys.exit(main(How(again, quick, 1 if one else 2), *numbers))
