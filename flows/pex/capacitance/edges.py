"""The edges of a wiring level that face +x in a grid, and what each of them sees.

An edge is as long as what lies in front of it, on every level, stays the same: lines that other shapes bring into the
grid do not cut it. It has the width of its wire behind it, the spacing to the next wire of its level in front, and a
share of its fringe for every conductor below and above: the first one seen straight down (or up) at each distance in
front, weighted by how much of the fringe lands there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.flows.pex.shapes.geometry import Ints, Level
from analoom.pdk import stack, wires
from analoom.pdk.layers import Layer
from analoom.pdk.wires import Array

from .grid import EMPTY, LEVELS, Bools, Grid, last_true, next_true
from .top_plate import top_plate

HALO_NM = 5000
"""A neighbour farther away than this counts as none on li1 to met2: its share goes to the planes."""

_FAR_NM = {Level.POLY: 5250, Level.MET3: 9000, Level.MET4: 9000, Level.MET5: 12000}
"""The same on levels whose tables go farther: the last spacing they hold."""

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
        return flat.astype(float).reshape(edges, LEVELS)


@dataclass(frozen=True)
class Edges:
    """Edges of one level, all arrays (edges,).

    `row`, `last_row`, `col` of the fields behind, from `low_um` to `high_um` along y; the edge's `net`; the `facing`
    net (EMPTY: none); width, spacing (inf: none) and spacing on the wire's other side (`back_um`, inf: none) in um;
    `low_end`, `high_end`: 1 where the wire ends there (convex), -1 where it turns out to +x, else 0; the net of a MIM
    top plate close behind (`top`, EMPTY: none); `owned`, whether the edge is inside the window.
    """

    level: Level
    row: Ints
    last_row: Ints
    col: Ints
    low_um: Array
    high_um: Array
    net: Ints
    facing: Ints
    w_um: Array
    s_um: Array
    back_um: Array
    low_end: Ints
    high_end: Ints
    top: Ints
    owned: Bools

    @property
    def length_um(self) -> Array:
        return self.high_um - self.low_um

    @property
    def ends(self) -> Ints:
        """Convex less concave corners, -2 to 2."""
        return self.low_end + self.high_end


_WIDE_NM = {Level.MET3: 2400, Level.MET4: 2400, Level.MET5: 4000}
"""The widest wire of the tables (1400 nm on lower levels): behind it the other neighbour is still looked for."""


def halo_nm(boxes: Ints) -> int:
    """How far around a window the conductors `boxes` (level, ...) must be known."""
    return max((_known_nm(Level(k)) for k in np.unique(boxes[:, 0]).tolist()), default=_known_nm(Level.MET1))


def _known_nm(level: Level) -> int:
    return _FAR_NM.get(level, HALO_NM) + _WIDE_NM.get(level, 1400)


def find_edges(grid: Grid, level: Level) -> Edges:
    """The edges of `level` that face +x in or near the window; of poly, those on field (gates are in the model)."""
    nets = grid.nets[level]
    full = nets != EMPTY
    edge = np.zeros_like(full)
    edge[:, :-1] = full[:, :-1] & ~full[:, 1:]
    if level is Level.POLY:
        edge &= grid.nets[Level.DIFF] == EMPTY
    col, row = np.nonzero((edge & grid.own_x & grid.near_y[:, None]).T)
    facing, w_um, s_um, back_um = _facing(grid, nets, full, row, col, level)
    top = top_plate(grid, level, row, col)
    same = nets[row, col], facing, w_um, s_um, back_um, top, grid.own_y[row]
    first = np.nonzero(_begins(grid, row, col, s_um, same))[0]
    last = np.append(first[1:], len(row))[: len(first)] - 1
    lines_um, bottom, above = grid.ys / 1000, row[first], row[last]
    low_end, high_end = _corner(full, bottom, col[first], -1), _corner(full, above, col[first], 1)
    y_um = lines_um[bottom], lines_um[above + 1]
    return Edges(
        level,
        bottom,
        above,
        col[first],
        *y_um,
        nets[bottom, col[first]],
        facing[first],
        w_um[first],
        s_um[first],
        back_um[first],
        low_end,
        high_end,
        top[first],
        grid.own_y[bottom],
    )


def _begins(grid: Grid, row: Ints, col: Ints, s_um: Array, same: tuple[NDArray[Any], ...]) -> Bools:
    """Whether each field (in order along the edges) begins an edge: something differs from the field before it."""
    begins = np.ones(len(row), dtype=bool)
    begins[1:] = (np.diff(col) != 0) | (np.diff(row) != 1)
    for x in same:
        begins[1:] |= x[1:] != x[:-1]
    on = np.nonzero(~begins)[0]
    end_nm = grid.xs[col[on] + 1] + np.minimum(s_um[on] * 1000, FRINGE_REACH_NM)
    stop = np.searchsorted(grid.xs[:-1], end_nm)
    before = row[on] - 1
    begins[on] = grid.changes[before, stop] > grid.changes[before, col[on] + 1]
    return begins


def _facing(
    grid: Grid, nets: Ints, full: Bools, row: Ints, col: Ints, level: Level
) -> tuple[Ints, Array, Array, Array]:
    """(net in front, width behind, spacing in front, spacing behind the wire) of edges."""
    far_nm, known_nm = _FAR_NM.get(level, HALO_NM), _known_nm(level)
    rows, at = np.unique(row, return_inverse=True)
    start = last_true(~full[rows])[at, col] + 1
    before = np.where(start > 0, last_true(full[rows])[at, start - 1], EMPTY)
    back_nm = grid.xs[start] - grid.xs[before + 1]
    behind = (before != EMPTY) & (grid.xs[col + 1] - grid.xs[before + 1] <= known_nm)
    stop = next_true(full[rows])[at, np.minimum(col + 1, full.shape[1] - 1)]
    found = stop < full.shape[1]
    inside = np.minimum(stop, full.shape[1] - 1)
    s_nm = grid.xs[inside] - grid.xs[col + 1]
    found &= s_nm <= far_nm
    facing = np.where(found, nets[row, inside], EMPTY)
    back_um = np.where(behind, back_nm / 1000, np.inf)
    return facing, (grid.xs[col + 1] - grid.xs[start]) / 1000, np.where(found, s_nm / 1000, np.inf), back_um


def _corner(full: Bools, row: Ints, col: Ints, step: int) -> Ints:
    """The edge's end in direction `step` along y: 1 where the wire ends there (convex), -1 where it turns out to +x."""
    beyond = np.clip(row + step, 0, full.shape[0] - 1)
    behind, front = full[beyond, col], full[beyond, np.minimum(col + 1, full.shape[1] - 1)]
    return np.where(beyond == row, 0, np.where(~behind, 1, np.where(front, -1, 0)))


def look(grid: Grid, edges: Edges, level: Ints, net: Ints, upward: bool) -> Seen:
    """What the fringe of `edges` lands on: `level`, `net` (ny, nx) are what each field sees straight down (or up).

    The shares are by distance alone, each on its own scale; `pex_capture.complete` makes the downward ones add up to 1.
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
    return _collected(parts)


def _collected(parts: list[tuple[Ints, Ints, Ints, Array]]) -> Seen:
    edge, level, net, part = zip(*parts, strict=True)
    return Seen(np.concatenate(edge), np.concatenate(level), np.concatenate(net), np.concatenate(part))


def _scales(level: Level, upward: bool) -> Array:
    """Distance scale (um) of the fringe to each other level: the vertical gap, times the fitted reach."""
    layer = Layer[level.name]
    gaps = np.ones(LEVELS)
    for other in Level:
        if (other > level) if upward else (other < level):
            silicon = other <= Level.DIFF
            low, high = sorted((level, other))
            gap = stack.gap_um(layer, None) if silicon else stack.gap_um(Layer[high.name], Layer[low.name])
            gaps[other] = gap * wires.LANDING_REACH_FRAC
    return gaps
