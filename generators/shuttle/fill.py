"""What fills a tile where it is empty: gates between its supplies, which hold them still, each with its own tap.

A capacitor is one n transistor, its gate on the 1.8 V supply, all else on ground; its tap ties the substrate there.
"""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.cells.fingers.mosfet import MosfetSpec, mosfet
from analoom.cells.model.cell import Cell, Instance
from analoom.cells.model.drawing import CUT_GRID_NM, Box

from .plan import GROUND, SUPPLY, TilePlan

SIZE = MosfetSpec(w=40.0, l=8.0, nf=4)
"""Fingers of 10 x 8 um: most of the area is gate, and wells and wires of none stand nearer to a macro for it."""
AROUND_NM, BETWEEN_NM = 15_000, 8_000
"""What is left around a macro, and between two, for wires."""


def capacitors(plan: TilePlan, macro: Instance) -> Iterator[Instance]:
    """In rows and columns from the lower left of the tile's room, but for where the macro is."""
    cell, room = mosfet(SIZE), plan.room
    off = macro.cell.bbox_nm.transformed(macro.trans).enlarged(AROUND_NM, AROUND_NM)
    for number, box in enumerate(box for box in _places(cell, room) if not box.touches(off)):
        by = box.p1 - cell.bbox_nm.p1
        yield Instance(f"decap{number}", cell, kdb.Trans(by.x, by.y), {"g": SUPPLY, **dict.fromkeys("dsb", GROUND)})


def _places(cell: Cell, room: Box) -> Iterator[Box]:
    wide, high = cell.bbox_nm.width(), cell.bbox_nm.height()
    for x in _spread(room.left, room.right, wide):
        for y in _spread(room.bottom, room.top, high):
            yield Box(x, y, x + wide, y + high)


def _spread(low: int, high: int, size: int) -> list[int]:
    """As many as fit, evenly."""
    count = (high - low + BETWEEN_NM) // (size + BETWEEN_NM)
    room = (high - low - count * size) // max(count - 1, 1) if count else 0
    return [(low + k * (size + room)) // CUT_GRID_NM * CUT_GRID_NM for k in range(count)]


def gate_um2(instances: tuple[Instance, ...]) -> float:
    """The gates' area of all capacitors among `instances`, um2."""
    return sum(SIZE.w * SIZE.l for instance in instances if instance.name.startswith("decap"))
