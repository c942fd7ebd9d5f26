"""Fits the shares of `analoom.generators.matching.wire_model` to extractions of drawn arrays, and prints what is left.

`python tests/benchmarks/fit_array_wires.py [--arrays 24]` from the project's root: a minute or two. Of each kind of
unit it draws arrays of random weights, in all patterns and in sizes by turns, and solves for the shares by least
squares. What is left is the error of a weight's wires per unit: of the shares found, of those that stand in the
module, and of none at all.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import fields
from pathlib import Path

import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from oracles.array_wires import ArrayWires, array_wires

from analoom.generators.cap_array.spec import TOPS
from analoom.generators.matching.wire_model import WireModel

UNITS = {
    "cap_mim_m3_1": [{"w": w} for w in (1.0, 2.0, 4.0)],
    "cap_mim_m3_2": [{"device": "cap_mim_m3_2", "w": w} for w in (2.5, 5.0)],
    "stacked": [{"device": "stacked", "w": w} for w in (3.0, 5.0)],
    "mom": [{"device": "mom", "fingers": {"c": c}} for c in (3.0, 10.0)],
}
PATTERNS = ("dispersed", "spiral", "chessboard", "block_chessboard")
SEED = 5


def sample(device: str, arrays: int, folder: Path) -> list[ArrayWires]:
    """Arrays of 3 to 6 weights of 2 to 13 units."""
    rng, found = np.random.default_rng(SEED), []
    for k in range(arrays):
        weights = rng.integers(2, 14, size=rng.integers(3, 7)).tolist()
        unit = UNITS[device][k // len(PATTERNS) % len(UNITS[device])]
        found.append(array_wires({"weights": weights, "unit": unit, "pattern": PATTERNS[k % len(PATTERNS)]}, folder))
    return found


def fitted(found: list[ArrayWires], model: WireModel) -> WireModel:
    """The fields that `model` has, by least squares; what a unit within an array has is each array's own, which three
    steps settle."""
    names = [f.name for f in fields(WireModel) if getattr(model, f.name)]
    for _ in range(3):
        rows, rest = [], []
        for one in found:
            shares = one.units + sum(getattr(model, n) * one.met[n] for n in names)
            within_f = np.sum(one.wires_f / one.units) / np.sum(shares / one.units)
            each = np.stack([one.met[n] / one.units for n in names], axis=1)
            rows.append(each - each.mean(axis=0))
            told = one.wires_f / one.units / within_f
            rest.append(told - told.mean())
        shares = np.linalg.lstsq(np.concatenate(rows), np.concatenate(rest), rcond=None)[0]
        model = WireModel(**dict(zip(names, shares.tolist(), strict=True)))
    return model


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--arrays", type=int, default=24)
    arrays = parser.parse_args().arrays
    with tempfile.TemporaryDirectory() as name:
        for device, tops in TOPS.items():
            found = sample(device, arrays, Path(name))
            fit = fitted(found, tops.wires)
            told = ", ".join(f"{f.name} {getattr(fit, f.name):.4f}" for f in fields(fit) if getattr(fit, f.name))
            print(f"{device}: {told}")
            for what, model in (("fitted", fit), ("as it stands", tops.wires), ("none", WireModel())):
                errors = np.concatenate([one.errors(model) for one in found])
                rms, most = np.sqrt((errors**2).mean()), np.abs(errors).max()
                print(f"  {what}: rms {100 * rms:.2f} %, largest {100 * most:.2f} % of a unit's wires")


if __name__ == "__main__":
    main()
