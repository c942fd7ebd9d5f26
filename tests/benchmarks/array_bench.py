"""Growth of the array solver from 16 x 16 to 512 x 2048, and the error that the resistance of the lines makes alone.

    python tests/benchmarks/array_bench.py [SYNAPSES]

Writes out/bench/array.json. Every size runs in a process of its own: seconds to extract the ladders (the same sample
for every size), to bring the cells to their weights, to solve one read, and the peak memory; then the errors of the
columns against lines without resistance, as fractions of full scale. Weights and inputs are random over their ranges.
Device tables are sampled before the clock runs.
"""

from __future__ import annotations

import json
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import numpy as np

from analoom.cells.model.registry import build
from analoom.flows.files.peak_memory import peak_mb
from analoom.flows.pex.crossbar.ladders import line_ladders
from analoom.flows.systems.crossbar.large.bench import full_scale_a, ideal_read
from analoom.flows.systems.crossbar.read.errors import read_errors
from analoom.flows.systems.crossbar.read.settings import CrossbarSettings
from analoom.flows.systems.crossbar.solver.newton import solve
from analoom.flows.systems.crossbar.solver.read import array_reader
from analoom.pdk.corners import corner

SIZES = ((16, 16), (32, 32), (64, 64), (128, 128), (256, 256), (512, 512), (512, 2048))
SYNAPSES = "synapse_2t1c,synapse_cs"


def read(synapse: str, rows: int, cols: int) -> dict[str, float | str]:
    """One size in this process."""
    cell = build("crossbar", {"rows": rows, "cols": cols, "synapse": synapse})
    started = time.perf_counter()
    ladders = line_ladders(cell)
    ladders_s = time.perf_counter() - started
    reader = array_reader(cell, ladders=ladders)
    rng = np.random.default_rng(rows)
    v_read, low, high = reader.range_v
    stored, inputs = rng.uniform(low, high, reader.shape), rng.uniform(0, v_read, rows)
    reader.cells(stored[:, :])
    started, cpu_started = time.perf_counter(), time.process_time()
    cells = reader.cells(stored)
    cells_s = time.perf_counter() - started
    state = solve(reader.network, cells, reader.drive(inputs))
    solve_s = time.perf_counter() - started - cells_s
    cpu_s, mb = time.process_time() - cpu_started, peak_mb()
    without = array_reader(cell, lines="ideal").read(stored, inputs)
    full_a = full_scale_a(ideal_read(cell, corner("tt"), 27.0, CrossbarSettings()), inputs)
    off = read_errors(state.column_a, without, full_a)
    return {
        "synapse": synapse,
        "rows": rows,
        "cols": cols,
        "ladders_s": ladders_s,
        "cells_s": cells_s,
        "solve_s": solve_s,
        "cpu_s": cpu_s,
        "cpu_us_per_cell": cpu_s / (rows * cols) * 1e6,
        "newton_steps": state.steps,
        "peak_mb": mb,
        "error_max": off.worst,
        "error_rms": off.rms,
        "error_over_largest_column": off.over_largest,
        "enob": off.enob,
        "enob_corrected": off.enob_corrected,
    }


def main(arguments: list[str]) -> None:
    """Prints one line a size and writes them all."""
    results = []
    for synapse in (arguments[0] if arguments else SYNAPSES).split(","):
        for rows, cols in SIZES:
            with ProcessPoolExecutor(1) as pool:
                results.append(pool.submit(read, synapse, rows, cols).result())
            print(json.dumps(results[-1]), file=sys.stderr, flush=True)
    path = Path("out/bench/array.json")
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps(results, indent=2) + "\n")
    print(path)


if __name__ == "__main__":
    main(sys.argv[1:])
