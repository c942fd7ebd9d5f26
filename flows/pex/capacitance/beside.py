"""What wires of other levels beside an edge's view straight down and up take of its fringe and of its coupling.

Of the fringe that would go to the silicon, a wire below or above takes part though it is not straight in front of the
edge: it counts as wider than it is, on its free sides. Both edges, of the upper wire and of the lower one, see each
other so; each gives half of it to the coupling. What an edge has together stays the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from analoom.flows.pex.shapes.geometry import PLATES, Ints, Level
from analoom.pdk import stack, wires
from analoom.pdk.layers import Layer
from analoom.pdk.wires import Array

from .edges import WIRES, Edges, Seen, joined, reach_um
from .grid import EMPTY, Bools, Grid
from .slants import faces

LEVELS_APART = 2
"""Wires more wiring levels apart than this draw nothing from beside."""

FAR_UM = 1e6
"""Where a wire is said to be that is not there."""


def beside(grid: Grid, edges: Edges, under: Ints, over: Ints, down: Seen) -> Seen:
    """Shares of what each edge's fringe has on the silicon, less than 1 together, that wires beside take.

    `under`, `over` (ny, nx): the level that each field sees straight down and up; `down`: what edges see straight down.
    """
    count = len(edges.row)
    silicon = down.level <= Level.DIFF
    whole = np.maximum(np.bincount(down.edge[silicon], down.part[silicon], minlength=count), 1e-9)
    lower, upper = (joined(_of_levels(grid, edges, seen, seen is over)) for seen in (under, over))
    low = np.bincount(lower.edge, lower.part, minlength=count) / whole
    high = np.bincount(upper.edge, upper.part, minlength=count).astype(float)
    drawn, both = _drawn(low), _drawn(high)
    fit = 1 - drawn * both / np.maximum(drawn + both, 1e-12)
    lower_fit, upper_fit = fit / (1 + low) / whole, np.where(edges.top == EMPTY, fit / (1 + high), 0.0)
    lower = replace(lower, net=np.where(_over_plate(grid, edges)[lower.edge], EMPTY, lower.net))
    return joined([_times(lower, lower_fit), _times(upper, upper_fit)])


def _over_plate(grid: Grid, edges: Edges) -> Bools:
    """Whether a MIM top plate lies under each edge's wire: it keeps what the wire loses from the bottom plate."""
    top = next((top for top in PLATES if top == edges.level - 1), None)
    if top is None:
        return np.zeros(len(edges.row), dtype=bool)
    covered: Bools = grid.nets[top][edges.row, edges.col] != EMPTY
    return covered


def _drawn(share: Array) -> Array:
    """What is taken of the silicon's part by wires that count with `share` beside its 1."""
    taken: Array = share / (1 + share)
    return taken


def _times(seen: Seen, factor: Array) -> Seen:
    return replace(seen, part=seen.part * factor[seen.edge])


def _of_levels(grid: Grid, edges: Edges, seen: Ints, upward: bool) -> Iterator[Seen]:
    """What each level, the nearest first, takes where nothing lies before it."""
    own = WIRES.index(edges.level)
    near = WIRES[own + 1 : own + 1 + LEVELS_APART] if upward else WIRES[max(own - LEVELS_APART, 0) : own][::-1]
    taken = np.zeros(len(edges.row))
    for level in near:
        if grid.filled[level]:
            yield from _of_level(grid, edges, level, seen, upward, taken)


def _of_level(grid: Grid, edges: Edges, level: Level, seen: Ints, upward: bool, taken: Array) -> Iterator[Seen]:
    """What the wire that ends last before, or first after, the free place in front of each edge takes.

    `taken` (edges,): how far from the edge the levels before have it already, um; changed here.
    """
    near, last = grid.nearest(level), len(grid.xs) - 2
    um, height = _widened_um(edges.level, level), _height_um(edges.level, level)
    reach, front = reach_um(edges), edges.col + 1
    before = near.low[edges.row, front]
    end = np.where(before == front, near.empty_high[edges.row, front], before + 1)
    after = np.where(end > last, last + 1, near.high[edges.row, np.clip(end, front, last)])
    from_um = np.where(before != EMPTY, _ahead_um(grid, edges, end), -FAR_UM)
    to_um = np.where(after <= last, _ahead_um(grid, edges, np.minimum(after, last)), FAR_UM)
    middle = (from_um + to_um) / 2
    begins = np.maximum(from_um, taken), np.maximum(np.maximum(to_um - um, middle), taken)
    stops = np.minimum(np.minimum(from_um + um, middle), reach), np.minimum(to_um, reach)
    for begin, stop, wire, free, side in zip(begins, stops, (end - 1, after), (end, after - 1), (1, -1), strict=True):
        k = np.nonzero(stop > begin)[0]
        if not len(k):
            continue
        k = k[_open(seen[edges.row[k], np.clip(free[k], front[k], last)], level, upward)]
        k = k[_parallel(grid, edges, level, k, wire[k], side)]
        part = (np.arctan(stop[k] / height) - np.arctan(begin[k] / height)) / np.arctan(reach[k] / height)
        yield Seen(k, np.full(len(k), level), grid.nets[level][edges.row[k], wire[k]], part, wire[k], k)
        if side > 0:
            taken[k] = np.where(begin[k] <= taken[k], np.maximum(stop[k], taken[k]), taken[k])


def _parallel(grid: Grid, edges: Edges, level: Level, k: Ints, col: Ints, side: int) -> Bools:
    """Whether the wire of `level` in fields `col` has its side towards +x (`side` 1) or -x along edges `k`.

    Asked of slanted edges only.
    """
    straight: Bools = edges.ny[k] == 0
    if straight.all():
        return straight
    found = faces(grid, level, grid.nets[level] != EMPTY)
    if found is None:
        return straight
    face = found[0] if side > 0 else found[1]
    at = face.at[edges.row[k], col]
    same = np.isclose(face.nx[at], edges.nx[k]) & np.isclose(side * face.ny[at], edges.ny[k])
    return straight | ((at != EMPTY) & same)


def _ahead_um(grid: Grid, edges: Edges, line: Ints) -> Array:
    """How far lines of the grid are in front of edges, um."""
    ahead: Array = (grid.xs[line] / 1000 - edges.x_um) * edges.nx
    return ahead


def _open(seen: Ints, level: Level, upward: bool) -> Bools:
    """Whether fields that see these levels straight up or down see no wire there; beside a gate nothing is open."""
    if upward:
        return seen == EMPTY
    return seen == Level.FIELD if level is Level.POLY else seen <= Level.DIFF


def _widened_um(level: Level, other: Level) -> float:
    apart = abs(WIRES.index(level) - WIRES.index(other))
    return wires.widened_um(Layer[level.name], Layer[other.name], apart)


def _height_um(level: Level, other: Level) -> float:
    lower, upper = sorted((level, other))
    return stack.gap_um(Layer[upper.name], Layer[lower.name]) * wires.LANDING_REACH_FRAC
