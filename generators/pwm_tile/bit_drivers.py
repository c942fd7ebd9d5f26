"""The drivers of bit lines below the weights: a row of them a bit, the register through all, and the lines."""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.memory.column_driver import BITS as LINES
from analoom.cells.memory.column_driver import CONTROLS, NAME, column_driver
from analoom.cells.memory.plan import LINE_NM
from analoom.cells.model.cell import Instance, Pin
from analoom.cells.model.drawing import CUT_GRID_NM, Drawing
from analoom.cells.parts.via_stack import draw_stack
from analoom.cells.pulse_width.circuits import BITS
from analoom.cells.pulse_width.wires import bit_line_x
from analoom.cells.strip.filler import strip_filler
from analoom.generators.memory.driver_floor import TURN
from analoom.generators.memory.lanes import CHAIN, draw_controls, draw_register, line_box
from analoom.pdk.layers import Layer

from .broken_lane import draw_broken_lane
from .circuits import column_nets
from .floor import TileFloor
from .write_order import stages


def bit_drivers(floor: TileFloor) -> Iterator[Instance]:
    """A driver a bit of each column, in the order of the register."""
    for k, (stage, nets) in enumerate(zip(stages(floor.spec), column_nets(floor.spec), strict=True)):
        fold = BITS.index(stage.bit)
        mirrored = not floor.runs_right(fold)
        x = stage.col * floor.cell.width + (floor.driver.width if mirrored else 0)
        yield Instance(f"column{k}", column_driver(), floor.fold_trans(fold, x, mirrored=mirrored), nets)


def draw_bit_drivers(drawing: Drawing, floor: TileFloor) -> None:
    """What lies between the drivers, their lanes, the register's turns and ends, and the bit lines."""
    gap = strip_filler(NAME, floor.driver, floor.cell.width - floor.driver.width, (*CONTROLS, CHAIN))
    for fold in range(floor.folds):
        for col in range(floor.spec.cols):
            drawing.instance(gap, floor.fold_trans(fold, col * floor.cell.width + floor.driver.width))
    draw_controls(drawing, floor)
    draw_register(drawing, floor)
    out = floor.register_out_y
    draw_broken_lane(drawing, floor.way_out_x(floor.folds - 1), floor.bottom, out, (out,))
    for col in range(floor.spec.cols):
        for k, x in enumerate(bit_line_x(floor.cell)):
            _line(drawing, floor, k, col * floor.cell.width + x // CUT_GRID_NM * CUT_GRID_NM)


def _line(drawing: Drawing, floor: TileFloor, k: int, x: int) -> None:
    """From the track of its driver up to the weights."""
    y = floor.fold_track_y(LINES[k % 2], k // 2)
    drawing.add(Layer.MET3, line_box(x, y - LINE_NM // 2, 0))
    draw_stack(drawing, x, y, Layer.MET2, Layer.MET3, "h")


def register_pins(floor: TileFloor) -> Iterator[Pin]:
    """Controls and both ends of the register, at the lower edge."""
    ends = {net: x for net, x in floor.left_lanes.items() if net != TURN}
    for net, x in (ends | {"dout": floor.way_out_x(floor.folds - 1)}).items():
        yield Pin(net, Layer.MET3, line_box(x, floor.bottom, floor.bottom + LINE_NM))
