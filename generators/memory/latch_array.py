"""An array of latches that is written by address and holds what it is written on wires at its upper edge."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import klayout.db as kdb

from analoom.cells.memory.column_driver import BITS, CONTROLS
from analoom.cells.memory.draw import bit_box
from analoom.cells.memory.plan import LINE_NM
from analoom.cells.model.cell import Cell, Instance, Pin, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.model.registry import cell_name, register
from analoom.cells.parts.via_stack import draw_via_arrays
from analoom.cells.strip.draw import SUPPLY_USE
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import AXIS_NM, COLUMN_NM, RAIL_NM, TRACK_NM
from analoom.pdk.layers import Layer

from .block import bit_net, block_ports, latch_block, rails, turned
from .columns import column_drivers, column_pins, draw_columns
from .floor import PAST_RAIL_NM, MemoryFloor
from .outlets import outlet_column, outlet_pins
from .spec import LatchArraySpec
from .words import address_lines, address_pins, draw_words, word_drivers


@register(
    LatchArraySpec,
    system="memory",
    kind="memory",
    examples=[
        {"rows": 2, "cols": 3, "drivers": False},
        {"rows": 3, "cols": 5, "complement": True, "drivers": False},
        {"rows": 3, "cols": 6, "latch": {"w": 0.55}},
    ],
)
def latch_array(spec: LatchArraySpec) -> Cell:
    """Rows x cols addressed bits: a row is written at once, from the shift register below, where the address says."""
    floor, name = MemoryFloor(spec), cell_name("latch_array", spec)
    drawing, instances = Drawing(name), tuple(_instances(floor))
    circuit = Circuit(name, array_ports(spec), instances=tuple(i.place(drawing) for i in instances))
    column = outlet_column(floor.plan, spec.rows, spec.nodes, floor.top)
    drawing.instance(column, kdb.Trans(), nx=spec.cols, dx=floor.plan.width)
    _draw_supplies(drawing, floor)
    if spec.drivers:
        draw_words(drawing, floor)
        draw_columns(drawing, floor)
    else:
        _draw_ends(drawing, floor)
    pins = tuple(draw_pin(drawing, pin) for pin in _pins(floor))
    areas = _areas(floor, drawing.cell.bbox().area() / 1e6)
    notes = _notes(floor, areas)
    return Cell(name, "memory", spec, drawing.cell, circuit, pins, instances, notes=notes, areas_um2=areas)


def array_ports(spec: LatchArraySpec) -> tuple[str, ...]:
    """The nets of an array's ports: with drivers the address and the register stand for the word lines."""
    joined = dict.fromkeys(rails(spec.rows), VDD)
    ports = tuple(dict.fromkeys(joined.get(p, p) for p in block_ports(spec.rows, spec.cols, spec.nodes)))
    if not spec.drivers:
        return ports
    words = {f"wl{row}" for row in range(spec.rows)}
    inputs = (*address_lines(spec.rows, spec.address_bits), "din", "dout", *CONTROLS)
    return (*inputs, *(port for port in ports if port not in words))


def register_order(spec: LatchArraySpec) -> list[int]:
    """Columns in the order of the shift register: the bit that is shifted in last lies behind the first one."""
    return [col for _, col in MemoryFloor(spec).order]


def _instances(floor: MemoryFloor) -> Iterator[Instance]:
    spec = floor.spec
    array = latch_block(spec.latch, spec.rows, spec.cols, spec.nodes)
    nets = {port: VDD if port in rails(spec.rows) else port for port in array.circuit.ports}
    yield Instance("array", array, kdb.Trans(), nets)
    if spec.drivers:
        yield from word_drivers(floor)
        yield from column_drivers(floor)


def _draw_supplies(drawing: Drawing, floor: MemoryFloor) -> None:
    """The lanes, and every rail out to them: the latches' on met2, the column drivers' on met1."""
    for net, lane in floor.supply_lanes.items():
        drawing.add(Layer.MET3, lane)
        for y in floor.rail_y(net):
            _rail(drawing, lane, floor.width, y, Layer.MET2)
        for y in floor.fold_rail_y(net) if floor.spec.drivers else ():
            _rail(drawing, lane, floor.drivers_width, y, Layer.MET1)


