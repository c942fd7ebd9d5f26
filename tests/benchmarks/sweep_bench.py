"""Times the sweeps: 200 drawn points of a 64 x 64 crossbar, two workers against one, the campaign's own cost per point.

Run on a quiet machine: `.venv/bin/python tests/benchmarks/sweep_bench.py`; prints three figures with their limits and
exits with 1 where one is missed; all that was measured goes to out/bench/sweep.json.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from analoom.flows.sweep.measure.task import task_of
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.plan.points import points_of
from analoom.flows.sweep.run import run_sweep
from analoom.flows.sweep.workers.campaign import Campaign, workers_of
from analoom.flows.sweep.workers.store import PointStore

CROSSBAR = {
    "name": "speed",
    "cell": "crossbar",
    "fields": {"rows": 64, "cols": 64},
    "axes": {
        "synapse.w_read": {"low": 0.42, "high": 5, "points": 20},
        "synapse.l_read": {"low": 0.15, "high": 8, "points": 10},
    },
    "measure": {"mismatch": ["closed", "mc"], "samples": 200},
    "budget_points": 0,
}
SMALL = {"name": "small", "cell": "unit_cap", "axes": {"w": {"low": 1, "high": 6, "points": 500, "spacing": "linear"}}}
MOST_S, MOST_OVERHEAD_S, LEAST_SPEED_UP = 60.0, 0.020, 1.7


def timed(fields: dict[str, Any], workers: int) -> dict[str, float]:
    """Of a campaign: wall and CPU seconds, and seconds a point in which no worker measured."""
    job = SweepJob.parse(fields)
    tasks = [task_of(job, point) for point in points_of(job)[0]]
    cpu_before_s = _cpu_s()
    with tempfile.TemporaryDirectory() as folder, workers_of(workers) as hands:
        started = time.perf_counter()
        results = Campaign(hands, PointStore(Path(folder))).run(tasks)
        wall_s = time.perf_counter() - started
    failed = sum("error" in result for result in results.values())
    busy_s = sum(result["seconds"] for result in results.values() if "error" not in result)
    overhead_s = (wall_s * workers - busy_s) / len(tasks)
    cpu_s = _cpu_s() - cpu_before_s
    return {"points": len(tasks), "failed": failed, "wall_s": wall_s, "cpu_s": cpu_s, "overhead_s": overhead_s}


def whole() -> float:
    """Wall seconds of the sweep of the crossbar on two workers, with its table and page."""
    started = time.perf_counter()
    with tempfile.TemporaryDirectory() as folder:
        report = run_sweep(SweepJob.parse(CROSSBAR), Path(folder) / "speed", workers=2)
    if len(report.rows) != 200:
        sys.exit(f"{len(report.rows)} points done, 200 wanted")
    return time.perf_counter() - started


def _cpu_s() -> float:
    """CPU seconds of this process and of those it has waited for."""
    both = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(used.ru_utime + used.ru_stime for used in both)


def main() -> int:
    whole_s, two, one, small = whole(), timed(CROSSBAR, 2), timed(CROSSBAR, 1), timed(SMALL, 1)
    speed_up, overhead_s = one["wall_s"] / two["wall_s"], small["overhead_s"]
    report = {"load": os.getloadavg()[0], "whole_s": whole_s, "two": two, "one": one, "small": small}
    path = Path("out/bench/sweep.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({**report, "speed_up": speed_up}, indent=2) + "\n")
    print(
        f"200 points of 64 x 64, whole sweep: {whole_s:.1f} s (at most {MOST_S:g}); {one['cpu_s'] / 200:.3f} CPU s each"
    )
    print(f"overhead per point: {1e3 * overhead_s:.1f} ms (less than {1e3 * MOST_OVERHEAD_S:g})")
    print(f"two workers: {speed_up:.2f}x of one (at least {LEAST_SPEED_UP:g})")
    return 0 if whole_s <= MOST_S and overhead_s < MOST_OVERHEAD_S and speed_up >= LEAST_SPEED_UP else 1


if __name__ == "__main__":
    sys.exit(main())
