"""The read-outs below the column drivers: a column fans in to the wires left of them, and down to its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import klayout.db as kdb

from analoom.cells.memory.plan import LINE_NM
from analoom.cells.model.cell import Cell, Instance, Pin
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.cells.parts.via_stack import draw_stack
from analoom.cells.pulse_width.wires import LEAST_NM
from analoom.cells.strip.draw import track_box
from analoom.generators.memory.lanes import line_box
from analoom.pdk.layers import Layer

from .circuits import readout_nets, shared_nets
from .floor import TileFloor
from .readout_parts import COLUMN
from .supplies import draw_channel

END_NM = LINE_NM // 2


def readouts(floor: TileFloor) -> Iterator[Instance]:
    """One a column, and the shared block left of the first row."""
    plan, spec = floor.readouts, floor.spec
    for col in range(spec.cols):
        yield Instance(f"readout{col}", plan.readout, readout_trans(floor, col), readout_nets(spec, col))
    yield Instance("shared", plan.shared, _shared_trans(floor), shared_nets(spec))


def readout_trans(floor: TileFloor, col: int) -> kdb.Trans:
    """Where a column's read-out lies."""
    plan = floor.readouts
    _, row = plan.place(col)
    return kdb.Trans(plan.block_x(col), floor.drivers_bottom + plan.block_y(row, plan.readout))


def _shared_trans(floor: TileFloor) -> kdb.Trans:
    plan = floor.readouts
    return kdb.Trans(floor.shared_left, floor.drivers_bottom + plan.block_y(0, plan.shared))


def draw_readouts(drawing: Drawing, floor: TileFloor) -> None:
    """Channels, the wires of each column, and all pins up to their lanes."""
    plan = floor.readouts
    for row in range(plan.rows):
        draw_channel(drawing, floor, row, 0 if row else floor.shared_left)
    for col in range(floor.spec.cols):
        for side, net in enumerate(COLUMN):
            _fan_in(drawing, floor, col, side, net)
        _way_out(drawing, floor, col)
        _, row = plan.place(col)
        _pins_up(drawing, floor, row, plan.readout, readout_trans(floor, col))
    _pins_up(drawing, floor, 0, plan.shared, _shared_trans(floor))


def _pins_up(drawing: Drawing, floor: TileFloor, row: int, block: Cell, trans: kdb.Trans) -> None:
    """From each pin at the upper edge of a block to its lane."""
    for pin in block.pins:
        box, y = pin.box.transformed(trans), floor.lane_y(row, pin.name)
        drawing.box(Layer.MET3, box.left, box.bottom, box.right, y + END_NM)
        draw_stack(drawing, _via_x(pin.box, block.pins) + trans.disp.x, y, Layer.MET2, Layer.MET3, "h")


def _via_x(box: Box, pins: Sequence[Pin]) -> int:
    """Middle of the via on a pin of an upper edge; where the pin's own lies off the grid of the cuts, by half a step
    away from the nearer of its neighbours: a supply may have grown up to the least space.
    """
    x = box.center().x
    below = x // CUT_GRID_NM * CUT_GRID_NM
    left = min((box.left - pin.box.right for pin in pins if pin.box.right < box.left), default=box.width())
    right = min((pin.box.left - box.right for pin in pins if pin.box.left > box.right), default=box.width())
    return x if below == x else below if left > right else below + CUT_GRID_NM


def _fan_in(drawing: Drawing, floor: TileFloor, col: int, side: int, net: str) -> None:
    """From a column's met4 on a lane of met2 to its wire of met3, and on that down to the lane of its pin."""
    plan = floor.readouts
    _, row = plan.place(col)
    x, way, y = floor.column_x(col, net), plan.way_x(col, side), floor.fan_y(len(COLUMN) * row + side)
    drawing.add(Layer.MET4, line_box(x, y - END_NM, 0))
    draw_stack(drawing, x, y, Layer.MET2, Layer.MET4, "h")
    drawing.box(Layer.MET3, x - END_NM, y - END_NM, x - END_NM + LINE_NM, y - END_NM + LEAST_NM)
    low = floor.lane_y(row, net)
    drawing.add(Layer.MET2, track_box(min(x, way) - END_NM, max(x, way) + END_NM, y))
    drawing.add(Layer.MET3, line_box(way, low - END_NM, y + END_NM))
    for level in (y, low):
        draw_stack(drawing, way, level, Layer.MET2, Layer.MET3, "h")
    _to_pin(drawing, floor, col, net, way)


def _to_pin(drawing: Drawing, floor: TileFloor, col: int, net: str, way: int) -> None:
    """On a lane from the wire of a column to the pin of its read-out."""
    _, row = floor.readouts.place(col)
    (pin,) = (pin for pin in floor.readouts.readout.pins if pin.name == net)
    x = pin.box.transformed(readout_trans(floor, col)).center().x
    drawing.add(Layer.MET2, track_box(way - END_NM, x + END_NM, floor.lane_y(row, net)))


def _way_out(drawing: Drawing, floor: TileFloor, col: int) -> None:
    """From the lowest lane of a channel down to the lower edge, below the wire of `colp`."""
    _, row = floor.readouts.place(col)
    x, y = floor.readouts.way_x(col, 0), floor.lane_y(row, "out")
    drawing.add(Layer.MET3, line_box(x, floor.bottom, y + END_NM))
    draw_stack(drawing, x, y, Layer.MET2, Layer.MET3, "h")
    _to_pin(drawing, floor, col, "out", x)


def output_pins(floor: TileFloor) -> Iterator[Pin]:
    """Pulses out at the lower edge."""
    for col in range(floor.spec.cols):
        x = floor.readouts.way_x(col, 0)
        yield Pin(f"out{col}", Layer.MET3, line_box(x, floor.bottom, floor.bottom + LINE_NM))
