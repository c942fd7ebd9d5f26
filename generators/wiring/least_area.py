"""Lengthens what would fall short of its level's least area, to the side where most is free."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.generators.ways.lattice import Lattice
from analoom.generators.ways.net import Net, Shape
from analoom.generators.ways.search import Prices
from analoom.generators.ways.wire_kinds import OFF_NM, ROUTED, half_nm
from analoom.pdk.units import snap_up

from .metal_index import MetalIndex

FIXED = 1000
"""By how many times a crossing near something fixed is worse than one near a wire that may move."""


@dataclass(frozen=True)
class Lengthening:
    """What is drawn beside a `piece` (nm) of a net that lacks area."""

    level: int
    box: Box
    piece: Box
    lacking_nm2: float

    @property
    def shape(self) -> Shape:
        return ROUTED[self.level].layer, self.box

    def moved(self, to: Callable[[Box], Box]) -> Lengthening:
        """The same elsewhere."""
        return replace(self, box=to(self.box), piece=to(self.piece))


def lengthened(net: Net, lattice: Lattice, prices: Prices) -> Iterator[Lengthening]:
    """What the pieces of a net need beside them on each level."""
    for level, wire in enumerate(ROUTED):
        pins = None
        for piece in net.metal(level).merged().each():
            lacking = wire.area_nm2 - piece.area()
            if lacking > 0:
                pins = pins or net.pin_boxes(level)
                if not any(box.touches(piece.bbox()) for box in pins):
                    choices = _along_lines(lattice, level, piece.bbox(), lacking)
                    best = min(choices, key=lambda box: _crowd(lattice, prices, level, box))
                    yield Lengthening(level, best, piece.bbox(), lacking)


def laid_free(net: Net, lengthenings: Iterable[Lengthening], lattice: Lattice, index: MetalIndex) -> list[Box]:
    """Moves to another side what was lengthened where something is kept clear. Gives the pieces (nm) that have no side
    free."""
    stuck = list[Box]()
    for one in lengthenings:
        if index.is_free(net.name, one.level, one.box):
            continue
        choices = (*_along_lines(lattice, one.level, one.piece, one.lacking_nm2), *_as_wide(one.piece, one.lacking_nm2))
        free = next((box for box in choices if index.is_free(net.name, one.level, box)), None)
        if free is None:
            stuck.append(one.piece)
        else:
            net.wires[net.wires.index(one.shape)] = (one.shape[0], free)
            index.remove(net.name, one.level, one.box)
            index.add(net.name, one.level, free)
    return stuck


def _along_lines(lattice: Lattice, level: int, box: Box, lacking_nm2: float) -> tuple[Box, ...]:
    """Wires of least width out of a piece, one to each side."""
    half = half_nm(level)
    more = snap_up(lacking_nm2 / (2 * half), 2 * OFF_NM)
    x, y = _middle(lattice, box)
    return (
        Box(x - half, box.bottom - more, x + half, y + half),
        Box(x - half, y - half, x + half, box.top + more),
        Box(box.left - more, y - half, x + half, y + half),
        Box(x - half, y - half, box.right + more, y + half),
    )


def _as_wide(box: Box, lacking_nm2: float) -> tuple[Box, ...]:
    """A piece grown to each side, and to both sides along an axis, as wide as it is."""
    x, y = (snap_up(lacking_nm2 / side, 2 * CUT_GRID_NM) for side in (box.height(), box.width()))
    sides = ((x, 0, 0, 0), (0, 0, x, 0), (x // 2, 0, x // 2, 0), (0, y, 0, 0), (0, 0, 0, y), (0, y // 2, 0, y // 2))
    return tuple(
        Box(box.left - left, box.bottom - bottom, box.right + right, box.top + top)
        for left, bottom, right, top in sides
    )


def _middle(lattice: Lattice, box: Box) -> tuple[int, int]:
    """Where the lines cross that are nearest to the middle of a piece: the cut of a pad, not a line beside it."""
    columns, rows = lattice.within(box)
    xs, ys = lattice.xs[columns.start : columns.stop], lattice.ys[rows.start : rows.stop]
    middle = box.center()
    return min(xs, key=lambda x: abs(x - middle.x)), min(ys, key=lambda y: abs(y - middle.y))


def _crowd(lattice: Lattice, prices: Prices, level: int, box: Box) -> int:
    """How much lies too near to a wire: at the crossings in it, and at those next to its ends."""
    half = half_nm(level)
    columns, rows = lattice.within(box.enlarged(-half, -half))
    i, j = max(columns.start - 1, 0), max(rows.start - 1, 0)
    where = (level, slice(i, columns.stop + 1), slice(j, rows.stop + 1))
    if len(columns) == 1:
        where = (level, slice(columns.start, columns.stop), where[2])
    if len(rows) == 1:
        where = (level, where[1], slice(rows.start, rows.stop))
    return int(FIXED * (prices.fixed.wires[where] > 0).sum() + (prices.moving.wires[where] > 0).sum())
