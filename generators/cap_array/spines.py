"""The gaps in which a capacitor array's top plates are joined, and which weights may sit beside them."""

from __future__ import annotations

from math import hypot

from analoom.generators.matching.placement import DUMMY, Placement, Site

Pair = tuple[Site, Site]
"""Two sites mirrored at the centre, of one weight."""


def rows_used(placement: Placement) -> list[int]:
    """The rows that hold a unit, from the lowest."""
    return [r for r, line in enumerate(placement.owner) if any(who != DUMMY for who in line)]


def spine_gaps(placement: Placement) -> list[int]:
    """The two gaps, mirrored, farthest out, beside which every row in use has a unit; a gap is right of its column."""
    for col in range(-1, placement.cols):
        mirrored = placement.cols - 2 - col
        if all(_beside(placement, row, gap) for row in rows_used(placement) for gap in (col, mirrored)):
            return sorted({col, mirrored})
    return [middle_gap(placement)]


def middle_gap(placement: Placement) -> int:
    """The column on whose right side the top plate comes out."""
    return (placement.cols - 1) // 2


def beside_spines(placement: Placement) -> set[int]:
    """The columns whose units have a spine beside them."""
    return {c for gap in spine_gaps(placement) for c in (gap, gap + 1) if 0 <= c < placement.cols}


def clear_of_spines(placement: Placement) -> Placement:
    """The placement with no weight's share beside the spines above the heaviest one's: pairs change places with it.

    A unit beside a spine couples more to it than others do. Weights that fall short can be levelled by stubs, weights
    that go over cannot.
    """
    columns = beside_spines(placement)
    sites = sorted({who for line in placement.owner for who in line} - {DUMMY}, key=lambda k: len(placement.sites(k)))
    owner = [list(line) for line in placement.owner]
    heaviest = sites[-1]
    for light in sites[:-1]:
        _swap(placement, owner, columns, light, heaviest)
    return Placement(tuple(tuple(line) for line in owner), placement.pitch_x_nm, placement.pitch_y_nm)


def _beside(placement: Placement, row: int, gap: int) -> bool:
    """True where a unit lies beside a gap."""
    return any(0 <= c < placement.cols and placement.owner[row][c] != DUMMY for c in (gap, gap + 1))


def _swap(placement: Placement, owner: list[list[int]], columns: set[int], light: int, heaviest: int) -> None:
    """Swaps pairs of `light` beside a spine with the heaviest weight's nearest in radius, until its share is small."""
    mine, theirs = (_pairs(placement, owner, who) for who in (light, heaviest))
    exposed = [p for p in mine if p[0][1] in columns]
    allowed = len(mine) * sum(p[0][1] in columns for p in theirs) // max(1, len(theirs))
    free = [p for p in theirs if p[0][1] not in columns]
    for pair in exposed[: max(0, len(exposed) - allowed)]:
        if not free:
            return
        other = min(free, key=lambda p: (abs(_radius(placement, p) - _radius(placement, pair)), p))
        free.remove(other)
        for site, partner in zip(pair, other, strict=True):
            owner[site[0]][site[1]], owner[partner[0]][partner[1]] = heaviest, light


def _pairs(placement: Placement, owner: list[list[int]], who: int) -> list[Pair]:
    last_row, last_col = placement.rows - 1, placement.cols - 1
    found = [(r, c) for r, line in enumerate(owner) for c, k in enumerate(line) if k == who]
    pairs = [((r, c), (last_row - r, last_col - c)) for r, c in found]
    return [(a, b) for a, b in pairs if a < b and owner[b[0]][b[1]] == who]


def _radius(placement: Placement, pair: Pair) -> float:
    (row, col), middle = pair[0], ((placement.rows - 1) / 2, (placement.cols - 1) / 2)
    return hypot((col - middle[1]) * placement.pitch_x_nm, (row - middle[0]) * placement.pitch_y_nm)
