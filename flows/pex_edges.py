"""The edges of a wiring level that face +x in a grid, and what each of them sees.

An edge is one field high. It has the width of its wire behind it, the spacing to the next wire of its level in front,
and a share of its fringe for every conductor below and above: the first one seen straight down (or up) at each distance
in front, weighted by how much of the fringe lands there.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analoom.pdk import stack, wires
from analoom.pdk.layers import Layer
from analoom.pdk.wires import Array

from .pex_geometry import Ints, Level
from .pex_grid import EMPTY, LEVELS, Bools, Grid, last_true, next_true

HALO_NM = 5000
"""A neighbour farther away than this counts as none: its share goes to the planes."""

FRINGE_REACH_NM = 3000
"""Fringe is shared among the conductors below and above within this distance of the edge."""


@dataclass(frozen=True)
class Seen:
    """Shares of edges' fringe, (n,) each: `edge` index, `level` and `net` of the conductor, `part` of the fringe."""

    edge: Ints
    level: Ints
    net: Ints
    part: Array

    def by_level(self, edges: int) -> Array:
        """(edges, levels): the summed shares."""
        flat = np.bincount(self.edge * LEVELS + self.level, self.part, minlength=edges * LEVELS)
        return flat.reshape(edges, LEVELS)


@dataclass(frozen=True)
class Edges:
    """Edges of one level, all arrays (edges,).

    `row`, `col` of the field behind; its `net`; the `facing` net (EMPTY: none); width, spacing (inf: none) and length
    in um; `ends`, the number of convex corners (0 to 2); `owned`, whether the edge is inside the window.
    """

    level: Level
    row: Ints
    col: Ints
    net: Ints
    facing: Ints
    w_um: Array
    s_um: Array
    length_um: Array
    ends: Ints
    owned: Bools


def find_edges(grid: Grid, level: Level) -> Edges:
    """The edges of `level` that face +x in or near the window; of poly, those on field (gates are in the model)."""
    nets = grid.nets[level]
    full = nets != EMPTY
    edge = np.zeros_like(full)
    edge[:, :-1] = full[:, :-1] & ~full[:, 1:]
    if level is Level.POLY:
        edge &= grid.nets[Level.DIFF] == EMPTY
    row, col = np.nonzero(edge & grid.own_x & grid.near_y[:, None])
    return Edges(
        level,
        row,
        col,
        nets[row, col],
        *_facing(grid, nets, full, row, col),
        length_um=(grid.ys[row + 1] - grid.ys[row]) / 1000,
        ends=_convex(full, row, col, 1) + _convex(full, row, col, -1),
        owned=grid.own_y[row],
    )


def _facing(grid: Grid, nets: Ints, full: Ints, row: Ints, col: Ints) -> tuple[Ints, Array, Array]:
    """(net in front, width behind, spacing in front) of edges."""
    rows, at = np.unique(row, return_inverse=True)
    start = last_true(~full[rows])[at, col] + 1
    stop = next_true(full[rows])[at, np.minimum(col + 1, full.shape[1] - 1)]
    found = stop < full.shape[1]
    inside = np.minimum(stop, full.shape[1] - 1)
    s_nm = grid.xs[inside] - grid.xs[col + 1]
    found &= s_nm <= HALO_NM
    facing = np.where(found, nets[row, inside], EMPTY)
    return facing, (grid.xs[col + 1] - grid.xs[start]) / 1000, np.where(found, s_nm / 1000, np.inf)


def _convex(full: Ints, row: Ints, col: Ints, step: int) -> Ints:
    """1 where the wire ends at the edge's end in direction `step` along y, else 0."""
    beyond = row + step
    inside = (beyond >= 0) & (beyond < full.shape[0])
    return (inside & ~full[np.clip(beyond, 0, full.shape[0] - 1), col]).astype(np.int64)


def look(grid: Grid, edges: Edges, level: Ints, net: Ints, upward: bool) -> Seen:
    """What the fringe of `edges` lands on: `level`, `net` (ny, nx) are what each field sees straight down (or up).

    Downward the shares of one edge add up to 1: what no wire below takes goes to the silicon.
    """
    reach = np.minimum(edges.s_um, FRINGE_REACH_NM / 1000)
    scale = _scales(edges.level, upward)
    parts: list[tuple[Ints, Ints, Ints, Array]] = []
    active, col = np.arange(len(edges.row)), edges.col + 1
    while len(active):
        near = (grid.xs[col] - grid.xs[edges.col[active] + 1]) / 1000
        far = np.minimum((grid.xs[col + 1] - grid.xs[edges.col[active] + 1]) / 1000, reach[active])
        at = edges.row[active], col
        seen, hit = level[at], level[at] != EMPTY
        h = scale[np.maximum(seen, 0)]
        part = (np.arctan(far / h) - np.arctan(near / h)) / np.arctan(reach[active] / h)
        parts.append((active[hit], seen[hit], net[at][hit], part[hit]))
        going = (far < reach[active] - 1e-9) & (col + 2 < len(grid.xs))
        active, col = active[going], col[going] + 1
    seen = Seen(*(np.concatenate(x) if parts else np.zeros(0, dtype=np.int64) for x in zip(*parts, strict=True)))
    return seen if upward else _capture(grid, edges, seen)


