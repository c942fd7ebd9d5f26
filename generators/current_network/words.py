"""The word drivers at the left of the rows, the lanes of their address, and the word lines through all layers."""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.cells.memory.plan import LINE_NM
from analoom.cells.memory.word_driver import word_driver
from analoom.cells.model.cell import Instance, Pin
from analoom.cells.model.drawing import Drawing
from analoom.cells.strip.draw import track_box
from analoom.cells.strip.gates import VSS
from analoom.cells.strip.sizes import TRACK_NM
from analoom.generators.memory.lanes import draw_address_lane, draw_rail_on, line_box
from analoom.generators.memory.word_size import words_height
from analoom.generators.memory.words import address_lines, listeners
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import MET2

from .circuits import word_nets
from .floor import NetworkFloor

RAIL_END_NM = -MET2.space_nm
"""Where the met1 of a rail ends that changes to met2 on its way to the layers."""


def word_drivers(floor: NetworkFloor) -> Iterator[Instance]:
    """A driver a row."""
    bits = floor.spec.address_bits
    for row in range(floor.spec.rows):
        trans = kdb.Trans(floor.words_left, row * floor.pitch)
        yield Instance(f"word{row}", word_driver(bits, words_height(bits)), trans, word_nets(floor.spec, row))


def draw_words(drawing: Drawing, floor: NetworkFloor) -> None:
    """Lanes with their ways to each row, the word lines, and the rails of vss on to the first layer."""
    for net, x in _lanes(floor).items():
        listening = listeners(net, floor.spec.rows, floor.spec.address_bits)
        draw_address_lane(drawing, floor, x, [_track_y(floor, row, name) for row, name in listening])
    for row in range(floor.spec.rows):
        _way_out(drawing, floor, row)
        _word_line(drawing, floor, row)
    for row in range(floor.spec.dims[0] + 1):
        draw_rail_on(drawing, floor, RAIL_END_NM, floor.word_rail_y(VSS, row))


def _lanes(floor: NetworkFloor) -> dict[str, int]:
    """Middles of the lanes of the address."""
    return {net: floor.address_x(k) for k, net in enumerate(address_lines(floor.spec.rows, floor.spec.address_bits))}


def _track_y(floor: NetworkFloor, row: int, name: str) -> int:
    return row * floor.pitch + floor.word_plan.tracks[name]


def _way_out(drawing: Drawing, floor: NetworkFloor, row: int) -> None:
    """From the driver's track up or down to that of the latches."""
    start = floor.words_right
    y, line = _track_y(floor, row, "wl"), floor.layers[0].word_box(row, start + TRACK_NM, 0)
    drawing.add(Layer.MET2, track_box(start, start + 2 * TRACK_NM, y))
    low, high = sorted((track_box(0, 1, y), line), key=lambda box: box.bottom)
    drawing.box(Layer.MET2, start + TRACK_NM, low.bottom, start + 2 * TRACK_NM, high.top)
    drawing.add(Layer.MET2, line)


def _word_line(drawing: Drawing, floor: NetworkFloor, row: int) -> None:
    """From the synapses of one layer to the somas of the next that has such a row."""
    start = 0
    for x, layer in zip(floor.layer_x, floor.layers, strict=True):
        if row < layer.spec.rows:
            if x > start:
                drawing.add(Layer.MET2, layer.word_box(row, start, x))
            start = x + layer.right


def address_pins(floor: NetworkFloor) -> Iterator[Pin]:
    """Each line at the upper edge."""
    for net, x in _lanes(floor).items():
        yield Pin(net, Layer.MET3, line_box(x, floor.top - LINE_NM, floor.top))
