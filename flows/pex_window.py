"""Every capacitance of one window: plates between levels, edges to neighbours on their level, fringe up and down.

Left out, because the device models hold them: gate to channel and gate edges over diffusion, diffusion to well and
substrate, the MIM plates against each other. Left out, because no table has them: contacts and vias, the n-well against
the substrate, diffusion against diffusion.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from analoom.pdk import stack, wires
from analoom.pdk.layers import Layer
from analoom.pdk.wires import Array, WireTables

from .pex_capture import complete, shade
from .pex_corners import corner_um, diagonals
from .pex_edges import Edges, Seen, find_edges, look
from .pex_geometry import Ints, Level
from .pex_grid import EMPTY, LEVELS, Grid, last_true, next_true

WIRES = (Level.POLY, Level.LI1, Level.MET1, Level.MET2, Level.MET3, Level.MET4, Level.MET5)
IN_A_MODEL = {(Level.POLY, Level.DIFF), (Level.CAPM, Level.MET3)}
"""Pairs (upper, lower) whose capacitance belongs to a device model."""

TOP_PLATE_REACH_UM = 0.5
"""A MIM top plate within this distance behind an edge of its bottom plate takes part in that edge's fringe."""

SMALLEST_PART = 1e-4
"""Shares of an edge's fringe below this are dropped."""


