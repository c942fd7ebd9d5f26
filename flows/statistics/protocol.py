"""What the mismatch of any kind of cell answers: sigmas by formula, drawn samples, samples drawn by ngspice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .spread import Figure, Spread, estimated

Array = NDArray[np.float64]
Samples = Mapping[str, tuple[Array, str]]
"""By metric: drawn values (samples,) or (samples, quantities), and their unit."""


class Statistics(Protocol):
    """The random errors of one cell in one family of models, at one operating point.

    All three ways rest on the drawn sizes in the cell's circuit. `source` says where the coefficients come from.
    """

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        ...

    @property
    def notes(self) -> Sequence[str]:
        """Where a number leaves its range, and what is not computed."""
        return ()

    @property
    def point(self) -> Mapping[str, float]:
        """The operating point, SI units by name."""
        return {}

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula, by metric."""
        ...

    def figures(self, drawn: Samples | None) -> Mapping[str, Figure]:
        """Figures that are no spread, of the samples drawn or by formula; samples of these names have no sigma."""
        return {}

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples with unit, by the coefficients."""
        ...

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Samples with unit, drawn by the model file itself."""
        ...

    def estimate(self, name: str, values: Array, unit: str) -> Spread:
        """The spread of drawn samples of the metric `name`."""
        return estimated(values, unit)
