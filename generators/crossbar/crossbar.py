"""A crossbar: any registered synapse woven into rows x cols, with a rim where its lines come out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance, MatchGroup, Pin, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.model.facts import Weave
from analoom.cells.model.registry import cell_name, register
from analoom.generators.array.block_tree import GROUND, block, tile_nm, units_below
from analoom.generators.array.ring_tile import RING_NM, Side
from analoom.pdk.layers import Layer

from .edge_tiles import PIN_NM, corner, corner_square, strip
from .rim import Rim, tied_to
from .spec import CrossbarSpec, chosen_synapse

LARGEST_MATCHED = 64 * 64
"""Crossbars of more synapses list no match groups: one box a transistor is too much to carry around."""


@register(
    CrossbarSpec,
    system="crossbar",
    kind="array",
    examples=[{"rows": 3, "cols": 5}, {"rows": 13, "cols": 9}, {"rows": 4, "cols": 4, "synapse": "synapse_cs"}],
)
def crossbar(spec: CrossbarSpec) -> Cell:
    """A crossbar of rows x cols synapses: a tree of blocks, edge cells with the pins, a guard ring."""
    unit = chosen_synapse(spec)
    rim, array = Rim(unit), block(unit, spec.rows, spec.cols)
    drawing = Drawing(cell_name("crossbar", spec))
    ties = _top_nets(rim, spec)
    instance = Instance("array", array, kdb.Trans(), ties)
    ports = tuple(dict.fromkeys(ties.values()))
    circuit = Circuit(drawing.cell.name, ports, instances=(instance.place(drawing),))
    _draw_rim(drawing, rim, spec)
    pins = tuple(draw_pin(drawing, pin) for pin in _pins(rim, spec))
    weave = Weave(spec.rows, spec.cols, unit.name, tile_nm(unit), {line.port: line.way for line in rim.lines})
    return Cell(
        drawing.cell.name,
        "array",
        spec,
        drawing.cell,
        circuit,
        pins,
        (instance,),
        _match_groups(unit, spec),
        _notes(unit, weave),
        weave=weave,
    )


def storage_nodes(cell: Cell) -> Iterator[tuple[int, int, str]]:
    """(row, column, node) of every weight of a crossbar, the node as a dotted path of instances ("array.r0c1.r3c2.sn").

    Row and column are read off the nets that reach the synapse, not off its place.
    """
    unit = chosen_synapse(cell.spec)  # type: ignore[arg-type]
    row, column = crossing(unit)
    node = unit.require_reading().stored
    for path, _, nets in units_below(cell, {port: port for port in cell.circuit.ports}):
        yield int(nets[row].removeprefix(row)), int(nets[column].removeprefix(column)), f"{path}.{node}"


def crossing(unit: Cell) -> tuple[str, str]:
    """The pins whose nets number a synapse: its first row line and its first column line."""
    signals = [line for line in Rim(unit).lines if not line.is_supply]
    return (
        next(line.port for line in signals if line.way == "row"),
        next(line.port for line in signals if line.way == "column"),
    )


def _top_nets(rim: Rim, spec: CrossbarSpec) -> dict[str, str]:
    """The crossbar's net of each port of the array: signals as they are, supplies as the rim ties them."""
    nets = {}
    for line in rim.lines:
        for port in line.nets(spec.rows, spec.cols):
            nets[port] = tied_to(line) if line.is_supply else port
    return nets


def _draw_rim(drawing: Drawing, rim: Rim, spec: CrossbarSpec) -> None:
    px, py = tile_nm(rim.unit)
    width, height = spec.cols * px, spec.rows * py
    at = {Side.LEFT: (0, 0), Side.RIGHT: (width, 0), Side.BOTTOM: (0, 0), Side.TOP: (0, height)}
    for side, corner_at in at.items():
        count = spec.rows if side.is_vertical else spec.cols
        drawing.instance(strip(rim, side, count), kdb.Trans(kdb.Vector(*corner_at)))
    for vertical, x in ((Side.LEFT, 0), (Side.RIGHT, width)):
        for horizontal, y in ((Side.BOTTOM, 0), (Side.TOP, height)):
            drawing.instance(corner(rim, vertical, horizontal), kdb.Trans(kdb.Vector(x, y)))


def _pins(rim: Rim, spec: CrossbarSpec) -> Iterator[Pin]:
    yield from _signal_pins(rim, spec)
    yield from _strap_pins(rim, spec)
    px, py = tile_nm(rim.unit)
    low = corner_square(rim, Side.LEFT, Side.BOTTOM)
    high = corner_square(rim, Side.RIGHT, Side.TOP).moved(spec.cols * px, spec.rows * py)
    for box in (low, high):
        yield Pin(GROUND, Layer.MET1, box, "ground")


def _signal_pins(rim: Rim, spec: CrossbarSpec) -> Iterator[Pin]:
    """Each signal at the rim's outer edge, row 0 at the bottom and column 0 at the left."""
    for side in (Side.LEFT, Side.BOTTOM):
        outer, count = rim.depth_nm(side), spec.rows if side.is_vertical else spec.cols
        for line, pin in rim.wires(side):
            box = side.box(outer - PIN_NM, outer, *side.span(pin.box))
            for i in range(count):
                s = i * rim.pitch_nm(side)
                yield Pin(f"{line.port}{i}", pin.layer, box.moved(*((0, s) if side.is_vertical else (s, 0))))


def _strap_pins(rim: Rim, spec: CrossbarSpec) -> Iterator[Pin]:
    """Each strap, over the length of its first tile."""
    px, py = tile_nm(rim.unit)
    for side, x, y in ((Side.RIGHT, spec.cols * px, 0), (Side.TOP, 0, spec.rows * py)):
        for strap in rim.straps(side):
            box = side.box(strap.inner_nm, strap.inner_nm + RING_NM, 0, rim.pitch_nm(side))
            yield Pin(strap.net, strap.layer, box.moved(x, y), "power")


def _match_groups(unit: Cell, spec: CrossbarSpec) -> tuple[MatchGroup, ...]:
    """Each match group of the synapse over the whole array: member "name[i,j]" for member `name` at row i, column j."""
    if spec.rows * spec.cols > LARGEST_MATCHED:
        return ()
    return tuple(MatchGroup(g.name, _spread(g, unit, spec)) for g in unit.match_groups)


def _spread(group: MatchGroup, unit: Cell, spec: CrossbarSpec) -> dict[str, list[Box]]:
    px, py = tile_nm(unit)
    return {
        f"{name}[{i},{j}]": [box.moved(j * px, i * py) for box in boxes]
        for name, boxes in group.members.items()
        for i in range(spec.rows)
        for j in range(spec.cols)
    }


def _notes(unit: Cell, weave: Weave) -> dict[str, Any]:
    px, py = weave.pitch_nm
    notes = {
        "rows": weave.rows,
        "cols": weave.cols,
        "synapse": weave.unit,
        "tile_nm": weave.pitch_nm,
        "synapse_area_um2": px * py / 1e6,
        "core_area_um2": weave.count * px * py / 1e6,
        "lines": weave.lines,
    }
    if weave.count > LARGEST_MATCHED and unit.match_groups:
        notes["match_groups"] = f"not listed above {LARGEST_MATCHED} synapses"
    return notes
