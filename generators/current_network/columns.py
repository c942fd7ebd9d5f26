"""The column drivers below the layers: a row of them a bit, the register that runs through all, and the bit lines."""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.current_mode.circuits import BITS
from analoom.cells.memory.column_driver import BITS as LINES
from analoom.cells.memory.column_driver import CONTROLS, NAME, column_driver
from analoom.cells.memory.plan import LINE_NM
from analoom.cells.model.cell import Instance, Pin
from analoom.cells.model.drawing import Drawing
from analoom.cells.parts.via_stack import draw_stack
from analoom.cells.strip.filler import strip_filler
from analoom.generators.memory.driver_floor import TURN
from analoom.generators.memory.lanes import CHAIN, draw_controls, draw_register, line_box
from analoom.pdk.layers import Layer

from .circuits import column_nets
from .floor import NetworkFloor
from .write_order import Stage, stages


def column_drivers(floor: NetworkFloor) -> Iterator[Instance]:
    """A driver a bit of each column, in the order of the register."""
    chain = stages(floor.spec)
    for k, (stage, nets) in enumerate(zip(chain, column_nets(floor.spec), strict=True)):
        fold = BITS.index(stage.bit)
        mirrored = not floor.runs_right(fold)
        x = _column_x(floor, stage) + (floor.driver.width if mirrored else 0)
        yield Instance(f"column{k}", column_driver(), floor.fold_trans(fold, x, mirrored=mirrored), nets)


def draw_columns(drawing: Drawing, floor: NetworkFloor) -> None:
    """What lies between the drivers, their lanes, the register's turns and ends, and the bit lines."""
    for fold in range(len(BITS)):
        _fillers(drawing, floor, fold)
    draw_controls(drawing, floor)
    draw_register(drawing, floor)
    for k, layer in enumerate(floor.layers):
        for _, bit, which, x in layer.bit_x():
            y = floor.fold_track_y(LINES[which], BITS.index(bit))
            left = floor.layer_x[k] + x
            drawing.add(Layer.MET3, line_box(left, y - LINE_NM // 2, layer.bottom))
            draw_stack(drawing, left, y, Layer.MET2, Layer.MET3, "h")


def _column_x(floor: NetworkFloor, stage: Stage) -> int:
    return floor.layer_x[stage.layer] + floor.layers[stage.layer].column_x(stage.output)


def _fillers(drawing: Drawing, floor: NetworkFloor, fold: int) -> None:
    """Beside each driver: rails, wells and the tracks that go through."""
    starts = sorted(_column_x(floor, stage) for stage in stages(floor.spec) if stage.bit == BITS[fold])
    edges = [0, *(edge for x in starts for edge in (x, x + floor.driver.width)), floor.drivers_width]
    for left, right in zip(edges[::2], edges[1::2], strict=True):
        cell = strip_filler(NAME, floor.driver, right - left, (*CONTROLS, CHAIN))
        drawing.instance(cell, floor.fold_trans(fold, left))


def column_pins(floor: NetworkFloor) -> Iterator[Pin]:
    """Controls and both ends of the register, at the lower edge."""
    ends = {net: x for net, x in floor.left_lanes.items() if net != TURN}
    for net, x in (ends | {"dout": floor.way_out_x(floor.folds - 1)}).items():
        yield Pin(net, Layer.MET3, line_box(x, floor.bottom, floor.bottom + LINE_NM))
