"""Orders in which weights take their mirrored pairs of sites: dispersed, spiral, chessboards."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from math import atan2, inf, pi
from typing import Literal

import numpy as np

from .placement import Pairs, Placement, Site, position_nm

Pattern = Literal["dispersed", "spiral", "chessboard", "block_chessboard", "optimised"]
"""Order in which the weights take their pairs of sites.

dispersed: in proportion from the centre outward, each pair to the weight farthest away; spiral: weights in rising
order along a spiral from the centre; chessboard: the heaviest on every other site, the next on every other of the rest,
and so on; block_chessboard: the same with blocks of 2 x 2 sites;
optimised: the cheapest of the others, then pairs change hands while that lowers the cost (`cost`, `wire_model`):
gradients, dispersion, columns entered and wires together.
"""


def fill(wanted: list[int], pairs: Pairs, empty: Placement, pattern: Pattern) -> None:
    """Gives out the free pairs in the order of a pattern."""
    if pattern == "dispersed":
        disperse(wanted, pairs, empty)
    else:
        _deal(wanted, pairs, ORDERS[pattern](pairs.free[: sum(wanted)], empty), rising=pattern == "spiral")


def _deal(wanted: Sequence[int], pairs: Pairs, order: Sequence[tuple[Site, Site]], *, rising: bool) -> None:
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


def disperse(wanted: list[int], pairs: Pairs, grid: Placement) -> None:
    """Deals the free pairs, inside out, to the weights in proportion: each weight meets every radius alike.

    Among the weights whose share is due, the one whose own units are farthest away takes the pair (chessboard-like).
    """
    total, left = sum(wanted), list(wanted)
    near = {k: np.full(total, inf) for k, count in enumerate(wanted) if count}
    spots = np.array([position_nm(site, grid) for site, _ in pairs.free[:total]]).reshape(-1, 2)
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
