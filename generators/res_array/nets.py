"""Which net each end of each unit is on, and which wires join them: chains of units in series, or rails in parallel.

A chain runs through its rows in turn to the right and to the left. It enters a row's first unit from below, goes on
above to the second, below to the third, and so on; between rows it runs up beside them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Literal

from analoom.generators.matching.placement import DUMMY, Placement, Site

Side = Literal["left", "right"]
BODY = "b"


@dataclass(frozen=True)
class Link:
    """A wire along a row, above the bodies (`top`) or below, from `ends[0]` to `ends[1]`: units of the row, or a side.

    It meets the units at the columns `joints`; towards a side it ends on the net's riser there, or where it `leaves`
    the cell. `slot` is its resistor's track.
    """

    net: str
    slot: int
    row: int
    top: bool
    ends: tuple[int | Side, int | Side]
    joints: tuple[int, ...]
    leaves: bool = False


@dataclass(frozen=True)
class Riser:
    """A wire beside the rows that joins a net's links: (row, top) of each."""

    net: str
    slot: int
    side: Side
    levels: tuple[tuple[int, bool], ...]


@dataclass
class Wiring:
    """Links and risers, and the nets (r0, r1) of each site's unit."""

    links: list[Link] = field(default_factory=list)
    risers: list[Riser] = field(default_factory=list)
    ends: dict[Site, tuple[str, str]] = field(default_factory=dict)

    def risers_by_side(self) -> dict[Side, int]:
        """How many tracks risers take up on either side that has any."""
        slots: dict[Side, int] = {}
        for riser in self.risers:
            slots[riser.side] = max(slots.get(riser.side, 0), riser.slot + 1)
        return slots


def wiring(placement: Placement, resistors: int, connect: Literal["series", "parallel"]) -> Wiring:
    """The wires of every resistor, numbered from 1: resistor k runs from `p<k>` to `n<k>`."""
    work = Wiring()
    for k in range(resistors):
        runs = _runs(placement, k)
        (_chain if connect == "series" else _rails)(work, k, runs)
    return work


def body_links(cols_by_row: Sequence[Sequence[int]], slot: int) -> Iterator[Link]:
    """The wires of the dummies at these columns, from side to side, above and below.

    The lowest is there in any case: the body leaves the cell on it.
    """
    for row, cols in enumerate(cols_by_row):
        for top in (False, True):
            lowest = row == 0 and not top
            if cols or lowest:
                yield Link(BODY, slot, row, top, ("left", "right"), tuple(cols), leaves=lowest)


def dummy_columns(placement: Placement, ring: int) -> list[list[int]]:
    """The columns of each row that hold a dummy: `ring` beyond either end, and the sites left over."""
    outer = [*range(-ring, 0), *range(placement.cols, placement.cols + ring)]
    return [sorted([*outer, *(c for c, who in enumerate(line) if who == DUMMY)]) for line in placement.owner]


def _runs(placement: Placement, k: int) -> list[tuple[int, list[int]]]:
    """(row, columns from the left) of each row that holds units of resistor k."""
    cols = [(r, [c for c, who in enumerate(line) if who == k]) for r, line in enumerate(placement.owner)]
    return [(row, found) for row, found in cols if found]


def _chain(work: Wiring, k: int, runs: Sequence[tuple[int, list[int]]]) -> None:
    """One resistor in series: its net changes at every unit, and the last one is `n<k>`."""
    total, passed, net = sum(len(cols) for _, cols in runs), 0, f"p{k + 1}"
    side: Side = "left"
    came_from: tuple[int, bool] | None = None
    for row, cols in runs:
        far: Side = "right" if side == "left" else "left"
        order = cols if side == "left" else cols[::-1]
        work.links.append(Link(net, k, row, False, (side, order[0]), (order[0],), leaves=came_from is None))
        if came_from is not None:
            work.risers.append(Riser(net, k, side, (came_from, (row, False))))
        for n, col in enumerate(order):
            passed += 1
            after, up = f"n{k + 1}" if passed == total else f"x{k + 1}_{passed}", n % 2 == 0
            work.ends[row, col] = (net, after) if up else (after, net)
            last = n == len(order) - 1
            to = (far,) if last else (order[n + 1],)
            joints = (col,) if last else (col, order[n + 1])
            work.links.append(Link(after, k, row, up, (col, *to), joints, leaves=passed == total))
            net, came_from = after, (row, up)
        side = far


def _rails(work: Wiring, k: int, runs: Sequence[tuple[int, list[int]]]) -> None:
    """One resistor in parallel: its lower ends on `p<k>`, which leaves on the left, its upper ones on `n<k>`."""
    nets = f"p{k + 1}", f"n{k + 1}"
    for n, (row, cols) in enumerate(runs):
        work.ends |= {(row, col): nets for col in cols}
        work.links.append(Link(nets[0], k, row, False, ("left", cols[-1]), tuple(cols), leaves=n == 0))
        work.links.append(Link(nets[1], k, row, True, (cols[0], "right"), tuple(cols), leaves=n == 0))
    if len(runs) > 1:
        rows = [row for row, _ in runs]
        work.risers.append(Riser(nets[0], k, "left", tuple((row, False) for row in rows)))
        work.risers.append(Riser(nets[1], k, "right", tuple((row, True) for row in rows)))
