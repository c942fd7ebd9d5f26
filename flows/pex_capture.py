"""What a crossing wire draws from the stretches of edge beside it, and what is left for the silicon.

Between two crossings the fringe of an edge does not go straight down: the wires on both sides take most of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from analoom.pdk import stack, wires
from analoom.pdk.layers import Layer
from analoom.pdk.wires import Array

from .pex_edges import Edges, Seen
from .pex_geometry import Ints, Level
from .pex_grid import EMPTY, Grid, last_true

SEEN_PART = 0.02
"""An edge that sees a level with at least this share draws for it from the edges beside."""

_GAUSS_X, _GAUSS_W = np.polynomial.legendre.leggauss(3)


@dataclass(frozen=True)
class _Lines:
    """Edges in `order` along their straight lines, and in that order the `number` of the line each is part of."""

    order: Ints
    number: Ints


@dataclass(frozen=True)
class _Side:
    """For each edge the nearest one that sees the level, in one direction: index (EMPTY: none), share, distance um."""

    source: Ints
    share: Array
    y_um: Array


def complete(grid: Grid, edges: Edges, seen: Seen, upward: Seen) -> Seen:
    """`seen` downward, with what wires draw from beside them, and the rest given to the silicon: shares add up to 1.

    What crossing wires below and above (`upward`) hide of the silicon has net EMPTY.
    """
    count = len(edges.row)
    share, lines = seen.by_level(count), _lines(edges)
    drawn = [_beside(grid, edges, lines, seen, share, level) for level in range(Level.POLY, edges.level)]
    wires_part, silicon = share[:, Level.POLY :].sum(axis=1), share[:, : Level.POLY].sum(axis=1)
    wanted = np.zeros(count)
    for x in drawn:
        wanted += np.bincount(x.edge, x.part, minlength=count)
    rest = np.maximum(1.0 - wires_part, 0.0)
    fit = np.minimum(1.0, rest / np.maximum(wanted, 1e-12))
    keep = np.where((silicon > 0) & (wires_part < 1), 1.0, 1.0 / np.maximum(wires_part, 1e-12))
    left = np.maximum(rest - wanted, 0.0) / np.maximum(silicon, 1e-12)
    scale = np.where(seen.level > Level.DIFF, keep[seen.edge], left[seen.edge])
    below, above = _hidden(grid, edges, lines, seen), _hidden(grid, edges, lines, upward)
    clear = np.clip((rest - below) / np.maximum(rest - wanted, 1e-12), 0.0, 1.0) * (
        1 - np.minimum(above, 1.0) * _open(edges)
    )
    parts = _split(Seen(seen.edge, seen.level, seen.net, seen.part * scale), clear)
    parts += [Seen(x.edge, x.level, x.net, x.part * fit[x.edge]) for x in drawn]
    return _joined(parts)


def _hidden(grid: Grid, edges: Edges, lines: _Lines, seen: Seen) -> Array:
    """Share of each edge's fringe that wires on other levels (`seen`) crossing beside it keep from the silicon."""
    count = len(edges.row)
    share, out = seen.by_level(count), np.zeros(count)
    reach = wires.shadow_below_um, wires.shadow_above_um
    for level in range(Level.POLY, len(Level)):
        if level != edges.level:
            x = _beside(grid, edges, lines, seen, share, level, reach[level > edges.level])
            out += np.bincount(x.edge, x.part, minlength=count)
    return out


def _open(edges: Edges) -> Array:
    """How far the top of a wire has its fringe on the silicon at all: near a neighbour it ends there."""
    s_um = np.minimum(edges.s_um, 1e3)
    share: Array = (s_um / (s_um + stack.gap_um(Layer[edges.level.name], None))) ** 3
    return share


def _split(seen: Seen, clear: Array) -> list[Seen]:
    """`seen` with the part of the silicon that is not `clear` (edges,) given to net EMPTY."""
    visible = np.where(seen.level > Level.DIFF, 1.0, clear[seen.edge])
    shadow = Seen(seen.edge, seen.level, np.full_like(seen.net, EMPTY), seen.part * (1 - visible))
    return [Seen(seen.edge, seen.level, seen.net, seen.part * visible), shadow]


def shade(grid: Grid, edges: Edges, seen: Seen) -> Seen:
    """`seen` upward, with what wires above draw from beside them; shares add up to 1 at most.

    The drawn parts have net EMPTY: they change what the edge gives to others, but the capacitance itself is found from
    the wire above, looking down.
    """
    share, lines = seen.by_level(len(edges.row)), _lines(edges)
    drawn = [_beside(grid, edges, lines, seen, share, level) for level in range(edges.level + 1, len(Level))]
    drawn = [Seen(x.edge, x.level, np.full_like(x.net, EMPTY), x.part) for x in drawn]
    all_of_it = _joined([seen, *drawn])
    total = np.bincount(all_of_it.edge, all_of_it.part, minlength=len(edges.row))
    part = all_of_it.part / np.maximum(total, 1.0)[all_of_it.edge]
    return Seen(all_of_it.edge, all_of_it.level, all_of_it.net, part)


