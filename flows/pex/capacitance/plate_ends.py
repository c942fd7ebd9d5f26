"""Corners of plates: what open and closed ends do to the coupling of two edges, and the coupling across a diagonal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analoom.flows.pex.shapes.geometry import Ints
from analoom.pdk import wires
from analoom.pdk.wires import Array

from .edges import Edges
from .grid import EMPTY, Bools, Grid, last_true, next_true
from .pairs import Diagonals

LEAST_PLATE_NM, SURE_PLATE_NM = 500, 1500
"""A shape counts as a plate, from not at all to wholly, as its lesser side grows from one to the other; below, corners
are left as the tables have them."""

DIAGONAL_REACH_NM = 5000
"""A plate farther away, along x or y, is no neighbour of a corner; over the last fifth its coupling fades."""


def corner_um(grid: Grid, edges: Edges, height_um: Array) -> Array:
    """What the corners at an edge's ends add to the length over which it couples, um: open ones add, closed ones take.

    `height_um` (edges,) is the mean height over what lies below.
    """
    out = np.zeros(len(edges.row))
    full = grid.nets[edges.level] != EMPTY
    for step, k, plate in _corners(grid, full, edges, edges.facing != EMPTY):
        row = edges.last_row[k] if step > 0 else edges.row[k]
        closed = np.minimum(1.0, edges.s_um[k] / _gap_um(grid.ys, full, row, edges.col[k], step))
        out[k] += plate * wires.open_corner_um(height_um[k]) * (1 - closed)
        out[k] -= plate * wires.closed_corner_um(edges.s_um[k], height_um[k]) * closed
    return out


def diagonals(grid: Grid, edges: Edges, height_um: Array) -> Diagonals:
    """Capacitances of plates that see each other across a corner, each from its left one (edges facing +x)."""
    nets = grid.nets[edges.level]
    full = nets != EMPTY
    none = np.zeros(0, dtype=np.int64)
    found = [(none, none, np.zeros(0), np.zeros((4, 0), dtype=np.int64))]
    for step, corners, plate in _corners(grid, full, edges, edges.owned):
        rows = (edges.last_row if step > 0 else edges.row)[corners]
        at, gap_x, gap_y = _across(grid, full, rows, edges.col[corners], step)
        seen = np.nonzero((at[0] >= 0) & (np.minimum(gap_x, gap_y) > 0))[0]
        row, col = at[0][seen], at[1][seen]
        c_f = wires.diagonal_f((gap_x + gap_y)[seen] / 2000, height_um[corners[seen]])
        c_f *= _fading(np.maximum(gap_x, gap_y)[seen]) * plate[seen] * _plate(_sizes_nm(grid, full, row, col))
        fields = np.stack([rows[seen], edges.col[corners[seen]], row, col])
        found.append((edges.net[corners[seen]], nets[row, col], c_f, fields))
    a, b, c_f, places = (np.concatenate(x, axis=-1) for x in zip(*found, strict=True))
    return Diagonals(a, b, c_f, edges.level, places)


def _corners(grid: Grid, full: Bools, edges: Edges, wanted: Bools) -> Iterator[tuple[int, Ints, Array]]:
    """(1 or -1, straight edges that end convexly in that direction along y, how far they are of plates)."""
    wide = wanted & (edges.w_um * 1000 > LEAST_PLATE_NM) & (edges.ny == 0)
    for step, end in ((1, edges.high_end), (-1, edges.low_end)):
        k = np.nonzero(wide & (end > 0))[0]
        if not len(k):
            continue
        beyond = (edges.last_row[k] if step > 0 else edges.row[k]) + step
        inside = (beyond >= 0) & (beyond < len(full))
        k, beyond = k[inside], beyond[inside]
        k = k[~full[beyond, np.minimum(edges.col[k] + 1, full.shape[1] - 1)]]
        run_nm = _runs_nm(grid.ys, full.T, edges.col[k], edges.row[k])
        yield step, k, _plate(np.minimum(run_nm, edges.w_um[k] * 1000))


def _plate(size_nm: Array) -> Array:
    return np.clip((size_nm - LEAST_PLATE_NM) / (SURE_PLATE_NM - LEAST_PLATE_NM), 0.0, 1.0)


def _fading(gap_nm: Array) -> Array:
    return np.minimum(1.0, 5 * (1 - gap_nm / DIAGONAL_REACH_NM))


def _sizes_nm(grid: Grid, full: Bools, row: Ints, col: Ints) -> Array:
    """The lesser of the stretches of `full` around fields along x and y."""
    return np.minimum(_runs_nm(grid.ys, full.T, col, row), _runs_nm(grid.xs, full, row, col))


def _runs_nm(lines: Ints, full: Bools, line: Ints, at: Ints) -> Ints:
    """Length along the last axis of the stretch of `full` around each field (line, at)."""
    used, k = np.unique(line, return_inverse=True)
    empty = ~full[used]
    runs: Ints = lines[next_true(empty)[k, at]] - lines[last_true(empty)[k, at] + 1]
    return runs


def _gap_um(lines: Ints, full: Bools, row: Ints, col: Ints, step: int) -> Array:
    """Distance (um) from the end of each shape at `row` to the next one in direction `step`, inf: none near."""
    used, k = np.unique(col, return_inverse=True)
    if step > 0:
        hit = next_true(full.T[used])[k, row + 1]
        found, gap = hit < len(full), lines[np.minimum(hit, len(full))] - lines[row + 1]
    else:
        hit = last_true(full.T[used])[k, row - 1]
        found, gap = hit >= 0, lines[row] - lines[hit + 1]
    return np.where(found & (gap <= DIAGONAL_REACH_NM), gap / 1000, np.inf)


def _across(grid: Grid, full: Bools, row: Ints, col: Ints, step: int) -> tuple[tuple[Ints, Ints], Array, Array]:
    """((row, column) of the nearest shape across each corner, gaps along x and y in nm); row EMPTY: none in reach.

    Row by row away from the corners; of two shapes equally near the one in the lower row counts.
    """
    xs, ys, ahead = grid.xs, grid.ys, next_true(full)
    there, nearest = np.full((2, len(row)), EMPTY), np.full(len(row), np.inf)
    gaps_nm = np.zeros((2, len(row)))
    of, at = np.arange(len(row)), row + step
    while len(of):
        inside = (at >= 0) & (at < len(full))
        of, at = of[inside], at[inside]
        up = ys[at] - ys[row[of] + 1] if step > 0 else ys[row[of]] - ys[at + 1]
        reached = up <= DIAGONAL_REACH_NM
        of, at, up = of[reached], at[reached], up[reached]
        hit = ahead[at, col[of] + 1]
        over = xs[hit] - xs[col[of] + 1]
        far = np.hypot(over, up)
        nearer = far < nearest[of] if step > 0 else far <= nearest[of]
        k = np.nonzero(nearer & (hit < full.shape[1]) & (over <= DIAGONAL_REACH_NM))[0]
        there[:, of[k]], gaps_nm[:, of[k]], nearest[of[k]] = (at[k], hit[k]), (over[k], up[k]), far[k]
        at = at + step
    return (there[0], there[1]), gaps_nm[0], gaps_nm[1]
