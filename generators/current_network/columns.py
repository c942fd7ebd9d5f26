"""The column drivers below the layers: a row of them a bit, the register that runs through all, and the bit lines."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from analoom.cells.current_mode.circuits import BITS
from analoom.cells.current_mode.synapse_draw import LINE_NM
from analoom.cells.memory.column_driver import BITS as LINES
from analoom.cells.memory.column_driver import CONTROLS, NAME, column_driver
from analoom.cells.model.cell import Instance, Pin
from analoom.cells.model.drawing import Drawing
from analoom.cells.parts.via_stack import draw_stack
from analoom.cells.strip.draw import draw_track
from analoom.cells.strip.filler import strip_filler
from analoom.cells.strip.sizes import TRACK_NM
from analoom.generators.memory.columns import CHAIN
from analoom.generators.memory.outlets import LEAST_NM
from analoom.pdk.layers import Layer

from .circuits import column_nets
from .floor import IN, TURN, NetworkFloor
from .layer_floor import line_box
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
    for net in CONTROLS:
        drawing.add(Layer.MET3, line_box(floor.left_lanes[net], floor.bottom, floor.fold_top(0)))
        for fold in range(len(BITS)):
            _tap(drawing, floor.left_lanes[net], floor.fold_track_y(net, fold))
    _register(drawing, floor)
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


def _register(drawing: Drawing, floor: NetworkFloor) -> None:
    """Met3 from `din` to the first row of drivers, from row to row, and from the last one out."""
    x, y = floor.left_lanes[IN], floor.fold_track_y(CHAIN, 0)
    drawing.add(Layer.MET3, line_box(x, floor.bottom, y + LINE_NM // 2))
    _tap(drawing, x, y)
    for fold, after in pairwise(range(len(BITS))):
        ys = [floor.fold_track_y(CHAIN, k) for k in (fold, after)]
        drawing.add(Layer.MET3, line_box(turn_x(floor, fold), min(ys) - LINE_NM // 2, max(ys) + LINE_NM // 2))
        for y in ys:
            _turn(drawing, floor, fold, y)
    last = len(BITS) - 1
    y = floor.fold_track_y(CHAIN, last)
    drawing.add(Layer.MET3, line_box(turn_x(floor, last), floor.bottom, max(y + LINE_NM // 2, floor.bottom + LEAST_NM)))
    _turn(drawing, floor, last, y)


def turn_x(floor: NetworkFloor, fold: int) -> int:
    """Middle of the lane where the register leaves a row of drivers."""
    return floor.turn_x if floor.runs_right(fold) else floor.left_lanes[TURN]


def _turn(drawing: Drawing, floor: NetworkFloor, fold: int, y: int) -> None:
    _tap(drawing, turn_x(floor, fold), y, floor.drivers_width if floor.runs_right(fold) else 0)


def _tap(drawing: Drawing, x: int, y: int, edge: int = 0) -> None:
    """From the edge of the drivers to a lane."""
    half = TRACK_NM // 2
    draw_track(drawing, min(x - half, edge), max(x + half, edge), y)
    draw_stack(drawing, x, y, Layer.MET2, Layer.MET3, "h")


def column_pins(floor: NetworkFloor) -> Iterator[Pin]:
    """Controls and both ends of the register, at the lower edge."""
    ends = {net: x for net, x in floor.left_lanes.items() if net != TURN}
    for net, x in (ends | {"dout": turn_x(floor, len(BITS) - 1)}).items():
        yield Pin(net, Layer.MET3, line_box(x, floor.bottom, floor.bottom + LINE_NM))
