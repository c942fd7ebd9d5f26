"""All metal of a block by level, to ask whether a box of one net is free: off other nets and all that is fixed."""

from __future__ import annotations

from collections.abc import Iterable

import klayout.db as kdb

from analoom.cells.model.cell import Instance
from analoom.cells.model.drawing import Box
from analoom.generators.placing.kept_clear import kept_clear
from analoom.generators.ways.net import Net
from analoom.generators.ways.wire_kinds import ROUTED

from .used import levelled


class MetalIndex:
    """What nets have on each level, and where none may lie."""

    def __init__(self, instances: Iterable[Instance], nets: Iterable[Net]) -> None:
        self._layout = kdb.Layout()
        self._cell = self._layout.create_cell("metal")
        self._wires = [self._cell.shapes(self._layout.layer(level, 0)) for level in range(len(ROUTED))]
        self._fixed = [self._cell.shapes(self._layout.layer(level, 1)) for level in range(len(ROUTED))]
        for instance in instances:
            for level in range(len(ROUTED)):
                for box in kept_clear(instance, ROUTED[level].layer):
                    self._fixed[level].insert(box)
        for net in nets:
            self._insert(net)

    def add(self, net: str, level: int, box: Box) -> None:
        """Notes new metal of a net."""
        self._wires[level].insert(box, self._number(net))

    def keep_off(self, level: int, box: Box) -> None:
        """Notes a box that no net may enter."""
        self._fixed[level].insert(box)

    def is_free(self, net: str, level: int, box: Box) -> bool:
        """Whether metal of a net may lie in a box."""
        mine, near = self._number(net), ROUTED[level].space_nm - 1
        others = self._wires[level].each_touching(box.enlarged(near, near))
        if any(shape.prop_id != mine for shape in others):
            return False
        return next(self._fixed[level].each_overlapping(box), None) is None

    def _insert(self, net: Net) -> None:
        for level, box in levelled(net):
            self.add(net.name, level, box)
        for level, box, space in net.kept_off():
            more = space - ROUTED[level].space_nm
            self.add(net.name, level, box.enlarged(more, more))

    def _number(self, net: str) -> int:
        return self._layout.properties_id({0: net})
