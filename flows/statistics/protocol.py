"""What the mismatch of any kind of cell answers: sigmas by formula, drawn samples, samples drawn by ngspice."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from .criterion import OutputErrors
from .spread import Figure, Spread, estimated

Array = NDArray[np.float64]
Samples = Mapping[str, tuple[Array, str]]
"""By metric: drawn values (samples,) or (samples, quantities), and their unit."""


class Statistics(Protocol):
    """The random errors of one cell in one family of models, at one operating point.

    All three ways rest on the drawn sizes in the cell's circuit. `source` says where the coefficients come from.
    """

    @property
    @abstractmethod
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

    @abstractmethod
    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula, by metric."""
        ...

    def figures(self, drawn: Samples | None) -> Mapping[str, Figure]:
        """Figures that are no spread, of the samples drawn or by formula; samples of these names have no sigma."""
        return {}

    @abstractmethod
    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples with unit, by the coefficients."""
        ...

    @abstractmethod
    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Samples with unit, drawn by the model file itself."""
        ...

    def estimate(self, name: str, values: Array, unit: str) -> Spread:
        """The spread of drawn samples of the metric `name`."""
        return estimated(values, unit)

    def outputs(self, metric: str) -> OutputErrors:
        """Random errors of the outputs whose least certain one has the sigma `metric`, to first order."""
        found = self.closed()[metric]
        return OutputErrors(np.array([found.sigma]), found.unit)

    def offsets(self, metric: str) -> Array | None:
        """Fixed errors of these outputs by gradients and wires, (directions, outputs); None where only a budget tells.

        Their sum, each in its sign.
        """
        return None

    def drawn_outputs(self, metric: str, rng: np.random.Generator, dies: int, only: int | None = None) -> Array:
        """Drawn errors of these outputs, (dies, outputs), or of the output `only`, (dies, 1)."""
        values = self.drawn(rng, dies)[metric][0].reshape(dies, -1)
        return values if only is None else values[:, [only]]

    def values_a_die(self, metric: str, only: int | None = None) -> int:
        """Random values, or errors if they are more, that a die takes in `drawn_outputs`."""
        return len(self.outputs(metric).sigma)
