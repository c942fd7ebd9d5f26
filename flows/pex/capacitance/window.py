"""Every capacitance of one window: plates between levels, edges to neighbours on their level, fringe up and down.

Left out, because the device models hold them: gate to channel and gate edges over diffusion (cgso and cgdo of the
foundry's models are the overlap and the whole edge, by field solution), diffusion to well and substrate, the MIM plates
against each other. Left out, because no table has them: contacts and vias, the n-well against the substrate, diffusion
against diffusion.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from analoom.flows.pex.shapes.geometry import PLATES, Ints, Level
from analoom.pdk import stack, wires
from analoom.pdk.layers import Layer
from analoom.pdk.wires import Array, WireTables

from .beside import beside
from .capture import complete, stretches_um
from .edges import WIRES, Edges, Seen, beyond_most_um, find_edges, look
from .grid import EMPTY, LEVELS, Bools, Fields, Grid
from .pairs import Overlaps, Pairs, Placed
from .piece_map import PieceMap
from .pieces import in_pieces
from .plate_ends import corner_um, diagonals
from .sharing import at_corners, at_edges, under_plates

IN_A_MODEL = {(Level.POLY, Level.DIFF), *PLATES.items()}
"""Pairs (upper, lower) whose capacitance belongs to a device model."""

SMALLEST_PART = 1e-4
"""Shares of an edge's fringe below this are dropped."""


HIDDEN_WIDTH_UM = 0.3
"""Wires crossing below hide the silicon from this much of a wire's lower face, from each edge."""


def window_pairs(grid: Grid, tables: WireTables, pieces: PieceMap | None = None) -> Pairs:
    """Every capacitance that belongs to the window of `grid`: between nets, or between the nodes of their `pieces`."""
    below, above = grid.below(), grid.above()
    parts = Pairs.kept([x if pieces is None else under_plates(grid, x, pieces) for x in _plates(grid, below, tables)])
    drawn = [level for level in WIRES if grid.filled[level]]
    for number, (view, turn) in enumerate(grid.views()):
        for level in drawn:
            edges = find_edges(view, level)
            if len(edges.row):
                under = turn(below[0][level]), turn(below[1][level])
                over = turn(above[0][level]), turn(above[1][level])
                upward = look(view, edges, *over, upward=True)
                downward = look(view, edges, *under, upward=False)
                drawing = beside(view, edges, under[0], over[0], downward)
                edges, (upward, downward, drawing) = in_pieces(edges, upward, downward, drawing, straight=2)
                down, up, hidden = complete(edges, downward, upward)
                found = _edge_pairs(view, edges, down, up, drawing, tables)
                found.append(_hidden_plates(view, edges, hidden, *under, tables))
                parts += found if pieces is None else [at_edges(view, edges, found, pieces, number)]
                if number == 0:
                    height = _height_um(edges, down.by_level(len(edges.row)))
                    across = diagonals(view, edges, height)
                    parts.append(across if pieces is None else at_corners(view, across, pieces))
                parts = Pairs.kept(parts)
    return Pairs.join(parts)


def _plates(grid: Grid, below: tuple[Fields, Fields], tables: WireTables) -> list[Overlaps]:
    """Area times plate capacitance for each field and each conductor over the next one below."""
    own = _stretch(grid.own_y), _stretch(grid.own_x)
    size = np.diff(grid.ys)[own[0], None] * np.diff(grid.xs)[own[1]] / 1e6
    first_row, first_col = own[0].start, own[1].start
    parts = []
    for upper in range(Level.POLY, LEVELS):
        if not grid.filled[upper]:
            continue
        nets, level, net = (x[upper][own] for x in (grid.nets, *below))
        here = nets != EMPTY
        for lower in range(upper):
            if (upper, lower) in IN_A_MODEL:
                continue
            row, col = np.nonzero(here & (level == lower))
            if len(row):
                c_f = size[row, col] * _plate_f_per_um2(Level(upper), Level(lower), tables)
                a, b, at = nets[row, col], net[row, col], (row + first_row, col + first_col)
                parts.append(Overlaps(a, b, c_f, Level(upper), Level(lower), *at))
    return parts


def _stretch(own: Bools) -> slice:
    """The fields of the window, which follow one another."""
    at = np.nonzero(own)[0]
    return slice(int(at[0]), int(at[-1]) + 1) if len(at) else slice(0, 0)


