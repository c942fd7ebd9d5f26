"""Benches and analyses made of functions: each function takes the settings of its own system.

The record's doors speak of any settings; what arrives is checked to be the bench's own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, Spec
from analoom.flows.bench.device_under_test import Dut, View
from analoom.flows.bench.measured import Measured
from analoom.flows.statistics.protocol import Statistics
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.pdk.corners import Corner
from analoom.pdk.errors import InputError

Array = NDArray[np.float64]
S = TypeVar("S", bound=Spec)
A = TypeVar("A", bound=AnalysisSettings)

Solve = Callable[[Cell, View, Corner, float, S, Array | None], Measured]
Budget = Callable[[Cell, str, A, Array | None, Array | None], dict[str, float]]


def _never(cell: Cell) -> bool:
    return False


@dataclass(frozen=True)
class BenchOf(Generic[S]):
    """A `Bench` of the functions that measure a kind: `in_ngspice`, and `by_solver` for cells that `large` says."""

    settings: type[S]
    in_ngspice: Callable[[Dut, S, Array | None], Measured]
    large: Callable[[Cell], bool] = _never
    by_solver: Solve[S] | None = None

    def measure(self, dut: Dut, settings: Spec, weights: Array | None) -> Measured:
        """Metrics and curves in ngspice."""
        return self.in_ngspice(dut, own(self.settings, settings), weights)

    def beyond_ngspice(self, cell: Cell) -> bool:
        """Whether a cell is left to the solver."""
        return self.large(cell)

    def solve(
        self, cell: Cell, view: View, corner: Corner, temp_degc: float, settings: Spec, weights: Array | None
    ) -> Measured:
        """The same by the system's own solver. Raises InputError where there is none."""
        if self.by_solver is None:
            raise InputError(f"{cell.name} is left to ngspice: its system has no solver of its own", field="name")
        return self.by_solver(cell, view, corner, temp_degc, own(self.settings, settings), weights)


@dataclass(frozen=True)
class AnalysisOf(Generic[A]):
    """An `Analysis` of the function that makes a kind's statistics, and of its error budget where it has one."""

    settings: type[A]
    make: Callable[[Cell, str, A, Array | None], Statistics]
    by_source: Budget[A] | None = None

    @property
    def has_budget(self) -> bool:
        """Whether the error can be split by source."""
        return self.by_source is not None

    def statistics(self, cell: Cell, model: str, settings: AnalysisSettings, weights: Array | None) -> Statistics:
        """The random errors of `cell`."""
        return self.make(cell, model, own(self.settings, settings), weights)

    def budget(
        self, cell: Cell, model: str, settings: AnalysisSettings, weights: Array | None, wires_f: Array | None
    ) -> dict[str, float]:
        """Errors by source. Raises InputError for a kind without a budget."""
        if self.by_source is None:
            raise InputError(f"there is no error budget for a {cell.kind}", field="name")
        return self.by_source(cell, model, own(self.settings, settings), weights, wires_f)


def own(wanted: type[S], settings: Spec) -> S:
    """`settings`, known to be of the type `wanted`. Raises InputError where they are another system's."""
    if not isinstance(settings, wanted):
        raise InputError(f"settings of {type(settings).__name__}: {wanted.__name__} is wanted", field="settings")
    return settings
