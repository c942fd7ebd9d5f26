"""The operating point of a crossbar with resistive lines: Newton's method, its linear systems solved line by line.

Unknown are the voltage of every tap of every row and column and the current of every read transistor, which sits
behind the resistance of its taps. A step eliminates the transistors' currents, then the rows (tridiagonal, exact),
and solves for the columns with GMRES, each product two tridiagonal solves, preconditioned by the columns' own
equations. Memory and time grow with the number of cells, times the few steps of GMRES.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.numerics.krylov import gmres
from analoom.pdk.errors import ToolError

from .cells import Cells
from .lines import Factored
from .state import Bounds, Drive, Network, State, Storage, at_rest, within

Values = NDArray[np.float64]

TOLERANCE_V = 1e-8
MOST_STEPS = 60
_GMRES_RTOL, _GMRES_MOST = 1e-3, 60


def solve(
    network: Network,
    cells: Cells,
    drive: Drive,
    start: State | None = None,
    storage: Storage | None = None,
    limits_v: Bounds | None = None,
) -> State:
    """The operating point, or the end of a step of time with `storage`. Voltages are kept within `limits_v`, by default
    the driven ones: lines that carry direct current only pass it on.

    Raises ToolError when Newton's method does not converge, with the size of its last step.
    """
    state, moved, bounds = start or at_rest(network, drive), np.inf, limits_v or drive.bounds_v
    for step in range(1, MOST_STEPS + 1):
        system = _linearised(network, cells, drive, state, storage, bounds)
        cols, rows = system.solved()
        moved = max(float(np.abs(cols).max()), *(float(np.abs(r).max()) for r in rows))
        state = within(_moved(system, state, rows, cols, step), bounds)
        if moved < TOLERANCE_V:
            return state
    shape = " x ".join(map(str, network.shape))
    said = (
        f"the read of the {shape} array did not converge: after {MOST_STEPS} Newton steps it still moves {moved:.3g} V"
    )
    raise ToolError(said, field="array solver", remedy="look for weights or inputs at odds with the synapse")


@dataclass(frozen=True)
class _System:
    """One linearised system: slopes by row and column voltage of the cells' currents, the same of what rows take for a
    move of the columns and columns for one of the rows, currents at zero move, residuals at every tap."""

    network: Network
    by_row: tuple[Values, ...]
    by_col: tuple[Values, ...]
    cols_by_row: tuple[Values, ...]
    rows_by_col: tuple[Values, ...]
    now: tuple[Values, ...]
    rows_left: tuple[Values, ...]
    cols_left: Values
    rows: tuple[Factored, ...]
    cols: Factored

    def solved(self) -> tuple[Values, tuple[Values, ...]]:
        """Moves of the columns and of the rows, (rows, cols) each."""
        alone = [r.solve(left) for r, left in zip(self.rows, self.rows_left, strict=True)]
        right = self._by_columns(self.cols_left + _dot(self.cols_by_row, alone))
        cols, _ = gmres(self._product, right, _GMRES_RTOL, _GMRES_MOST)
        return cols, tuple(a + r.solve(g * cols) for a, r, g in zip(alone, self.rows, self.rows_by_col, strict=True))

    def _product(self, cols: Values) -> Values:
        rows = [r.solve(g * cols) for r, g in zip(self.rows, self.rows_by_col, strict=True)]
        return cols - self._by_columns(_dot(self.cols_by_row, rows))

    def _by_columns(self, right: Values) -> Values:
        return np.ascontiguousarray(self.cols.solve(np.ascontiguousarray(right.T)).T)


def _dot(factors: tuple[Values, ...], values: list[Values]) -> Values:
    return sum(f * v for f, v in zip(factors, values, strict=True))  # type: ignore[return-value]


def _linearised(
    network: Network, cells: Cells, drive: Drive, state: State, storage: Storage | None, bounds: Bounds
) -> _System:
    shape = network.shape
    col_ohm = network.cols.tap_ohm.T
    drain = state.cols_v - col_ohm * sum(state.i)
    now, by_row, by_col = [], [], []
    for k, line in enumerate(network.rows):
        source = state.rows_v[k] + line.tap_ohm * state.i[k]
        i, to_row, to_col = (x.reshape(shape) for x in cells.current(k, *_inside(bounds, source, drain)))
        behind = 1 - to_row * line.tap_ohm + to_col * col_ohm
        now.append(state.i[k] + (i - state.i[k]) / behind)
        by_row.append(-to_row / behind)
        by_col.append(to_col / behind)
    rows_left = tuple(
        i - line.leaving(v, pin) for i, line, v, pin in zip(now, network.rows, state.rows_v, drive.rows_v, strict=True)
    )
    cols_left = -sum(now) - network.cols.leaving(state.cols_v.T, drive.cols_v).T
    by_cols = np.sum(by_col, axis=0)
    system = _Loads(rows_left, cols_left, tuple(by_row), by_cols, tuple(by_row), tuple(by_col))
    if storage:
        system = _stored(system, state, storage)
    rows = tuple(line.factored(g) for line, g in zip(network.rows, system.rows_s, strict=True))
    cols = network.cols.factored(np.ascontiguousarray(np.transpose(system.cols_s)))
    return _System(
        network,
        tuple(by_row),
        tuple(by_col),
        system.cols_by_row,
        system.rows_by_col,
        tuple(now),
        system.rows_left,
        system.cols_left,
        rows,
        cols,
    )


@dataclass(frozen=True)
class _Loads:
    """What hangs on the lines: residuals, slopes by the own tap, and by the other line's."""

    rows_left: tuple[Values, ...]
    cols_left: Values
    rows_s: tuple[Values, ...]
    cols_s: Values
    cols_by_row: tuple[Values, ...]
    rows_by_col: tuple[Values, ...]


def _stored(loads: _Loads, state: State, storage: Storage) -> _Loads:
    """The loads with a step of time's capacitances."""
    col = state.cols_v - storage.before.cols_v
    rows = [now - was for now, was in zip(state.rows_v, storage.before.rows_v, strict=True)]
    each = zip(loads.rows_left, storage.rows_s, rows, storage.row_by_col_s, strict=True)
    return _Loads(
        tuple(left - g * row - m * col for left, g, row, m in each),
        loads.cols_left - storage.cols_s * col - _dot(storage.col_by_row_s, rows),
        tuple(a + b for a, b in zip(loads.rows_s, storage.rows_s, strict=True)),
        loads.cols_s + storage.cols_s,
        tuple(a - b for a, b in zip(loads.cols_by_row, storage.col_by_row_s, strict=True)),
        tuple(a - b for a, b in zip(loads.rows_by_col, storage.row_by_col_s, strict=True)),
    )


def _inside(bounds: Bounds, source: Values, drain: Values) -> tuple[Values, Values]:
    """Terminal voltages of an iterate, kept within bounds: the solution lies there, an iterate may not."""
    return np.clip(source, *bounds).ravel(), np.clip(drain, *bounds).ravel()


def _moved(system: _System, state: State, rows: tuple[Values, ...], cols: Values, step: int) -> State:
    """The state after a Newton step."""
    currents = tuple(
        i + g * cols - h * r for i, g, h, r in zip(system.now, system.by_col, system.by_row, rows, strict=True)
    )
    moved = tuple(v + r for v, r in zip(state.rows_v, rows, strict=True))
    return State(moved, state.cols_v + cols, currents, step)