def _hidden_plates(grid: Grid, edges: Edges, hidden: Array, level: Ints, net: Ints, tables: WireTables) -> Placed:
    """What `_plates` finds too much, as negative capacitances: the silicon that crossing wires hide from a lower face.

    Each edge stands for half its wire's width, up to HIDDEN_WIDTH_UM.
    """
    at = edges.row, edges.col
    pick = np.nonzero((level[at] <= Level.DIFF) & (hidden > 0) & edges.owned)[0]
    row, col = edges.row[pick], edges.col[pick]
    under = level[row, col]
    plate = np.zeros(LEVELS)
    for k in np.unique(under).tolist():
        plate[k] = _plate_f_per_um2(edges.level, Level(k), tables)
    width_um = np.minimum(edges.w_um[pick] / 2, HIDDEN_WIDTH_UM)
    c_f = hidden[pick] * plate[under] * width_um * edges.own_um[pick]
    ahead = (grid.xs[col] - grid.xs[col + 1]) / 2000
    return Placed(edges.net[pick], net[row, col], -c_f, pick, under, ahead=ahead)


def _plate_f_per_um2(upper: Level, lower: Level, tables: WireTables) -> float:
    if lower in PLATES:
        return stack.mim_plate_f_per_um2(Layer[upper.name], Layer[lower.name])
    return tables.plate_f_per_um2(Layer[upper.name], _under(lower))


def _under(level: Level) -> Layer | wires.Ground:
    return "field" if level is Level.FIELD else "diff" if level is Level.DIFF else Layer[level.name]


def _edge_pairs(grid: Grid, edges: Edges, down: Seen, up: Seen, drawing: Seen, tables: WireTables) -> list[Placed]:
    """Coupling to the neighbours (half of it: the neighbour's edge brings the other half) and fringe."""
    count = len(edges.row)
    side, beyond = np.zeros(count), np.zeros(count)
    fringe_down, fringe_up = np.zeros((count, LEVELS)), np.zeros((count, LEVELS))
    below, above = down.by_level(count), up.by_level(count)
    roofs = np.nonzero(above.any(axis=0))[0].tolist()
    straight = up.kept(up.net != EMPTY).by_level(count)
    roof_um = {EMPTY: np.zeros(count)} | {upper: stretches_um(edges, straight[:, upper]) for upper in roofs}
    for lower in np.nonzero(below.any(axis=0))[0].tolist():
        for upper in [EMPTY, *roofs]:
            over = above[:, upper] if upper != EMPTY else np.maximum(1 - above.sum(axis=1), 0.0)
            pick = np.nonzero(below[:, lower] * over > SMALLEST_PART)[0]
            if not len(pick):
                continue
            part = (below[:, lower] * over)[pick]
            cc, farther, to_below, to_above = _edge_f_per_um(edges, pick, Level(lower), upper, roof_um[upper], tables)
            side[pick] += part * cc
            beyond[pick] += part * farther
            fringe_down[pick, lower] += part * to_below
            fringe_up[pick, upper] += part * to_above
    return _as_pairs(grid, edges, side, beyond, drawing, (down, below, fringe_down), (up, above, fringe_up))


def _edge_f_per_um(
    edges: Edges, pick: Ints, lower: Level, upper: int, roof_um: Array, tables: WireTables
) -> tuple[Array, Array, Array, Array]:
    """(to the neighbour, to the wire beyond, down, up) in F/um of the edges `pick` between two planes."""
    first, which = _distinct(edges, pick)
    wire, w_um, s_um = Layer[edges.level.name], edges.w_um[first], edges.s_um[first]
    roof = Layer[Level(upper).name] if upper != EMPTY and upper not in PLATES else None
    all_of_it, cf = tables.table(wire, _under(lower), roof).edge_f_per_um(w_um, s_um)
    floor = None if lower <= Level.DIFF else Layer[lower.name]
    height, known = stack.gap_um(wire, floor), _known(edges.level, w_um, s_um)
    cc = all_of_it * (1 - known * wires.lost_share(w_um, s_um, edges.back_um[first], height))
    farther = all_of_it * known * wires.beyond_share(w_um, s_um, edges.beyond_um[first], height)
    cf = np.maximum(cf + all_of_it - cc - farther, 0.0)
    if roof is None:
        return cc[which], farther[which], cf[which], np.zeros(len(which))
    gaps = stack.gap_um(roof, wire), stack.gap_um(wire, floor)
    share = wires.upward_share(s_um[which], *gaps, stack.THICKNESS_UM[wire], roof_um[pick])
    return cc[which], farther[which], cf[which] * (1 - share), cf[which] * share


