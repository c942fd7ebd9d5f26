"""Data sets by name: four of scikit-learn's, with a split that a seed fixes, scaled to 0 to 1 by the part to train."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from analoom.pdk.errors import InputError, nearest

from .arrays import ArraysFile, read_arrays
from .dataset import Array, Dataset, checked

READY = ("iris", "digits", "wine", "breast_cancer")
JUDGED = 0.3
"""The share of a ready set's points, the same of each class, that is left to judge by."""


def read_dataset(given: str, seed: int = 1) -> tuple[Dataset, ArraysFile | None]:
    """A ready set by name, split by `seed`, or that in a .npz file with the file. Raises InputError and SpecError."""
    if given in READY:
        return ready_set(given, seed), None
    if not Path(given).suffix and not Path(given).is_file():
        said = f"no data set called {given!r}; known: {', '.join(READY)}, or a .npz file"
        raise InputError(said, field="data", remedy=f"--data {nearest(given, READY) or READY[0]}")
    file = read_arrays(Path(given), "data", (".npz",))
    return checked(Path(given).stem, file.arrays), file


def ready_set(name: str, seed: int = 1) -> Dataset:
    """One of READY. The split depends on `seed` alone."""
    from sklearn import datasets

    found = getattr(datasets, f"load_{name}")()
    rng = np.random.default_rng(seed)
    drawn = [rng.permutation(np.flatnonzero(found.target == k)) for k in range(int(found.target.max()) + 1)]
    cuts = [round(JUDGED * len(points)) for points in drawn]
    test = np.sort(np.concatenate([points[:cut] for points, cut in zip(drawn, cuts, strict=True)]))
    train = np.sort(np.concatenate([points[cut:] for points, cut in zip(drawn, cuts, strict=True)]))
    low, high = found.data[train].min(axis=0), found.data[train].max(axis=0)
    parts = {part: _scaled(found.data[at], low, high) for part, at in (("x_train", train), ("x_test", test))}
    return checked(name, {**parts, "y_train": found.target[train], "y_test": found.target[test]})


def _scaled(x: Array, low: Array, high: Array) -> Array:
    """0 to 1 by each input's own range, cut off beyond it; 0 for an input that never varies."""
    span = np.where(high > low, high - low, 1.0)
    return np.clip((x - low) / span, 0.0, 1.0)
