"""The edges of a wiring level that face +x in a grid, and what each of them sees.

An edge is as long as what lies in front of it, on every level, stays the same: lines that other shapes bring into the
grid do not cut it. It has the width of its wire behind it, the spacing to the next wire of its level in front, and a
share of its fringe for every conductor below and above: the first one seen straight down (or up) at each distance in
front, weighted by how much of the fringe lands there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, fields, replace
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.flows.pex.shapes.geometry import Ints, Level
from analoom.pdk import stack, wires
from analoom.pdk.layers import Layer
from analoom.pdk.wires import Array

from .grid import EMPTY, LEVELS, NEAR_NM, Bools, Grid
from .slants import Faces, faces
from .top_plate import top_plate

HALO_NM = 5000
"""A neighbour farther away than this counts as none on li1 to met2: its share goes to the planes."""

_FAR_NM = {Level.POLY: 5250, Level.MET3: 9000, Level.MET4: 9000, Level.MET5: 12000}
"""The same on levels whose tables go farther: the last spacing they hold."""

WIRES = (Level.POLY, Level.LI1, Level.MET1, Level.MET2, Level.MET3, Level.MET4, Level.MET5)
"""Levels whose conductors have edges."""

FRINGE_REACH_NM = 3000
"""Fringe is shared among the conductors below and above within this distance of the edge."""

_REACH_NM = {Level.MET5: 6000}
"""The same on met5, which is the farthest from everything."""


BEHIND_NM = 1600
"""Wires of other levels this far behind an edge may draw from it."""

STAIR_PARTS = 3
"""Parts of a stair that look at what lies in front of them each for itself."""


@dataclass(frozen=True)
class Seen:
    """Shares of edges' fringe, (n,) each: `edge` index, `level` and `net` of the conductor, `part` of the fringe.

    The conductor is seen in column `col` of the grid, beside the edge `along`: mostly `edge` itself.
    """

    edge: Ints
    level: Ints
    net: Ints
    part: Array
    col: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    along: Ints = field(default_factory=lambda: np.zeros(0, dtype=np.int64))

    def kept(self, which: Bools) -> Seen:
        """Some of the shares."""
        return Seen(*(getattr(self, f.name)[which] for f in fields(self)))

    def by_level(self, edges: int) -> Array:
        """(edges, levels): the summed shares."""
        flat = np.bincount(self.edge * LEVELS + self.level, self.part, minlength=edges * LEVELS)
        return flat.astype(float).reshape(edges, LEVELS)


def joined(parts: Iterable[Seen]) -> Seen:
    """The shares of all parts, none of no part."""
    none = np.zeros(0, dtype=np.int64)
    together = [*parts, Seen(none, none, none, np.zeros(0))]
    return Seen(*(np.concatenate([getattr(x, f.name) for x in together]) for f in fields(Seen)))


@dataclass(frozen=True)
class Edges:
    """Edges of one level, all arrays (edges,).

    `row`, `last_row`, `col` of the fields behind, from `low_um` to `high_um` along y, or along a slanted edge; the
    straight `line` it is part of, edges of one line in order; its place `x_um` and its normal (`nx`, `ny`), which is
    (1, 0) unless it is slanted: then distances are nx times those along x (see `slants`); the edge's `net`; the
    `facing` net (EMPTY: none); width, spacing (inf: none) and spacing on the wire's other side (`back_um`, inf: none)
    in um; the net of the wire `beyond` the facing one and how far that is from the edge (`beyond_um`, inf: none);
    `low_end`, `high_end`: 1 where the wire ends there (convex), -1 where it turns out to +x, else 0 (between slanted
    edges in proportion to the turn); the net of a MIM top plate close behind (`top`, EMPTY: none); `owned`, whether
    the edge is inside the window.
    """

    level: Level
    row: Ints
    last_row: Ints
    col: Ints
    low_um: Array
    high_um: Array
    line: Ints
    x_um: Array
    nx: Array
    ny: Array
    net: Ints
    facing: Ints
    w_um: Array
    s_um: Array
    back_um: Array
    beyond: Ints
    beyond_um: Array
    low_end: Array
    high_end: Array
    top: Ints
    owned: Bools

    @property
    def length_um(self) -> Array:
        return self.high_um - self.low_um

    @property
    def own_um(self) -> Array:
        """The length that counts in this window, um."""
        return np.where(self.owned, self.nx**2 * self.length_um, 0.0)

    @property
    def ends(self) -> Array:
        """Convex less concave corners, -2 to 2."""
        return self.low_end + self.high_end


_WIDE_NM = {Level.MET3: 2400, Level.MET4: 2400, Level.MET5: 4000}
"""The widest wire of the tables (1400 nm on lower levels): behind it the other neighbour is still looked for."""


def halos_nm(boxes: Ints) -> Ints:
    """How far around a window the conductors of each level must be known, (levels,), where `boxes` (level, ...) are.

    Wires: as far as edges of their own level see them; all levels: as far as any fringe lands from near the window.
    """
    drawn = [Level(k) for k in np.unique(boxes[:, 0]).tolist()]
    lands = NEAR_NM + max((_REACH_NM.get(level, FRINGE_REACH_NM) for level in drawn), default=FRINGE_REACH_NM)
    return np.array([max(_known_nm(level) if level > Level.DIFF else 0, lands) for level in Level])


def _known_nm(level: Level) -> int:
    return _FAR_NM.get(level, HALO_NM) + _WIDE_NM.get(level, 1400)


def beyond_most_um(level: Level) -> float:
    """How far from an edge the wire behind the one in front may be to be seen, um."""
    return (_known_nm(level) if level in _FAR_NM else HALO_NM) / 1000


def find_edges(grid: Grid, level: Level) -> Edges:
    """The edges of `level` that face +x in or near the window; of poly, those on field (gates are in the model)."""
    nets = grid.nets[level]
    full = nets != EMPTY
    edge = np.zeros_like(full)
    edge[:, :-1] = full[:, :-1] & ~full[:, 1:]
    if level is Level.POLY:
        edge &= grid.nets[Level.DIFF] == EMPTY
    sides = faces(grid, level, full)
    wanted = grid.own_x if sides is None else grid.own_x | (grid.near_x & (sides[0].at != EMPTY))
    col, row = np.nonzero((edge & wanted & grid.near_y[:, None]).T)
    around = _around(grid, row, col, level, sides)
    top = top_plate(grid, level, row, col)
    owned = grid.own_y[row] & grid.own_x[col]
    same = nets[row, col], *(getattr(around, f.name) for f in fields(around)), top, owned
    first = np.nonzero(_begins(grid, row, col, around.s_um, same))[0]
    last = np.append(first[1:], len(row))[: len(first)] - 1
    lines_um, bottom, above = grid.ys / 1000, row[first], row[last]
    low_end, high_end = _corner(full, bottom, col[first], -1), _corner(full, above, col[first], 1)
    low_um, high_um = lines_um[bottom], lines_um[above + 1]
    edges = Edges(
        level,
        bottom,
        above,
        col[first],
        low_um,
        high_um,
        _lines(col[first], low_um, high_um),
        grid.xs[col[first] + 1] / 1000,
        np.ones(len(first)),
        np.zeros(len(first)),
        nets[bottom, col[first]],
        around.facing[first],
        around.w_um[first],
        around.s_um[first],
        around.back_um[first],
        around.beyond[first],
        around.beyond_um[first],
        low_end,
        high_end,
        top[first],
        owned[first],
    )
    return edges if sides is None else _slanted(edges, sides[0])


def _lines(col: Ints, low_um: Array, high_um: Array) -> Ints:
    """The number of the straight line of each edge: those that follow one another in a column are one."""
    apart = np.ones(len(col), dtype=bool)
    apart[1:] = (np.diff(col) != 0) | (low_um[1:] != high_um[:-1])
    return np.cumsum(apart)


def _slanted(edges: Edges, faces: Faces) -> Edges:
    """The edges with stairs put together again to slanted edges: in order along these, without corners between."""
    k = faces.at[edges.row, edges.col]
    stairs = k != EMPTY
    nx, ny = np.where(stairs, faces.nx[k], 1.0), np.where(stairs, faces.ny[k], 0.0)
    line = np.where(stairs, edges.line.max(initial=0) + 1 + faces.line[k], edges.line)
    order = np.lexsort((edges.low_um, line))
    arrays = {f.name: getattr(edges, f.name) for f in fields(edges) if f.name != "level"}
    arrays |= {"low_um": edges.low_um / nx, "high_um": edges.high_um / nx, "line": line, "nx": nx, "ny": ny}
    arrays |= {"x_um": np.where(stairs, faces.x_nm[k] / 1000, edges.x_um)}
    arrays |= {end: np.where(stairs, 0.0, arrays[end]) for end in ("low_end", "high_end")}
    in_order = Edges(edges.level, **{name: array[order] for name, array in arrays.items()})
    return _with_corners(_divided(in_order), faces, edges.line.max(initial=0) + 1)


def _with_corners(edges: Edges, faces: Faces, straight: int) -> Edges:
    """The edges with corners where slanted ones meet; the first `straight` lines have theirs."""
    new = np.ones(len(edges.row) + 1, dtype=bool)
    new[1:-1] = np.diff(edges.line) != 0
    nm = 1000 * edges.nx
    slanted = np.nonzero(edges.ny != 0)[0]
    found = faces.corners((edges.line - straight)[slanted], (nm * edges.low_um)[slanted], (nm * edges.high_um)[slanted])
    low_end, high_end = edges.low_end, edges.high_end
    low_end[slanted], high_end[slanted] = found[0] * new[slanted], found[1] * new[slanted + 1]
    return replace(edges, low_end=low_end, high_end=high_end)


def _divided(edges: Edges) -> Edges:
    """Every stair of a slanted edge in STAIR_PARTS: what lies in front of it changes within its length."""
    of = np.repeat(np.arange(len(edges.row)), np.where(edges.ny == 0, 1, STAIR_PARTS))
    arrays = {f.name: getattr(edges, f.name)[of] for f in fields(edges) if f.name != "level"}
    slanted = np.nonzero(arrays["ny"] != 0)[0]
    place, whole = np.arange(len(slanted)) % STAIR_PARTS, of[slanted]
    step, low = edges.length_um[whole] / STAIR_PARTS, edges.low_um[whole]
    arrays["low_um"][slanted] = low + step * place
    arrays["high_um"][slanted] = np.where(place == STAIR_PARTS - 1, edges.high_um[whole], low + step * (place + 1))
    arrays["x_um"][slanted] -= edges.ny[whole] * step * (place - (STAIR_PARTS - 1) / 2)
    return Edges(edges.level, **arrays)


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
    start = np.searchsorted(grid.xs, grid.xs[col[on] + 1] - BEHIND_NM)
    begins[on] = grid.changes[before, stop] > grid.changes[before, start]
    return begins


@dataclass(frozen=True)
class _Around:
    """The wires around edges, (edges,) each: `facing` net, width, spacing in front and behind; the net `beyond` the one
    in front and how far it is (inf: none), um.
    """

    facing: Ints
    w_um: Array
    s_um: Array
    back_um: Array
    beyond: Ints
    beyond_um: Array


def _around(grid: Grid, row: Ints, col: Ints, level: Level, sides: tuple[Faces, Faces] | None) -> _Around:
    far_nm, known_nm, nets, last = _FAR_NM.get(level, HALO_NM), _known_nm(level), grid.nets[level], len(grid.xs) - 2
    near = grid.nearest(level)
    start = near.empty_low[row, col] + 1
    before = np.where(start > 0, near.low[row, start - 1], EMPTY)
    behind = (before != EMPTY) & (grid.xs[col + 1] - grid.xs[before + 1] <= known_nm)
    stop = near.high[row, np.minimum(col + 1, last)]
    inside = np.minimum(stop, last)
    after = np.minimum(near.empty_high[row, inside], last)
    following = np.minimum(near.high[row, after], last)
    places = (grid.xs[before + 1], grid.xs[start], grid.xs[col + 1], grid.xs[inside], grid.xs[following])
    from_nm, back_nm, here_nm, to_nm, beyond_nm = (place.astype(float) for place in places)
    if sides is not None:
        right, left = sides
        from_nm, here_nm = right.nm(row, before, from_nm), right.nm(row, col, here_nm)
        back_nm, to_nm = left.nm(row, start, back_nm), left.nm(row, inside, to_nm)
        beyond_nm = left.nm(row, following, beyond_nm)
    per_um = 1000.0 if sides is None else 1000 / sides[0].normals(row, col)
    s_um, back_um, beyond_um = (x / per_um for x in (to_nm - here_nm, back_nm - from_nm, beyond_nm - here_nm))
    found = (stop <= last) & (s_um * 1000 <= far_nm)
    more = found & (near.high[row, after] <= last) & (nets[row, after] == EMPTY) & (beyond_um <= beyond_most_um(level))
    return _Around(
        np.where(found, nets[row, inside], EMPTY),
        (here_nm - back_nm) / per_um,
        np.where(found, s_um, np.inf),
        np.where(behind, back_um, np.inf),
        np.where(more, nets[row, following], EMPTY),
        np.where(more, beyond_um, np.inf),
    )


def _corner(full: Bools, row: Ints, col: Ints, step: int) -> Array:
    """The edge's end in direction `step` along y: 1 where the wire ends there (convex), -1 where it turns out to +x."""
    beyond = np.clip(row + step, 0, full.shape[0] - 1)
    behind, front = full[beyond, col], full[beyond, np.minimum(col + 1, full.shape[1] - 1)]
    return np.where(beyond == row, 0.0, np.where(~behind, 1.0, np.where(front, -1.0, 0.0)))