def _known(level: Level, w_um: Array, s_um: Array) -> Array:
    """1 where the wire behind an equal neighbour would still be seen, falling to 0 where it would not."""
    part: Array = np.clip(5 * (1 - (2 * np.minimum(s_um, 1e3) + w_um) / beyond_most_um(level)), 0.0, 1.0)
    return part


def _distinct(edges: Edges, pick: Ints) -> tuple[Ints, Ints]:
    """(edges, the place among them of each of `pick`): one for each run of equal widths and spacings."""
    new = np.ones(len(pick), dtype=bool)
    new[1:] = False
    for x in (edges.w_um[pick], edges.s_um[pick], edges.back_um[pick], edges.beyond_um[pick]):
        new[1:] |= x[1:] != x[:-1]
    return pick[new], np.cumsum(new) - 1


def _as_pairs(
    grid: Grid, edges: Edges, side: Array, beyond: Array, drawing: Seen, *sides: tuple[Seen, Array, Array]
) -> list[Placed]:
    """F from F/um: `side` to the wires in front, `beyond` to those behind them, fringe `sides` (down, up).

    Of what goes to the silicon and to the wires in front, wires beside take `drawing`.
    """
    length, (down, below, _) = edges.own_um, sides[0]
    height = _height_um(edges, below)
    wide = np.where(edges.owned, np.maximum(length + corner_um(grid, edges, height), 0.0), 0.0)
    longer = length + edges.nx**2 * edges.ends * wires.CORNER_REACH_FRAC * height
    longer = np.where(edges.owned, np.maximum(longer, 0.0), 0.0)
    drawn = np.bincount(drawing.edge, drawing.part, minlength=len(length))
    aside = wires.DRAWN_COUPLING_FRAC * below[:, : Level.POLY].sum(axis=1)
    given = side * wide * aside
    every, own = np.arange(len(length)), np.full(len(length), edges.level)
    parts = [
        Placed(edges.net, edges.facing, side * wide / 2 * (1 - aside * drawn), every, own, ahead=edges.s_um),
        Placed(edges.net, edges.beyond, beyond * wide / 2, every, own, ahead=edges.beyond_um),
    ]
    for seen, share, fringe in sides:
        of = seen.edge, seen.level
        c_f = seen.part / np.maximum(share[of], 1e-12) * fringe[of] * longer[seen.edge]
        if seen is down:
            silicon = seen.level <= Level.DIFF
            given += np.bincount(seen.edge, np.where(silicon & (seen.net != EMPTY), c_f, 0.0), minlength=len(length))
            c_f = np.where(silicon, c_f * (1 - drawn[seen.edge]), c_f)
        parts += _with_top_plate(edges, _at(edges, seen, c_f))
    theirs = wires.DRAWN_FRAC * drawing.part * given[drawing.edge]
    return [*parts, _at(edges, drawing, theirs)]


def _at(edges: Edges, seen: Seen, c_f: Array) -> Placed:
    return Placed(edges.net[seen.edge], seen.net, c_f, seen.edge, seen.level, seen)


def _height_um(edges: Edges, below: Array) -> Array:
    """Mean height of each edge over what lies below, um; a fraction of it is what a corner adds to the fringe."""
    layer = Layer[edges.level.name]
    floors = [None if k <= Level.DIFF else Layer[Level(k).name] for k in range(edges.level)]
    gaps = np.array([stack.gap_um(layer, floor) for floor in floors])
    height: Array = (below[:, : edges.level] * gaps).sum(axis=1)
    return height


def _with_top_plate(edges: Edges, pairs: Placed) -> list[Placed]:
    """Moves the top plate's share of a MIM bottom plate's fringe to the top plate's net."""
    behind = edges.top != EMPTY
    if not behind.any():
        return [pairs]
    share = np.where(behind, wires.MIM_TOP_SHARE_FRAC, 0.0)[pairs.edge]
    own = replace(pairs, c_f=pairs.c_f * (1 - share))
    top = np.where(behind, edges.top, edges.net)[pairs.edge]
    return [own, replace(pairs, a=top, c_f=pairs.c_f * share, on_top=True)]
