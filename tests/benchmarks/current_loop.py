"""The loop of a network of currents closed in ngspice, after layout: dies measured, trained for, and simulated again.

    python tests/benchmarks/current_loop.py --dies 20 --family continuous

Irises on 4-7-3. Each die has drawn mismatch in every transistor of its somas and synapses, and the resistances of the
supplies as drawn; its slopes are measured at its pins by the paper's procedure, its weights trained with them, and the
set's other part simulated with weights for any die and with its own. A die takes 8 to 15 s of a core; those that are
done are kept in `out/bench/current_loop`.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from analoom.cells.model.registry import build
from analoom.flows.compile.demo import write_network
from analoom.flows.compile.given.dataset import Dataset
from analoom.flows.compile.given.network_file import read_network
from analoom.flows.compile.given.ready_sets import ready_set
from analoom.flows.compile.kept import Kept
from analoom.flows.compile.mapping import map_network
from analoom.flows.compile.targets.current import CURRENT, CurrentNetworkDies
from analoom.flows.compile.training.gains import ideal
from analoom.flows.compile.training.loss import accuracy
from analoom.flows.compile.training.settings import Training
from analoom.flows.compile.training.trainer import Codes, train
from analoom.flows.sweep.workers.store import PointStore
from analoom.flows.systems.current_network.measure import measured_dies
from analoom.flows.systems.current_network.measured import Measured
from analoom.flows.systems.current_network.netlist.dies import NgspiceDies
from analoom.flows.systems.current_network.netlist.sweep import Run
from analoom.flows.systems.current_network.netlist.wires import NetworkWires, drawn_wires

FOLDER = Path("out/bench/current_loop")
SEED = 1
SWEPT, REPEATS = 2, 4
"""Points of a sweep, and how often each soma is measured: by the solver, on the same dies, slopes are then those of the
whole procedure within 1.2 %, one sigma, where they spread by 8 to 9 % (continuous)."""


class Asked:
    """Stands for dies while it is written down what they will be asked; then answers with what was found."""

    def __init__(self, dies: NgspiceDies) -> None:
        self.dims, self.count, self.unit_current, self.bias_a = dies.dims, 1, dies.unit_current, dies.bias_a
        self.runs: list[Run] = []
        self.found: Iterator[list[np.ndarray]] | None = None

    def activities(self, runs: Sequence[Run]) -> list[list[np.ndarray]]:
        self.runs += runs
        if self.found is None:
            return [[np.ones((1, len(x), self.dims[-1]))] for _, x in runs]
        return [next(self.found) for _ in runs]


class MeasuredInNgspice(NgspiceDies):
    """Dies that are measured where they are simulated: all runs of the procedure in one sweep."""

    def measure(self) -> Measured:
        asked = Asked(self)
        with np.errstate(all="ignore"):
            measured_dies(asked, points=SWEPT, repeats=REPEATS)
        asked.found = iter(self.activities(asked.runs))
        return measured_dies(asked, points=SWEPT, repeats=REPEATS)


@dataclass(frozen=True)
class Task:
    """What all dies have in common."""

    data: Dataset
    start: Codes
    unaware: Codes
    how: Training
    wires: NetworkWires

    def judged(self, family: str, die: int) -> dict[str, object]:
        """Accuracies of a die, and the seconds of a core that measuring, training and judging took."""
        cell = build(CURRENT.cell, CURRENT.fields(DIMS))
        drawn = MeasuredInNgspice(cell.spec, self.wires, family, 1, SEED, die)
        dies, at = CurrentNetworkDies(drawn), [time.process_time()]
        gains = dies.measured()
        at.append(time.process_time())
        aware = [c[0] for c in train(self.start, gains, CURRENT.grid, self.data.x_train, self.data.y_train, self.how)]
        at.append(time.process_time())
        order = near_by(self.data.x_test)
        x = 4 * cell.spec.unit_current * np.asarray(self.data.x_test[order], float)
        runs = [([c.astype(np.int64) for c in codes], x) for codes in (self.unaware, aware)]
        found = [float(accuracy(outputs[-1][0], self.data.y_test[order])) for outputs in drawn.activities(runs)]
        at.append(time.process_time())
        seconds = [round(float(s), 2) for s in np.diff(at)]
        return {"unaware": found[0], "aware": found[1], "seconds": seconds, "codes": [c.tolist() for c in aware]}


DIMS = (4, 7, 3)


def near_by(x: np.ndarray) -> np.ndarray:
    """An order of points (points, inputs) in which each is the nearest to the one before that is left."""
    order, left = [0], set(range(1, len(x)))
    while left:
        order.append(min(left, key=lambda k: float(np.square(x[k] - x[order[-1]]).sum())))
        left.remove(order[-1])
    return np.array(order)


def task(kept: Kept) -> Task:
    """The network of the demo, its weights for any die, and the wires of its drawn cell."""
    data = ready_set("iris", SEED)
    with TemporaryDirectory() as folder:
        network, _ = read_network(write_network(Path(folder) / "iris.npz"))
    real, how = map_network(network, CURRENT.grid, data.x_train).real, Training.fitting(DIMS, SEED)
    start = [w.astype(np.float32) for w in real]
    unaware = [c[0] for c in train(start, ideal(DIMS), CURRENT.grid, data.x_train, data.y_train, how)]
    cell = build(CURRENT.cell, CURRENT.fields(DIMS))
    said = kept.done("wires", {"cell": cell.name}, lambda: asdict(drawn_wires(cell, "typical")))
    print(f"software {100 * float(accuracy(network.outputs(data.x_test), data.y_test)):.1f} %", flush=True)
    return Task(data, start, unaware, how, NetworkWires(**said).of_supplies())


def main() -> None:
    """Prints each die, then means and the lowest."""
    asked = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    asked.add_argument("--dies", type=int, default=20)
    asked.add_argument("--first", type=int, default=0)
    asked.add_argument("--family", default="continuous")
    given = asked.parse_args()
    kept = Kept(PointStore(FOLDER))
    common, found = task(kept), []
    for die in range(given.first, given.first + given.dies):
        made_from = {"family": given.family, "die": die, "seed": SEED}
        found.append(kept.done("die", made_from, lambda die=die: common.judged(given.family, die)))
        print(json.dumps({"die": die, **{k: found[-1][k] for k in ("unaware", "aware", "seconds")}}), flush=True)
    for kind in ("unaware", "aware"):
        of = 100 * np.array([die[kind] for die in found])
        print(f"{given.family}, {len(of)} dies, {kind}: mean {of.mean():.1f} %, lowest {of.min():.1f} %")


if __name__ == "__main__":
    main()
