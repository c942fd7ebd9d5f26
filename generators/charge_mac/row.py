"""One output of a charge-domain multiplier: a row of weights on one common plate, its reset and its sampling switch."""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance, Pin, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.model.registry import cell_name
from analoom.cells.strip.draw import SUPPLY_USE, track_box
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import RAIL_NM, TRACK_NM
from analoom.cells.switch.weight_bit import CLOCKS
from analoom.pdk.layers import Layer

from .edges import Edges, chain_x, draw_chain, draw_chain_end, draw_edges
from .floor import LINE_NM, TileFloor
from .nets import SWITCH_CLOCKS, row_ports, tile_nets
from .output import SAMPLE, B, Output, draw_output, switches
from .tile import mac_tile

_ROWS: dict[str, Cell] = {}


def mac_row(floor: TileFloor, *, start_left: bool) -> Cell:
    """The row whose chain enters it on the left or on the right, drawn once a process; tile 0 lies at the origin."""
    name = f"{cell_name('charge_mac_row', floor.spec)}_{'l' if start_left else 'r'}"
    if name not in _ROWS:
        _ROWS[name] = _drawn(name, floor, start_left=start_left)
    return _ROWS[name]


def row_edges(floor: TileFloor) -> Edges:
    """Both ends of a row."""
    return Edges(floor, floor.spec.inputs * floor.width)


def chain_ends(floor: TileFloor, *, start_left: bool) -> tuple[tuple[str, int], tuple[str, int]]:
    """(side, height) where the chain enters a row and where it leaves it."""
    rows = floor.grid.rows
    side = {True: "l", False: "r"}
    last_from_left = start_left == ((rows - 1) % 2 == 0)
    return (side[start_left], floor.track_y("d", 0)), (side[not last_from_left], floor.track_y("d", rows - 1))


def _drawn(name: str, floor: TileFloor, *, start_left: bool) -> Cell:
    drawing, spec, edges = Drawing(name), floor.spec, row_edges(floor)
    output = Output(edges)
    tile = mac_tile(floor, start_left=start_left)
    tiles = [
        Instance(
            f"t{i}",
            tile,
            kdb.Trans(i * floor.width, 0),
            tile_nets(floor.grid, i, spec.inputs, start_left=start_left),
        )
        for i in range(spec.inputs)
    ]
    instances = (*tiles, *switches(output))
    circuit = Circuit(name, row_ports(spec.inputs), instances=tuple(i.place(drawing) for i in instances))
    draw_edges(drawing, edges)
    draw_output(drawing, output)
    _draw_turns(drawing, edges, start_left=start_left)
    pins = tuple(draw_pin(drawing, pin) for pin in _pins(output, start_left=start_left))
    return Cell(name, "macro", spec, drawing.cell, circuit, pins, instances)


def _draw_turns(drawing: Drawing, edges: Edges, *, start_left: bool) -> None:
    """The chain from each row of slots to the next, at the side where it leaves the first."""
    floor, half = edges.floor, LINE_NM // 2
    for row in range(floor.grid.rows):
        for side in "lr":
            draw_chain_end(drawing, edges, side, floor.track_y("d", row))
    for row in range(floor.grid.rows - 1):
        side = "r" if start_left == (row % 2 == 0) else "l"
        ys = floor.track_y("d", row), floor.track_y("d", row + 1)
        draw_chain(drawing, chain_x(edges, side), ys[0] - half, ys[1] + half, *ys)


def _pins(output: Output, *, start_left: bool) -> Iterator[Pin]:
    """Each net once; lines and lanes at the lower edge, the output at the right one, the chain where it turns in."""
    edges, floor, half = output.edges, output.edges.floor, LINE_NM // 2
    for i in range(floor.spec.inputs):
        for net, x in zip(("x", "xb"), floor.lines_x, strict=True):
            yield Pin(f"{net}{i}", Layer.MET3, low_end(i * floor.width + x - half, i * floor.width + x + half))
    yield from lane_pins(output)
    track = track_box(output.end - TRACK_NM, output.end, output.track(SAMPLE, B))
    yield Pin("out", Layer.MET2, track)
    for name, (side, y) in zip(("din", "dout"), chain_ends(floor, start_left=start_left), strict=True):
        x = chain_x(edges, side)
        yield Pin(name, Layer.MET2, track_box(x - TRACK_NM // 2, x - TRACK_NM // 2 + TRACK_NM, y))


def lane_pins(output: Output) -> Iterator[Pin]:
    """Clocks, vcm and supplies, at the lower edge."""
    edges, half = output.edges, LINE_NM // 2
    for net in (*CLOCKS, "vcm"):
        lane = edges.left[net]
        yield Pin(net, Layer.MET3, low_end(lane.left, lane.right))
    for net in SWITCH_CLOCKS:
        x = output.lines[net]
        yield Pin(net, Layer.MET3, low_end(x - half, x + half))
    for net in (VDD, VSS):
        lane, rail = edges.left[net], edges.floor.rail_y(net)[0] - RAIL_NM // 2
        yield Pin(net, Layer.MET3, low_end(lane.left, lane.right, min(0, rail)), SUPPLY_USE[net])


def low_end(left: int, right: int, bottom: int = 0) -> Box:
    """The lower end of a line; that of a supply reaches down to the edge of its lowest rail."""
    return Box(left, bottom, right, LINE_NM)
