"""Data sets by name: four of scikit-learn's and images of MNIST, with a split that a seed fixes."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from analoom.pdk.errors import InputError, nearest

from .arrays import ArraysFile, read_arrays
from .dataset import Array, Dataset, checked
from .idx_files import IdxFolder, read_idx_folder
from .mnist import NAME as MNIST
from .mnist import mnist_set
from .split import parted

OF_SKLEARN = ("iris", "digits", "wine", "breast_cancer")
READY = (*OF_SKLEARN, MNIST)
Source = ArraysFile | IdxFolder


def read_dataset(given: str, seed: int = 1) -> tuple[Dataset, Source | None]:
    """A ready set by name, split by `seed`; or that in a .npz file, or in a folder of MNIST's four idx files, with what
    was read. Raises InputError and SpecError, ToolError for a ready set whose package is missing."""
    if given in READY:
        return ready_set(given, seed), None
    if Path(given).is_dir():
        return read_idx_folder(Path(given))
    if not Path(given).suffix and not Path(given).is_file():
        said = f"no data set called {given!r}; known: {', '.join(READY)}, a .npz file or a folder of MNIST's idx files"
        raise InputError(said, field="data", remedy=f"--data {nearest(given, READY) or READY[0]}")
    file = read_arrays(Path(given), "data", (".npz",))
    return checked(Path(given).stem, file.arrays), file


def ready_set(name: str, seed: int = 1) -> Dataset:
    """One of READY, split by `seed` alone; those of scikit-learn are scaled to 0 to 1 by the part to train."""
    if name == MNIST:
        return mnist_set(seed)
    from sklearn import datasets

    found = getattr(datasets, f"load_{name}")()
    train, test = parted(found.target, seed)
    low, high = found.data[train].min(axis=0), found.data[train].max(axis=0)
    parts = {part: _scaled(found.data[at], low, high) for part, at in (("x_train", train), ("x_test", test))}
    return checked(name, {**parts, "y_train": found.target[train], "y_test": found.target[test]})


def _scaled(x: Array, low: Array, high: Array) -> Array:
    """0 to 1 by each input's own range, cut off beyond it; 0 for an input that never varies."""
    span = np.where(high > low, high - low, 1.0)
    return np.clip((x - low) / span, 0.0, 1.0)
