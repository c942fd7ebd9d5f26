"""Parts with their nets, placed one above the other, not yet wired."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance, Pin, Spec, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Box, Drawing
from analoom.pdk.layers import Layer


class Floorplan:
    def __init__(self, name: str) -> None:
        self.drawing, self.instances = Drawing(name), list[Instance]()
        self.ports: tuple[str, ...] = ()

    def part(self, name: str, cell: Cell, nets: Mapping[str, str]) -> str:
        y = sum(i.cell.bbox_nm.height() + 2000 for i in self.instances)
        trans = kdb.Trans(-cell.bbox_nm.left, y - cell.bbox_nm.bottom)
        self.instances.append(Instance(name, cell, trans, nets))
        return name

    def supply(self, net: str) -> None: ...

    def mirror(self, one: str, other: str) -> None: ...

    def pins(self, **sides: Sequence[str]) -> None:
        self.ports = tuple(net for side in sides.values() for net in side)

    def stack(self, *parts: str) -> str:
        return ""

    row = stack

    def cell(self, placed: str, spec: Spec, kind: str) -> Cell:
        subs = tuple(i.place(self.drawing) for i in self.instances)
        box = self.drawing.cell.bbox()
        pins = [
            Pin(p, Layer.MET4, Box(1000 * k, box.top - 500, 1000 * k + 400, box.top)) for k, p in enumerate(self.ports)
        ]
        drawn = tuple(draw_pin(self.drawing, pin) for pin in pins)
        name = self.drawing.cell.name
        return Cell(
            name, kind, spec, self.drawing.cell, Circuit(name, self.ports, (), subs), drawn, tuple(self.instances)
        )
