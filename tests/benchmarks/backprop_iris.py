"""Iris, learned by a network that trains itself: four analog inputs, three outputs, in ngspice.

    python tests/benchmarks/backprop_iris.py [--hidden 6] [--epochs 20] [--rows 10] [--seeds 1]

`--rows` flowers a class are taught, one class after the other, features scaled to -1 to 1 by these rows; the others
are shown after the training, with `teach` off and `learn` low. A flower is right when the output of its class is the
highest. Beside it stands nearest centroids in numpy of the same rows, which has no hidden neurons and no training.
Schematic, typical, 27 degC.
"""

from __future__ import annotations

import argparse
import time

import numpy as np
from sklearn.datasets import load_iris

from analoom.flows.systems.backprop.training import answers, trained
from analoom.flows.systems.backprop.training_lines import Rows
from analoom.flows.systems.backprop.training_settings import TrainingSettings
from analoom.generators.backprop import BackpropNetworkSpec

CLASSES = 3


def split(rows: int, seed: int) -> tuple[Rows, Rows]:
    """`rows` a class in turns, and the rest."""
    x, y = load_iris(return_X_y=True)
    draw = np.random.default_rng(seed)
    shuffled = [draw.permutation(np.flatnonzero(y == k)) for k in range(CLASSES)]
    first = np.array([one[:rows] for one in shuffled]).T.ravel()
    rest = np.concatenate([one[rows:] for one in shuffled])
    low, high = x[first].min(axis=0), x[first].max(axis=0)
    scaled = np.clip(2 * (x - low) / (high - low) - 1, -1, 1)
    sides = 2.0 * (y[:, None] == np.arange(CLASSES)) - 1
    return Rows(scaled[first], sides[first]), Rows(scaled[rest], sides[rest])


def right(outputs: np.ndarray, data: Rows) -> str:
    """How many flowers are of the class whose output is the highest."""
    return f"{int((outputs.argmax(axis=1) == data.sides.argmax(axis=1)).sum())} of {len(data.x)}"


def by_centroids(taught: Rows, data: Rows) -> np.ndarray:
    """The negative distance to the middle of each class."""
    middles = np.array([taught.x[taught.sides.argmax(axis=1) == k].mean(axis=0) for k in range(CLASSES)])
    return -np.linalg.norm(data.x[:, None] - middles, axis=2)


def main() -> None:
    said = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    for name, default in (("hidden", 6), ("epochs", 20), ("rows", 10), ("seeds", 1)):
        said.add_argument(f"--{name}", type=int, default=default)
    given = said.parse_args()
    spec = BackpropNetworkSpec(inputs=4, hidden=given.hidden, outputs=CLASSES)
    print(f"iris, 4-{given.hidden}-3, {given.rows} rows a class, {given.epochs} epochs")
    for seed in range(1, given.seeds + 1):
        taught, rest = split(given.rows, seed)
        started = time.process_time()
        settings = TrainingSettings(seed=seed, epochs=given.epochs, hold=1)
        run = trained(spec, settings, data=taught)
        shown, others = answers(run, taught), answers(run, rest)
        print(f"seed {seed}: {run.settings.in_all * run.epoch_s * 1e6:.0f} us, {run.power_w * 1e6:.1f} uW, ", end="")
        print(f"test error {' '.join(f'{e:.3f}' for e in run.mse)}, {time.process_time() - started:.0f} CPU s")
        print(f"  taught {right(shown, taught)}, others {right(others, rest)}; ", end="")
        print(f"centroids {right(by_centroids(taught, taught), taught)}, {right(by_centroids(taught, rest), rest)}")


if __name__ == "__main__":
    main()
