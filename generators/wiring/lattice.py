"""The lines that wires may run on, and for every crossing of two what lies too near for a wire or a cut there.

A wire or a pad in the middle of a crossing keeps every rule if no shape is counted there: each shape is counted at all
crossings that lie nearer to it than its space and the half of what would stand there. Counts are kept apart for what is
fixed (cells, pins) and for what may move (wires). Lengths are in nm.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.drawing import Box
from analoom.cells.parts.via_stack import cut_box
from analoom.pdk.wire_levels import Via

from .wire_kinds import CUTS, ENDS, ROUTED, half_nm, pad_reach

Counts = NDArray[np.int16]


class Lattice:
    """Lines at `xs` and `ys` (nm, rising) on every level. A node is (level nx + i) ny + j."""

    def __init__(self, xs: Sequence[int], ys: Sequence[int]) -> None:
        self.xs, self.ys = list(xs), list(ys)
        self.nx, self.ny = len(self.xs), len(self.ys)

    def node(self, level: int, i: int, j: int) -> int:
        """The number of a crossing on a level."""
        return (level * self.nx + i) * self.ny + j

    def pad(self, cut: int, side: int, ends: int, i: int, j: int) -> int:
        """The place of a pad in the table of counts, flat: cut, lower or upper pad, direction, lines."""
        return (((cut * 2 + side) * len(ENDS) + ends) * self.nx + i) * self.ny + j

    def place(self, node: int) -> tuple[int, int, int]:
        """Level, and the numbers of the lines."""
        rest, j = divmod(node, self.ny)
        level, i = divmod(rest, self.nx)
        return level, i, j

    def at(self, node: int) -> tuple[int, int, int]:
        """Level, x and y (nm)."""
        level, i, j = self.place(node)
        return level, self.xs[i], self.ys[j]

    def within(self, box: Box) -> tuple[range, range]:
        """The lines that lie in a box or on its edge."""
        return (
            range(bisect_left(self.xs, box.left), bisect_right(self.xs, box.right)),
            range(bisect_left(self.ys, box.bottom), bisect_right(self.ys, box.top)),
        )

    def outline(self, nodes: Sequence[int] | NDArray[np.int64]) -> Box:
        """The box (nm) that crossings cover; empty for none."""
        if not len(nodes):
            return Box()
        rest, rows = np.divmod(np.asarray(nodes, np.int64), self.ny)
        columns = rest % self.nx
        left, right, bottom, top = (int(f(a)) for a in (columns, rows) for f in (np.min, np.max))
        return Box(self.xs[left], self.ys[bottom], self.xs[right], self.ys[top])


class Counted:
    """How many shapes lie too near: `wires` (levels, nx, ny) for a wire, `pads` (cuts, 2, 2, nx, ny) for the lower or
    the upper pad of a cut, long in y or in x."""

    def __init__(self, lattice: Lattice) -> None:
        self.lattice = lattice
        shape = (lattice.nx, lattice.ny)
        self.wires: Counts = np.zeros((len(ROUTED), *shape), np.int16)
        self.pads: Counts = np.zeros((len(CUTS), 2, len(ENDS), *shape), np.int16)
        self._near = [list(self._tables(level)) for level in range(len(ROUTED))]

    def add(self, level: int, box: Box, space_nm: int, by: int = 1) -> None:
        """Counts a shape that others keep `space_nm` from, or (`by` -1) takes it out again."""
        left, right = box.left - space_nm, box.right + space_nm
        bottom, top = box.bottom - space_nm, box.top + space_nm
        for table, xs, ys, reach_x, reach_y in self._near[level]:
            columns = slice(bisect_right(xs, left - reach_x), bisect_left(xs, right + reach_x))
            rows = slice(bisect_right(ys, bottom - reach_y), bisect_left(ys, top + reach_y))
            table[columns, rows] += by

    def add_all(self, shapes: Iterable[tuple[int, Box]], by: int = 1) -> None:
        """Counts shapes of least wires and pads, with the space of their level."""
        for level, box in shapes:
            self.add(level, box, ROUTED[level].space_nm, by)

    def _tables(self, level: int) -> Iterable[tuple[Counts, list[int], list[int], int, int]]:
        """The tables that a shape is counted in, with the middles and the reach (nm) of what would stand there."""
        half = half_nm(level)
        yield self.wires[level], self.lattice.xs, self.lattice.ys, half, half
        for k, via in enumerate(CUTS):
            xs, ys = (cut_middles(via, lines) for lines in (self.lattice.xs, self.lattice.ys))
            for side, pad in enumerate(via.pads):
                if pad.layer is ROUTED[level].layer:
                    for e, ends in enumerate(ENDS):
                        yield self.pads[k, side, e], xs, ys, *pad_reach(pad, ends)


def cut_middles(via: Via, lines: Sequence[int]) -> list[int]:
    """Where the middle of a cut lies that stands on a line, for the sake of its own grid."""
    return [cut_box(via.size, line, 0).center().x for line in lines]
