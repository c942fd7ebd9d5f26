"""Parts of a block with their nets: its circuit, and the parts beside each other without wires."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance, Pin, Spec
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Drawing


class Floorplan:
    """Parts in the order that they were declared in."""

    def __init__(self, name: str) -> None:
        self.drawing, self.parts, self.ports = Drawing(name), list[Instance](), list[str]()

    def part(self, name: str, cell: Cell, nets: Mapping[str, str]) -> Instance:
        x_nm = sum(i.cell.bbox_nm.width() + 10_000 for i in self.parts)
        part = Instance(name, cell, kdb.Trans(x_nm, 0), nets)
        self.parts.append(part)
        return part

    def supply(self, net: str) -> None: ...

    def mirror(self, one: str, two: str) -> None: ...

    def pins(self, **sides: Sequence[str]) -> None:
        self.ports = [net for side in sides.values() for net in side]

    def stack(self, *parts: Any) -> None: ...

    def row(self, *parts: Any) -> None: ...

    def cell(self, arranged: Any, spec: Spec, kind: str) -> Cell:
        placed = tuple(part.place(self.drawing) for part in self.parts)
        circuit = Circuit(self.drawing.cell.name, tuple(self.ports), (), placed)
        pins = tuple(
            Pin(net, pin.layer, pin.box.transformed(part.trans))
            for net in self.ports
            for part in self.parts
            for pin in part.cell.pins
            if part.nets[pin.name] == net
        )
        return Cell(self.drawing.cell.name, kind, spec, self.drawing.cell, circuit, pins, tuple(self.parts))