def look(grid: Grid, edges: Edges, level: Ints, net: Ints, upward: bool) -> Seen:
    """What the fringe of `edges` lands on: `level`, `net` (ny, nx) are what each field sees straight down (or up).

    The shares are by distance alone, each on its own scale; `pex_capture.complete` makes the downward ones add up to 1.
    """
    reach = reach_um(edges)
    scale = scales_um(edges.level, upward)
    parts = _slanted_parts(grid, edges, level, net, reach, scale) if (edges.ny != 0).any() else []
    active = np.nonzero(edges.ny == 0)[0]
    col = edges.col[active] + 1
    while len(active):
        near = (grid.xs[col] - grid.xs[edges.col[active] + 1]) / 1000
        far = np.minimum((grid.xs[col + 1] - grid.xs[edges.col[active] + 1]) / 1000, reach[active])
        at = edges.row[active], col
        seen, hit = level[at], level[at] != EMPTY
        h = scale[np.maximum(seen, 0)]
        part = (np.arctan(far / h) - np.arctan(near / h)) / np.arctan(reach[active] / h)
        parts.append((active[hit], seen[hit], net[at][hit], part[hit], col[hit]))
        going = (far < reach[active] - 1e-9) & (col + 2 < len(grid.xs))
        active, col = active[going], col[going] + 1
    return _collected(parts)


