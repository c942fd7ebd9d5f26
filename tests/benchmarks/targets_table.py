"""The table of targets: three networks on every target that is built, as Markdown lines for flows/README.md.

    python tests/benchmarks/targets_table.py --dies 20 --trained 10 --networks iris,digits

Irises on 4-7-3, digits on 64-32-10, MNIST (5,000 images, 14 x 14) on 196-50-10, one split each. Networks are trained
here by scikit-learn. Those of DRAWN are drawn and checked by the fast engines, the others judged without a drawing.
Finished steps are kept in `out/bench/targets`, so a table that was killed goes on; `minutes` are those of the last run.
"""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from sklearn.neural_network import MLPClassifier

from analoom.flows.compile.given.images import fitted
from analoom.flows.compile.given.ready_sets import ready_set
from analoom.flows.compile.options import CompileOptions
from analoom.flows.compile.run import compile_network
from analoom.flows.compile.targets.lookup import TARGETS
from analoom.flows.files.outputs import whole_file
from analoom.flows.files.quantity import quantity
from analoom.pdk.errors import SpecError

NETWORKS = {"iris": (4, 7, 3), "digits": (64, 32, 10), "mnist": (196, 50, 10)}
TRAINED = {"iris": ("lbfgs", 2000), "digits": ("adam", 2000), "mnist": ("adam", 60)}
"""By which solver of scikit-learn, and for how many epochs at most."""
DRAWN = ("iris", "digits")

OPTIONS = CompileOptions(drc_engines=("fast",), lvs_engines=("fast",), extract=False)
HEADS = ("network", "target", "mismatch", "software", "any die", "this die", "another die", "largest loss")
TAKEN = ("mm2", "energy", "time", "minutes")


def network(name: str, folder: Path) -> Path:
    """The network of a set, trained on its part to train, as a .npz."""
    path, dims = folder / f"{name}.npz", NETWORKS[name]
    if path.is_file():
        return path
    data, (solver, epochs) = fitted(ready_set(name, OPTIONS.seed), dims[0]), TRAINED[name]
    net = MLPClassifier(dims[1:-1], solver=solver, alpha=1e-3, max_iter=epochs, random_state=0)
    net.fit(data.x_train, data.y_train)
    arrays = {f"w{k}": w.T for k, w in enumerate(net.coefs_, 1)}
    with whole_file(path) as draft:
        np.savez(draft, **arrays, **{f"b{k}": b for k, b in enumerate(net.intercepts_, 1)})
    return path


def rows(name: str, target: str, given: CompileOptions, folder: Path, workers: int) -> Iterator[tuple[str, ...]]:
    """A row a family; one that says why where the target refuses the network."""
    options = replace(given, target=target, draw=name in DRAWN)
    dims = "-".join(map(str, NETWORKS[name]))
    try:
        told = compile_network(network(name, folder), name, options, folder / name / target, workers).to_json()
    except SpecError as error:
        yield (f"{name} {dims}", target, error.message, *[""] * (len(HEADS) + len(TAKEN) - 3))
        return
    for family, kinds in told["accuracy"].items():
        losses = told["budgets"][family]
        largest = max(losses, key=losses.__getitem__)
        percent = [f"{100 * kinds[k]['mean']:.1f}" for k in ("unaware", "aware", "other_die")]
        software = f"{100 * told['mapping']['software_accuracy']:.1f}"
        lost = f"{largest.replace('_', ' ')} {100 * losses[largest]:.1f}"
        yield (f"{name} {dims}", target, family, software, *percent, lost, *_taken(told))


def _taken(told: Mapping[str, Any]) -> tuple[str, ...]:
    """Area, energy and time of an inference and minutes of the command; `-` for what is not told."""
    area, energy, time = (told[k] for k in ("area_um2", "energy_per_inference_j", "time_per_inference_s"))
    return (
        "-" if area is None else f"{area / 1e6:.3f}",
        "-" if energy is None else quantity(energy, "J"),
        "-" if time is None else quantity(time, "s"),
        f"{told['seconds'] / 60:.1f}",
    )


def line(cells: tuple[str, ...]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--dies", type=int, default=100)
    parser.add_argument("--trained", type=int, default=None)
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--networks", default=",".join(NETWORKS))
    parser.add_argument("--targets", default=",".join(TARGETS))
    parser.add_argument("--out", type=Path, default=Path("out/bench/targets"))
    given = parser.parse_args()
    options = replace(OPTIONS, dies=given.dies, trained=given.trained)
    print(line((*HEADS, *TAKEN)), line(("---",) * len((*HEADS, *TAKEN))), sep="\n", flush=True)
    for name in given.networks.split(","):
        for target in given.targets.split(","):
            for cells in rows(name, target, options, given.out, given.workers):
                print(line(cells), flush=True)


if __name__ == "__main__":
    main()