def _scales(level: Level, upward: bool) -> Array:
    """Distance scale (um) of the fringe to each other level: the vertical gap, times the fitted reach."""
    layer = Layer[level.name]
    gaps = np.ones(LEVELS)
    for other in Level:
        if (other > level) if upward else (other < level):
            silicon = other <= Level.DIFF
            low, high = sorted((level, other))
            gap = stack.gap_um(layer, None) if silicon else stack.gap_um(Layer[high.name], Layer[low.name])
            gaps[other] = gap * wires.CAPTURE_REACH_FRAC
    return gaps


def _capture(grid: Grid, edges: Edges, seen: Seen) -> Seen:
    """Adds what wires below draw from the stretches of edge beside them, and gives the rest to the silicon."""
    count = len(edges.row)
    share = seen.by_level(count)
    wire = seen.level > Level.DIFF
    drawn = [_beside(grid, edges, seen, share, level) for level in range(Level.POLY, edges.level)]
    drawn = [x for x in drawn if len(x.edge)]
    taken = share[:, Level.POLY :].sum(axis=1)
    wanted = np.zeros(count)
    for extra in drawn:
        np.add.at(wanted, extra.edge, extra.part)
    rest = np.maximum(1.0 - taken, 0.0)
    fit = np.minimum(1.0, rest / np.maximum(wanted, 1e-12))
    silicon = share[:, : Level.POLY].sum(axis=1)
    left = np.where(silicon > 0, np.maximum(rest - wanted, 0.0), 0.0)
    scale = np.where(wire, _fill(taken, silicon)[seen.edge], (left / np.maximum(silicon, 1e-12))[seen.edge])
    all_parts = [Seen(seen.edge, seen.level, seen.net, seen.part * scale)]
    all_parts += [Seen(x.edge, x.level, x.net, x.part * fit[x.edge]) for x in drawn]
    return Seen(*(np.concatenate([getattr(x, f) for x in all_parts]) for f in ("edge", "level", "net", "part")))


def _fill(taken: Array, silicon: Array) -> Array:
    """Factor on the wires' shares: they share out everything where no silicon is in view, and never more than 1."""
    return np.where((silicon > 0) & (taken < 1), 1.0, 1.0 / np.maximum(taken, 1e-12))


def _beside(grid: Grid, edges: Edges, seen: Seen, share: Array, level: int) -> Seen:
    """What `level` draws from fields of the same straight edge where it is not itself in view."""
    here = share[:, level] > 0.02
    if not here.any():
        return _nothing()
    order = np.lexsort((edges.row, edges.col))
    run = np.cumsum(np.diff(edges.col[order], prepend=-9) + 1000 * (np.diff(edges.row[order], prepend=-9) != 1) != 0)
    main = _main_net(seen, level, len(edges.row))
    found = []
    for step in (1, -1):
        track = order[::step]
        last = last_true(here[track])
        near = track[np.maximum(last, 0)]
        ok = (last >= 0) & (run[::step] == run[::step][np.maximum(last, 0)]) & (near != track)
        edge, source = track[ok], near[ok]
        y = _distance_um(grid, edges, source, edge, step)
        found.append((edge, source, share[source, level] * _mean_capture(y, edges, edge, level)))
    return _merge(found, share[:, level], main, level)


def _distance_um(grid: Grid, edges: Edges, source: Ints, edge: Ints, step: int) -> Array:
    if step == 1:
        return (grid.ys[edges.row[edge]] - grid.ys[edges.row[source] + 1]) / 1000
    return (grid.ys[edges.row[source]] - grid.ys[edges.row[edge] + 1]) / 1000


def _mean_capture(y_um: Array, edges: Edges, edge: Ints, level: int) -> Array:
    """Mean of 1 / (1 + (y / reach)^2) over each edge, which begins `y_um` from the wire."""
    reach = wires.CAPTURE_REACH_FRAC * stack.gap_um(Layer[edges.level.name], Layer[Level(level).name])
    length = edges.length_um[edge]
    return reach * (np.arctan((y_um + length) / reach) - np.arctan(y_um / reach)) / length


def _merge(found: list[tuple[Ints, Ints, Array]], own: Array, main: Ints, level: int) -> Seen:
    """Joins the draws from both sides: together they take 1 - (1 - a)(1 - b) of what the edge does not have itself."""
    none = np.ones(len(own))
    total = np.zeros(len(own))
    for edge, _, part in found:
        none[edge] *= 1 - part
        total[edge] += part
    gain = (1 - own) * (1 - none) / np.maximum(total, 1e-12)
    edge = np.concatenate([x[0] for x in found])
    net = np.concatenate([main[x[1]] for x in found])
    part = np.concatenate([x[2] for x in found]) * gain[edge]
    return Seen(edge, np.full(len(edge), level), net, part)


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