def reach_um(edges: Edges) -> Array:
    """How far in front of each edge its fringe lands, um."""
    return np.minimum(edges.s_um, _REACH_NM.get(edges.level, FRINGE_REACH_NM) / 1000)


_Part = tuple[Ints, Ints, Ints, Array, Ints]
"""Edge, level, net, part of the fringe, column."""


def _slanted_parts(grid: Grid, edges: Edges, level: Ints, net: Ints, reach: Array, scale: Array) -> list[_Part]:
    """The same for slanted edges: along their normals, from the middle of each, at the middles of _STEPS."""
    parts: list[_Part] = []
    pick = np.nonzero(edges.ny != 0)[0]
    nx, ny, x_um = edges.nx[pick], edges.ny[pick], edges.x_um[pick]
    y_um = (edges.low_um + edges.high_um)[pick] / 2 * nx
    for begin, end in pairwise(_STEPS):
        near, far, middle = begin * reach[pick], end * reach[pick], (begin + end) / 2 * reach[pick]
        at = _field(grid.ys, y_um + ny * middle), _field(grid.xs, x_um + nx * middle)
        seen, hit = level[at], level[at] != EMPTY
        h = scale[np.maximum(seen, 0)]
        part = (np.arctan(far / h) - np.arctan(near / h)) / np.arctan(reach[pick] / h)
        parts.append((pick[hit], seen[hit], net[at][hit], part[hit], at[1][hit]))
    return parts


_STEPS = np.linspace(0, 1, 31) ** 1.5
"""Stretches of a slanted edge's view, in parts of its reach."""


def _field(lines_nm: Ints, at_um: Array) -> Ints:
    """The field of a grid at places along one axis."""
    return np.clip(np.searchsorted(lines_nm, at_um * 1000) - 1, 0, len(lines_nm) - 2)


def _collected(parts: list[_Part]) -> Seen:
    edge, level, net, part, col = (np.concatenate(x) for x in zip(*parts, strict=True))
    return Seen(edge, level, net, part, col, along=edge)


def scales_um(level: Level, upward: bool) -> Array:
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
