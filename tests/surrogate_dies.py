"""Dies of a current-mode network by numbers alone: drawn gains of somas and units, for tests that need no transistors.

Sigmas at 100 nA of somas (positive and negative path) and of single units, 1/1, continuous models; loop and arrays are
written here apart from the training code.
"""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analoom.flows.compile.training.gains import Gains

SOMA = (0.09, 0.115)
UNIT = 0.10


class SurrogateDies:
    """`count` dies with networks of `dims`; `scale` widens all mismatch."""

    def __init__(self, dims: Sequence[int], count: int, seed: int, scale: float = 1.0) -> None:
        rng = np.random.default_rng(seed)
        rows = [n + 1 for n in dims[:-1]]
        self.dims, self.count = tuple(dims), count
        self.somas = [[1 + scale * s * rng.standard_normal((count, n)) for n in rows] for s in SOMA]
        shapes = [(count, n, m) for n, m in zip(rows, dims[1:], strict=True)]
        self.units = [[1 + scale * UNIT * rng.standard_normal(shape) for shape in shapes] for _ in SOMA]

    def outputs(self, codes: Sequence[NDArray[np.integer]], x: NDArray[np.float64]) -> NDArray[np.float64]:
        """(dies, points, outputs)."""
        y = np.repeat(np.asarray(x, float)[None], self.count, axis=0)
        for layer, c in enumerate(codes):
            spread = [1 + (u[layer] - 1) / np.sqrt(np.maximum(np.abs(c), 1)) for u in self.units]
            paths = [s[layer][:, :, None] * u for s, u in zip(self.somas, spread, strict=True)]
            weights = 0.25 * c * np.where(np.asarray(c) > 0, *paths)
            z = np.einsum("dpi,dio->dpo", np.pad(y, ((0, 0), (0, 0), (0, 1)), constant_values=1.0), weights)
            y = np.maximum(z, 0)
        return z

    def without(self) -> dict[str, SurrogateDies]:
        """The same dies without the spread of single units."""
        other = copy(self)
        other.units = [[np.ones_like(u) for u in path] for path in self.units]
        return {"units": other}

    def measured(self) -> Gains:
        """The somas' gains as they are, without error."""
        positive, negative = (tuple(s.astype(np.float32) for s in path) for path in self.somas)
        return Gains(positive, negative, np.ones((self.count, self.dims[-1]), dtype=np.float32))


def quadrants(points: int = 60, seed: int = 2) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Points (points, 2), 0 to 1, and whether they lie in one of two opposite quadrants: no line parts them."""
    rng = np.random.default_rng(seed)
    side = rng.integers(0, 2, (points, 2))
    return 0.7 * side + 0.3 * rng.random((points, 2)), side[:, 0] ^ side[:, 1]


def pairs_of(dims: Sequence[int]) -> list[tuple[int, int]]:
    """(inputs + 1, outputs) of each layer."""
    return [(n + 1, m) for n, m in pairwise(dims)]
