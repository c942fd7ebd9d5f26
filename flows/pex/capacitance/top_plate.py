"""MIM top plates behind the edges of their bottom plates: part of such an edge's fringe starts on the top plate."""

from __future__ import annotations

import numpy as np

from analoom.flows.pex.shapes.geometry import PLATES, Ints, Level

from .grid import EMPTY, Grid, last_true, next_true

REACH_UM = 0.5
"""A MIM top plate within this distance behind an edge of its bottom plate takes part in that edge's fringe."""


def top_plate(grid: Grid, level: Level, row: Ints, col: Ints) -> Ints:
    """The net of the top plate close behind each edge of `level` that faces +x, EMPTY where there is none."""
    over = next((top for top, bottom in PLATES.items() if bottom is level), None)
    if over is None or not grid.filled[over]:
        return np.full(len(row), EMPTY)
    plates = _grown(grid.nets[over], grid.ys)
    near = last_true(plates != EMPTY)[row, col]
    gap_um = (grid.xs[col + 1] - grid.xs[np.maximum(near, 0) + 1]) / 1000
    behind = (near >= 0) & (gap_um <= REACH_UM)
    return np.where(behind, plates[row, np.maximum(near, 0)], EMPTY)


def _grown(plates: Ints, ys: Ints) -> Ints:
    """The top plates stretched along y by REACH_UM: so they lie behind the bottom plate's corners too."""
    full = (plates != EMPTY).T
    low, after = last_true(full), next_true(full)
    high = np.minimum(after, len(ys) - 2)
    rows = np.arange(len(ys) - 1)
    nm = REACH_UM * 1000
    from_low = (low >= 0) & (ys[rows + 1] - ys[np.maximum(low, 0) + 1] <= nm)
    from_high = (after <= len(ys) - 2) & (ys[high] - ys[rows] <= nm)
    across = np.arange(full.shape[0])[:, None]
    grown = np.where(from_low, plates.T[across, np.maximum(low, 0)], EMPTY)
    return np.where(grown == EMPTY, np.where(from_high, plates.T[across, high], EMPTY), grown).T
