"""Corners of plates: what open and closed ends do to the coupling of two edges, and the coupling across a diagonal."""

from __future__ import annotations

import numpy as np

from analoom.pdk import wires
from analoom.pdk.wires import Array

from .pex_edges import Edges
from .pex_geometry import Ints
from .pex_grid import EMPTY, Grid

LEAST_PLATE_NM = 1000
"""A shape is a plate where it is at least so wide and so high; below, corners are left as the tables have them."""

DIAGONAL_REACH_NM = 5000
"""A plate farther away, along x or y, is no neighbour of a corner."""


def corner_um(grid: Grid, edges: Edges, height_um: Array) -> Array:
    """What the corners at an edge's ends add to the length over which it couples, um: open ones add, closed ones take.

    `height_um` (edges,) is the mean height over what lies below.
    """
    out = np.zeros(len(edges.row))
    full = grid.nets[edges.level] != EMPTY
    for k in _of_plates(grid, full, edges, edges.facing != EMPTY):
        for step in (1, -1):
            if _convex(full, edges.row[k], edges.col[k], step):
                beside_um = _gap_um(grid.ys, full[:, edges.col[k]], edges.row[k], step)
                closed = min(1.0, edges.s_um[k] / beside_um)
                out[k] += wires.open_corner_um(height_um[k]) * (1 - closed)
                out[k] -= wires.closed_corner_um(edges.s_um[k], height_um[k]) * closed
    return np.where(np.isfinite(edges.s_um), out, 0.0)


def diagonals(grid: Grid, edges: Edges, height_um: Array) -> tuple[Ints, Ints, Array]:
    """(net, net, F) of plates that see each other across a corner, each pair from its left one (edges facing +x)."""
    nets = grid.nets[edges.level]
    full = nets != EMPTY
    found: list[tuple[int, int, float]] = []
    for k in _of_plates(grid, full, edges, edges.owned):
        for step in (1, -1):
            if _convex(full, edges.row[k], edges.col[k], step):
                other, gap_um = _across(grid, nets, full, edges.row[k], edges.col[k], step)
                if other != EMPTY:
                    found.append((int(edges.net[k]), other, wires.diagonal_f(gap_um, height_um[k])))
    a, b, c_f = zip(*found, strict=True) if found else ((), (), ())
    return np.array(a, dtype=np.int64), np.array(b, dtype=np.int64), np.array(c_f)


def _of_plates(grid: Grid, full: np.ndarray, edges: Edges, wanted: np.ndarray) -> list[int]:
    """Edges with a convex end whose shape is a plate."""
    wide = wanted & (edges.w_um * 1000 >= LEAST_PLATE_NM) & (np.abs(edges.ends) > 0)
    near = [int(k) for k in np.nonzero(wide)[0]]
    return [k for k in near if _run_nm(grid.ys, full[:, edges.col[k]], int(edges.row[k])) >= LEAST_PLATE_NM]


def _run_nm(lines: Ints, full: np.ndarray, at: int) -> int:
    """Length of the stretch of `full` around `at`."""
    gaps = np.nonzero(~full)[0]
    low, high = gaps[gaps < at], gaps[gaps > at]
    return int(lines[high[0] if len(high) else len(full)] - lines[low[-1] + 1 if len(low) else 0])


def _convex(full: np.ndarray, row: int, col: int, step: int) -> bool:
    beyond = row + step
    return 0 <= beyond < len(full) and not full[beyond, col] and not full[beyond, min(col + 1, full.shape[1] - 1)]


def _gap_um(lines: Ints, full: np.ndarray, row: int, step: int) -> float:
    """Distance from the end of the shape at `row` to the next one in direction `step`, inf where there is none near."""
    hits = np.nonzero(full[row + 1 :])[0] + row + 1 if step > 0 else np.nonzero(full[:row])[0]
    if not len(hits):
        return np.inf
    gap = lines[hits[0]] - lines[row + 1] if step > 0 else lines[row] - lines[hits[-1] + 1]
    return float(gap) / 1000 if gap <= DIAGONAL_REACH_NM else np.inf


def _across(grid: Grid, nets: Ints, full: np.ndarray, row: int, col: int, step: int) -> tuple[int, float]:
    """(net, mean of the gaps along x and y in um) of the plate across the corner; (EMPTY, 0) where there is none."""
    ys = grid.ys if step > 0 else -grid.ys[::-1]
    seen = full if step > 0 else full[::-1]
    r = row if step > 0 else len(full) - 1 - row
    dx, dy = grid.xs[col + 1 : -1] - grid.xs[col + 1], ys[r + 1 : -1] - ys[r + 1]
    nx, ny = int((dx <= DIAGONAL_REACH_NM).sum()), int((dy <= DIAGONAL_REACH_NM).sum())
    i, j = np.nonzero(seen[r + 1 : r + 1 + ny, col + 1 : col + 1 + nx])
    if not len(i):
        return EMPTY, 0.0
    at = int(np.argmin(np.hypot(dx[j], dy[i])))
    gap_x, gap_y = int(dx[j[at]]), int(dy[i[at]])
    y, x = r + 1 + i[at], col + 1 + j[at]
    sizes = _run_nm(grid.xs, seen[y], x), _run_nm(ys, seen[:, x], y)
    if not gap_x or not gap_y or min(sizes) < LEAST_PLATE_NM:
        return EMPTY, 0.0
    return int(nets[y if step > 0 else len(full) - 1 - y, x]), (gap_x + gap_y) / 2000
