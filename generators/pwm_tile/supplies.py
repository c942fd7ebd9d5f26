"""Supplies of a tile, and the other nets that all rows or all columns have: lanes at the right, rails to them."""

from __future__ import annotations

from collections.abc import Iterator

from analoom.cells.memory.plan import LINE_NM
from analoom.cells.model.cell import Pin
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.cells.parts.via_stack import draw_stack, draw_via_arrays
from analoom.cells.strip.draw import SUPPLY_USE, track_box
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import RAIL_NM
from analoom.pdk.layers import Layer

from .broken_lane import draw_broken_lane
from .circuits import outer, tile_ports
from .floor import TileFloor
from .readout_floor import SUPPLY_NM

SUPPLIES = (VSS, VDD)
OF_ROWS = {"vbn": "vbn", "vdump": "dump"}
"""Lines of rows of weights that are one net of the tile."""


def draw_supplies(drawing: Drawing, floor: TileFloor) -> None:
    """Lanes with all rails, rows and channels that meet them."""
    for net in floor.bus:
        _lane(drawing, floor, net)
    for net in SUPPLIES:
        _rails(drawing, floor, net)
    for net, line in OF_ROWS.items():
        x = floor.bus[net].center().x // CUT_GRID_NM * CUT_GRID_NM
        for row in range(floor.spec.rows):
            y = floor.row_y(row, line)
            drawing.add(Layer.MET2, track_box(floor.width, x + LINE_NM // 2, y))
            draw_stack(drawing, x, y, Layer.MET2, Layer.MET3, "h")


def _lane(drawing: Drawing, floor: TileFloor, net: str) -> None:
    """The upright lane of a net; one of signals is broken where read-outs hang on it."""
    lane = floor.bus[net]
    if net in SUPPLIES:
        drawing.box(Layer.MET3, lane.left, floor.bottom, lane.right, floor.top)
        return
    taps = [floor.lane_y(row, net) for row in range(floor.readouts.rows) if floor.readouts.listens(row, net)]
    top = floor.top if net in OF_ROWS else max(taps)
    draw_broken_lane(drawing, lane.center().x // CUT_GRID_NM * CUT_GRID_NM, floor.bottom, top, taps)


def _rails(drawing: Drawing, floor: TileFloor, net: str) -> None:
    """Rails of the weights on met2 and of all drivers on met1."""
    left, right = drawing.add(Layer.MET3, floor.supply_lane(net)), floor.bus[net]
    for y in floor.rail_y(net):
        _rail(drawing, Layer.MET2, (floor.width, right.right), y, (right,))
    for y in floor.fold_rail_y(net):
        drawing.box(Layer.MET1, 0, y - RAIL_NM // 2, floor.width, y + RAIL_NM // 2)
        _rail(drawing, Layer.MET1, (left.left, 0), y, (left,))
        _rail(drawing, Layer.MET1, (floor.width, right.right), y, (right,))
    for row in range(floor.spec.rows):
        words, pulses = (row * floor.pitch + plan.fabric.rails_nm[net] for plan in (floor.word_plan, floor.pulse_plan))
        _rail(drawing, Layer.MET1, (left.left, floor.words_left), words, (left,))
        if net == VDD:
            _rail(drawing, Layer.MET1, (left.left, floor.pulses_left), pulses, (left,))


def _rail(drawing: Drawing, layer: Layer, ends: tuple[int, int], y: int, lanes: tuple[Box, ...]) -> None:
    """A rail with arrays of vias in each lane."""
    bottom, top = y - RAIL_NM // 2, y + RAIL_NM // 2
    drawing.box(layer, ends[0], bottom, ends[1], top)
    for lane in lanes:
        draw_via_arrays(drawing, Box(lane.left, bottom, lane.right, top), layer, Layer.MET3)


def draw_channel(drawing: Drawing, floor: TileFloor, row: int, left: int) -> None:
    """The lanes above a row of read-outs, each from `left` to its upright lane at the right."""
    for net in floor.bus:
        y, lane = floor.lane_y(row, net), floor.bus[net]
        if net in SUPPLIES:
            box = Box(left, y - SUPPLY_NM // 2, lane.right, y + SUPPLY_NM // 2)
            drawing.add(Layer.MET2, box)
            pad = Box(lane.left, box.bottom, lane.right, box.top)
            draw_via_arrays(drawing, pad, Layer.MET2, Layer.MET3)
        else:
            x = lane.center().x // CUT_GRID_NM * CUT_GRID_NM
            drawing.add(Layer.MET2, track_box(left, lane.right, y))
            draw_stack(drawing, x, y, Layer.MET2, Layer.MET3, "h")


def lane_pins(floor: TileFloor) -> Iterator[Pin]:
    """The lower ends of the lanes that come from outside."""
    ports = tile_ports(floor.spec)
    for net, lane in floor.bus.items():
        name = outer(floor.spec, net)
        if name in ports:
            box = Box(lane.left, floor.bottom, lane.right, floor.bottom + LINE_NM)
            yield Pin(name, Layer.MET3, box, SUPPLY_USE.get(net, "signal"))
