"""Times the sweeps: 200 drawn points of a 64 x 64 crossbar, two workers against one, the campaign's own cost per point.

Run on a quiet machine: `.venv/bin/python tests/benchmarks/sweep_bench.py`; writes out/bench/sweep.json.
"""

from __future__ import annotations

import json
import tempfile
import time
from pathlib import Path
from typing import Any

from analoom.flows.campaign import Campaign, workers_of
from analoom.flows.point_store import PointStore
from analoom.flows.sweep_job import SweepJob
from analoom.flows.sweep_measure import task_of
from analoom.flows.sweep_points import points_of

CROSSBAR = {
    "name": "speed",
    "cell": "crossbar",
    "fields": {"rows": 64, "cols": 64},
    "axes": {
        "synapse.w_read": {"low": 0.42, "high": 5, "points": 20},
        "synapse.l_read": {"low": 0.15, "high": 8, "points": 10},
    },
    "measure": {"mismatch": ["closed", "mc"], "samples": 200},
}
SMALL = {"name": "small", "cell": "unit_cap", "axes": {"w": {"low": 1, "high": 6, "points": 500, "spacing": "linear"}}}


def timed(fields: dict[str, Any], workers: int) -> dict[str, float]:
    """Wall seconds of a campaign, points a second, and seconds a point that no worker spent on measuring."""
    job = SweepJob.parse(fields)
    tasks = [task_of(job, point) for point in points_of(job)[0]]
    with tempfile.TemporaryDirectory() as folder, workers_of(workers) as hands:
        started = time.perf_counter()
        results = Campaign(hands, PointStore(Path(folder))).run(tasks)
        wall_s = time.perf_counter() - started
    failed = sum("error" in result for result in results.values())
    busy_s = sum(result["seconds"] for result in results.values() if "error" not in result)
    overhead_s = (wall_s * max(workers, 1) - busy_s) / len(tasks)
    return {"points": len(tasks), "failed": failed, "wall_s": wall_s, "busy_s": busy_s, "overhead_s": overhead_s}


def main() -> None:
    two, one = timed(CROSSBAR, 2), timed(CROSSBAR, 1)
    small = timed(SMALL, 1)
    report = {"two_workers": two, "one_worker": one, "speed_up": one["wall_s"] / two["wall_s"], "campaign": small}
    path = Path("out/bench/sweep.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(report, indent=2) + "\n")
    print(json.dumps(report, indent=2))


if __name__ == "__main__":
    main()
