"""One weight of a charge-domain multiplier: its capacitors, and below them the bits that switch them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance, Pin, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.cells.model.registry import cell_name
from analoom.cells.parts.via_stack import draw_stack
from analoom.cells.strip.draw import SUPPLY_USE, draw_track, track_box
from analoom.cells.strip.filler import strip_filler
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import RAIL_NM, TRACK_NM
from analoom.cells.switch.weight_bit import CLOCKS, WeightBitSpec, weight_bit
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import MET1, MET2

from .floor import BUS_NM, LEAST_NM, LINE_NM, METAL_SPACE_NM, PAD_END_NM, PAD_HALF_NM, TOP_LINE_NM, TileFloor
from .nets import bit_nets, caps_nets, chain_nets, tile_ports

THROUGH = (*CLOCKS, "d")
"""Tracks that a slot without a bit hands on; the chain's is that of `d`."""

_TILES: dict[str, Cell] = {}


def mac_tile(floor: TileFloor, *, start_left: bool) -> Cell:
    """The tile whose chain enters its lowest row of slots from the left or from the right, drawn once a process."""
    name = f"{cell_name('charge_mac_tile', floor.spec)}_{'l' if start_left else 'r'}"
    if name not in _TILES:
        _TILES[name] = _drawn(name, floor, start_left=start_left)
    return _TILES[name]


def _drawn(name: str, floor: TileFloor, *, start_left: bool) -> Cell:
    drawing, spec = Drawing(name), floor.spec
    instances = (*_bits(floor, start_left=start_left), _caps(floor))
    circuit = Circuit(name, tile_ports(floor.grid), instances=tuple(i.place(drawing) for i in instances))
    _fillers(drawing, floor)
    for riser in _risers(floor):
        _draw_riser(drawing, riser)
    _buses(drawing, floor)
    _input_lines(drawing, floor)
    _top_line(drawing, floor)
    pins = tuple(_drawn_pin(drawing, pin) for pin in _pins(floor))
    return Cell(name, "macro", spec, drawing.cell, circuit, pins, instances)


def bit_cell(floor: TileFloor, bit: int) -> Cell:
    """The cell of a bit: the sign always chooses between two."""
    spec = floor.spec
    return weight_bit(WeightBitSpec(w=spec.w_select, l=spec.l, rest=spec.keeps_capacitance or bit == spec.sign))


def _bits(floor: TileFloor, *, start_left: bool) -> Iterator[Instance]:
    grid = floor.grid
    for row in range(grid.rows):
        from_left = start_left == (row % 2 == 0)
        for bit, d, q in chain_nets(grid, row, from_left=from_left):
            cell = bit_cell(floor, bit)
            trans = floor.slot_trans(row, grid.col(bit), from_left=from_left)
            nets = bit_nets(grid, bit, (d, q), rest="c" in cell.circuit.ports)
            yield Instance(f"bit{bit}", cell, trans, nets)


def _caps(floor: TileFloor) -> Instance:
    return Instance("caps", floor.caps, kdb.Trans(*floor.caps_at), caps_nets(floor.caps.circuit.ports))


def _fillers(drawing: Drawing, floor: TileFloor) -> None:
    """Fills slots without a bit, and what is left of the width beside the slots."""
    grid, name = floor.grid, bit_cell(floor, floor.spec.sign).name
    rest = floor.width - grid.cols * floor.plan.width
    for row in range(grid.rows):
        for col in range(grid.cols):
            if grid.bit(row, col) is None:
                cell = strip_filler(name, floor.plan, floor.plan.width, THROUGH)
                drawing.instance(cell, floor.slot_trans(row, col, from_left=True))
        if rest:
            cell = strip_filler(name, floor.plan, rest, THROUGH)
            drawing.instance(cell, floor.slot_trans(row, grid.cols, from_left=True))


@dataclass(frozen=True)
class _Riser:
    """A vertical met3 line at `x` with stacks down to `layer` at each of `ys`."""

    x: int
    ys: tuple[int, ...]
    layer: Layer = Layer.MET2


def _risers(floor: TileFloor) -> Iterator[_Riser]:
    grid, rows = floor.grid, range(floor.grid.rows)
    for (net, col), x in floor.riser_x.items():
        if net in (VDD, VSS):
            yield _Riser(x, tuple(floor.rail_y(net)), Layer.MET1)
        elif net in CLOCKS:
            yield _Riser(x, tuple(floor.track_y(net, row) for row in rows))
        else:
            yield _Riser(x, tuple(_signal_ys(floor, net, col)))
    for x, track in zip(floor.lines_x, ("c", "a"), strict=True):
        yield _Riser(x, (floor.track_y(track, grid.row(grid.bits - 1)),))


