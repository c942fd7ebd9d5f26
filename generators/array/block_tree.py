"""Arrays as a recursive tree of small blocks: unit, 4 x 4, 16 x 16, ... with remainder blocks for any size.

Layout, labels and netlist of a block come from the same instances. Blocks are shared by every array of the same unit,
so their number grows with the logarithm of the size, and so does the time of whoever walks the hierarchy.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import klayout.db as kdb
from pydantic import Field

from analoom.cells.model.cell import Cell, Instance, Pin, Spec
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Drawing
from analoom.cells.model.facts import Fabric, Way
from analoom.pdk.errors import InputError

FAN_OUT = 4
"""Children along one side of a block."""

GROUND = "vss"
"""The bulk: one net in every block, joined by the substrate."""

PLATE = "vc"
"""The capacitors' common plate, tied to the bulk at the array's edge."""


class BlockSpec(Spec):
    """Size of a block; its unit is in the block's name."""

    rows: int = Field(ge=1, description="rows of units")
    cols: int = Field(ge=1, description="columns of units")


@dataclass(frozen=True)
class Line:
    """A wire that runs through every unit: one net per row, one per column, or one for the whole array.

    `way` says which; `across` and `down` are the pins that reach left and right, and bottom and top, edge.
    """

    port: str
    way: Way
    across: tuple[Pin, ...]
    down: tuple[Pin, ...]

    @property
    def drawn(self) -> Pin:
        """The wire that carries the line's label."""
        return (*self.across, *self.down)[0]

    @property
    def is_supply(self) -> bool:
        """True for the lines that are tied together at the array's edge."""
        return self.drawn.use != "signal" or self.port in (GROUND, PLATE)

    def nets(self, rows: int, cols: int) -> list[str]:
        """The line's nets in an array of rows x cols."""
        if self.way == "array":
            return [self.port]
        return [f"{self.port}{i}" for i in range(rows if self.way == "row" else cols)]

    def net_at(self, row: int, col: int) -> str:
        """The net of the line in the unit at (row, col)."""
        return {"row": f"{self.port}{row}", "column": f"{self.port}{col}", "array": self.port}[self.way]


def lines_of(unit: Cell) -> tuple[Line, ...]:
    """The through lines of a unit in the order of its circuit's ports.

    Raises InputError for a port whose wire does not span the tile: such a unit cannot be woven.
    """
    return tuple(_line(unit, port) for port in unit.circuit.ports)


def _line(unit: Cell, port: str) -> Line:
    px, py = tile_nm(unit)
    pins = [p for p in unit.pins if p.name == port]
    across = tuple(p for p in pins if p.box.left <= 0 and p.box.right >= px)
    down = tuple(p for p in pins if p.box.bottom <= 0 and p.box.top >= py)
    if not across and not down:
        raise InputError(f"{unit.name}: {port} does not run from edge to edge of its tile", field="synapse")
    shared = (across and down) or port == GROUND or fabric_of(unit).lines.get(port) == "hv"
    return Line(port, "array" if shared else "row" if across else "column", across, down)


def tile_nm(unit: Cell) -> tuple[int, int]:
    """Pitch of a unit (x, y) in nm."""
    return fabric_of(unit).pitch_nm


def fabric_of(unit: Cell) -> Fabric:
    """Pitch and lines of a unit. Raises InputError for a cell that is no tile: it cannot be woven."""
    if unit.fabric is None or not unit.fabric.is_tile:
        raise InputError(f"{unit.name} is no tile: it has no lines that meet those of its neighbours", field="synapse")
    return unit.fabric


_BLOCKS: dict[tuple[str, int, int], Cell] = {}


def block(unit: Cell, rows: int, cols: int) -> Cell:
    """The block of rows x cols units, its lower left tile at the origin, drawn once a process.

    Its ports are each line's nets in turn: row0 .. row{rows-1}, col0 .., and the shared lines once.
    """
    key = (unit.name, rows, cols)
    if key not in _BLOCKS:
        _BLOCKS[key] = _drawn(unit, rows, cols)
    return _BLOCKS[key]


