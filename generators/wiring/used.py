"""The crossings that a net's wires and pads take: where it is seen whether they lie too near to others."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.drawing import Box

from .lattice import Lattice
from .net import Net
from .wire_kinds import CUTS, ENDS, LEVEL_OF, half_nm

Indices = NDArray[np.int64]


class Used:
    """Flat indices into the tables of counts: `wires` and `pads`. `met`: the crossings where others were too near."""

    def __init__(self, lattice: Lattice, net: Net) -> None:
        self._plane = lattice.nx * lattice.ny
        self.wires: Indices = np.array(sorted(_wire_nodes(lattice, net)), np.int64)
        self.pads: Indices = np.array(sorted(_pad_places(lattice, net)), np.int64)
        self.met: Indices = np.zeros(0, np.int64)

    def look(self, wires: NDArray[np.int16], pads: NDArray[np.int16]) -> None:
        """Finds what was `met`, by counts that leave the net itself out."""
        near = self.wires[wires.ravel()[self.wires] > 0]
        pads_near = self.pads[pads.ravel()[self.pads] > 0]
        cut, side = np.divmod(pads_near // self._plane // len(ENDS), 2)
        self.met = np.unique(np.concatenate([near, (cut + side) * self._plane + pads_near % self._plane]))


def levelled(net: Net) -> list[tuple[int, Box]]:
    """The wires and pads of a net by level."""
    return [(LEVEL_OF[layer], box) for layer, box in net.wires if layer in LEVEL_OF]


def _wire_nodes(lattice: Lattice, net: Net) -> set[int]:
    nodes = {node for way in net.ways for node in way}
    for level, box in levelled(net):
        columns, rows = lattice.within(box.enlarged(-half_nm(level), -half_nm(level)))
        nodes |= {lattice.node(level, i, j) for i in columns for j in rows}
    return nodes


def _pad_places(lattice: Lattice, net: Net) -> Iterator[int]:
    for cut in net.cuts:
        if cut.via in CUTS:
            k, e = CUTS.index(cut.via), ENDS.index(cut.ends)
            i, j = lattice.xs.index(cut.x_nm), lattice.ys.index(cut.y_nm)
            for side in (0, 1):
                yield lattice.pad(k, side, e, i, j)
