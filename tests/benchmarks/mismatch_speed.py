"""Draws of a pair a second: our Monte Carlo, ngspice with many copies in one netlist, ngspice started for each draw.

`python tests/benchmarks/mismatch_speed.py` prints a markdown table; all three run one after the other.
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

from analoom.flows.mismatch_transistor import TransistorStatistics
from analoom.flows.unit_copies import copies_netlist, units_library

STARTED, COPIED, OURS = 20, 1000, 1_000_000


def main() -> None:
    statistics = TransistorStatistics(pair())
    v_op = statistics.response.v_op
    ours = _rate(lambda: statistics.drawn(np.random.default_rng(1), OURS), OURS)
    copied = _rate(lambda: [_batch(statistics, v_op) for _ in range(COPIED // 100)], COPIED)
    started = _rate(lambda: [_started(statistics, v_op) for _ in range(STARTED)], STARTED)
    print("| way | draws/s | ours is faster by |\n|---|---|---|")
    for name, rate in (("Monte Carlo", ours), ("ngspice, 100 copies", copied), ("ngspice, a process a draw", started)):
        print(f"| {name} | {rate:.4g} | {ours / rate:.4g} |")


def _batch(statistics: TransistorStatistics, v_op: float) -> None:
    from analoom.flows.ngspice import circuit

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
    main()
