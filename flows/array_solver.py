"""The operating point of a crossbar with resistive lines: Newton's method, its linear systems solved line by line.

Unknown are the voltage of every tap of every row and column and the current of every read transistor, which sits
behind the resistance of its taps. A step eliminates the transistors' currents, then the rows (tridiagonal, exact),
and solves for the columns with GMRES, each product two tridiagonal solves, preconditioned by the columns' own
equations. Memory and time grow with the number of cells, times the few steps of GMRES.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.errors import ToolError

from .array_cells import Cells
from .array_lines import Factored, Lines
from .krylov import gmres

Values = NDArray[np.float64]

TOLERANCE_V = 1e-8
MOST_STEPS = 60
_GMRES_RTOL, _GMRES_MOST = 1e-3, 60


@dataclass(frozen=True)
class Drive:
    """Pins: `rows_v[k]` (rows,) V of the input line of transistor `k`, `cols_v` (cols,) V."""

    rows_v: tuple[Values, ...]
    cols_v: Values


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


@dataclass(frozen=True)
class Storage:
    """An implicit step of time: capacitance over step of every tap, rows[k] and cols (rows, cols) S, and the voltages
    it starts from."""

    rows_s: tuple[Values, ...]
    cols_s: Values
    before: State


@dataclass(frozen=True)
class Network:
    """The crossbar's resistive lines: `rows[k]` carries transistor `k`, (rows, cols); `cols` is (cols, rows)."""

    rows: tuple[Lines, ...]
    cols: Lines

    @property
    def shape(self) -> tuple[int, int]:
        return self.rows[0].shape


def solve(
    network: Network, cells: Cells, drive: Drive, start: State | None = None, storage: Storage | None = None
) -> State:
    """The operating point, or the end of a step of time with `storage`.

    Raises ToolError when Newton's method does not converge, with the size of its last step.
    """
    state = start or at_rest(network, drive)
    moved = np.inf
    for step in range(1, MOST_STEPS + 1):
        system = _linearised(network, cells, drive, state, storage)
        cols, rows = system.solved()
        moved = max(float(np.abs(cols).max()), *(float(np.abs(r).max()) for r in rows))
        state = within(_moved(system, state, rows, cols, step), drive)
        if moved < TOLERANCE_V:
            return state
    shape = " x ".join(map(str, network.shape))
    said = (
        f"the read of the {shape} array did not converge: after {MOST_STEPS} Newton steps it still moves {moved:.3g} V"
    )
    raise ToolError(said, field="array solver", remedy="look for weights or inputs at odds with the synapse")


def at_rest(network: Network, drive: Drive) -> State:
    """Every line at its pin's voltage, no current."""
    shape = network.shape
    rows = tuple(np.repeat(v[:, None], shape[1], axis=1) for v in drive.rows_v)
    cols = np.repeat(drive.cols_v[None, :], shape[0], axis=0)
    return State(rows, cols, tuple(np.zeros(shape) for _ in rows))


@dataclass(frozen=True)
class _System:
    """One linearised system: slopes by row and column voltage, currents at zero move, residuals at every tap."""

    network: Network
    by_row: tuple[Values, ...]
    by_col: tuple[Values, ...]
    now: tuple[Values, ...]
    rows_left: tuple[Values, ...]
    cols_left: Values
    rows: tuple[Factored, ...]
    cols: Factored

    def solved(self) -> tuple[Values, tuple[Values, ...]]:
        """Moves of the columns and of the rows, (rows, cols) each."""
        alone = [r.solve(left) for r, left in zip(self.rows, self.rows_left, strict=True)]
        right = self._by_columns(self.cols_left + _dot(self.by_row, alone))
        cols, _ = gmres(self._product, right, _GMRES_RTOL, _GMRES_MOST)
        return cols, tuple(a + r.solve(g * cols) for a, r, g in zip(alone, self.rows, self.by_col, strict=True))

    def _product(self, cols: Values) -> Values:
        rows = [r.solve(g * cols) for r, g in zip(self.rows, self.by_col, strict=True)]
        return cols - self._by_columns(_dot(self.by_row, rows))

    def _by_columns(self, right: Values) -> Values:
        return np.ascontiguousarray(self.cols.solve(np.ascontiguousarray(right.T)).T)


def _dot(factors: tuple[Values, ...], values: list[Values]) -> Values:
    return sum(f * v for f, v in zip(factors, values, strict=True))  # type: ignore[return-value]


def _linearised(network: Network, cells: Cells, drive: Drive, state: State, storage: Storage | None) -> _System:
    shape = network.shape
    col_ohm = network.cols.tap_ohm.T
    drain = state.cols_v - col_ohm * sum(state.i)
    now, by_row, by_col = [], [], []
    for k, line in enumerate(network.rows):
        source = state.rows_v[k] + line.tap_ohm * state.i[k]
        i, to_row, to_col = (x.reshape(shape) for x in cells.current(k, *_inside(drive, source, drain)))
        behind = 1 - to_row * line.tap_ohm + to_col * col_ohm
        now.append(state.i[k] + (i - state.i[k]) / behind)
        by_row.append(-to_row / behind)
        by_col.append(to_col / behind)
    rows_left = tuple(
        i - line.leaving(v, pin) for i, line, v, pin in zip(now, network.rows, state.rows_v, drive.rows_v, strict=True)
    )
    cols_left = -sum(now) - network.cols.leaving(state.cols_v.T, drive.cols_v).T
    rows_s, cols_s = tuple(by_row), sum(by_col)
    if storage:
        before = storage.before
        rows_left = tuple(
            left - g * (now_v - was)
            for left, g, now_v, was in zip(rows_left, storage.rows_s, state.rows_v, before.rows_v, strict=True)
        )
        cols_left = cols_left - storage.cols_s * (state.cols_v - before.cols_v)
        rows_s = tuple(a + b for a, b in zip(rows_s, storage.rows_s, strict=True))
        cols_s = cols_s + storage.cols_s
    rows = tuple(line.factored(g) for line, g in zip(network.rows, rows_s, strict=True))
    cols = network.cols.factored(np.ascontiguousarray(np.transpose(cols_s)))
    return _System(network, tuple(by_row), tuple(by_col), tuple(now), rows_left, cols_left, rows, cols)


def _inside(drive: Drive, source: Values, drain: Values) -> tuple[Values, Values]:
    """Terminal voltages of an iterate, kept within the driven ones: the solution lies there, an iterate may not."""
    low, high = _bounds(drive)
    return np.clip(source, low, high).ravel(), np.clip(drain, low, high).ravel()


def _bounds(drive: Drive) -> tuple[float, float]:
    driven = [*drive.rows_v, drive.cols_v]
    return min(float(v.min()) for v in driven), max(float(v.max()) for v in driven)


def _moved(system: _System, state: State, rows: tuple[Values, ...], cols: Values, step: int) -> State:
    """The state after a Newton step."""
    currents = tuple(
        i + g * cols - h * r for i, g, h, r in zip(system.now, system.by_col, system.by_row, rows, strict=True)
    )
    moved = tuple(v + r for v, r in zip(state.rows_v, rows, strict=True))
    return State(moved, state.cols_v + cols, currents, step)


def within(state: State, drive: Drive) -> State:
    """The state with every voltage within the driven ones, where the solution lies: lines only pass current on."""
    bounds = _bounds(drive)
    return replace(
        state, rows_v=tuple(np.clip(v, *bounds) for v in state.rows_v), cols_v=np.clip(state.cols_v, *bounds)
    )