def _rail(drawing: Drawing, lane: Box, start: int, y: int, layer: Layer) -> None:
    bottom, top = y - RAIL_NM // 2, y + RAIL_NM // 2
    drawing.box(layer, start, bottom, lane.right, top)
    draw_via_arrays(drawing, Box(lane.left, bottom, lane.right, top), layer, Layer.MET3)


def _draw_ends(drawing: Drawing, floor: MemoryFloor) -> None:
    """Bit lines down to the lower edge, word lines out to the left one, where there is no driver."""
    for pin in _end_pins(floor):
        drawing.add(pin.layer, pin.box)
        if pin.layer is Layer.MET1:
            drawing.box(Layer.MET1, pin.box.left, pin.box.bottom, pin.box.right, AXIS_NM)
        else:
            drawing.box(Layer.MET2, pin.box.left, pin.box.bottom, 0, pin.box.top)


def _end_pins(floor: MemoryFloor) -> Iterator[Pin]:
    plan = floor.plan
    for row in range(floor.spec.rows):
        y = turned(plan.height, row, Box(0, plan.tracks["wl"], 1, plan.tracks["wl"])).bottom
        box = Box(-PAST_RAIL_NM, y - TRACK_NM // 2, -PAST_RAIL_NM + TRACK_NM, y - TRACK_NM // 2 + TRACK_NM)
        yield Pin(f"wl{row}", Layer.MET2, box)
    for col in range(floor.spec.cols):
        for bit, x in zip(BITS, floor.bit_x(col), strict=True):
            line = bit_box(plan, x)
            yield Pin(f"{bit}{col}", Layer.MET1, Box(line.left, floor.bottom, line.right, floor.bottom + COLUMN_NM))


def _pins(floor: MemoryFloor) -> Iterator[Pin]:
    """Bits and address at the upper edge, controls, bit lines and supplies at the lower one."""
    spec = floor.spec
    if spec.drivers:
        yield from address_pins(floor)
        yield from column_pins(floor)
    else:
        yield from _end_pins(floor)
    for col in range(spec.cols):
        for outlet, box in outlet_pins(floor.plan, spec.rows, spec.nodes, floor.top):
            net = bit_net(outlet.node, outlet.row, col)
            yield Pin(net, outlet.layer, box.moved(col * floor.plan.width, 0))
    for net in (VDD, VSS):
        lane = floor.supply_lanes[net]
        yield Pin(net, Layer.MET3, Box(lane.left, lane.bottom, lane.right, lane.bottom + LINE_NM), SUPPLY_USE[net])


def _areas(floor: MemoryFloor, whole_um2: float) -> dict[str, float]:
    """Area by part: latches at their pitch, drivers with the room beside them; the rest, lanes and rims, is wiring."""
    spec, parts = floor.spec, {"latches": floor.width * floor.height / 1e6}
    if spec.drivers:
        parts["word drivers"] = -floor.words_left * floor.height / 1e6
        parts["column drivers"] = floor.drivers_width * floor.folds * floor.driver.height / 1e6
    parts["wiring"] = whole_um2 - sum(parts.values())
    return {part: round(area, 3) for part, area in parts.items()}


def _notes(floor: MemoryFloor, areas_um2: dict[str, float]) -> dict[str, Any]:
    """What a bit takes up, in um2: the latch alone at its pitch, and the whole cell's share."""
    bits = floor.spec.rows * floor.spec.cols
    return {
        "bits": bits,
        "latch_area_um2": round(areas_um2["latches"] / bits, 4),
        "area_per_bit_um2": round(sum(areas_um2.values()) / bits, 4),
        "areas_um2": areas_um2,
        "register_order": [col for _, col in floor.order] if floor.spec.drivers else [],
    }
