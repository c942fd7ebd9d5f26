"""Which classes are taken for which: counts of points by class and by what a die says."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def confusion(outputs: NDArray[np.floating], y: NDArray[np.int64]) -> NDArray[np.int64]:
    """Points by class `y` (points,) and by largest of `outputs` (..., points, outputs), all dies together."""
    size = outputs.shape[-1]
    said = outputs.argmax(axis=-1)
    pairs = np.broadcast_to(y, said.shape) * size + said
    return np.bincount(pairs.ravel(), minlength=size * size).reshape(size, size)
