"""The wires that take the bits of a column to the upper edge: on met3 from the upper rows, on met4 from the lower ones.

They are one cell for all columns.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import klayout.db as kdb

from analoom.cells.memory.plan import LINE_NM, LINE_PITCH_NM, LINES, LatchPlan
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing, library
from analoom.cells.parts.via_stack import draw_stack
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET3

from .block import row_trans

LEAST_NM = snap_up(MET3.area_nm2 / LINE_NM, CUT_GRID_NM)
"""Least length of a piece of it."""


@dataclass(frozen=True)
class Outlet:
    """The wire of a node of a column's latch in `row`: its layer, its middle, and where it meets the node's track."""

    row: int
    node: str
    layer: Layer
    x: int
    y: int

    def box(self, top: int) -> Box:
        """The wire from its node up to `top`."""
        half = LINE_NM // 2
        return Box(self.x - half, self.y - half, self.x - half + LINE_NM, top)


def outlets(plan: LatchPlan, rows: int, nodes: tuple[str, ...]) -> list[Outlet]:
    """The wires of a column, the uppermost row first: the first four on met3, the others above them on met4."""
    found = []
    for k, (row, node) in enumerate((row, node) for row in reversed(range(rows)) for node in nodes):
        layer = Layer.MET3 if k < LINES else Layer.MET4
        y = (row_trans(plan.height, row) * kdb.Point(0, plan.tracks[node])).y
        found.append(Outlet(row, node, layer, _slot_x(plan, k % LINES), y // CUT_GRID_NM * CUT_GRID_NM))
    return found


def outlet_column(plan: LatchPlan, rows: int, nodes: tuple[str, ...], top: int) -> kdb.Cell:
    """The wires of one column up to `top`, drawn once a process."""
    name = f"latch_outlets_{plan.height}_{rows}_{len(nodes)}_{top}"
    if library().has_cell(name):
        return library().cell(name)
    drawing = Drawing(name)
    for outlet in outlets(plan, rows, nodes):
        drawing.add(outlet.layer, outlet.box(top))
        draw_stack(drawing, outlet.x, outlet.y, Layer.MET2, outlet.layer, "h")
        if outlet.layer is Layer.MET4:
            half = LINE_NM // 2
            drawing.add(Layer.MET3, outlet.box(outlet.y - half + LEAST_NM))
    return drawing.cell


def _slot_x(plan: LatchPlan, slot: int) -> int:
    """Middle of the wire at a place over a latch, counted from the left."""
    first = (plan.width - (LINES - 1) * LINE_PITCH_NM) // 2
    return (first + slot * LINE_PITCH_NM) // CUT_GRID_NM * CUT_GRID_NM


def outlet_pins(plan: LatchPlan, rows: int, nodes: tuple[str, ...], top: int) -> Iterator[tuple[Outlet, Box]]:
    """The upper end of each wire."""
    for outlet in outlets(plan, rows, nodes):
        box = outlet.box(top)
        yield outlet, Box(box.left, top - LINE_NM, box.right, top)
