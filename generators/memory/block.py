"""An array of latches as a tree of small blocks: every other row is turned over, so that both share rails and taps.

Blocks begin at even rows, so they are placed by plain translation, and blocks of one size are one cell.
"""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.cells.memory.draw import node_track
from analoom.cells.memory.latch import LatchSpec, latch, latch_plan
from analoom.cells.model.cell import Cell, Instance, Pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.model.facts import Fabric
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import AXIS_NM
from analoom.generators.array.block_tree import BlockSpec, child_side
from analoom.pdk.layers import Layer

BITS = ("bl", "blb")

_BLOCKS: dict[tuple[str, int, int, tuple[str, ...]], Cell] = {}


def bit_net(node: str, row: int, col: int) -> str:
    """The net of a latch's node in an array: `q3_5` in row 3, column 5."""
    return f"{node}{row}_{col}"


def latch_block(spec: LatchSpec, rows: int, cols: int, nodes: tuple[str, ...]) -> Cell:
    """The block of rows x cols latches whose `nodes` are ports, drawn once a process. Its lowest rail is vss.

    Ports: wl0 .., then bl0, blb0, bl1, .., the nodes row by row, vdd0 .., a rail each, and vss.
    """
    key = latch(spec).name, rows, cols, nodes
    if key not in _BLOCKS:
        _BLOCKS[key] = _drawn(spec, rows, cols, nodes)
    return _BLOCKS[key]


def block_ports(rows: int, cols: int, nodes: tuple[str, ...]) -> tuple[str, ...]:
    """The nets of a block's ports."""
    words = [f"wl{row}" for row in range(rows)]
    bits = [f"{bit}{col}" for col in range(cols) for bit in BITS]
    stored = [bit_net(node, row, col) for row in range(rows) for col in range(cols) for node in nodes]
    return (*words, *bits, *stored, *rails(rows), VSS)


def rails(rows: int) -> tuple[str, ...]:
    """The rails of vdd, each of two rows: nothing in a block joins them."""
    return tuple(f"{VDD}{k}" for k in range(-(-rows // 2)))


def turned(height: int, row: int, box: Box) -> Box:
    """A box of a latch in its row of an array."""
    return box.transformed(row_trans(height, row))


def row_trans(height: int, row: int) -> kdb.Trans:
    """Where a latch of a row lies: odd rows are turned over."""
    return kdb.Trans(0, True, 0, (row + 1) * height + 2 * AXIS_NM) if row % 2 else kdb.Trans(0, row * height)


def _drawn(spec: LatchSpec, rows: int, cols: int, nodes: tuple[str, ...]) -> Cell:
    plan, ports = latch_plan(spec), block_ports(rows, cols, nodes)
    drawing = Drawing(f"{latch(spec).name}_b{rows}x{cols}{'c' * (len(nodes) - 1)}")
    instances = tuple(_instances(spec, rows, cols, nodes))
    circuit = Circuit(drawing.cell.name, ports, instances=tuple(i.place(drawing) for i in instances))
    pins = tuple(_pins(spec, rows, cols, nodes))
    for pin in pins:
        drawing.text(pin.layer.label, pin.name, pin.box.center().x, pin.box.center().y)
    fabric = Fabric((cols * plan.width, rows * plan.height))
    size = BlockSpec(rows=rows, cols=cols)
    return Cell(drawing.cell.name, "array", size, drawing.cell, circuit, pins, instances, fabric=fabric)


def _instances(spec: LatchSpec, rows: int, cols: int, nodes: tuple[str, ...]) -> Iterator[Instance]:
    """The children in rows of rising y."""
    side, plan = child_side(rows, cols), latch_plan(spec)
    for row in range(0, rows, side):
        for col in range(0, cols, side):
            name = f"r{row // side}c{col // side}"
            if side == 1:
                trans = kdb.Trans(col * plan.width, 0) * row_trans(plan.height, row)
                yield Instance(name, latch(spec), trans, _latch_nets(row, col))
            else:
                size = min(side, rows - row), min(side, cols - col)
                trans = kdb.Trans(col * plan.width, row * plan.height)
                yield Instance(name, latch_block(spec, *size, nodes), trans, _block_nets((row, col), size, nodes))


def _latch_nets(row: int, col: int) -> dict[str, str]:
    nets = {"wl": f"wl{row}", **{bit: f"{bit}{col}" for bit in BITS}, VDD: f"{VDD}{row // 2}", VSS: VSS}
    return nets | {node: bit_net(node, row, col) for node in ("q", "qb")}


def _block_nets(at: tuple[int, int], size: tuple[int, int], nodes: tuple[str, ...]) -> dict[str, str]:
    """The net of each port of a child whose first latch is `at` (row, column)."""
    (row, col), (rows, cols) = at, size
    nets = {f"wl{i}": f"wl{row + i}" for i in range(rows)}
    nets |= {f"{bit}{j}": f"{bit}{col + j}" for j in range(cols) for bit in BITS}
    nets |= {bit_net(n, i, j): bit_net(n, row + i, col + j) for n in nodes for i in range(rows) for j in range(cols)}
    return nets | {f"{VDD}{k}": f"{VDD}{row // 2 + k}" for k in range(len(rails(rows)))} | {VSS: VSS}


def _pins(spec: LatchSpec, rows: int, cols: int, nodes: tuple[str, ...]) -> Iterator[Pin]:
    """Each net once, where its first latch has it."""
    plan, boxes = latch_plan(spec), {pin.name: pin for pin in latch(spec).pins}
    for row in range(rows):
        yield Pin(f"wl{row}", boxes["wl"].layer, turned(plan.height, row, boxes["wl"].box))
    for col in range(cols):
        for bit in BITS:
            yield Pin(f"{bit}{col}", boxes[bit].layer, boxes[bit].box.moved(col * plan.width, 0))
    for row in range(rows):
        for col in range(cols):
            for node in nodes:
                box = turned(plan.height, row, node_track(plan, node)).moved(col * plan.width, 0)
                yield Pin(bit_net(node, row, col), Layer.MET2, box)
    for k, net in enumerate(rails(rows)):
        yield Pin(net, boxes[VDD].layer, boxes[VDD].box.moved(0, 2 * k * plan.height), "power")
    yield boxes[VSS]
