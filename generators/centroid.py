"""Common-centroid placement: unit elements of several weights on a grid, point-symmetric about its centre."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from math import atan2, hypot, inf, pi
from typing import Literal

from .centroid_search import Board, improve
from .recentre import recentre

DUMMY = -1
"""Owner of a site that holds no unit."""

Site = tuple[int, int]
"""(row, column) of a grid."""


@dataclass(frozen=True)
class Placement:
    """Who sits where: `owner[row][column]` is the index of a weight, or DUMMY. Row 0 is the lowest."""

    owner: tuple[tuple[int, ...], ...]
    pitch_x_nm: int
    pitch_y_nm: int

    @property
    def rows(self) -> int:
        return len(self.owner)

    @property
    def cols(self) -> int:
        return len(self.owner[0])

    def sites(self, index: int) -> list[Site]:
        """The sites of weight `index` (or DUMMY), row by row."""
        return [(r, c) for r, line in enumerate(self.owner) for c, who in enumerate(line) if who == index]

    def centroid_nm(self, index: int) -> tuple[float, float]:
        """Mean position of the units of weight `index`, from the centre of the grid."""
        places = [_position(site, self) for site in self.sites(index)]
        return sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)


@dataclass
class _Pairs:
    """Mirrored pairs of sites still free, nearest the centre first, and what is placed so far."""

    free: list[tuple[Site, Site]]
    owner: dict[Site, int]


Pattern = Literal["dispersed", "spiral", "chessboard", "block_chessboard", "optimised"]
"""Order in which the weights take their pairs of sites.

