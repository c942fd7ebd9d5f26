"""A charge-domain multiply-accumulate array: capacitors that add, switched by weights that are stored beside them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance, Pin, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.registry import cell_name, register
from analoom.cells.strip.draw import track_box
from analoom.cells.strip.sizes import TRACK_NM
from analoom.cells.switch.weight_bit import CLOCKS
from analoom.generators.array.block_tree import units_below
from analoom.pdk.layers import Layer
from analoom.pdk.units import to_um

from .edges import Edges, chain_x, draw_chain
from .floor import LINE_NM, TileFloor, tile_floor
from .nets import SUPPLIES, SWITCH_CLOCKS, mac_ports
from .output import SAMPLE, B, Output
from .row import chain_ends, lane_pins, low_end, mac_row, row_edges
from .spec import ChargeMacSpec


@register(
    ChargeMacSpec,
    system="charge_mac",
    kind="mac",
    examples=[
        {"inputs": 2, "bits": 2, "outputs": 2, "unit": {"w": 1.0}},
        {"inputs": 2, "bits": 5, "outputs": 2, "dummies": False},
        {"inputs": 3, "bits": 3, "outputs": 2, "variant": "naive"},
    ],
)
def charge_mac(spec: ChargeMacSpec) -> Cell:
    """A charge-domain multiplier: each output is the sum of signed weights times inputs, by capacitors on one plate.

    Weight bits lie in latches below the capacitors they switch, in one shift chain from `din` to `dout`. A cycle: `rst`
    holds every common plate at vcm; it lets go; the inputs step, x by as much up as its mirror image xb down; `smp`
    samples the plates onto the outputs. A positive weight takes x, a negative one xb, a bit that is 0 leaves its units
    at vcm (complementary) or unconnected (naive).
    """
    floor, name = tile_floor(spec), cell_name("charge_mac", spec)
    edges, drawing = row_edges(floor), Drawing(name)
    rows = tuple(_row(floor, j) for j in range(spec.outputs))
    circuit = Circuit(name, mac_ports(spec.inputs, spec.outputs), instances=tuple(r.place(drawing) for r in rows))
    _draw_chain(drawing, edges)
    pins = tuple(draw_pin(drawing, pin) for pin in _pins(Output(edges)))
    areas = _areas(floor, Output(edges), drawing.cell.bbox().area() / 1e6)
    return Cell(name, "mac", spec, drawing.cell, circuit, pins, rows, notes=_notes(floor, areas), areas_um2=areas)


def shift_order(cell: Cell) -> list[tuple[int, int, int]]:
    """(output, input, bit) of every latch in the order of the shift chain, from din to dout."""
    spec = _spec(cell)
    return list(tile_floor(spec).grid.order(spec.inputs, spec.outputs))


def weight_nodes(cell: Cell) -> Iterator[tuple[int, int, int, str, dict[str, str]]]:
    """(output, input, bit, path of its weight_bit, net of each port of that) of every stored bit."""
    for path, _, nets in units_below(cell, {port: port for port in cell.circuit.ports}):
        row, tile, leaf = [*path.split("."), "", ""][:3]
        if leaf.startswith("bit"):
            yield int(row[3:]), int(tile[1:]), int(leaf[3:]), path, nets


def _spec(cell: Cell) -> ChargeMacSpec:
    if not isinstance(cell.spec, ChargeMacSpec):
        raise TypeError(f"{cell.name} is no charge_mac")
    return cell.spec


def _row(floor: TileFloor, j: int) -> Instance:
    """Row `j` from below, with the nets of its ports."""
    spec, row = floor.spec, mac_row(floor, start_left=floor.grid.from_left(j, 0))
    shared = ("vcm", *SWITCH_CLOCKS, *CLOCKS, *SUPPLIES)
    nets = {port: port for port in row.circuit.ports if port in shared or port.startswith("x")}
    chain = ["din", *(f"c{k}" for k in range(1, spec.outputs)), "dout"]
    nets |= {"out": f"out{j}", "din": chain[j], "dout": chain[j + 1]}
    return Instance(f"row{j}", row, kdb.Trans(0, j * floor.height), nets)


def _ends(edges: Edges, j: int) -> list[tuple[int, int]]:
    """(x, y) where the chain enters row `j` and where it leaves it."""
    floor = edges.floor
    ends = chain_ends(floor, start_left=floor.grid.from_left(j, 0))
    return [(chain_x(edges, side), j * floor.height + y) for side, y in ends]


def _draw_chain(drawing: Drawing, edges: Edges) -> None:
    """The chain from the lower edge into the first row, from row to row, and out at the upper edge."""
    outputs, half = edges.floor.spec.outputs, LINE_NM // 2
    x, y = _ends(edges, 0)[0]
    draw_chain(drawing, x, 0, y + half, y)
    for j in range(outputs - 1):
        (x, y), (_, entry) = _ends(edges, j)[1], _ends(edges, j + 1)[0]
        draw_chain(drawing, x, y - half, entry + half, y, entry)
    x, y = _ends(edges, outputs - 1)[1]
    draw_chain(drawing, x, y - half, outputs * edges.floor.height, y)


def _pins(output: Output) -> Iterator[Pin]:
    """Inputs, lanes and din at the lower edge, dout at the upper one, the outputs on the right."""
    edges, half = output.edges, LINE_NM // 2
    floor, spec = edges.floor, edges.floor.spec
    for i in range(spec.inputs):
        for net, x in zip(("x", "xb"), floor.lines_x, strict=True):
            yield Pin(f"{net}{i}", Layer.MET3, low_end(i * floor.width + x - half, i * floor.width + x + half))
    for j in range(spec.outputs):
        y = output.track(SAMPLE, B) + j * floor.height
        yield Pin(f"out{j}", Layer.MET2, track_box(output.end - TRACK_NM, output.end, y))
    yield from lane_pins(output)
    x = _ends(edges, 0)[0][0]
    yield Pin("din", Layer.MET3, low_end(x - half, x + half))
    x, top = _ends(edges, spec.outputs - 1)[1][0], spec.outputs * floor.height
    yield Pin("dout", Layer.MET3, low_end(x - half, x + half).moved(0, top - LINE_NM))


def _notes(floor: TileFloor, areas_um2: dict[str, float]) -> dict[str, Any]:
    """What it takes up, in um and um2."""
    return {
        "tile_um": [to_um(floor.width), to_um(floor.height)],
        "slots": [floor.grid.rows, floor.grid.cols],
        "units_per_tile": floor.spec.largest,
        "areas_um2": areas_um2,
    }


def _areas(floor: TileFloor, output: Output, whole_um2: float) -> dict[str, float]:
    """Area by part: units at their pitch, spare ones included; each bit's share of latches and of switches.

    What is left, lines, buses, lanes and empty slots, counts as wiring.
    """
    spec, caps = floor.spec, floor.caps.grid
    if caps is None:
        raise TypeError(f"{floor.caps.name} is no array of units")
    tiles, pitch = spec.inputs * spec.outputs, caps.pitch_um
    (latches, _), (select, _) = floor.plan.diffusions
    split, height = to_um((latches.right + select.left) // 2), to_um(floor.plan.height)
    switch = spec.outputs * to_um(output.width) * to_um(output.height)
    parts = {
        "units": tiles * (caps.units + caps.dummies) * pitch[0] * pitch[1],
        "switches": tiles * spec.bits * (to_um(floor.plan.width) - split) * height + switch,
        "latches": tiles * spec.bits * split * height,
    }
    parts["wiring"] = whole_um2 - sum(parts.values())
    return {part: round(area, 3) for part, area in parts.items()}
