"""Many random cells, judged one after the other by one worker, each verdict kept as one line of JSON: a campaign goes
on where it stopped, and a case that has a verdict is not drawn again."""

from __future__ import annotations

import json
import multiprocessing
import os
import tempfile
import time
from collections import Counter
from pathlib import Path

from analoom.flows.drc.check import drc_cell
from analoom.flows.lvs.check import lvs_cell
from analoom.pdk.errors import SpecError

FAST = (("fast",), ("fast",))
EVERY = (("fast", "klayout", "magic"), ("fast", "netgen"))
"""Engines of the rules, and of the circuits."""
A_WORKER = 25
"""So many cases a process judges before a fresh one takes over, and its memory is given back."""


def judged(draw, engines):
    """The verdict on the cell that `draw` gives: refused, and why, or what each engine says and what is wrong."""
    started = time.process_time()
    try:
        cell = draw()
    except SpecError as refused:
        return {"state": "refused", "why": str(refused), "cpu_s": _since(started)}
    drawn_s = _since(started)
    with tempfile.TemporaryDirectory() as folder:
        drc, lvs = (check(cell, Path(folder), on) for check, on in zip((drc_cell, lvs_cell), engines, strict=True))
    told = {f"{what} {name}": one.state for what, report in (("drc", drc), ("lvs", lvs)) for name, one in _of(report)}
    why = [one.summary() for one in (drc, lvs) if not one.clean]
    return {"state": "unclean" if why else "clean", "why": "; ".join(why), **told, "cpu_s": drawn_s}


def campaign(judge, cases, file):
    """The verdicts of `judge(*case)` by the case's words: those of `file`, to which each new one is added."""
    known = verdicts(file)
    left = [case for case in cases if _key(case) not in known]
    file.parent.mkdir(parents=True, exist_ok=True)
    with multiprocessing.get_context("spawn").Pool(1, os.nice, (10,), A_WORKER) as worker:
        for case, found in zip(left, worker.imap(_called, ((judge, case) for case in left)), strict=True):
            known[_key(case)] = found
            with file.open("a") as out:
                out.write(json.dumps({"case": _key(case), **found}) + "\n")
    return {_key(case): known[_key(case)] for case in cases}


def _called(asked):
    judge, case = asked
    return judge(*case)


def verdicts(file):
    """What stands in a file, without a last line that was cut short."""
    whole = file.read_text().rpartition("\n")[0] if file.exists() else ""
    if file.exists():
        file.write_text(whole + "\n" if whole else "")
    return {kept.pop("case"): kept for kept in map(json.loads, whole.splitlines())}


def told(found):
    """A table for a person: how many of each state, and every case that is not clean with what is wrong."""
    lines = [f"{state}: {count} of {len(found)}" for state, count in sorted(Counter(_states(found)).items())]
    worst = max(found.values(), key=lambda one: one["cpu_s"], default={"cpu_s": 0.0})
    lines.append(f"CPU seconds to draw: {sum(one['cpu_s'] for one in found.values()):.0f}, worst {worst['cpu_s']:.1f}")
    lines += [f"{case}: {one['state']}: {one['why']}" for case, one in found.items() if one["state"] != "clean"]
    return "\n".join(lines)


def _states(found):
    return [one["state"] for one in found.values()]


def _of(report):
    return report.engines.items()


def _key(case):
    return " ".join(map(str, case))


def _since(started):
    return round(time.process_time() - started, 2)
