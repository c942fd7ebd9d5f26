"""What lies left of the rows: drivers of pulses and of word lines, lanes of address and level, and the lines' ways."""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.cells.memory.plan import LINE_NM
from analoom.cells.memory.word_driver import word_driver
from analoom.cells.model.cell import Instance, Pin
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.cells.parts.via_stack import draw_stack, draw_via_arrays
from analoom.cells.pulse_width.pulse_driver import pulse_driver
from analoom.cells.pulse_width.wires import LEAST_NM
from analoom.cells.strip.draw import track_box
from analoom.cells.strip.gates import VSS
from analoom.cells.strip.sizes import RAIL_NM, TRACK_NM
from analoom.generators.memory.lanes import draw_address_lane, line_box
from analoom.generators.memory.word_size import words_height
from analoom.generators.memory.words import address_lines, listeners
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import MET2

from .circuits import pulse_nets, word_nets
from .floor import TileFloor
from .row_height import pulse_height


def row_drivers(floor: TileFloor) -> Iterator[Instance]:
    """Two drivers a row."""
    bits, spec = floor.spec.address_bits, floor.spec
    for row in range(spec.rows):
        words, pulses = (kdb.Trans(x, row * floor.pitch) for x in (floor.words_left, floor.pulses_left))
        yield Instance(f"word{row}", word_driver(bits, words_height(bits)), words, word_nets(spec, row))
        yield Instance(f"pulse{row}", pulse_driver(pulse_height(spec)), pulses, pulse_nets(row))


def draw_row_drivers(drawing: Drawing, floor: TileFloor) -> None:
    """Lanes with their ways to each row, and every line on to the weights."""
    for net, x in _lanes(floor).items():
        listening = listeners(net, floor.spec.rows, floor.spec.address_bits)
        tracks = [row * floor.pitch + floor.word_plan.tracks[name] for row, name in listening]
        draw_address_lane(drawing, floor, x, tracks)
    drawing.add(Layer.MET3, line_box(floor.vcas_x, floor.vcas_y - LINE_NM // 2, floor.top))
    draw_stack(drawing, floor.vcas_x, floor.vcas_y, Layer.MET2, Layer.MET3, "h")
    for row in range(floor.spec.rows):
        draw_stack(drawing, floor.vcas_x, floor.pulse_y(row, "vcas"), Layer.MET2, Layer.MET3, "h")
        _pulse_in(drawing, floor, row)
        _word_line(drawing, floor, row)
        for net, x in zip(("pb", "p"), floor.jog_x, strict=True):
            _jog(drawing, x, (floor.pulses_right - 2 * TRACK_NM, floor.pulse_y(row, net)), floor.row_y(row, net))
    for y in floor.rail_y(VSS)[:-1]:
        _rail_of_ground(drawing, floor, y)


def row_pins(floor: TileFloor) -> Iterator[Pin]:
    """Pulses at the left edge, the address at the upper one."""
    for row in range(floor.spec.rows):
        y = floor.pulse_y(row, "in") - LINE_NM // 2
        yield Pin(f"in{row}", Layer.MET4, Box(floor.left, y, floor.left + LINE_NM, y + LINE_NM))
    for net, x in _lanes(floor).items():
        yield Pin(net, Layer.MET3, line_box(x, floor.top - LINE_NM, floor.top))


def _lanes(floor: TileFloor) -> dict[str, int]:
    """Middles of the lanes of the address."""
    return {net: floor.address_x(k) for k, net in enumerate(address_lines(floor.spec.rows, floor.spec.address_bits))}


def _pulse_in(drawing: Drawing, floor: TileFloor, row: int) -> None:
    """From the left edge on met4 over the word drivers."""
    y, x = floor.pulse_y(row, "in"), floor.level_x
    drawing.add(Layer.MET2, track_box(x - TRACK_NM, floor.pulses_left + 2 * TRACK_NM, y))
    _to_met4(drawing, x, y)
    half = LINE_NM // 2
    drawing.box(Layer.MET4, floor.left, y - half, x + half, y - half + LINE_NM)


def _word_line(drawing: Drawing, floor: TileFloor, row: int) -> None:
    """From its driver on met4 over that of the pulse, and on met2 to the latches."""
    y, half, right = floor.word_y(row), LINE_NM // 2, floor.jog_x[0]
    drawing.add(Layer.MET2, track_box(floor.words_right - 2 * TRACK_NM, floor.level_x + TRACK_NM, y))
    for x in (floor.level_x, right):
        _to_met4(drawing, x, y)
    drawing.box(Layer.MET4, floor.level_x - half, y - half, right + half, y - half + LINE_NM)
    _jog(drawing, right, (right - TRACK_NM // 2, y), floor.row_y(row, "wl"))


def _to_met4(drawing: Drawing, x: int, y: int) -> None:
    """A stack, with as much met3 as its rule of area asks."""
    draw_stack(drawing, x, y, Layer.MET2, Layer.MET4, "h")
    half, level = LINE_NM // 2, y // CUT_GRID_NM * CUT_GRID_NM
    drawing.box(Layer.MET3, x - half, level - half, x - half + LINE_NM, level - half + LEAST_NM)


def _jog(drawing: Drawing, x: int, start: tuple[int, int], y: int) -> None:
    """Met2 from `start` to `x`, there up or down to `y`, and on to the weights."""
    left, level = start
    ends = track_box(0, 1, level), track_box(0, 1, y)
    half = TRACK_NM // 2
    drawing.add(Layer.MET2, track_box(left, x + half, level))
    bottom, top = min(box.bottom for box in ends), max(box.top for box in ends)
    drawing.box(Layer.MET2, x - half, bottom, x - half + TRACK_NM, top)
    drawing.add(Layer.MET2, track_box(x - half, 0, y))


def _rail_of_ground(drawing: Drawing, floor: TileFloor, y: int) -> None:
    """From rail to rail of both drivers, and on to the weights."""
    half = RAIL_NM // 2
    drawing.box(Layer.MET1, floor.words_right, y - half, floor.pulses_left, y + half)
    drawing.box(Layer.MET2, floor.pulses_right, y - half, 0, y + half)
    pad = Box(floor.pulses_right, y - half, -MET2.space_nm, y + half)
    draw_via_arrays(drawing, pad, Layer.MET1, Layer.MET2)
