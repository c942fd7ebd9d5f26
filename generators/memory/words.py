"""The word drivers beside the rows of an array, their address lanes, and the way from met1 to the latches' met2."""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.cells.memory.plan import LINE_NM
from analoom.cells.memory.word_driver import inputs_of, word_driver
from analoom.cells.model.cell import Instance, Pin
from analoom.cells.model.drawing import Drawing
from analoom.cells.strip.draw import draw_track, track_box
from analoom.cells.strip.filler import strip_filler
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import TRACK_NM, VIA_END_NM
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import MET1

from .block import row_trans
from .floor import MemoryFloor
from .lanes import draw_address_lane, draw_rail_on, line_box

JOG_NM = -TRACK_NM
"""Right edge of the piece of a word line that leads from the driver's track to the latches'."""
RAIL_END_NM = -VIA_END_NM - MET1.space_nm
"""Where the rails' met1 ends, off the word line's stack at the edge of the latches."""


def address_nets(row: int, bits: int) -> list[str]:
    """The lines that are high while a row is chosen: of each bit of its number the line, or its complement."""
    return [f"a{bit}" if row >> bit & 1 else f"a{bit}b" for bit in range(bits)]


def address_lines(rows: int, bits: int) -> list[str]:
    """Every line that a row listens to, bit by bit, the line before its complement."""
    used = {net for row in range(rows) for net in address_nets(row, bits)}
    return [net for bit in range(bits) for net in (f"a{bit}", f"a{bit}b") if net in used]


def listeners(net: str, rows: int, bits: int) -> Iterator[tuple[int, str]]:
    """Rows that listen to a line of the address, and the driver's input that does."""
    for row in range(rows):
        for name, wanted in zip(inputs_of(bits), address_nets(row, bits), strict=True):
            if wanted == net:
                yield row, name


def word_drivers(floor: MemoryFloor) -> Iterator[Instance]:
    """A driver a row."""
    bits, cell = floor.spec.address_bits, word_driver(floor.spec.address_bits, floor.plan.height)
    for row in range(floor.spec.rows):
        trans = kdb.Trans(floor.words_left, 0) * row_trans(floor.plan.height, row)
        nets = dict(zip(inputs_of(bits), address_nets(row, bits), strict=True))
        yield Instance(f"word{row}", cell, trans, nets | {"wl": f"wl{row}", VDD: VDD, VSS: VSS})


def draw_words(drawing: Drawing, floor: MemoryFloor) -> None:
    """Lanes with their ways to each row, and what joins a row's driver to its latches."""
    for net, x in address_lanes(floor).items():
        listening = listeners(net, floor.spec.rows, floor.spec.address_bits)
        draw_address_lane(drawing, floor, x, [_track_y(floor, name, row) for row, name in listening])
    for row in range(floor.spec.rows):
        _joint(drawing, floor, row)
    for net in (VSS, VDD):
        for y in floor.rail_y(net):
            draw_rail_on(drawing, floor, RAIL_END_NM, y)


def address_lanes(floor: MemoryFloor) -> dict[str, int]:
    """Middles of the met3 of the address lines, which run from the upper edge down to the rows that listen."""
    return {net: floor.address_x(k) for k, net in enumerate(address_lines(floor.spec.rows, floor.spec.address_bits))}


def address_pins(floor: MemoryFloor) -> Iterator[Pin]:
    """Each line at the upper edge."""
    for net, x in address_lanes(floor).items():
        yield Pin(net, Layer.MET3, line_box(x, floor.top - LINE_NM, floor.top))


def _track_y(floor: MemoryFloor, net: str, row: int) -> int:
    return (row_trans(floor.plan.height, row) * kdb.Point(0, floor.word_plan.tracks[net])).y


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
