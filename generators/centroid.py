"""Common-centroid placement: unit elements of several weights on a grid, point-symmetric about its centre."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import hypot, inf

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


def place(weights: Sequence[int], pitch_x_nm: int, pitch_y_nm: int, *, border: int = 1) -> Placement:
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
    _disperse([w // 2 for w in weights], pairs, empty)
    owner = tuple(tuple(pairs.owner.get((r, c), DUMMY) for c in range(cols)) for r in range(rows))
    return Placement(owner, pitch_x_nm, pitch_y_nm)


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


def _disperse(wanted: list[int], pairs: _Pairs, grid: Placement) -> None:
    """Deals the free pairs, inside out, to the weights in proportion: each weight meets every radius alike.

    Among the weights whose share is due, the one whose own units are farthest away takes the pair (chessboard-like).
    """
    total, left = sum(wanted), list(wanted)
    near = {k: [inf] * total for k in range(len(wanted))}
    spots = [_position(site, grid) for site, _ in pairs.free[:total]]
    for dealt in range(total):
        due = {k: wanted[k] * (dealt + 1) / total - (wanted[k] - left[k]) for k in range(len(wanted)) if left[k]}
        threshold = max(due.values()) - 0.25
        chosen = max((k for k in due if due[k] >= threshold), key=lambda k: (near[k][dealt], due[k], -k))
        left[chosen] -= 1
        site, mirror = pairs.free[dealt]
        pairs.owner[site] = pairs.owner[mirror] = chosen
        _note_distance(near[chosen], spots, dealt)
    del pairs.free[:total]


def _note_distance(near: list[float], spots: list[tuple[float, float]], placed: int) -> None:
    """Updates the distance from every later pair to the nearest unit of the weight that took pair `placed`."""
    x, y = spots[placed]
    for later in range(placed + 1, len(spots)):
        px, py = spots[later]
        near[later] = min(near[later], hypot(px - x, py - y), hypot(px + x, py + y))
