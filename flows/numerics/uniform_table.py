"""Reading many values off a curve on evenly spaced points: by index, without a search, linear between points."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


@dataclass(frozen=True)
class UniformTable:
    """`values` (..., points) from `low` to `high`; beyond these the end's value holds."""

    low: float
    high: float
    values: Array

    @classmethod
    def of(cls, curve: Callable[[Array], Array], low: float, high: float, points: int) -> UniformTable:
        """`curve` tabulated on `points`."""
        return cls(low, high, curve(np.linspace(low, high, points)))

    @cached_property
    def _steps(self) -> Array:
        return np.diff(self.values, axis=-1)

    def __call__(self, x: Array) -> Array:
        """Values at `x` (any shape), (..., *x.shape)."""
        last = self.values.shape[-1] - 1
        at = (x - self.low) * (last / (self.high - self.low))
        np.clip(at, 0, last, out=at)
        index = np.minimum(at.astype(np.int64), last - 1)
        at -= index
        found = np.take(self._steps, index, axis=-1)
        found *= at
        found += np.take(self.values, index, axis=-1)
        return found
