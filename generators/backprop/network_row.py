"""A row of a network between its rails: what is placed in it and wired over it, turned over where it lies so."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import klayout.db as kdb

from analoom.cells.backprop.abutting_rows import LINES
from analoom.cells.model.cell import Cell, Instance
from analoom.cells.model.circuit import SubInstance
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.parts.via_stack import cut_box
from analoom.cells.rows.chains import Frame
from analoom.cells.strip.draw import track_box
from analoom.cells.strip.sizes import AXIS_NM, TRACK_NM, TRACK_PITCH_NM
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import VIA2


@dataclass
class NetworkRow:
    """A row whose lower rail lies at `y_nm`; turned over, that is the rail of vdd."""

    drawing: Drawing
    frame: Frame
    y_nm: int
    is_turned: bool
    instances: list[Instance] = field(default_factory=list)
    placed: list[SubInstance] = field(default_factory=list)

    @property
    def top_nm(self) -> int:
        """Its upper rail."""
        return self.y_nm + self.frame.top - AXIS_NM

    def trans(self, x: int) -> kdb.Trans:
        """What brings a part whose left edge is at 0 to `x`."""
        if self.is_turned:
            return kdb.Trans(kdb.Trans.M0, x, self.top_nm + AXIS_NM)
        return kdb.Trans(x, self.y_nm - AXIS_NM)

    def place(self, name: str, cell: Cell, x: int, nets: Mapping[str, str]) -> None:
        """Places a part with its left edge at `x`."""
        self.instances.append(Instance(name, cell, self.trans(x), nets))
        self.placed.append(self.instances[-1].place(self.drawing))

    def y(self, name: str) -> int:
        """The middle of a track that meets other parts."""
        band, number = LINES[name]
        return self._y(self.frame.starts[band] + number * TRACK_PITCH_NM)

    def _y(self, inside: int) -> int:
        return (self.trans(0) * kdb.Point(0, inside)).y

    def wire(self, name: str, left: int, right: int) -> Box:
        """Met2 on a track from one x to another."""
        return self.drawing.add(Layer.MET2, track_box(left, right, self.y(name)))

    def via(self, name: str, x: int) -> None:
        """Joins a track to a line of met3 that crosses it."""
        y = self.y(name)
        self.drawing.add(Layer.VIA2, cut_box(VIA2.size, x, y))
        self.drawing.add(Layer.MET2, track_box(x - TRACK_NM, x + TRACK_NM, y))

    def pin_box(self, name: str, port: str) -> Iterator[Box]:
        """Where a part of that name has a pin."""
        for instance in self.instances:
            if instance.name == name:
                yield from (p.box.transformed(instance.trans) for p in instance.cell.pins if p.name == port)
