"""What a crossbar with resistive lines is driven by and made of, and its state: voltages of taps, currents of cells."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from .lines import Lines

Values = NDArray[np.float64]
Bounds = tuple[float, float]


@dataclass(frozen=True)
class Drive:
    """Pins: `rows_v[k]` (rows,) V of the input line of transistor `k`, `cols_v` (cols,) V."""

    rows_v: tuple[Values, ...]
    cols_v: Values

    @property
    def bounds_v(self) -> Bounds:
        """Lowest and highest of the driven voltages."""
        driven = [*self.rows_v, self.cols_v]
        return min(float(v.min()) for v in driven), max(float(v.max()) for v in driven)


@dataclass(frozen=True)
class State:
    """Tap voltages `rows_v[k]` and `cols_v`, cell currents `i[k]` from column to row, all (rows, cols); steps taken."""

    rows_v: tuple[Values, ...]
    cols_v: Values
    i: tuple[Values, ...]
    steps: int = 0

    @property
    def column_a(self) -> Values:
        """Current that comes out of each column's pin, (cols,) A."""
        return -sum(current.sum(axis=0) for current in self.i)

    def distance(self, other: State) -> float:
        """Largest difference of two states' tap voltages, V."""
        gaps = [np.abs(a - b).max() for a, b in zip(self.rows_v, other.rows_v, strict=True)]
        return float(max(*gaps, np.abs(self.cols_v - other.cols_v).max()))

    def extrapolated(self, half: State) -> State:
        """From the end of one whole step of time to what it and the end of two half steps point at."""
        rows = tuple(2 * b - a for a, b in zip(self.rows_v, half.rows_v, strict=True))
        return State(rows, 2 * half.cols_v - self.cols_v, half.i, half.steps)


@dataclass(frozen=True)
class Storage:
    """An implicit step of time: capacitance over step of every tap, rows[k] and cols (rows, cols) S, and the voltages
    it starts from. `col_by_row_s[k]`: what a cell's column terminal takes for a move of its row (a transistor's charges
    need not be mutual), `row_by_col_s[k]` the other way."""

    rows_s: tuple[Values, ...]
    cols_s: Values
    col_by_row_s: tuple[Values, ...]
    row_by_col_s: tuple[Values, ...]
    before: State


@dataclass(frozen=True)
class Network:
    """The crossbar's resistive lines: `rows[k]` carries transistor `k`, (rows, cols); `cols` is (cols, rows)."""

    rows: tuple[Lines, ...]
    cols: Lines

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows[0].shape


def at_rest(network: Network, drive: Drive) -> State:
    """Every line at its pin's voltage, no current."""
    shape = network.shape
    rows = tuple(np.repeat(v[:, None], shape[1], axis=1) for v in drive.rows_v)
    cols = np.repeat(drive.cols_v[None, :], shape[0], axis=0)
    return State(rows, cols, tuple(np.zeros(shape) for _ in rows))


def within(state: State, bounds: Bounds) -> State:
    """The state with every voltage within bounds."""
    return replace(
        state, rows_v=tuple(np.clip(v, *bounds) for v in state.rows_v), cols_v=np.clip(state.cols_v, *bounds)
    )
