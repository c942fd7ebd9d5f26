"""What a crossing wire draws from the stretches of edge beside it, and what is left for the silicon.

Between two crossings the fringe of an edge does not go straight down: the wires on both sides take most of it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from analoom.flows.pex.shapes.geometry import Ints, Level
from analoom.pdk import stack, wires
from analoom.pdk.layers import Layer
from analoom.pdk.wires import Array

from .edges import Edges, Seen, joined
from .grid import EMPTY, last_true

WIRES = tuple(level for level in Level if level > Level.DIFF)
"""Levels whose conductors draw fringe from beside them."""

SEEN_PART = 0.02
"""An edge that sees a level with at least this share draws for it from the edges beside."""

_GAUSS_X, _GAUSS_W = np.polynomial.legendre.leggauss(3)
Reach = Callable[[float, float], float]


@dataclass(frozen=True)
class _Side:
    """For each edge the nearest one that sees the level, in one direction: index (EMPTY: none), share, distance um."""

    source: Ints
    share: Array
    y_um: Array


@dataclass(frozen=True)
class _Crossing:
    """Where one `level` crosses edges: the share `own` with which each sees it, and the nearest that do, both ways."""

    level: Level
    own: Array
    low: _Side
    high: _Side


def complete(edges: Edges, downward: Seen, upward: Seen) -> tuple[Seen, Seen, Array]:
    """(downward, upward, hidden) with what wires draw from beside them; downward the rest is given to the silicon.

    `hidden` (edges,) is the share of the silicon that wires crossing below keep from the wire's lower face.

    Downward shares add up to 1; what crossing wires below and above hide of the silicon has net EMPTY. Upward ones add
    up to 1 at most; there the drawn parts have net EMPTY: they change what the edge gives to others, but the
    capacitance itself is found from the wire above, looking down.
    """
    below, above = _crossings(edges, downward), _crossings(edges, upward)
    hidden = np.minimum(_hidden(edges, below, wires.shadow_below_um), 1.0)
    return _completed(edges, downward, below, above, hidden), _shaded(edges, upward, above), hidden


def _completed(edges: Edges, seen: Seen, crossings: list[_Crossing], over: list[_Crossing], below: Array) -> Seen:
    count = len(edges.row)
    share = seen.by_level(count)
    drawn = [_beside(edges, seen, x) for x in crossings]
    wires_part, silicon = share[:, Level.POLY :].sum(axis=1), share[:, : Level.POLY].sum(axis=1)
    wanted = np.zeros(count)
    for x in drawn:
        wanted += np.bincount(x.edge, x.part, minlength=count)
    rest = np.maximum(1.0 - wires_part, 0.0)
    fit = np.minimum(1.0, rest / np.maximum(wanted, 1e-12))
    keep = np.where((silicon > 0) & (wires_part < 1), 1.0, 1.0 / np.maximum(wires_part, 1e-12))
    left = np.maximum(rest - wanted, 0.0) / np.maximum(silicon, 1e-12)
    scale = np.where(seen.level > Level.DIFF, keep[seen.edge], left[seen.edge])
    above = _hidden(edges, over, wires.shadow_above_um)
    clear = np.clip((rest - below) / np.maximum(rest - wanted, 1e-12), 0.0, 1.0) * (
        1 - np.minimum(above, 1.0) * _open(edges)
    )
    parts = _split(replace(seen, part=seen.part * scale), clear)
    parts += [replace(x, part=x.part * fit[x.edge]) for x in drawn]
    return joined(parts)


def _shaded(edges: Edges, seen: Seen, crossings: list[_Crossing]) -> Seen:
    drawn = [_beside(edges, seen, x) for x in crossings]
    drawn = [replace(x, net=np.full_like(x.net, EMPTY)) for x in drawn]
    all_of_it = joined([seen, *drawn])
    total = np.bincount(all_of_it.edge, all_of_it.part, minlength=len(edges.row))
    part = all_of_it.part / np.maximum(total, 1.0)[all_of_it.edge]
    return replace(all_of_it, part=part)


def _hidden(edges: Edges, crossings: list[_Crossing], reach: Reach) -> Array:
    """Share of each edge's fringe that wires on other levels crossing beside it keep from the silicon."""
    out = np.zeros(len(edges.row))
    for crossing in crossings:
        for edge, part in _parts(edges, crossing, reach):
            out[edge] += part
    return out


def _open(edges: Edges) -> Array:
    """How far the top of a wire has its fringe on the silicon at all: near a neighbour it ends there."""
    s_um = np.minimum(edges.s_um, 1e3)
    share: Array = (s_um / (s_um + stack.gap_um(Layer[edges.level.name], None))) ** 3
    return share


