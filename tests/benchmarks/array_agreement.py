"""The array solver against ngspice on the same flat netlist with the extracted lines: column currents and seconds.

    python tests/benchmarks/array_agreement.py [SIZES] [CORNERS] [SYNAPSES]

for example `8,16 tt,ss synapse_cs`; by default all that users are promised. One JSON line a case: the largest error of
a column over the largest column current, and the time of one read by either. 64 x 64 takes ngspice half a minute
(synapse_2t1c) to several minutes (synapse_cs) a corner.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Iterator

import numpy as np

from analoom.cells.model.registry import build
from analoom.flows.pex.crossbar.ladders import Ladders, line_ladders
from analoom.flows.systems.crossbar.solver.netlist import ngspice_columns
from analoom.flows.systems.crossbar.solver.read import ArrayReader, array_reader
from analoom.pdk.corners import corner

SIZES, CORNERS, SYNAPSES = "8,16,32,64", "tt,ss,ff,sf,fs", "synapse_2t1c,synapse_cs"


def cases(sizes: list[int], corners: list[str], synapses: list[str]) -> Iterator[dict[str, object]]:
    """Each case's figures; weights and inputs are random over their whole ranges."""
    for synapse in synapses:
        for size in sizes:
            cell = build("crossbar", {"rows": size, "cols": size, "synapse": synapse})
            kept: dict[str, Ladders] = {}
            for name in corners:
                wires = corner(name).wires
                if wires not in kept:
                    kept[wires] = line_ladders(cell, wires)
                reader = array_reader(cell, name, ladders=kept[wires])
                yield {"synapse": synapse, "n": size, "corner": name, **compared(reader, size)}


def compared(reader: ArrayReader, seed: int) -> dict[str, float]:
    """Error of the worst column over the largest current, and seconds of either; device tables are sampled before."""
    rng = np.random.default_rng(seed)
    v_read, low, high = reader.range_v
    stored, inputs = rng.uniform(low, high, reader.shape), rng.uniform(0, v_read, reader.shape[0])
    reader.read(stored, inputs)
    started = time.perf_counter()
    found = reader.read(stored, inputs)
    between = time.perf_counter()
    expected = ngspice_columns(reader, stored, inputs)
    solver_s, ngspice_s = between - started, time.perf_counter() - between
    error = float(np.abs(found - expected).max() / np.abs(expected).max())
    return {"error": error, "solver_s": solver_s, "ngspice_s": ngspice_s, "ratio": ngspice_s / solver_s}


def main(arguments: list[str]) -> int:
    """Prints every case; 1 when a column is more than 0.5 % of the largest off."""
    asked = [*arguments, *(SIZES, CORNERS, SYNAPSES)[len(arguments) :]]
    sizes, corners, synapses = ([*part.split(",")] for part in asked)
    worst = 0.0
    for case in cases([int(n) for n in sizes], corners, synapses):
        worst = max(worst, float(case["error"]))  # type: ignore[arg-type]
        print(json.dumps(case), flush=True)
    return int(worst > 5e-3)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
