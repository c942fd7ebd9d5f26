"""All metal of a block by level, to ask whether a box of one net is free: off other nets and all that is fixed."""

from __future__ import annotations

from collections.abc import Iterable

import klayout.db as kdb

from analoom.cells.model.cell import Instance
from analoom.cells.model.drawing import Box
from analoom.generators.placing.kept_clear import kept_clear, unstacked
from analoom.generators.ways.net import Net
from analoom.generators.ways.wire_kinds import CUTS, ROUTED
from analoom.pdk.wire_levels import Via

from .used import levelled

TOO_NEAR = 2
"""The harm of metal that keeps less than the space from wires of other nets."""


class MetalIndex:
    """What nets have on each level, and where none may lie."""

    def __init__(self, instances: Iterable[Instance], nets: Iterable[Net]) -> None:
        self._layout = kdb.Layout()
        self._cell = self._layout.create_cell("metal")
        self._wires = [self._cell.shapes(self._layout.layer(level, 0)) for level in range(len(ROUTED))]
        self._fixed = [self._cell.shapes(self._layout.layer(level, 1)) for level in range(len(ROUTED))]
        self._off_cuts = {via.cut: self._cell.shapes(self._layout.layer(k, 2)) for k, via in enumerate(CUTS)}
        for instance in instances:
            for cut, plate in unstacked(instance):
                self._off_cuts[cut].insert(plate)
            for level in range(len(ROUTED)):
                for box in kept_clear(instance, ROUTED[level].layer):
                    self._fixed[level].insert(box)
        for net in nets:
            self._insert(net)

    def add(self, net: str, level: int, box: Box) -> None:
        """Notes new metal of a net."""
        self._wires[level].insert(box, self._number(net))

    def remove(self, net: str, level: int, box: Box) -> None:
        """Forgets metal of a net that was added."""
        mine = self._number(net)
        shapes = self._wires[level].each_touching(box)
        shape = next(one for one in shapes if one.prop_id == mine and one.bbox() == box)
        self._wires[level].erase(shape)

    def keep_off(self, level: int, box: Box) -> None:
        """Notes a box that no net may enter."""
        self._fixed[level].insert(box)

    def is_free(self, net: str, level: int, box: Box) -> bool:
        """Whether metal of a net may lie in a box."""
        return self.harm(net, level, box) == 0

    def harm(self, net: str, level: int, box: Box) -> int:
        """How bad metal of a net is in a box: 0 where it is free, 1 where something is kept clear, TOO_NEAR to wires
        of others."""
        mine, near = self._number(net), ROUTED[level].space_nm - 1
        others = self._wires[level].each_touching(box.enlarged(near, near))
        if any(shape.prop_id != mine for shape in others):
            return TOO_NEAR
        return int(next(self._fixed[level].each_overlapping(box), None) is not None)

    def holds(self, via: Via, pad: Box) -> bool:
        """Whether a cut may stand on its lower pad, which no plate of a capacitor lies under."""
        return next(self._off_cuts[via.cut].each_overlapping(pad), None) is None

    def _insert(self, net: Net) -> None:
        for level, box in levelled(net):
            self.add(net.name, level, box)
        for level, box, space in net.kept_off():
            more = space - ROUTED[level].space_nm
            self.add(net.name, level, box.enlarged(more, more))

    def _number(self, net: str) -> int:
        return self._layout.properties_id({0: net})
