"""Lengthens what would fall short of its level's least area, to the side where most is free."""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.model.drawing import Box
from analoom.generators.ways.lattice import Lattice
from analoom.generators.ways.net import Net, Shape
from analoom.generators.ways.search import Prices
from analoom.generators.ways.wire_kinds import OFF_NM, ROUTED, half_nm
from analoom.pdk.units import snap_up

FIXED = 1000
"""By how many times a crossing near something fixed is worse than one near a wire that may move."""


def lengthened(net: Net, lattice: Lattice, prices: Prices) -> Iterator[Shape]:
    """What the pieces of a net need beside them on each level."""
    for level, wire in enumerate(ROUTED):
        pins = None
        for piece in net.metal(level).merged().each():
            lacking = wire.area_nm2 - piece.area()
            if lacking > 0:
                pins = pins or net.pin_boxes(level)
                if not any(box.touches(piece.bbox()) for box in pins):
                    yield wire.layer, _best(lattice, prices, level, piece.bbox(), lacking)


def _best(lattice: Lattice, prices: Prices, level: int, box: Box, lacking_nm2: float) -> Box:
    half = half_nm(level)
    more = snap_up(lacking_nm2 / (2 * half), 2 * OFF_NM)
    x, y = _middle(lattice, box)
    choices = (
        Box(x - half, box.bottom - more, x + half, y + half),
        Box(x - half, y - half, x + half, box.top + more),
        Box(box.left - more, y - half, x + half, y + half),
        Box(x - half, y - half, box.right + more, y + half),
    )
    return min(choices, key=lambda choice: _crowd(lattice, prices, level, choice))


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