def _signal_ys(floor: TileFloor, net: str, col: int) -> Iterator[int]:
    """Where a riser of `xs`, `vcm` or a magnitude bit lands in its column of slots, and above them."""
    grid = floor.grid
    bits = [(row, bit) for row in range(grid.rows) if (bit := grid.bit(row, col)) is not None]
    for row, bit in bits:
        ends = {"a": "xs", "c": "vcm", "y": f"b{bit}"} if bit != grid.bits - 1 else {"y": "xs"}
        yield from (floor.track_y(track, row) for track, at in ends.items() if at == net)
    if net == "vcm":
        yield floor.vcm_y
    elif net != "xs":
        yield floor.caps_pin(net).center().y
    elif grid.cols > 1:
        yield floor.top_rail


def _draw_riser(drawing: Drawing, riser: _Riser) -> None:
    half, bottom, top = LINE_NM // 2, min(riser.ys), max(riser.ys)
    drawing.box(Layer.MET3, riser.x - half, min(bottom - half, top + half - LEAST_NM), riser.x + half, top + half)
    for y in riser.ys:
        draw_stack(drawing, riser.x, y, riser.layer, Layer.MET3, ends="h")


def _buses(drawing: Drawing, floor: TileFloor) -> None:
    """The bus of vcm, that of xs where it serves several columns, and what joins risers to the capacitors' lines."""
    drawing.box(Layer.MET2, 0, floor.vcm_y - BUS_NM // 2, floor.width, floor.vcm_y + BUS_NM // 2)
    ends = [x for (net, _), x in floor.riser_x.items() if net == "xs"]
    if floor.grid.cols > 1:
        draw_track(drawing, min(ends) - PAD_END_NM, max(ends) + PAD_END_NM, floor.top_rail)
    for (net, _), x in floor.riser_x.items():
        if net.startswith("b"):
            pin = floor.caps_pin(net)
            left, right = min(pin.left, x - PAD_END_NM), max(pin.right, x + PAD_END_NM)
            drawing.box(Layer.MET2, left, pin.bottom, right, pin.top)


def _input_lines(drawing: Drawing, floor: TileFloor) -> None:
    """x and xb: met3 over the bits, met1 beside the capacitors under a shield of met2 on vcm."""
    half, thin = LINE_NM // 2, MET1.width_nm // 2
    for x in floor.lines_x:
        drawing.box(Layer.MET3, x - half, 0, x + half, floor.down_y + half)
        drawing.box(Layer.MET1, x - thin, floor.down_y, x + thin, floor.up_y)
        drawing.box(Layer.MET3, x - half, floor.up_y - half, x + half, floor.height)
        for y in (floor.down_y, floor.up_y):
            draw_stack(drawing, x, y, Layer.MET1, Layer.MET3, ends="v")
    margin, top = MET2.space_nm // 2, floor.up_y - PAD_HALF_NM - METAL_SPACE_NM - CUT_GRID_NM
    shield = drawing.box(Layer.MET2, margin, floor.vcm_y, floor.gap - margin, top)
    if VSS in floor.caps.circuit.ports:
        line = floor.caps_pin(VSS)
        drawing.box(Layer.MET2, shield.right, line.bottom, line.right, line.top)


def _top_line(drawing: Drawing, floor: TileFloor) -> None:
    """Met4 from edge to edge above the capacitors, and what brings their common plate up to it."""
    half, pin = TOP_LINE_NM // 2, floor.caps_pin("top")
    drawing.box(Layer.MET4, 0, floor.top_y - half, floor.width, floor.top_y + half)
    drawing.box(Layer.MET4, pin.left, pin.bottom, pin.right, floor.top_y + half)


def _drawn_pin(drawing: Drawing, pin: Pin) -> Pin:
    """A pin with metal of its own: a label over a filler alone would name no wire of the tile."""
    drawing.add(pin.layer, pin.box)
    return draw_pin(drawing, pin)


def _pins(floor: TileFloor) -> Iterator[Pin]:
    """Each line once, where it enters the tile; the chain at both ends of each row of slots."""
    half, end = LINE_NM // 2, TRACK_NM
    for net, x in zip(("x", "xb"), floor.lines_x, strict=True):
        yield Pin(net, Layer.MET3, Box(x - half, 0, x + half, 2 * half))
    yield Pin("vcm", Layer.MET2, Box(0, floor.vcm_y - BUS_NM // 2, end, floor.vcm_y + BUS_NM // 2))
    yield Pin("top", Layer.MET4, Box(0, floor.top_y - TOP_LINE_NM // 2, end, floor.top_y + TOP_LINE_NM // 2))
    for row in range(floor.grid.rows):
        for net, left in ((f"l{row}", 0), (f"r{row}", floor.width - end)):
            yield Pin(net, Layer.MET2, track_box(left, left + end, floor.track_y("d", row)))
    for net in CLOCKS:
        yield Pin(net, Layer.MET2, track_box(0, end, floor.track_y(net, 0)))
    for net, use in SUPPLY_USE.items():
        y = floor.rail_y(net)[0]
        yield Pin(net, Layer.MET1, Box(0, y - RAIL_NM // 2, end, y + RAIL_NM // 2), use)
