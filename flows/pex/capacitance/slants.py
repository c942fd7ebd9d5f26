"""Slanted edges of wires: the grid holds them as stairs, and here stands which stair belongs to which edge.

The area of the stairs is the wire's. Their outline is longer than the edge, and steps to and fro. So an edge with unit
normal (nx, ny) that the grid shows as steps dy along y and dx along x counts, seen along x, with length dy |nx|, and
its distances times |nx|; along y with dx |ny|, and its distances times |ny|: together the length is its own, since
dy |nx| + dx |ny| = ds. Distances begin at the edge itself, where it crosses the middle of the grid's row.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.pex.shapes.geometry import LEVEL_OF, STEP_NM, Ints, Level
from analoom.pdk.layers import Layer
from analoom.pdk.wires import Array

from .grid import EMPTY, Bools, Grid, last_true, next_true

NO_SLANTS: Array = np.zeros((0, 9))
"""Slanted edges, rows of (level; x, y, x, y of both ends, nm; nx, ny of the outward normal; corner, corner).

A corner between two slanted edges is 1 where the outline turns by 90 degrees there (convex), -1 where it turns back by
90, and in proportion else; one with a straight edge is 0, as that edge has it whole.
"""

LEAST_NORMAL = 1e-3
"""An edge whose normal has less than this along an axis is not seen along it."""

REACH_NM = 0.75 * STEP_NM
"""A stair is at most this far from the edge that it stands for; half a step by how `geometry` cuts them."""


def slants_of(source: LayoutSource) -> Array:
    """The slanted edges of every wiring level of a layout."""
    rows = [row for layer, level in LEVEL_OF.items() if level > Level.DIFF for row in _of_layer(source, layer, level)]
    return np.array(rows, dtype=float).reshape(-1, 9)


def _of_layer(source: LayoutSource, layer: Layer, level: Level) -> Iterator[tuple[float, ...]]:
    """Klayout's polygons have their inside to the right of every edge."""
    for polygon in source.drawn(layer).each():
        if polygon.is_rectilinear():
            continue
        for outline in (polygon.each_point_hull(), *(polygon.each_point_hole(k) for k in range(polygon.holes()))):
            yield from ((level, *edge) for edge in _of_outline(np.array([(p.x, p.y) for p in outline], dtype=float)))


def _of_outline(points: Array) -> Array:
    """The slanted edges of a closed outline (points, 2), without their level."""
    step = np.roll(points, -1, axis=0) - points
    normal = np.column_stack([-step[:, 1], step[:, 0]]) / np.hypot(*step.T)[:, None]
    slanted = (step != 0).all(axis=1)
    before, was = np.roll(normal, 1, axis=0), np.roll(slanted, 1)
    turn = np.arctan2(before[:, 1] * normal[:, 0] - before[:, 0] * normal[:, 1], (before * normal).sum(axis=1))
    corner = np.where(slanted & was, turn / (np.pi / 2), 0.0)
    rows = np.column_stack([points, points + step, normal, corner, np.roll(corner, -1)])
    return rows[slanted]


def near(slants: Array, window: tuple[int, int, int, int], halo_nm: Ints) -> Array:
    """Those within the halo of their level around a window, relative to its lower left corner."""
    left, bottom, right, top = window
    far = halo_nm[slants[:, 0].astype(int)]
    x, y = slants[:, [1, 3]], slants[:, [2, 4]]
    keep = (x.min(axis=1) < right + far) & (x.max(axis=1) > left - far)
    keep &= (y.min(axis=1) < top + far) & (y.max(axis=1) > bottom - far)
    return slants[keep] - np.array([0, left, bottom, left, bottom, 0, 0, 0, 0])


