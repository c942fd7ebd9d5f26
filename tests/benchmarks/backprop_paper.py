"""The figures and the table of a paper on continuous-time backpropagation, by its own equations.

    python tests/benchmarks/backprop_paper.py [--out out/backprop_paper] [--seeds 10]

Source: Paulu and Hospodka, Radioengineering 30(2), 2021: figures 8 to 13, table 1. Its curves are judged with V_teach =
0 after each epoch; beside it stands the error read while rows are taught, as the paper reads it. Constants that it does
not publish are assumptions, which `Blocks` names; their influence is a table of its own.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from analoom.flows.behaviour.backprop import XOR, Rows, Run, multiplied, outputs, start, train
from analoom.flows.behaviour.backprop_blocks import Blocks

DIMS = (2, 8, 1)
RATES_S = {"figure 9, small": (1e-8, 2000), "figure 10, optimal": (1e-7, 400), "figure 11, big": (1e-6, 400)}
"""Time a row and epochs by figure; that 0.01, 0.1 and 1 us are times a row is an assumption, and so are the epochs."""
LEARNT = 0.01
HEADS = f"   below {LEARNT}, median epoch   test MSE: median, worst   the same, read while taught   largest step"
TABLE_1 = ((2, 2e-9), (10, 10e-9), (100, 100e-9), (500, 500e-9))
"""Rows and the time of 1,000 epochs as printed; table 2's last number of rows cannot be read: 500 follows from it."""
EPOCHS_OF_TABLE = 1000


def curves(blocks: Blocks, row_s: float, epochs: int, seeds: int) -> list[Run]:
    """One run a seed."""
    return [train(blocks, XOR, start(blocks, DIMS, seed), row_s, epochs) for seed in range(1, seeds + 1)]


def summary(runs: list[Run]) -> str:
    """How many learnt, when, and what is left."""
    when = [run.epochs_to(LEARNT) for run in runs]
    learnt = sorted(epoch for epoch in when if epoch is not None)
    test, taught = (np.array([getattr(run, name)[-1] for run in runs]) for name in ("test_mse", "taught_mse"))
    rough = np.mean([np.abs(np.diff(run.test_mse)).max() for run in runs])
    middle = f"{learnt[len(learnt) // 2]:5d}" if learnt else "    -"
    return (
        f"{len(learnt):2d} of {len(runs)}  {middle}  {np.median(test):.4f} {test.max():.4f}   {np.median(taught):.4f} "
        f"{taught.max():.4f}   {rough:.3f}"
    )


def figure_8(folder: Path) -> None:
    """Two rows, an epoch with V_teach on and one without: the output comes to the target."""
    rows = Rows(np.array([[0.0], [1.0]]), np.array([[0.2], [0.8]]))
    blocks = Blocks()
    weights, shown = start(blocks, (1, 2, 1), 1), []
    for _ in range(30):
        weights = train(blocks, rows, weights, 3e-7, 1).weights
        shown.append(outputs(blocks, weights, rows.x)[:, 0])
    print(f"figure 8, 1-2-1, 0.3 us a row, 30 epochs: outputs {shown[-1].round(3)} V for targets [0.2 0.8] V")
    _, axes = plt.subplots(figsize=(7, 3.5))
    for row, target in enumerate(rows.target[:, 0]):
        axes.plot(np.arange(1, 31), [y[row] for y in shown], marker=".", label=f"row {row + 1}, V_teach = 0")
        axes.axhline(target, color="0.6", linestyle="--")
    _save(axes, folder / "figure_8.png", "epoch", "V_out (V)")


def figures_9_to_13(folder: Path, seeds: int) -> None:
    """XOR with three times a row and both multipliers."""
    print(f"\nXOR, 2-8-1, {seeds} seeds{HEADS}")
    for kind in ("eq5", "eq17"):
        for name, (row_s, epochs) in RATES_S.items():
            runs = curves(Blocks(multiplier=kind), row_s, epochs, seeds)
            said = "figure 13" if kind == "eq17" and "10" in name else name if kind == "eq5" else f"as {name}"
            print(f"{said:22s} {kind:5s} {row_s * 1e6:5.2f} us  {summary(runs)}")
            _, axes = plt.subplots(figsize=(7, 3.5))
            for run in runs:
                axes.plot(np.arange(1, epochs + 1), run.test_mse, linewidth=0.9)
            _save(axes, folder / f"{kind}_{row_s * 1e9:g}ns.png", "epoch", "MSE with V_teach = 0 (V2)")


