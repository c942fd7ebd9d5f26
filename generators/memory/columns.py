"""The column drivers below an array: rows of them, the register that runs through all, and the bit lines above."""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.memory.column_driver import BITS, CONTROLS, NAME, column_driver
from analoom.cells.memory.plan import FOLDS, LINE_NM
from analoom.cells.model.cell import Instance, Pin
from analoom.cells.model.drawing import CUT_GRID_NM, Drawing
from analoom.cells.parts.via_stack import draw_stack
from analoom.cells.strip.filler import strip_filler
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import AXIS_NM, COLUMN_NM
from analoom.pdk.layers import Layer

from .driver_floor import IN, TURN
from .floor import MemoryFloor
from .lanes import CHAIN, draw_controls, draw_register, line_box


def column_drivers(floor: MemoryFloor) -> Iterator[Instance]:
    """A driver a column, in the order of the register."""
    last, cell = len(floor.order) - 1, column_driver()
    for k, (fold, col) in enumerate(floor.order):
        mirrored = not floor.runs_right(fold)
        x = col // FOLDS * floor.slot + (floor.driver.width if mirrored else 0)
        nets = {"d": f"c{k}" if k else IN, "q": "dout" if k == last else f"c{k + 1}"}
        nets |= {net: net for net in (*CONTROLS, VDD, VSS)} | {bit: f"{bit}{col}" for bit in BITS}
        yield Instance(f"column{col}", cell, floor.fold_trans(fold, x, mirrored=mirrored), nets)


def draw_columns(drawing: Drawing, floor: MemoryFloor) -> None:
    """What lies between the drivers, their lanes, the register's turns and ends, and the bit lines."""
    _fillers(drawing, floor)
    draw_controls(drawing, floor)
    draw_register(drawing, floor)
    for col in range(floor.spec.cols):
        for bit, x in zip(BITS, floor.bit_x(col), strict=True):
            _bit_line(drawing, floor, bit, x, col % FOLDS)


def _fillers(drawing: Drawing, floor: MemoryFloor) -> None:
    """Beside each driver, and in the places of the last ones that are not there, as wide as one: cuts fall together."""
    width = floor.driver.width
    for fold in range(floor.folds):
        for slot in range(floor.slots):
            _filler(drawing, floor, fold, slot * floor.slot + width, floor.slot - width)
            if slot * FOLDS + fold >= floor.spec.cols:
                _filler(drawing, floor, fold, slot * floor.slot, width)


def _filler(drawing: Drawing, floor: MemoryFloor, fold: int, x: int, width: int) -> None:
    cell = strip_filler(NAME, floor.driver, width, (*CONTROLS, CHAIN))
    drawing.instance(cell, floor.fold_trans(fold, x))


def _bit_line(drawing: Drawing, floor: MemoryFloor, bit: str, x: int, fold: int) -> None:
    """From the latches' met1 up to met3 and down over the drivers, with a way to the track of its own."""
    drawing.box(Layer.MET1, x - COLUMN_NM // 2, floor.stack_y, x + COLUMN_NM // 2, AXIS_NM)
    draw_stack(drawing, x, floor.stack_y, Layer.MET1, Layer.MET3)
    line = x // CUT_GRID_NM * CUT_GRID_NM
    drawing.add(Layer.MET3, line_box(line, floor.bottom, floor.stack_y))
    draw_stack(drawing, line, floor.fold_track_y(bit, fold), Layer.MET2, Layer.MET3, "h")


def column_pins(floor: MemoryFloor) -> Iterator[Pin]:
    """Controls, both ends of the register and the bit lines, at the lower edge."""
    ends = {net: x for net, x in floor.left_lanes.items() if net != TURN}
    ends |= {"dout": floor.way_out_x(floor.folds - 1)}
    for col in range(floor.spec.cols):
        ends |= {f"{bit}{col}": x // CUT_GRID_NM * CUT_GRID_NM for bit, x in zip(BITS, floor.bit_x(col), strict=True)}
    for net, x in ends.items():
        yield Pin(net, Layer.MET3, line_box(x, floor.bottom, floor.bottom + LINE_NM))
