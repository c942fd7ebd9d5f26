"""The word drivers beside the rows of an array, their address lanes, and the way from met1 to the latches' met2."""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.cells.memory.word_driver import inputs_of, word_driver
from analoom.cells.model.cell import Instance, Pin
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.parts.via_stack import draw_stack, draw_via_arrays
from analoom.cells.strip.draw import draw_track, track_box
from analoom.cells.strip.filler import strip_filler
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import RAIL_NM, TRACK_NM, VIA_END_NM
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import MET1

from .block import row_trans
from .floor import MemoryFloor
from .outlets import LINE_NM

JOG_NM = -TRACK_NM
"""Right edge of the piece of a word line that leads from the driver's track to the latches'."""
RAIL_END_NM = -VIA_END_NM - MET1.space_nm
"""Where the rails' met1 ends, off the word line's stack at the edge of the latches."""


def address_nets(row: int, bits: int) -> list[str]:
    """The lines that are high while a row is chosen: of each bit of its number the line, or its complement."""
    return [f"a{bit}" if row >> bit & 1 else f"a{bit}b" for bit in range(bits)]


def address_lines(floor: MemoryFloor) -> list[str]:
    """Every line that a row listens to, bit by bit, the line before its complement."""
    bits = floor.spec.address_bits
    used = {net for row in range(floor.spec.rows) for net in address_nets(row, bits)}
    return [net for bit in range(bits) for net in (f"a{bit}", f"a{bit}b") if net in used]


def word_drivers(floor: MemoryFloor) -> Iterator[Instance]:
    """A driver a row."""
    bits, cell = floor.spec.address_bits, word_driver(floor.spec.address_bits, floor.plan.height)
    for row in range(floor.spec.rows):
        trans = kdb.Trans(floor.words_left, 0) * row_trans(floor.plan.height, row)
        nets = dict(zip(inputs_of(bits), address_nets(row, bits), strict=True))
        yield Instance(f"word{row}", cell, trans, nets | {"wl": f"wl{row}", VDD: VDD, VSS: VSS})


def draw_words(drawing: Drawing, floor: MemoryFloor) -> None:
    """Lanes with their ways to each row, and what joins a row's driver to its latches."""
    for net, lane in address_lanes(floor).items():
        drawing.add(Layer.MET3, lane)
        for row in range(floor.spec.rows):
            for name, wanted in zip(inputs_of(floor.spec.address_bits), _nets(floor, row), strict=True):
                if wanted == net:
                    _tap(drawing, floor, lane, _track_y(floor, name, row))
    for row in range(floor.spec.rows):
        _joint(drawing, floor, row)
    for net in (VSS, VDD):
        for y in floor.rail_y(net):
            _rail(drawing, floor, y)


def address_lanes(floor: MemoryFloor) -> dict[str, Box]:
    """The met3 of each address line, from the lowest rail to the upper edge."""
    found = {}
    for k, net in enumerate(address_lines(floor)):
        left = floor.address_x(k) - LINE_NM // 2
        found[net] = Box(left, 0, left + LINE_NM, floor.top)
    return found


def address_pins(floor: MemoryFloor) -> Iterator[Pin]:
    """Each line at the upper edge."""
    for net, lane in address_lanes(floor).items():
        yield Pin(net, Layer.MET3, Box(lane.left, lane.top - LINE_NM, lane.right, lane.top))


def _nets(floor: MemoryFloor, row: int) -> list[str]:
    return address_nets(row, floor.spec.address_bits)


def _track_y(floor: MemoryFloor, net: str, row: int) -> int:
    return (row_trans(floor.plan.height, row) * kdb.Point(0, floor.word_plan.tracks[net])).y


def _tap(drawing: Drawing, floor: MemoryFloor, lane: Box, y: int) -> None:
    """From a lane to a track, which is lengthened where the lane lies beside the driver."""
    x = lane.left + LINE_NM // 2
    draw_stack(drawing, x, y, Layer.MET2, Layer.MET3, "h")
    if lane.left < floor.words_left:
        draw_track(drawing, lane.left, floor.words_left, y)


def _joint(drawing: Drawing, floor: MemoryFloor, row: int) -> None:
    """The frame between a driver and its latches, and the word line from one track to the other."""
    plan, width = floor.word_plan, -floor.words_right
    cell = strip_filler(f"word_joint_{plan.height}", plan, width, ())
    drawing.instance(cell, kdb.Trans(floor.words_right, 0) * row_trans(floor.plan.height, row))
    ends = [_track_y(floor, "wl", row), (row_trans(plan.height, row) * kdb.Point(0, floor.plan.tracks["wl"])).y]
    draw_track(drawing, floor.words_right, JOG_NM, ends[0])
    draw_track(drawing, JOG_NM - TRACK_NM, 0, ends[1])
    low, high = (track_box(0, 1, y) for y in sorted(ends))
    drawing.box(Layer.MET2, JOG_NM - TRACK_NM, low.bottom, JOG_NM, high.top)


def _rail(drawing: Drawing, floor: MemoryFloor, y: int) -> None:
    """From the driver's rail on met1 to the latches' on met2."""
    bottom, top = y - RAIL_NM // 2, y + RAIL_NM // 2
    drawing.box(Layer.MET2, floor.words_right, bottom, 0, top)
    draw_via_arrays(drawing, Box(floor.words_right, bottom, RAIL_END_NM, top), Layer.MET1, Layer.MET2)
