"""How fast a network that trains itself learns, beside the same network trained by backpropagation in numpy.

    python tests/benchmarks/backprop_bench.py [--hidden 4] [--seeds 3] [--cpu-w W]

The chip's time is that of the epochs after which every test has all rows right: ngspice, schematic, typical, 27 degC;
numpy's is CPU time on one core of this machine to the same mean square error of all rows, by the distance of the
targets. numpy has the same number of tanh neurons and weights, stochastic gradient descent row by row as the chip, or
all rows at once, and of all rates tried the one with the least median time over 20 starts, so that it is at its best.
The energy of the CPU is told for a power that is given: `--cpu-w`, of one core.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analoom.flows.systems.backprop.training import Trained, trained
from analoom.flows.systems.backprop.training_settings import TrainingSettings
from analoom.generators.backprop import BackpropNetworkSpec

X = np.array([[-1.0, -1, 1], [-1, 1, 1], [1, -1, 1], [1, 1, 1]])
"""Rows, with the constant input."""
TARGET = np.array([-0.5, 0.5, 0.5, -0.5])
"""Outputs are tanh; half of their reach, as on the chip, so that the distance of the targets is 1."""
RATES, STARTS, MOST_EPOCHS, TEST_EVERY = (0.1, 0.2, 0.5, 1.0), 20, 3000, 5
Weights = tuple[np.ndarray, np.ndarray]


def forward(weights: Weights, x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Hidden neurons with the constant behind, (rows, hidden + 1), and outputs (rows,)."""
    hidden = np.column_stack([np.tanh(x @ weights[0].T), np.ones(len(x))])
    return hidden, np.tanh(hidden @ weights[1])


def one_by_one(weights: Weights, rate: float) -> None:
    """An epoch, a step a row."""
    first, second = weights
    for x, target in zip(X, TARGET, strict=True):
        hidden = np.append(np.tanh(first @ x), 1.0)
        y = np.tanh(second @ hidden)
        delta = (y - target) * (1 - y * y)
        back = delta * second[:-1] * (1 - hidden[:-1] ** 2)
        second -= rate * delta * hidden
        first -= rate * np.outer(back, x)


def all_at_once(weights: Weights, rate: float) -> None:
    """An epoch, one step of all rows."""
    first, second = weights
    hidden, y = forward(weights, X)
    delta = (y - TARGET) * (1 - y * y)
    back = np.outer(delta, second[:-1]) * (1 - hidden[:, :-1] ** 2)
    second -= rate * delta @ hidden
    first -= rate * back.T @ X


@dataclass(frozen=True)
class Best:
    """The rate that is fastest: median time to the error, s, and epochs, of those starts that reach it."""

    time_s: float
    epochs: float
    rate: float
    reached: int


def best(step: Callable[[Weights, float], None], hidden: int, error: float) -> Best:
    """Over all rates; one at which half of the starts or more do not reach the error is none."""
    tried = [found for rate in RATES if (found := _tried(step, hidden, error, rate)).reached > STARTS / 2]
    return min(tried, key=lambda found: found.time_s)


def _tried(step: Callable[[Weights, float], None], hidden: int, error: float, rate: float) -> Best:
    times, epochs = [], []
    for seed in range(STARTS):
        draw = np.random.default_rng(seed)
        weights = draw.uniform(-1, 1, (hidden, 3)), draw.uniform(-1, 1, hidden + 1)
        started = time.process_time()
        for epoch in range(1, MOST_EPOCHS + 1):
            step(weights, rate)
            if epoch % TEST_EVERY == 0 and np.mean((forward(weights, X)[1] - TARGET) ** 2) <= error:
                times.append(time.process_time() - started)
                epochs.append(epoch)
                break
    return Best(float(np.median(times or [np.inf])), float(np.median(epochs or [np.inf])), rate, len(times))


def error_when_learned(run: Trained) -> float:
    """The test's error at the epoch from which on all rows are right."""
    assert run.learned_at is not None
    return float(run.mse[run.tests.index(run.learned_at - 1)])


def told(run: Trained, cpu_w: float | None) -> str:
    """A line of the table."""
    if run.learned_at is None:
        return f"{run.settings.seed:4d}   has not learned: {run.rows_right} of {run.rows} rows right"
    chip_s, error = run.learned_at * run.epoch_s, error_when_learned(run)
    line = f"{run.settings.seed:4d}   {error:.4f}   {run.learned_at:4d}   {chip_s * 1e6:6.0f} us"
    line += f"   {chip_s * run.power_w * 1e9:5.2f} nJ"
    for step in (one_by_one, all_at_once):
        found = best(step, run.spec.hidden, error)
        line += (
            f"   {found.epochs:5g} at {found.rate:g}   {found.time_s * 1e3:7.2f} ms   {found.time_s / chip_s:5.1f} x"
        )
        line += "" if cpu_w is None else f"   {cpu_w * found.time_s * 1e3:7.2f} mJ"
    return line


def main() -> None:
    said = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    said.add_argument("--hidden", type=int, default=4)
    said.add_argument("--seeds", type=int, default=3)
    said.add_argument("--cpu-w", type=float, default=None, help="power of a core, W, for its energy")
    given = said.parse_args()
    energy = "" if given.cpu_w is None else f"    energy at {given.cpu_w:g} W"
    columns = f"epochs at rate   CPU time   of chip{energy}"
    print(f"XOR, 2-{given.hidden}-1, numpy {np.__version__}")
    print(f"seed    error   epochs   chip time   energy   row by row: {columns}   all rows at once: {columns}")
    for seed in range(1, given.seeds + 1):
        print(
            told(trained(BackpropNetworkSpec(hidden=given.hidden), TrainingSettings(seed=seed, epochs=20)), given.cpu_w)
        )


if __name__ == "__main__":
    main()