@dataclass(frozen=True)
class Faces:
    """The stairs of a level that look to one side of x and belong to slanted edges.

    `at` (ny, nx): for the field behind a stair its place in the other arrays, EMPTY elsewhere; `x_nm`, where the edge
    crosses the middle of the row; `line`, the edge's number; its normal is (nx, ny) or (-nx, ny).
    `lines`: the slanted edges by number.
    """

    at: Ints
    x_nm: Array
    line: Ints
    nx: Array
    ny: Array
    lines: Array

    def corners(self, line: Ints, low_nm: Array, high_nm: Array) -> tuple[Array, Array]:
        """Corners at the ends of pieces of edges between two heights; 0 where an edge goes on."""
        own = self.lines[line]
        upwards = own[:, 4] > own[:, 2]
        low, high = np.where(upwards, own[:, 7:9].T, own[:, 8:6:-1].T)
        begins = np.abs(low_nm - np.minimum(own[:, 2], own[:, 4])) < REACH_NM
        ends = np.abs(high_nm - np.maximum(own[:, 2], own[:, 4])) < REACH_NM
        return np.where(begins, low, 0.0), np.where(ends, high, 0.0)

    def nm(self, row: Ints, col: Ints, straight_nm: Ints) -> Array:
        """Where the sides of these fields are: at `straight_nm` where they are not slanted."""
        k = self.at[row, col]
        return np.where(k == EMPTY, straight_nm, self.x_nm[k])

    def normals(self, row: Ints, col: Ints) -> Array:
        """|nx| of these fields' sides, 1 where they are not slanted."""
        k = self.at[row, col]
        return np.where(k == EMPTY, 1.0, self.nx[k])


def faces(grid: Grid, level: Level, full: Bools) -> tuple[Faces, Faces] | None:
    """The faces of `level` (`full`, ny, nx) towards +x and -x; None where no edge is slanted."""
    if not (grid.slants[:, 0] == level).any():
        return None
    return _faces(grid, level, full, 1), _faces(grid, level, full, -1)


def _faces(grid: Grid, level: Level, full: Bools, side: int) -> Faces:
    numbers = np.nonzero((grid.slants[:, 0] == level) & (grid.slants[:, 5] * side > LEAST_NORMAL))[0]
    of, row, x_nm = _rows(grid, grid.slants[numbers])
    ends, lines = _ends(full, side), grid.xs[1:] if side > 0 else grid.xs[:-1]
    last = len(lines) - 1
    after = np.minimum(np.searchsorted(lines, x_nm), last)
    low, high = last_true(ends)[row, np.maximum(after - 1, 0)], next_true(ends)[row, after]
    to_low = np.where(low >= 0, np.abs(lines[low] - x_nm), np.inf)
    to_high = np.where(high <= last, np.abs(lines[np.minimum(high, last)] - x_nm), np.inf)
    k = np.nonzero(np.minimum(to_low, to_high) <= REACH_NM)[0]
    at = np.full(full.shape, EMPTY, dtype=np.int64)
    at[row[k], np.where(to_low <= to_high, low, high)[k]] = k
    nx, ny = np.abs(grid.slants[numbers[of], 5]), grid.slants[numbers[of], 6]
    return Faces(
        at, np.append(x_nm, 0.0), np.append(numbers[of], 0), np.append(nx, 1.0), np.append(ny, 0.0), grid.slants
    )


def _rows(grid: Grid, slants: Array) -> tuple[Ints, Ints, Array]:
    """(place in `slants`, row, x in nm) of every crossing of a slanted edge with the middle of a row."""
    middle = (grid.ys[1:] + grid.ys[:-1]) / 2
    x1, y1, x2, y2 = slants[:, 1:5].T
    first, last = np.searchsorted(middle, np.minimum(y1, y2)), np.searchsorted(middle, np.maximum(y1, y2))
    counts = last - first
    of = np.repeat(np.arange(len(slants)), counts)
    row = first[of] + np.arange(len(of)) - (np.cumsum(counts) - counts)[of]
    return of, row, x1[of] + (x2 - x1)[of] * (middle[row] - y1[of]) / (y2 - y1)[of]


def _ends(full: Bools, side: int) -> Bools:
    """Fields at whose side nothing follows."""
    out = np.zeros_like(full)
    if side > 0:
        out[:, :-1] = full[:, :-1] & ~full[:, 1:]
    else:
        out[:, 1:] = full[:, 1:] & ~full[:, :-1]
    return out
