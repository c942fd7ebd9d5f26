"""The crossings that a net's wires and pads take: where it is seen whether they lie too near to others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.drawing import Box
from analoom.generators.ways.lattice import Counted, Counts, Lattice
from analoom.generators.ways.net import Net
from analoom.generators.ways.outside import met_from_outside
from analoom.generators.ways.wire_kinds import CUTS, ENDS, LEVEL_OF, half_nm

Indices = NDArray[np.int64]


class Used:
    """Flat indices into the tables of counts: `wires` and `pads`; `own`: what the net itself counts there. `met`: the
    crossings where others were too near."""

    def __init__(self, lattice: Lattice, net: Net) -> None:
        self._plane = lattice.nx * lattice.ny
        self.wires: Indices = np.array(sorted(_wire_nodes(lattice, net)), np.int64)
        self.pads: Indices = np.array(sorted(_pad_places(lattice, net)), np.int64)
        self.own: Counts = np.zeros(len(self.wires) + len(self.pads), np.int16)
        self.met: Indices = np.zeros(0, np.int64)

    def counts(self, counted: Counted) -> Counts:
        """What is counted at the wires and at the pads."""
        return np.concatenate([counted.wires.ravel()[self.wires], counted.pads.ravel()[self.pads]])

    def look(self, counted: Counted) -> None:
        """Finds what was `met`: where more is counted than the net's own."""
        near = self.counts(counted) > self.own
        pads = self.pads[near[len(self.wires) :]]
        cut, side = np.divmod(pads // self._plane // len(ENDS), 2)
        wires = self.wires[near[: len(self.wires)]]
        self.met = np.unique(np.concatenate([wires, (cut + side) * self._plane + pads % self._plane]))


def levelled(net: Net) -> list[tuple[int, Box]]:
    """The wires and pads of a net by level, and where the pad of a cut lies that may meet its way out from outside."""
    return [*((LEVEL_OF[layer], box) for layer, box in net.wires if layer in LEVEL_OF), *met_from_outside(net)]


def _wire_nodes(lattice: Lattice, net: Net) -> set[int]:
    nodes = {node for way in net.ways for node in way}
    for level, box in levelled(net):
        columns, rows = lattice.within(box.enlarged(-half_nm(level), -half_nm(level)))
        for i in columns:
            nodes.update(range(lattice.node(level, i, rows.start), lattice.node(level, i, rows.stop)))
    return nodes


def _pad_places(lattice: Lattice, net: Net) -> Iterator[int]:
    for cut in net.cuts:
        if cut.via in CUTS:
            k, e = CUTS.index(cut.via), ENDS.index(cut.ends)
            i, j = lattice.lines_at(cut.x_nm, cut.y_nm)
            for side in (0, 1):
                yield lattice.pad(k, side, e, i, j)
