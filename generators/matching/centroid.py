"""Common-centroid placement: unit elements of several weights on a grid, point-symmetric about its centre."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from math import inf

import numpy as np

from .orders import Pattern, disperse, fill
from .placement import DUMMY, Pairs, Placement, Site, mirrored_pairs, position_nm
from .recentre import recentre
from .search import Board, improve
from .wire_model import AddedWires, Array

STARTS: tuple[Pattern, ...] = ("dispersed", "spiral", "chessboard", "block_chessboard")


def place(
    weights: Sequence[int],
    pitch_x_nm: int,
    pitch_y_nm: int,
    *,
    border: int = 1,
    pattern: Pattern = "dispersed",
    wires: AddedWires | None = None,
) -> Placement:
    """Places `weights[k]` units of each weight k as nearly square as they fit, `border` sites kept around for dummies.

    Units come in pairs mirrored at the centre. An odd weight leaves one unit over: it sits in the centre if the grid
    has a central site, else two odd weights share an innermost pair; `Placement.centroid_nm` says what remains.
    Sites left over are the ones farthest out. `wires`: what wires add to the units, which `optimised` evens out.
    Deterministic.
    """
    odd = sorted((k for k, w in enumerate(weights) if w % 2), key=lambda k: (weights[k], k))
    rows, cols = _grid(sum(weights), len(odd) % 2 == 1, pitch_x_nm, pitch_y_nm, border)
    empty = Placement(((DUMMY,) * cols,) * rows, pitch_x_nm, pitch_y_nm)
    pairs = Pairs(mirrored_pairs(empty), {})
    if len(odd) % 2:
        pairs.owner[rows // 2, cols // 2] = odd.pop(0)
    _share(pairs, odd)
    wanted = [w // 2 for w in weights]
    if pattern == "optimised":
        _search(wanted, pairs, empty, wires)
    else:
        fill(wanted, pairs, empty, pattern)
    owner = tuple(tuple(pairs.owner.get((r, c), DUMMY) for c in range(cols)) for r in range(rows))
    return Placement(owner, pitch_x_nm, pitch_y_nm)


def _share(pairs: Pairs, odd: Sequence[int]) -> None:
    """Gives innermost pairs to two odd weights each."""
    for first, second in zip(odd[::2], odd[1::2], strict=True):
        site, mirror = pairs.free.pop(0)
        pairs.owner[site], pairs.owner[mirror] = first, second


def _search(wanted: list[int], pairs: Pairs, empty: Placement, wires: AddedWires | None = None) -> None:
    """Gives out the free pairs as a search finds best that starts from the other patterns."""
    dealt, alone, starts = pairs.free[: sum(wanted)], dict(pairs.owner), []
    for pattern in STARTS:
        trial = Pairs(list(pairs.free), dict(alone))
        fill(list(wanted), trial, empty, pattern)
        starts.append([trial.owner[site] for site, _ in dealt])
    owners = starts[0]
    if len(set(owners)) > 1:
        board = Board(
            empty.rows,
            empty.cols,
            empty.pitch_y_nm / empty.pitch_x_nm,
            dealt,
            alone,
            _added(dealt, alone, empty, wires),
        )
        owners = improve(board, starts)
    pairs.owner |= {site: k for pair, k in zip(dealt, owners, strict=True) for site in pair}


def _added(
    dealt: Sequence[tuple[Site, Site]], alone: Mapping[Site, int], empty: Placement, wires: AddedWires | None
) -> Array:
    """What wires add at each site, by the sites that units will stand at."""
    held = {*alone, *(site for pair in dealt for site in pair)}
    lines = tuple(tuple(0 if (r, c) in held else DUMMY for c in range(empty.cols)) for r in range(empty.rows))
    return np.zeros((empty.rows, empty.cols)) if wires is None else wires(replace(empty, owner=lines))


def place_row(weights: Sequence[int], pitch_nm: int) -> Placement:
    """Places the units of each weight in one row, mirrored about its middle as far as odd weights allow.

    One odd weight has a unit in the very middle; more of them share innermost pairs. Deterministic.
    """
    odd = sorted((k for k, w in enumerate(weights) if w % 2), key=lambda k: (weights[k], k))
    cols = sum(weights)
    empty = Placement(((DUMMY,) * cols,), pitch_nm, pitch_nm)
    pairs = Pairs(mirrored_pairs(empty), {})
    if cols % 2:
        pairs.owner[0, cols // 2] = odd.pop(0)
    _share(pairs, odd)
    disperse([w // 2 for w in weights], pairs, empty)
    return Placement((tuple(pairs.owner[0, c] for c in range(cols)),), pitch_nm, pitch_nm)


def place_rows(weights: Sequence[int], rows: int, pitch_x_nm: int, pitch_y_nm: int) -> Placement:
    """Places the units of each weight in `rows` full rows, point-symmetric about the centre, then searched for even
    second moments. Deterministic.

    An odd weight has a unit in the centre, or shares a pair of sites with another odd weight or with a dummy. Sites
    left over are dummies at the ends of rows. Where this leaves a weight off the centre, units change places one by one
    while that brings the centres nearer.
    """
    odd = sorted((k for k, w in enumerate(weights) if w % 2), key=lambda k: (weights[k], k))
    cols = -(-sum(weights) // rows)
    if rows % 2 and cols % 2 != len(odd) % 2:
        cols += 1
    empty = Placement(((DUMMY,) * cols,) * rows, pitch_x_nm, pitch_y_nm)
    pairs = Pairs(mirrored_pairs(empty), {})
    if rows * cols % 2:
        pairs.owner[rows // 2, cols // 2] = odd.pop(0)
    _leave_ends(pairs, empty, rows * cols - sum(weights), odd)
    _share(pairs, odd)
    _search([w // 2 for w in weights], pairs, empty)
    sites = sorted(pairs.owner)
    owners = recentre([position_nm(site, empty) for site in sites], [pairs.owner[site] for site in sites])
    placed = dict(zip(sites, owners, strict=True))
    owner = tuple(tuple(placed.get((r, c), DUMMY) for c in range(cols)) for r in range(rows))
    return Placement(owner, pitch_x_nm, pitch_y_nm)


def _leave_ends(pairs: Pairs, grid: Placement, left_over: int, odd: list[int]) -> None:
    """Takes the sites left over from the free ones, at the ends of rows, one of each row before a second; the last may
    be one of a pair, whose other goes to an odd weight."""
    ends = [p for p in pairs.free if {p[0][1], p[1][1]} <= {0, grid.cols - 1}]
    ends.sort(key=lambda pair: min(row for row, col in pair if col == 0))
    for site, mirror in ends[: left_over // 2]:
        pairs.free.remove((site, mirror))
    if left_over % 2:
        site, mirror = ends[left_over // 2]
        pairs.free.remove((site, mirror))
        pairs.owner[site] = odd.pop(0)


def _grid(units: int, central: bool, pitch_x_nm: int, pitch_y_nm: int, border: int) -> tuple[int, int]:
    """(rows, columns) of the smallest, squarest outline; `central` asks for a site in the very centre."""
    best, best_cost = (units, 1), inf
    for cols in range(1, units + 1):
        rows = -(-units // cols)
        if central:
            rows, cols_used = rows | 1, cols | 1
        else:
            rows, cols_used = rows + (rows * cols % 2), cols
        width, height = (cols_used + 2 * border) * pitch_x_nm, (rows + 2 * border) * pitch_y_nm
        aspect = max(width / height, height / width)
        cost = width * height * (1 + 0.1 * (aspect - 1))
        if cost < best_cost:
            best, best_cost = (rows, cols_used), cost
    return best