def _split(seen: Seen, clear: Array) -> list[Seen]:
    """`seen` with the part of the silicon that is not `clear` (edges,) given to net EMPTY."""
    visible = np.where(seen.level > Level.DIFF, 1.0, clear[seen.edge])
    shadow = replace(seen, net=np.full_like(seen.net, EMPTY), part=seen.part * (1 - visible))
    return [replace(seen, part=seen.part * visible), shadow]


def _beside(edges: Edges, seen: Seen, crossing: _Crossing) -> Seen:
    """What the level draws from the edges beside those that see it."""
    main = _main(seen, crossing.level, len(crossing.own))
    drawn = _parts(edges, crossing, wires.capture_reach_um, wires.CAPTURE_SHARE_FRAC)
    found = []
    for side, (edge, part) in zip((crossing.low, crossing.high), drawn, strict=True):
        source = side.source[edge]
        at = main[source]
        found.append(Seen(edge, np.full(len(edge), crossing.level), seen.net[at], part, seen.col[at], source))
    return joined(found)


def _parts(edges: Edges, crossing: _Crossing, reach: Reach, most_frac: float = 1.0) -> list[tuple[Ints, Array]]:
    """(edges, what is drawn from them) towards both sides: of two each loses half of what both would take."""
    lower, upper = (Layer[level.name] for level in sorted((edges.level, crossing.level)))
    reach_um = reach(stack.gap_um(upper, lower), stack.thickness_um(lower))
    low, high = crossing.low, crossing.high
    both = np.zeros(len(crossing.own))
    k = np.nonzero((low.source != EMPTY) & (high.source != EMPTY))[0]
    overlap = _mean_of_both(low.y_um[k], high.y_um[k], edges.length_um[k], reach_um)
    both[k] = most_frac**2 * low.share[k] * high.share[k] * overlap / 2
    parts = []
    for side in (low, high):
        edge = np.nonzero(side.source != EMPTY)[0]
        mean = most_frac * side.share[edge] * _mean(side.y_um[edge], edges.length_um[edge], reach_um)
        parts.append((edge, (1 - crossing.own[edge]) * np.maximum(mean - both[edge], 0.0)))
    return parts


def _crossings(edges: Edges, seen: Seen) -> list[_Crossing]:
    share = seen.by_level(len(edges.row))
    levels = [level for level in WIRES if level != edges.level and (share[:, level] > SEEN_PART).any()]
    line, slanted = _unbroken(edges), (edges.ny != 0).any()
    drawing = {level: _of_stretch(edges, line, share[:, level]) if slanted else share[:, level] for level in levels}
    return [_Crossing(level, share[:, level], *_sides(edges, line, drawing[level])) for level in levels]


def _of_stretch(edges: Edges, line: Ints, own: Array) -> Array:
    """`own`, on slanted edges the most that any does in the same stretch that sees the level.

    Where a crossing begins and ends, such edges look past the stairs of the other wire.
    """
    stretch, begins = _stretches(line, own)
    most = np.maximum.reduceat(own, begins)[stretch]
    return np.where((own > SEEN_PART) & (edges.ny != 0), most, own)


def stretches_um(edges: Edges, share: Array) -> Array:
    """The length of the unbroken stretch in which each edge sees a level, 0 where it does not, um."""
    stretch, _ = _stretches(_unbroken(edges), share)
    return np.where(share > SEEN_PART, np.bincount(stretch, edges.length_um)[stretch], 0.0)


def _stretches(line: Ints, share: Array) -> tuple[Ints, Ints]:
    """(the stretch of a line that each edge is part of, the first edge of each): a level is seen along it or not."""
    seen = share > SEEN_PART
    begins = np.ones(len(share), dtype=bool)
    begins[1:] = (np.diff(line) != 0) | (seen[1:] != seen[:-1])
    return np.cumsum(begins) - 1, np.nonzero(begins)[0]


def _unbroken(edges: Edges) -> Ints:
    """The number of the unbroken stretch of a line that each edge is part of."""
    apart = np.ones(len(edges.row), dtype=bool)
    apart[1:] = (np.diff(edges.line) != 0) | (edges.low_um[1:] != edges.high_um[:-1])
    return np.cumsum(apart)


def _sides(edges: Edges, line: Ints, own: Array) -> tuple[_Side, _Side]:
    """The nearest edges of the same straight line that see the level, towards -y and towards +y."""
    bottom, top, track = edges.low_um, edges.high_um, np.arange(len(own))
    low = _side(track, line, own, lambda edge, source: bottom[edge] - top[source])
    high = _side(track[::-1], line[::-1], own, lambda edge, source: bottom[source] - top[edge])
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


def _main(seen: Seen, level: int, count: int) -> Ints:
    """Which of `seen` has the largest single share of `level` in each edge; EMPTY where none is of that level."""
    out = np.full(count, EMPTY)
    pick = np.nonzero(seen.level == level)[0]
    pick = pick[np.argsort(seen.part[pick], kind="stable")]
    out[seen.edge[pick]] = pick
    return out
