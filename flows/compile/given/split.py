"""How a ready set is parted into points to train with and points to judge by: class by class, as a seed draws."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

JUDGED = 0.3
"""The share of a ready set's points, the same of each class, that is left to judge by."""
Places = NDArray[np.intp]


def parted(y: NDArray[np.integer], seed: int) -> tuple[Places, Places]:
    """Places in `y` (points,) of those to train with and of those to judge by, both rising."""
    rng = np.random.default_rng(seed)
    drawn = [rng.permutation(np.flatnonzero(y == k)) for k in range(int(y.max()) + 1)]
    cuts = [round(JUDGED * len(points)) for points in drawn]
    test = np.sort(np.concatenate([points[:cut] for points, cut in zip(drawn, cuts, strict=True)]))
    train = np.sort(np.concatenate([points[cut:] for points, cut in zip(drawn, cuts, strict=True)]))
    return train, test