def figure_12(folder: Path) -> None:
    """Both multipliers: current against one input, for levels of the other."""
    pair, at = plt.subplots(1, 2, figsize=(9, 3.5), sharey=True)
    v = np.linspace(-4, 4, 161)
    for axes, kind in zip(at, ("eq5", "eq17"), strict=True):
        for level in (-4, -2, -1, 1, 2, 4):
            axes.plot(v, 1e9 * multiplied(Blocks(multiplier=kind), v, np.full_like(v, level)), label=f"{level} V")
        axes.set_ylim(-110, 110)
        axes.set_xlabel("V_in1 (V)")
        axes.set_title(f"equation {kind[2:]}")
    at[0].set_ylabel("I_out (nA)")
    at[1].legend(title="V_in2", fontsize=7)
    pair.tight_layout()
    pair.savefig(folder / "figure_12.png", dpi=130)
    plt.close(pair)


def assumptions(seeds: int) -> None:
    """What the constants that are not published do to figures 10 and 13."""
    print(f"\n0.1 us a row, other constants{HEADS}")
    for change in _changes():
        said = ", ".join(f"{name} {value}" for name, value in change.items())
        print(f"{said:38s}  {summary(curves(Blocks(**change), 1e-7, 400, seeds))}")
    for row_s, epochs in ((1e-8, 2000), (1e-6, 400)):
        said = f"i_ref 1.25e-08, {row_s * 1e6:g} us a row"
        print(f"{said:38s}  {summary(curves(Blocks(i_ref=12.5e-9), row_s, epochs, seeds))}")


def _changes() -> Iterator[dict[str, object]]:
    yield from ({"i_ref": i} for i in (12.5e-9, 50e-9, 100e-9))
    yield {"k_d": 1.0}
    yield {"v_start": 0.3}
    yield from ({"multiplier": "eq17", "k_tanh": k} for k in (0.5, 2.0))
    yield from ({"multiplier": "eq17", "v_off": v} for v in (0.01, 0.1))


def table_1() -> None:
    """Times of training: what nanoseconds would allow, and what rows of 0.1 us take beside numpy on one core."""
    blocks = Blocks()
    print(f"\ntable 1: 1,000 epochs, at most {blocks.slew_v_s * 1e-6:g} V/us a weight")
    print("rows   printed   most motion   motion found   with 0.1 us a row   numpy, one core, 2-8-1 by rows")
    for count, printed_s in TABLE_1:
        draw = np.random.default_rng(count)
        rows = Rows(draw.uniform(0, 1, (count, 2)), draw.uniform(0, 1, (count, 1)))
        weights = start(blocks, DIMS, 1)
        run = train(blocks, rows, weights, printed_s / count / EPOCHS_OF_TABLE, EPOCHS_OF_TABLE)
        moved = max(float(np.abs(a - b).max()) for a, b in zip(run.weights, weights, strict=True))
        most = printed_s * blocks.slew_v_s
        ours, digital = count * EPOCHS_OF_TABLE * 1e-7, _numpy_s(rows)
        motion = f"{printed_s * 1e9:5.0f} ns   {1e3 * most:7.1f} mV   {1e3 * moved:9.3f} mV"
        print(f"{count:4d}  {motion}   {1e3 * ours:12.1f} ms   {digital:8.3f} s: {digital / ours:6.0f} times")


def _numpy_s(rows: Rows) -> float:
    """Seconds of stochastic gradient descent in numpy, row by row, for all epochs."""
    first, second = (w.copy() for w in start(Blocks(), DIMS, 1))
    started = time.process_time()
    for _ in range(EPOCHS_OF_TABLE):
        for x, target in zip(rows.x, rows.target, strict=True):
            biased = np.append(x, 1.0)
            hidden = 1 / (1 + np.exp(-4 * first @ biased))
            held = np.append(hidden, 1.0)
            y = 1 / (1 + np.exp(-4 * second @ held))
            delta = (y - target) * 4 * y * (1 - y)
            back = (second[:, :-1].T @ delta) * 4 * hidden * (1 - hidden)
            second -= 0.1 * np.outer(delta, held)
            first -= 0.1 * np.outer(back, biased)
    return time.process_time() - started


def _save(axes: plt.Axes, path: Path, x: str, y: str) -> None:
    axes.set_xlabel(x)
    axes.set_ylabel(y)
    if axes.get_legend_handles_labels()[0]:
        axes.legend(fontsize=8)
    axes.figure.tight_layout()
    axes.figure.savefig(path, dpi=130)
    plt.close(axes.figure)


def main() -> None:
    told = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    told.add_argument("--out", type=Path, default=Path("out/backprop_paper"))
    told.add_argument("--seeds", type=int, default=10)
    given = told.parse_args()
    given.out.mkdir(parents=True, exist_ok=True)
    figure_8(given.out)
    figures_9_to_13(given.out, given.seeds)
    figure_12(given.out)
    assumptions(given.seeds)
    table_1()
    print(f"\npictures: {given.out}")


if __name__ == "__main__":
    main()
