"""Where the units of several weights stand: a grid of sites, their owners, and sites in mirrored pairs."""

from __future__ import annotations

from dataclasses import dataclass
from math import hypot

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
        places = [position_nm(site, self) for site in self.sites(index)]
        return sum(x for x, _ in places) / len(places), sum(y for _, y in places) / len(places)


@dataclass
class Pairs:
    """Mirrored pairs of sites still free, nearest the centre first, and what is placed so far."""

    free: list[tuple[Site, Site]]
    owner: dict[Site, int]


def position_nm(site: Site, grid: Placement) -> tuple[float, float]:
    """Position of a site in nm from the centre of the grid."""
    row, col = site
    return (col - (grid.cols - 1) / 2) * grid.pitch_x_nm, (row - (grid.rows - 1) / 2) * grid.pitch_y_nm


def mirrored_pairs(grid: Placement) -> list[tuple[Site, Site]]:
    """Every site with its mirror image, nearest the centre first; the central site has none."""
    last_row, last_col = grid.rows - 1, grid.cols - 1
    sites = [(r, c) for r in range(grid.rows) for c in range(grid.cols)]
    pairs = [((r, c), (last_row - r, last_col - c)) for r, c in sites if (r, c) < (last_row - r, last_col - c)]
    return sorted(pairs, key=lambda pair: (round(hypot(*position_nm(pair[0], grid))), pair))