def _drawn(unit: Cell, rows: int, cols: int) -> Cell:
    instances = tuple(_instances(unit, rows, cols))
    drawing = Drawing(f"{unit.name}_b{rows}x{cols}")
    circuit = Circuit(
        drawing.cell.name,
        tuple(net for line in lines_of(unit) for net in line.nets(rows, cols)),
        instances=tuple(i.place(drawing) for i in instances),
    )
    pins = tuple(_pins(unit, rows, cols))
    for pin in pins:
        _label(drawing, pin)
    px, py = tile_nm(unit)
    spec, fabric = BlockSpec(rows=rows, cols=cols), Fabric((cols * px, rows * py))
    return Cell(drawing.cell.name, "array", spec, drawing.cell, circuit, pins, instances, fabric=fabric)


def _instances(unit: Cell, rows: int, cols: int) -> Iterator[Instance]:
    """The children in rows of rising y; the nets say which lines of the block each child sits on."""
    side, (px, py), lines = child_side(rows, cols), tile_nm(unit), lines_of(unit)
    for row in range(0, rows, side):
        for col in range(0, cols, side):
            size = min(side, rows - row), min(side, cols - col)
            child = unit if side == 1 else block(unit, *size)
            trans = kdb.Trans(kdb.Vector(col * px, row * py))
            nets = _unit_nets(lines, row, col) if side == 1 else _block_nets(lines, (row, col), size)
            yield Instance(f"r{row // side}c{col // side}", child, trans, nets)


def child_side(rows: int, cols: int) -> int:
    """Units along one side of a block's full children: the smallest power of 4 that needs at most 4 of them."""
    side = 1
    while side * FAN_OUT < max(rows, cols):
        side *= FAN_OUT
    return side


def _unit_nets(lines: tuple[Line, ...], row: int, col: int) -> dict[str, str]:
    return {line.port: line.net_at(row, col) for line in lines}


def _block_nets(lines: tuple[Line, ...], at: tuple[int, int], size: tuple[int, int]) -> dict[str, str]:
    nets = {}
    for line in lines:
        start = {"row": at[0], "column": at[1], "array": 0}[line.way]
        for i, port in enumerate(line.nets(*size)):
            nets[port] = line.port if line.way == "array" else f"{line.port}{start + i}"
    return nets


def _pins(unit: Cell, rows: int, cols: int) -> Iterator[Pin]:
    """The lines where they enter the block: rows in its first column, columns in its first row."""
    px, py = tile_nm(unit)
    for line in lines_of(unit):
        for i, net in enumerate(line.nets(rows, cols)):
            dx, dy = {"row": (0, i * py), "column": (i * px, 0), "array": (0, 0)}[line.way]
            yield Pin(net, line.drawn.layer, line.drawn.box.moved(dx, dy), line.drawn.use)


def _label(drawing: Drawing, pin: Pin) -> None:
    inside = min(pin.box.width(), pin.box.height()) // 2
    drawing.text(pin.layer.label, pin.name, pin.box.left + inside, pin.box.bottom + inside)


def units_below(cell: Cell, nets: Mapping[str, str], path: str = "") -> Iterator[tuple[str, Cell, dict[str, str]]]:
    """Every leaf below `cell`: its path of instance names, dotted, the leaf, and the net of each of its ports.

    `nets` maps the ports of `cell` to the nets of whoever asks; a net of the leaf is told in those names.
    """
    for instance in cell.instances:
        below = f"{path}{instance.name}"
        outer = {port: nets.get(net, f"{path}{net}") for port, net in instance.nets.items()}
        if instance.cell.instances:
            yield from units_below(instance.cell, outer, f"{below}.")
        else:
            yield below, instance.cell, outer