@dataclass(frozen=True)
class Pairs:
    """Capacitances `c_f` (F) between nets `a` and `b`, (n,) each; a pair may occur more than once, a net be EMPTY."""

    a: Ints
    b: Ints
    c_f: Array

    @classmethod
    def join(cls, parts: list[Pairs]) -> Pairs:
        """All parts, each pair once; capacitances of a net to itself or to EMPTY dropped."""
        if not parts:
            return cls(np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0))
        a = np.concatenate([np.minimum(p.a, p.b) for p in parts])
        b = np.concatenate([np.maximum(p.a, p.b) for p in parts])
        c_f = np.concatenate([p.c_f for p in parts])
        keep = (a != b) & (a != EMPTY) & (c_f > 0)
        base = int(b.max()) + 1 if len(b) else 1
        keys, inverse = np.unique(a[keep] * base + b[keep], return_inverse=True)
        return cls(keys // base, keys % base, np.bincount(inverse, c_f[keep], minlength=len(keys)).astype(float))


def window_pairs(grid: Grid, tables: WireTables) -> Pairs:
    """Every capacitance that belongs to the window of `grid`."""
    parts = _plates(grid, tables)
    for number, view in enumerate(grid.views()):
        below, above = view.below(), view.above()
        for level in WIRES:
            edges = find_edges(view, level)
            if len(edges.row):
                upward = look(view, edges, above[0][level], above[1][level], upward=True)
                downward = look(view, edges, below[0][level], below[1][level], upward=False)
                down, up = complete(view, edges, downward, upward), shade(view, edges, upward)
                parts += _edge_pairs(view, edges, down, up, tables)
                if number == 0:
                    height = _height_um(edges, down.by_level(len(edges.row)))
                    parts.append(Pairs(*diagonals(view, edges, height)))
    return Pairs.join(parts)


def _plates(grid: Grid, tables: WireTables) -> list[Pairs]:
    """Area times plate capacitance for each field and each conductor over the next one below."""
    level, net = grid.below()
    size = np.where(grid.own_y, np.diff(grid.ys), 0)[:, None] * np.where(grid.own_x, np.diff(grid.xs), 0) / 1e6
    parts = []
    for upper in range(Level.POLY, LEVELS):
        here = grid.nets[upper] != EMPTY
        for lower in range(upper):
            if (upper, lower) in IN_A_MODEL:
                continue
            row, col = np.nonzero(here & (level[upper] == lower) & (size > 0))
            if len(row):
                c_f = size[row, col] * _plate_f_per_um2(Level(upper), Level(lower), tables)
                parts.append(Pairs(grid.nets[upper][row, col], net[upper][row, col], c_f))
    return parts


def _plate_f_per_um2(upper: Level, lower: Level, tables: WireTables) -> float:
    if lower is Level.CAPM:
        return stack.capm_plate_f_per_um2(Layer[upper.name])
    return tables.plate_f_per_um2(Layer[upper.name], _under(lower))


def _under(level: Level) -> Layer | wires.Ground:
    return "field" if level is Level.FIELD else "diff" if level is Level.DIFF else Layer[level.name]


def _edge_pairs(grid: Grid, edges: Edges, down: Seen, up: Seen, tables: WireTables) -> list[Pairs]:
    """Coupling to the neighbours (half of it: the neighbour's edge brings the other half) and fringe."""
    count = len(edges.row)
    side = np.zeros(count)
    fringe_down, fringe_up = np.zeros((count, LEVELS)), np.zeros((count, LEVELS))
    below, above = down.by_level(count), up.by_level(count)
    for lower in np.nonzero(below.any(axis=0))[0].tolist():
        for upper in [EMPTY, *np.nonzero(above.any(axis=0))[0].tolist()]:
            over = above[:, upper] if upper != EMPTY else np.maximum(1 - above.sum(axis=1), 0.0)
            pick = np.nonzero(below[:, lower] * over > SMALLEST_PART)[0]
            if not len(pick):
                continue
            part = (below[:, lower] * over)[pick]
            cc, to_below, to_above = _edge_f_per_um(edges, pick, Level(lower), upper, tables)
            side[pick] += part * cc
            fringe_down[pick, lower] += part * to_below
            fringe_up[pick, upper] += part * to_above
    return _as_pairs(grid, edges, side, (down, below, fringe_down), (up, above, fringe_up))


def _edge_f_per_um(
    edges: Edges, pick: Ints, lower: Level, upper: int, tables: WireTables
) -> tuple[Array, Array, Array]:
    """(to the neighbour, down, up) in F/um of the edges `pick` between two planes."""
    wire, w_um, s_um = Layer[edges.level.name], edges.w_um[pick], edges.s_um[pick]
    roof = Layer[Level(upper).name] if upper not in (EMPTY, Level.CAPM) else None
    cc, cf = tables.table(wire, _under(lower), roof).edge_f_per_um(w_um, s_um)
    floor = None if lower <= Level.DIFF else Layer[lower.name]
    kept = _kept(edges, pick, stack.gap_um(wire, floor))
    cc, cf = cc * kept, cf + cc * (1 - kept)
    if roof is None:
        return cc, cf, np.zeros_like(cf)
    gaps = stack.gap_um(roof, wire), stack.gap_um(wire, floor)
    share = wires.upward_share(s_um, *gaps, stack.THICKNESS_UM[wire])
    return cc, cf * (1 - share), cf * share


def _kept(edges: Edges, pick: Ints, gap_um: float) -> Array:
    """Share of the table's coupling that is left: less than 1 the farther the neighbour on the other side is."""
    w_um, s_um, back_um = edges.w_um[pick], edges.s_um[pick], edges.back_um[pick]
    coupled = np.isfinite(s_um)
    s_um = np.where(coupled, s_um, 1.0)
    open_part = np.maximum(1 - s_um / np.maximum(back_um, 1e-3), 0.0)
    lost = (1 - wires.one_sided_share(w_um, s_um, gap_um)) * open_part
    return np.where(coupled, 1 - lost, 1.0)


def _as_pairs(grid: Grid, edges: Edges, side: Array, *sides: tuple[Seen, Array, Array]) -> list[Pairs]:
    length = np.where(edges.owned, edges.length_um, 0.0)
    coupled = edges.facing != EMPTY
    height = _height_um(edges, sides[0][1])
    wide = np.where(edges.owned, np.maximum(length + corner_um(grid, edges, height), 0.0), 0.0)
    parts = [Pairs(edges.net[coupled], edges.facing[coupled], (side * wide / 2)[coupled])]
    longer = edges.length_um + edges.ends * wires.CORNER_REACH_FRAC * height
    longer = np.where(edges.owned, np.maximum(longer, 0.0), 0.0)
    for seen, share, fringe in sides:
        of = seen.edge, seen.level
        c_f = seen.part / np.maximum(share[of], 1e-12) * fringe[of] * longer[seen.edge]
        parts += _with_top_plate(grid, edges, Pairs(edges.net[seen.edge], seen.net, c_f), seen)
    return parts


def _height_um(edges: Edges, below: Array) -> Array:
    """Mean height of each edge over what lies below, um; a fraction of it is what a corner adds to the fringe."""
    layer = Layer[edges.level.name]
    floors = [None if k <= Level.DIFF else Layer[Level(k).name] for k in range(edges.level)]
    gaps = np.array([stack.gap_um(layer, floor) for floor in floors])
    height: Array = (below[:, : edges.level] * gaps).sum(axis=1)
    return height


def _with_top_plate(grid: Grid, edges: Edges, pairs: Pairs, seen: Seen) -> list[Pairs]:
    """Moves the top plate's share of a MIM bottom plate's fringe to the top plate's net."""
    if edges.level is not Level.MET3 or not (grid.nets[Level.CAPM] != EMPTY).any():
        return [pairs]
    plates = _grown(grid.nets[Level.CAPM], grid.ys)
    near = last_true(plates != EMPTY)[edges.row, edges.col]
    gap_um = (grid.xs[edges.col + 1] - grid.xs[np.maximum(near, 0) + 1]) / 1000
    behind = (near >= 0) & (gap_um <= TOP_PLATE_REACH_UM)
    top = plates[edges.row, np.maximum(near, 0)]
    share = np.where(behind, wires.MIM_TOP_SHARE_FRAC, 0.0)[seen.edge]
    own = Pairs(pairs.a, pairs.b, pairs.c_f * (1 - share))
    return [own, Pairs(np.where(behind, top, edges.net)[seen.edge], pairs.b, pairs.c_f * share)]


def _grown(plates: Ints, ys: Ints) -> Ints:
    """The top plates stretched along y by TOP_PLATE_REACH_UM: so they lie behind the bottom plate's corners too."""
    full = (plates != EMPTY).T
    low, high = last_true(full), np.minimum(next_true(full), len(ys) - 2)
    rows = np.arange(len(ys) - 1)
    nm = TOP_PLATE_REACH_UM * 1000
    from_low = (low >= 0) & (ys[rows + 1] - ys[np.maximum(low, 0) + 1] <= nm)
    from_high = (next_true(full) <= len(ys) - 2) & (ys[high] - ys[rows] <= nm)
    across = np.arange(full.shape[0])[:, None]
    grown = np.where(from_low, plates.T[across, np.maximum(low, 0)], EMPTY)
    return np.where(grown == EMPTY, np.where(from_high, plates.T[across, high], EMPTY), grown).T
