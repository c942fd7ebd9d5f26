"""What dies of `compile` take: CPU seconds a die by target, growth with their number and with layers.

Run on a quiet machine: `.venv/bin/python tests/benchmarks/compile_bench.py`. Dies of digits on 64-32-10, each measured,
trained for and judged, in this process, as a worker does; tables of devices are sampled before, and told apart. Prints
minutes of THOUSAND dies on two cores, and how the time of twice the dies, and of a hidden layer more, grows. All that
was measured goes to out/bench/compile.json.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np

from analoom.flows.compile.accuracy.dies_task import judged, task_of
from analoom.flows.compile.given.network import Layer, Network
from analoom.flows.compile.given.ready_sets import ready_set
from analoom.flows.compile.mapping import map_network
from analoom.flows.compile.targets.lookup import TARGETS, target_of
from analoom.flows.compile.training.trainer import train
from analoom.flows.files.outputs import write_json

FAMILY, SEED, THOUSAND, CORES = "binned", 1, 1000, 2
DIMS = (64, 32, 10)
DEEPER = (64, 32, 32, 10)


def network(dims: Sequence[int]) -> Network:
    """Weights at random, of the size that a layer's sums keep; what they are worth takes no part in the time."""
    rng = np.random.default_rng(SEED)
    shapes = [(m, n) for n, m in pairwise(dims)]
    return Network(tuple(Layer("l", rng.normal(size=s) / np.sqrt(s[1]), np.zeros(s[0])) for s in shapes))


def timed(name: str, dims: Sequence[int], counts: Sequence[int]) -> dict[str, Any]:
    """CPU seconds of so many dies of a target, after one task that samples its tables; of that task as `first_s`."""
    target, data, net = target_of(name), ready_set("digits", SEED), network(dims)
    mapped = map_network(net, target.grid, data.x_train, target.step_of)
    fields = dict(target.fields(net.dims))
    fields |= target.sized(fields, mapped, data.x_train) if target.sized else {}
    spec, how = target.parsed(fields), target.trained_how(net.dims, SEED)
    start = [w.astype(np.float32) for w in mapped.real]
    known = target.designed(net.dims, spec)
    unaware = [c[0] for c in train(start, known, target.grid, data.x_train, data.y_train, how)]
    task = {**task_of(target, fields, data, mapped.real, unaware, how), "trained": True}

    def taken(dies: int) -> float:
        started = time.process_time()
        judged(target.dies(spec, FAMILY, dies, SEED), target, task)
        return time.process_time() - started

    first = taken(2)
    return {"dims": list(dims), "first_s": first, "seconds": {count: taken(count) for count in counts}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--targets", default=",".join(TARGETS))
    parser.add_argument("--dies", type=int, default=10)
    given = parser.parse_args()
    n, found = given.dies, {}
    for name in given.targets.split(","):
        flat, deep = timed(name, DIMS, (n, 2 * n)), timed(name, DEEPER, (n,))
        found[name] = {"flat": flat, "deeper": deep}
        seconds = flat["seconds"]
        each = (seconds[2 * n] - seconds[n]) / n
        minutes = (flat["first_s"] + each * THOUSAND / CORES) / 60
        more = sum((a + 1) * b for a, b in pairwise(DEEPER)) / sum((a + 1) * b for a, b in pairwise(DIMS))
        print(
            f"{name}: {each:.2f} CPU s a die, {THOUSAND} dies on {CORES} cores {minutes:.1f} min; "
            f"{2 * n} dies by {n}: {seconds[2 * n] / seconds[n]:.2f}; "
            f"a layer more, {more:.2f} times the weights: {deep['seconds'][n] / seconds[n]:.2f}",
            flush=True,
        )
    write_json(Path("out/bench/compile.json"), json.loads(json.dumps(found)))


if __name__ == "__main__":
    main()
