"""Draws of a pair a second: our Monte Carlo against four ways of ngspice, one after the other.

`python tests/benchmarks/mismatch_speed.py` prints a markdown table and fails below 1,000 times a process for each draw
and below 50 times the fastest way: 10,000 plain device lines in one circuit, of which the operating point alone counts
(the draws are in the lines; with the loading that new draws need it is slower).
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from bare_cells import pair
from mismatch_flat_way import flat_seconds

from analoom.flows.systems.transistor.mismatch import TransistorStatistics
from analoom.flows.systems.transistor.unit_copies import copies_netlist, units_library

STARTED, COPIED, FLAT_DEVICES, OURS = 20, 1000, 10_000, 4_000_000
LEAST_BY_PROCESS, LEAST_BY_FASTEST = 1000, 50


def main() -> int:
    statistics = TransistorStatistics(pair())
    v_op = statistics.response.v_op
    rates = {"Monte Carlo": _rate(lambda: statistics.drawn(np.random.default_rng(1), OURS), OURS)}
    loading, solving = flat_seconds(statistics, v_op, FLAT_DEVICES, 1)
    pairs = FLAT_DEVICES / 2
    rates["ngspice, 10,000 flat lines, operating point alone"] = pairs / solving
    rates["ngspice, 10,000 flat lines, loading too"] = pairs / (loading + solving)
    rates["ngspice, 100 copies"] = _rate(lambda: [_batch(statistics, v_op) for _ in range(COPIED // 100)], COPIED)
    rates["ngspice, a process a draw"] = _rate(lambda: [_started(statistics, v_op) for _ in range(STARTED)], STARTED)
    ours, *others = rates.values()
    print("| way | pairs/s | Monte Carlo is faster by |\n|---|---|---|")
    for name, rate in rates.items():
        print(f"| {name} | {rate:.4g} | {ours / rate:.4g} |")
    return int(ours < LEAST_BY_PROCESS * others[-1] or ours < LEAST_BY_FASTEST * max(others))


def _batch(statistics: TransistorStatistics, v_op: float) -> None:
    from analoom.flows.simulator.ngspice import circuit

    with circuit(copies_netlist(statistics, units_library(statistics), 100)) as loaded:
        loaded.set("vgx", v_op)
        loaded.op()


def _started(statistics: TransistorStatistics, v_op: float) -> None:
    text = copies_netlist(statistics, units_library(statistics), 1).replace("vgx gx 0 0", f"vgx gx 0 {v_op}")
    with tempfile.TemporaryDirectory() as folder:
        Path(folder, ".spiceinit").write_text("set ngbehavior=hsa\nset ng_nomodcheck\nset num_threads=1\n")
        Path(folder, "draw.spice").write_text(text.replace("\n.end\n", "\n.op\n.end\n"))
        subprocess.run(["ngspice", "-b", "draw.spice"], cwd=folder, check=True, capture_output=True, timeout=60)


def _rate(run: Callable[[], object], draws: int) -> float:
    at = time.perf_counter()
    run()
    return draws / (time.perf_counter() - at)


if __name__ == "__main__":
    sys.exit(main())
