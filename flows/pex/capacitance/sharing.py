"""Gives each capacitance of a window to the pieces of conductors that lie where it was found.

What an edge has is divided along it, first among the pieces behind it, then among those that it sees.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from analoom.flows.pex.shapes.geometry import PLATES, Ints
from analoom.pdk.wires import Array

from .edges import Edges, reach_um, scales_um
from .grid import EMPTY, Grid
from .pairs import Diagonals, Overlaps, Pairs, Placed
from .piece_map import Parts, PieceMap, Rects
from .top_plate import REACH_UM

INSIDE_NM = 0.5
"""A wire in front is looked up this far inside its edge."""


def under_plates(grid: Grid, plates: Overlaps, pieces: PieceMap) -> Pairs:
    """Plates over plates, by the pieces of both."""
    if not (plates.a != plates.b).any():
        return plates
    (row, last_row, col, last_col), first, c_f = _rectangles(plates)
    nm = np.stack([grid.xs[col], grid.xs[last_col + 1], grid.ys[row], grid.ys[last_row + 1]]).astype(float)
    upper = pieces.divide(Rects(np.full(len(row), plates.upper), plates.a[first], nm), 0)
    lower = pieces.divide(Rects(np.full(len(upper.of), plates.lower), plates.b[first[upper.of]], upper.nm), 0)
    return Pairs(upper.node[lower.of], lower.node, c_f[upper.of[lower.of]] * upper.share[lower.of] * lower.share)


def _rectangles(plates: Overlaps) -> tuple[Ints, Ints, Array]:
    """((first row, last row, first column, last column), a field, F) of rectangles of fields of the same nets.

    The fields of `plates` are in the order of rows.
    """
    row, col, a, b = plates.row, plates.col, plates.a, plates.b
    starts = _starts(row[1:] == row[:-1], col[1:] == col[:-1] + 1, a[1:] == a[:-1], b[1:] == b[:-1])
    first = np.nonzero(starts)[0]
    last_col, c_f = col[np.append(first[1:], len(row)) - 1], np.add.reduceat(plates.c_f, first)
    order = np.lexsort((row[first], last_col, col[first]))
    first, last_col, c_f = first[order], last_col[order], c_f[order]
    row, col, a, b = row[first], col[first], a[first], b[first]
    same = (x[1:] == x[:-1] for x in (col, last_col, a, b))
    begins = np.nonzero(_starts(row[1:] == row[:-1] + 1, *same))[0]
    last_row = row[np.append(begins[1:], len(row)) - 1]
    return np.stack([row[begins], last_row, col[begins], last_col[begins]]), first[begins], np.add.reduceat(c_f, begins)


def _starts(*same: Ints) -> Ints:
    """Whether each of a row begins something new: the first, and those not the `same` as the one before."""
    return np.append(True, ~np.logical_and.reduce(same))


def at_corners(grid: Grid, corners: Diagonals, pieces: PieceMap) -> Pairs:
    """Capacitances across corners, by the pieces at both."""
    level = np.full(len(corners.a), corners.level)
    ends: list[Ints] = []
    for net, (row, col) in ((corners.a, corners.fields[:2]), (corners.b, corners.fields[2:])):
        x, y = (grid.xs[col] + grid.xs[col + 1]) / 2, (grid.ys[row] + grid.ys[row + 1]) / 2
        found = pieces.divide(Rects(level, net, np.stack([x, x, y, y])), 0)
        ends.append(found.node[np.searchsorted(found.of, np.arange(len(level)))])
    return Pairs(ends[0], ends[1], corners.c_f)


def at_edges(grid: Grid, edges: Edges, found: Sequence[Placed], pieces: PieceMap, view: int) -> Pairs:
    """What the edges of one level have, by the pieces behind them and by those that they see."""
    behind, on_top = _behind(grid, edges, pieces, view), _on_top(edges, pieces, view)
    parts = [_there(grid, edges, x, on_top if x.on_top else behind) for x in found]
    a, c_f, edge, level, net, nm = (np.concatenate(x, axis=-1) for x in zip(*parts, strict=True))
    scale = 1000 * np.maximum(scales_um(edges.level, True), scales_um(edges.level, False))
    seen = pieces.divide(Rects(level, net, nm), view, (1000 * edges.x_um[edge], scale[level]))
    return Pairs(a[seen.of], seen.node, c_f[seen.of] * seen.share)


def _behind(grid: Grid, edges: Edges, pieces: PieceMap, view: int) -> Parts:
    """The edges of the window, divided among the pieces that they are edges of."""
    own = np.nonzero(edges.owned)[0]
    x = (grid.xs[edges.col[own]] + grid.xs[edges.col[own] + 1]) / 2
    nm = np.concatenate([[x, x], _along_nm(edges, own)])
    found = pieces.divide(Rects(np.full(len(own), edges.level), edges.net[own], nm), view)
    return replace(found, of=own[found.of])


def _on_top(edges: Edges, pieces: PieceMap, view: int) -> Parts:
    """The MIM top plates behind edges of the window, each with the whole edge."""
    own = np.nonzero(edges.owned & (edges.top != EMPTY))[0]
    over = next((top for top, bottom in PLATES.items() if bottom is edges.level), edges.level)
    x, nm = 1000 * edges.x_um[own], 1000 * REACH_UM
    low, high = along = _along_nm(edges, own)
    places = np.stack([x - nm, x, low - nm, high + nm])
    found = pieces.divide(Rects(np.full(len(own), over), edges.top[own], places), view)
    first = np.searchsorted(found.of, np.arange(len(own)))
    return Parts(own, found.node[first], np.ones(len(own)), np.concatenate([[x, x], along]))


def _along_nm(edges: Edges, which: Ints) -> Array:
    """(2, n): from where to where along y edges are."""
    along: Array = 1000 * edges.nx[which] * np.stack([edges.low_um[which], edges.high_um[which]])
    return along


def _there(grid: Grid, edges: Edges, found: Placed, own: Parts) -> tuple[Ints, Array, Ints, Ints, Ints, Array]:
    """(node, F, edge, level, net, place) of what `found` has, divided among the pieces behind the edges.

    Level, net and place, as in `Rects`, are those of the conductor that is seen.
    """
    keep = np.nonzero((found.c_f != 0) & (found.a != found.b) & (found.a != EMPTY) & (found.b != EMPTY))[0]
    first = np.searchsorted(own.of, found.edge[keep])
    many = np.searchsorted(own.of, found.edge[keep], side="right") - first
    of = np.repeat(np.arange(len(keep)), many)
    part = first[of] + np.arange(len(of)) - (np.cumsum(many) - many)[of]
    k = keep[of]
    edge, nm = found.edge[k], np.empty((4, len(k)))
    nm[:2], nm[2:] = _in_front_nm(grid, edges, found, k), own.nm[2:, part]
    if found.seen is not None:
        along = found.seen.along[k]
        aside = np.nonzero(along != edge)[0]
        nm[2:, aside] = _along_nm(edges, along[aside])
    return own.node[part], found.c_f[k] * own.share[part], edge, found.level[k], found.b[k], nm


def _in_front_nm(grid: Grid, edges: Edges, found: Placed, k: Ints) -> Array:
    """(2, n): from where to where along x some of the conductors are that edges see."""
    edge = found.edge[k]
    if found.seen is None:
        ahead = 0.0 if found.ahead is None else found.ahead[k]
        at = 1000 * (edges.x_um[edge] + ahead / edges.nx[edge]) + INSIDE_NM
        return np.stack([at, at])
    col = found.seen.col[k]
    low, high = grid.xs[col], grid.xs[col + 1]
    end = np.where(col > edges.col[edge], 1000 * (edges.x_um + reach_um(edges))[edge], np.inf)
    return np.stack([low, np.maximum(np.minimum(high, end), low + INSIDE_NM)])