def _joined(parts: list[Seen]) -> Seen:
    return Seen(
        np.concatenate([x.edge for x in parts]),
        np.concatenate([x.level for x in parts]),
        np.concatenate([x.net for x in parts]),
        np.concatenate([x.part for x in parts]),
    )


def _beside(
    grid: Grid,
    edges: Edges,
    lines: _Lines,
    seen: Seen,
    share: Array,
    level: int,
    reach: Callable[[float, float], float] = wires.capture_reach_um,
) -> Seen:
    """What `level` draws: of two wires beside an edge each loses half of what both would take."""
    own = share[:, level]
    if not (own > SEEN_PART).any():
        return _nothing()
    low, high = _sides(grid, edges, lines, own)
    low_level, high_level = sorted((edges.level, Level(level)))
    lower, upper = Layer[low_level.name], Layer[high_level.name]
    reach_um = reach(stack.gap_um(upper, lower), stack.thickness_um(lower))
    means = [side.share * _mean(side.y_um, edges.length_um, reach_um) for side in (low, high)]
    both = low.share * high.share * _mean_of_both(low.y_um, high.y_um, edges.length_um, reach_um)
    net = _main_net(seen, level, len(own))
    parts = []
    for side, mean in zip((low, high), means, strict=True):
        edge = np.nonzero((side.source != EMPTY) & (mean > 1e-6))[0]
        part = ((1 - own) * np.maximum(mean - both / 2, 0.0))[edge]
        parts.append(Seen(edge, np.full(len(edge), level), net[side.source[edge]], part))
    return _joined(parts)


def _lines(edges: Edges) -> _Lines:
    order = np.lexsort((edges.row, edges.col))
    row, col = edges.row[order], edges.col[order]
    return _Lines(order, np.cumsum((np.diff(col, prepend=-9) != 0) | (np.diff(row, prepend=-9) != 1)))


def _sides(grid: Grid, edges: Edges, lines: _Lines, own: Array) -> tuple[_Side, _Side]:
    """The nearest edges of the same straight line that see the level, towards -y and towards +y."""
    order, line = lines.order, lines.number
    bottom, top = grid.ys[edges.row] / 1000, grid.ys[edges.row + 1] / 1000
    low = _side(order, line, own, lambda edge, source: bottom[edge] - top[source])
    high = _side(order[::-1], line[::-1], own, lambda edge, source: bottom[source] - top[edge])
    return low, high


def _side(track: Ints, line: Ints, own: Array, distance: Callable[[Ints, Ints], Array]) -> _Side:
    last = last_true(own[track] > SEEN_PART)
    at = np.maximum(last, 0)
    ok = (last >= 0) & (line == line[at]) & (at != np.arange(len(track)))
    edge, source = track[ok], track[at[ok]]
    side = _Side(np.full(len(own), EMPTY), np.zeros(len(own)), np.full(len(own), 1e6))
    side.source[edge], side.share[edge], side.y_um[edge] = source, own[source], distance(edge, source)
    return side


def _mean(y_um: Array, length_um: Array, reach_um: float) -> Array:
    """Mean of 1 / (1 + (y / reach)^2) over edges that begin `y_um` from the wire."""
    return reach_um * (np.arctan((y_um + length_um) / reach_um) - np.arctan(y_um / reach_um)) / length_um


def _mean_of_both(low_um: Array, high_um: Array, length_um: Array, reach_um: float) -> Array:
    """Mean over edges of the product of both sides' laws, by three Gauss points."""
    total = np.zeros(len(length_um))
    for x, weight in zip(_GAUSS_X, _GAUSS_W, strict=True):
        at = length_um * (1 + x) / 2
        a, b = (low_um + at) / reach_um, (high_um + length_um - at) / reach_um
        total += weight / 2 / (1 + a * a) / (1 + b * b)
    return total


def _main_net(seen: Seen, level: int, count: int) -> Ints:
    """The net of `level` with the largest single share in each edge."""
    out = np.full(count, EMPTY)
    pick = np.nonzero(seen.level == level)[0]
    pick = pick[np.argsort(seen.part[pick], kind="stable")]
    out[seen.edge[pick]] = seen.net[pick]
    return out


def _nothing() -> Seen:
    none = np.zeros(0, dtype=np.int64)
    return Seen(none, none, none, np.zeros(0))
