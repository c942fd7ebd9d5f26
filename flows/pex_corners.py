"""Corners of plates: what open and closed ends do to the coupling of two edges, and the coupling across a diagonal."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from analoom.pdk import wires
from analoom.pdk.wires import Array

from .pex_edges import Edges
from .pex_geometry import Ints
from .pex_grid import EMPTY, Bools, Grid, last_true, next_true

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


def diagonals(grid: Grid, edges: Edges, height_um: Array) -> tuple[Ints, Ints, Array]:
    """(net, net, F) of plates that see each other across a corner, each pair from its left one (edges facing +x)."""
    nets = grid.nets[edges.level]
    full = nets != EMPTY
    found: list[tuple[int, int, float]] = []
    sizes: Array | None = None
    for step, corners, plate in _corners(grid, full, edges, edges.owned):
        sizes = _sizes_nm(grid, full) if sizes is None else sizes
        rows = (edges.last_row if step > 0 else edges.row)[corners]
        for k, row, own in zip(corners.tolist(), rows.tolist(), plate.tolist(), strict=True):
            at, gaps_nm = _across(grid, full, row, int(edges.col[k]), step)
            if at is not None and min(gaps_nm) > 0:
                c_f = wires.diagonal_f(sum(gaps_nm) / 2000, float(height_um[k])) * _fading(max(gaps_nm))
                found.append((int(edges.net[k]), int(nets[at]), own * float(_plate(sizes[at])) * c_f))
    a, b, values_f = zip(*found, strict=True) if found else ((), (), ())
    return np.array(a, dtype=np.int64), np.array(b, dtype=np.int64), np.array(values_f)


def _corners(grid: Grid, full: Bools, edges: Edges, wanted: Bools) -> Iterator[tuple[int, Ints, Array]]:
    """(1 or -1, edges that end convexly in that direction along y, how far they are of plates)."""
    wide = wanted & (edges.w_um * 1000 > LEAST_PLATE_NM)
    run_nm = None
    for step, end in ((1, edges.high_end), (-1, edges.low_end)):
        k = np.nonzero(wide & (end > 0))[0]
        if not len(k):
            continue
        run_nm = _runs_nm(grid.ys, full.T).T if run_nm is None else run_nm
        beyond = (edges.last_row[k] if step > 0 else edges.row[k]) + step
        inside = (beyond >= 0) & (beyond < len(full))
        k, beyond = k[inside], beyond[inside]
        k = k[~full[beyond, np.minimum(edges.col[k] + 1, full.shape[1] - 1)]]
        yield step, k, _plate(np.minimum(run_nm[edges.row[k], edges.col[k]], edges.w_um[k] * 1000))


def _plate(size_nm: Array) -> Array:
    return np.clip((size_nm - LEAST_PLATE_NM) / (SURE_PLATE_NM - LEAST_PLATE_NM), 0.0, 1.0)


def _fading(gap_nm: float) -> float:
    return min(1.0, 5 * (1 - gap_nm / DIAGONAL_REACH_NM))


def _sizes_nm(grid: Grid, full: Bools) -> Array:
    """(ny, nx): the lesser of the stretches of `full` around each field along x and y."""
    return np.minimum(_runs_nm(grid.ys, full.T).T, _runs_nm(grid.xs, full))


def _runs_nm(lines: Ints, full: Bools) -> Ints:
    """Length along the last axis of the stretch of `full` around each field."""
    runs: Ints = lines[next_true(~full)] - lines[last_true(~full) + 1]
    return runs


def _gap_um(lines: Ints, full: Bools, row: Ints, col: Ints, step: int) -> Array:
    """Distance (um) from the end of each shape at `row` to the next one in direction `step`, inf: none near."""
    if step > 0:
        hit = next_true(full.T)[col, row + 1]
        found, gap = hit < len(full), lines[np.minimum(hit, len(full))] - lines[row + 1]
    else:
        hit = last_true(full.T)[col, row - 1]
        found, gap = hit >= 0, lines[row] - lines[hit + 1]
    return np.where(found & (gap <= DIAGONAL_REACH_NM), gap / 1000, np.inf)


def _across(
    grid: Grid, full: Bools, row: int, col: int, step: int
) -> tuple[tuple[int, int] | None, tuple[float, float]]:
    """(row and column of the nearest shape across the corner, None where there is none; gaps along x and y in nm)."""
    xs, ys = grid.xs, grid.ys
    stop = int(np.searchsorted(xs, xs[col + 1] + DIAGONAL_REACH_NM, side="right"))
    if step > 0:
        end = int(np.searchsorted(ys, ys[row + 1] + DIAGONAL_REACH_NM, side="right"))
        rows, gaps_y = slice(row + 1, min(end, len(full))), ys[row + 1 : end] - ys[row + 1]
    else:
        end = int(np.searchsorted(ys, ys[row] - DIAGONAL_REACH_NM))
        rows, gaps_y = slice(max(end - 1, 0), row), ys[row] - ys[max(end, 1) : row + 1]
    i, j = np.nonzero(full[rows, col + 1 : stop])
    if not len(i):
        return None, (0.0, 0.0)
    gap_x, gap_y = xs[col + 1 + j] - xs[col + 1], gaps_y[i]
    at = int(np.argmin(np.hypot(gap_x, gap_y)))
    return (rows.start + int(i[at]), col + 1 + int(j[at])), (float(gap_x[at]), float(gap_y[at]))