dispersed: in proportion from the centre outward, each pair to the weight farthest away; spiral: weights in rising
order along a spiral from the centre; chessboard: the heaviest on every other site, the next on every other of the rest,
and so on; block_chessboard: the same with blocks of 2 x 2 sites;
optimised: the cheapest of the others, then pairs change hands while that lowers the cost (`centroid_cost`): gradients,
dispersion and wiring together.
"""

STARTS: tuple[Pattern, ...] = ("dispersed", "spiral", "chessboard", "block_chessboard")


def place(
    weights: Sequence[int], pitch_x_nm: int, pitch_y_nm: int, *, border: int = 1, pattern: Pattern = "dispersed"
) -> Placement:
    """Places `weights[k]` units of each weight k as nearly square as they fit, `border` sites kept around for dummies.

    Units come in pairs mirrored at the centre. An odd weight leaves one unit over: it sits in the centre if the grid
    has a central site, else two odd weights share an innermost pair; `Placement.centroid_nm` says what remains.
    Sites left over are the ones farthest out. Deterministic.
    """
    odd = sorted((k for k, w in enumerate(weights) if w % 2), key=lambda k: (weights[k], k))
    rows, cols = _grid(sum(weights), len(odd) % 2 == 1, pitch_x_nm, pitch_y_nm, border)
    empty = Placement(((DUMMY,) * cols,) * rows, pitch_x_nm, pitch_y_nm)
    pairs = _Pairs(_mirrored_pairs(empty), {})
    if len(odd) % 2:
        pairs.owner[rows // 2, cols // 2] = odd.pop(0)
    for first, second in zip(odd[::2], odd[1::2], strict=True):
        site, mirror = pairs.free.pop(0)
        pairs.owner[site], pairs.owner[mirror] = first, second
    wanted = [w // 2 for w in weights]
    if pattern == "optimised":
        _search(wanted, pairs, empty)
    else:
        _fill(wanted, pairs, empty, pattern)
    owner = tuple(tuple(pairs.owner.get((r, c), DUMMY) for c in range(cols)) for r in range(rows))
    return Placement(owner, pitch_x_nm, pitch_y_nm)


def _fill(wanted: list[int], pairs: _Pairs, empty: Placement, pattern: Pattern) -> None:
    """Gives out the free pairs in the order of a pattern."""
    if pattern == "dispersed":
        _disperse(wanted, pairs, empty)
    else:
        _deal(wanted, pairs, ORDERS[pattern](pairs.free[: sum(wanted)], empty), rising=pattern == "spiral")


def _search(wanted: list[int], pairs: _Pairs, empty: Placement) -> None:
    """Gives out the free pairs as a search finds best that starts from the other patterns."""
    dealt, alone, starts = pairs.free[: sum(wanted)], dict(pairs.owner), []
    for pattern in STARTS:
        trial = _Pairs(list(pairs.free), dict(alone))
        _fill(list(wanted), trial, empty, pattern)
        starts.append([trial.owner[site] for site, _ in dealt])
    owners = starts[0]
    if len(set(owners)) > 1:
        board = Board(empty.rows, empty.cols, empty.pitch_y_nm / empty.pitch_x_nm, dealt, alone)
        owners = improve(board, starts)
    pairs.owner |= {site: k for pair, k in zip(dealt, owners, strict=True) for site in pair}


def settled(placement: Placement, columns: set[int]) -> Placement:
    """The placement searched once more, for what has been changed by hand since; sites in `columns` are left alone."""
    owner = {(r, c): who for r, line in enumerate(placement.owner) for c, who in enumerate(line) if who != DUMMY}
    mirrored = [(a, b) for a, b in _mirrored_pairs(placement) if a in owner and owner[a] == owner.get(b)]
    free = [pair for pair in mirrored if not columns & {site[1] for site in pair}]
    moving = {site for pair in free for site in pair}
    if len({owner[a] for a, _ in free}) > 1:
        alone = {site: who for site, who in owner.items() if site not in moving}
        board = Board(placement.rows, placement.cols, placement.pitch_y_nm / placement.pitch_x_nm, free, alone)
        found = improve(board, [[owner[a] for a, _ in free]])
        owner |= {site: k for pair, k in zip(free, found, strict=True) for site in pair}
    lines = tuple(tuple(owner.get((r, c), DUMMY) for c in range(placement.cols)) for r in range(placement.rows))
    return Placement(lines, placement.pitch_x_nm, placement.pitch_y_nm)


def place_row(weights: Sequence[int], pitch_nm: int) -> Placement:
    """Places the units of each weight in one row, mirrored about its middle as far as odd weights allow.

    One odd weight has a unit in the very middle; more of them share innermost pairs. Deterministic.
    """
    odd = sorted((k for k, w in enumerate(weights) if w % 2), key=lambda k: (weights[k], k))
    cols = sum(weights)
    empty = Placement(((DUMMY,) * cols,), pitch_nm, pitch_nm)
    pairs = _Pairs(_mirrored_pairs(empty), {})
    if cols % 2:
        pairs.owner[0, cols // 2] = odd.pop(0)
    for first, second in zip(odd[::2], odd[1::2], strict=True):
        site, mirror = pairs.free.pop(0)
        pairs.owner[site], pairs.owner[mirror] = first, second
    _disperse([w // 2 for w in weights], pairs, empty)
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
    pairs = _Pairs(_mirrored_pairs(empty), {})
    if rows * cols % 2:
        pairs.owner[rows // 2, cols // 2] = odd.pop(0)
    _leave_ends(pairs, empty, rows * cols - sum(weights), odd)
    for first, second in zip(odd[::2], odd[1::2], strict=True):
        site, mirror = pairs.free.pop(0)
        pairs.owner[site], pairs.owner[mirror] = first, second
    _search([w // 2 for w in weights], pairs, empty)
    sites = sorted(pairs.owner)
    owners = recentre([_position(site, empty) for site in sites], [pairs.owner[site] for site in sites])
    placed = dict(zip(sites, owners, strict=True))
    owner = tuple(tuple(placed.get((r, c), DUMMY) for c in range(cols)) for r in range(rows))
    return Placement(owner, pitch_x_nm, pitch_y_nm)


def _leave_ends(pairs: _Pairs, grid: Placement, left_over: int, odd: list[int]) -> None:
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


def _position(site: Site, grid: Placement) -> tuple[float, float]:
    """Position of a site in nm from the centre of the grid."""
    row, col = site
    return (col - (grid.cols - 1) / 2) * grid.pitch_x_nm, (row - (grid.rows - 1) / 2) * grid.pitch_y_nm


def _mirrored_pairs(grid: Placement) -> list[tuple[Site, Site]]:
    """Every site with its mirror image, nearest the centre first; the central site has none."""
    last_row, last_col = grid.rows - 1, grid.cols - 1
    sites = [(r, c) for r in range(grid.rows) for c in range(grid.cols)]
    pairs = [((r, c), (last_row - r, last_col - c)) for r, c in sites if (r, c) < (last_row - r, last_col - c)]
    return sorted(pairs, key=lambda pair: (round(hypot(*_position(pair[0], grid))), pair))


def _deal(wanted: Sequence[int], pairs: _Pairs, order: Sequence[tuple[Site, Site]], *, rising: bool) -> None:
    """Gives the weights their pairs in the order given, the lightest first where `rising`, else the heaviest."""
    sequence = sorted(range(len(wanted)), key=lambda k: (wanted[k], k), reverse=not rising)
    owners = [k for k in sequence for _ in range(wanted[k])]
    for (site, mirror), who in zip(order, owners, strict=True):
        pairs.owner[site] = pairs.owner[mirror] = who
    del pairs.free[: len(owners)]


def _spiral(free: Sequence[tuple[Site, Site]], grid: Placement) -> list[tuple[Site, Site]]:
    """Square rings around the centre, each walked around from its right."""

    def key(pair: tuple[Site, Site]) -> tuple[float, float]:
        row, col = pair[0]
        x, y = col - (grid.cols - 1) / 2, row - (grid.rows - 1) / 2
        return max(abs(x), abs(y)), atan2(y, x) % pi

    return sorted(free, key=key)


def _chessboard(free: Sequence[tuple[Site, Site]], grid: Placement, block: int = 1) -> list[tuple[Site, Site]]:
    """The odd colour first, then the odd colour of what is left, turned by 45 degrees each time."""

    def key(pair: tuple[Site, Site]) -> tuple[object, ...]:
        row, col = (v // block for v in pair[0])
        return (*_colours(row, col), pair)

    return sorted(free, key=key)


def _colours(row: int, col: int) -> tuple[int, ...]:
    """Colour of a site on boards of ever larger, turned squares; 0 comes first."""
    found = []
    for _ in range(COLOURS):
        odd = (row + col) % 2
        found.append(1 - odd)
        row, col = (row + col - odd) // 2, (row - col - odd) // 2
    return tuple(found)


COLOURS = 14
"""Halvings of the board: enough for 2**14 sites."""

ORDERS: dict[str, Callable[[Sequence[tuple[Site, Site]], Placement], list[tuple[Site, Site]]]] = {
    "spiral": _spiral,
    "chessboard": _chessboard,
    "block_chessboard": partial(_chessboard, block=2),
}


def _disperse(wanted: list[int], pairs: _Pairs, grid: Placement) -> None:
    """Deals the free pairs, inside out, to the weights in proportion: each weight meets every radius alike.

    Among the weights whose share is due, the one whose own units are farthest away takes the pair (chessboard-like).
    """
    import numpy as np

    total, left = sum(wanted), list(wanted)
    near = {k: np.full(total, inf) for k, count in enumerate(wanted) if count}
    spots = np.array([_position(site, grid) for site, _ in pairs.free[:total]]).reshape(-1, 2)
    for dealt in range(total):
        due = {k: wanted[k] * (dealt + 1) / total - (wanted[k] - left[k]) for k in near if left[k]}
        threshold = max(due.values()) - 0.25
        chosen = max((k for k in due if due[k] >= threshold), key=lambda k: (near[k][dealt], due[k], -k))
        left[chosen] -= 1
        site, mirror = pairs.free[dealt]
        pairs.owner[site] = pairs.owner[mirror] = chosen
        later = spots[dealt + 1 :]
        for way in (spots[dealt], -spots[dealt]):
            np.minimum(near[chosen][dealt + 1 :], np.hypot(*(later - way).T), out=near[chosen][dealt + 1 :])
    del pairs.free[:total]
