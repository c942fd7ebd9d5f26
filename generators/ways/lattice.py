"""The lines that wires may run on, and for every crossing of two what lies too near for a wire or a cut there.

A wire or a pad in the middle of a crossing keeps every rule if no shape is counted there: each shape is counted at all
crossings that lie nearer to it than its space and the half of what would stand there. Counts are kept apart for what is
fixed (cells, pins) and for what may move (wires). Lengths are in nm.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence

import numpy as np
from numba import njit
from numpy.typing import NDArray

from analoom.cells.model.drawing import Box
from analoom.cells.parts.via_stack import cut_box
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import Via

from .wire_kinds import CUTS, ENDS, ROUTED, half_nm, pad_reach

Counts = NDArray[np.int16]
STEP_NM = 210
"""From line to line: two hold the pads of a via side by side, three those of a via2 or via3."""


class Lattice:
    """Lines at `xs` and `ys` (nm, rising) on every level. A node is (level nx + i) ny + j."""

    def __init__(self, xs: Sequence[int], ys: Sequence[int]) -> None:
        self.xs, self.ys = list(xs), list(ys)
        self.nx, self.ny = len(self.xs), len(self.ys)
        self._columns, self._rows = ({line: k for k, line in enumerate(lines)} for lines in (self.xs, self.ys))

    def node(self, level: int, i: int, j: int) -> int:
        """The number of a crossing on a level."""
        return (level * self.nx + i) * self.ny + j

    def nodes(self, level: int, columns: Sequence[int], rows: Sequence[int]) -> NDArray[np.int64]:
        """The numbers of all crossings of these lines on a level, column by column."""
        i, j = np.asarray(columns, np.int64), np.asarray(rows, np.int64)
        return ((level * self.nx + i[:, None]) * self.ny + j).ravel()

    def lines_at(self, x_nm: int, y_nm: int) -> tuple[int, int]:
        """The numbers of the lines at a point. Raises KeyError where there are none."""
        return self._columns[x_nm], self._rows[y_nm]

    def pad(self, cut: int, side: int, ends: int, i: int, j: int) -> int:
        """The place of a pad in the table of counts, flat: cut, lower or upper pad, direction, lines."""
        return (((cut * 2 + side) * len(ENDS) + ends) * self.nx + i) * self.ny + j

    def place(self, node: int) -> tuple[int, int, int]:
        """Level, and the numbers of the lines."""
        rest, j = divmod(node, self.ny)
        level, i = divmod(rest, self.nx)
        return level, i, j

    def places(self, nodes: NDArray[np.int64]) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.int64]]:
        """Levels, and the numbers of the lines, of many crossings."""
        rest, rows = np.divmod(nodes, self.ny)
        return *np.divmod(rest, self.nx), rows

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
        _, columns, rows = self.places(np.asarray(nodes, np.int64))
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
        self._lines = tuple(np.array(lines, np.int64) for lines in (lattice.xs, lattice.ys))
        self._cuts = tuple(np.array([cut_middles(via, lines) for via in CUTS]) for lines in (lattice.xs, lattice.ys))

    def add(self, level: int, box: Box, space_nm: int, by: int = 1) -> None:
        """Counts a shape that others keep `space_nm` from, or (`by` -1) takes it out again."""
        self._count([(level, box.left, box.bottom, box.right, box.top, space_nm)], by)

    def add_all(self, shapes: Iterable[tuple[int, Box]], by: int = 1) -> None:
        """Counts shapes of least wires and pads, with the space of their level."""
        self._count([(n, b.left, b.bottom, b.right, b.top, ROUTED[n].space_nm) for n, b in shapes], by)

    def _count(self, shapes: Sequence[tuple[int, ...]], by: int) -> None:
        if shapes:
            _count(self.wires, self.pads, self._lines, self._cuts, np.array(shapes, np.int64), by)

    def keep_cuts_off(self, cut: Layer, box: Box) -> None:
        """Counts a box that no cut of a layer may stand on, nor its lower pad reach."""
        for k, via in enumerate(CUTS):
            if via.cut is cut:
                self._keep_off(k, via, box)

    def _keep_off(self, k: int, via: Via, box: Box) -> None:
        xs, ys = (lines[k] for lines in self._cuts)
        for e, ends in enumerate(ENDS):
            near = box.enlarged(*pad_reach(via.below, ends))
            _between(self.pads[k, 0, e], xs, ys, (near.left, near.bottom, near.right, near.top), 0, 0, 1)


HALF_NM = np.array([half_nm(level) for level in range(len(ROUTED))])
REACH_NM = np.array([[[pad_reach(pad, ends) for ends in ENDS] for pad in via.pads] for via in CUTS])
"""What would stand at a crossing reaches so far from it: half a wire, and (cuts, 2, 2, 2) the pads in x and y."""


@njit(cache=True)
def _count(wires, pads, lines, cuts, shapes, by):
    """Adds `by` where a wire or a pad would come too near to `shapes` (level, left, bottom, right, top, space)."""
    for level, left, bottom, right, top, space in shapes:
        near = (left - space, bottom - space, right + space, top + space)
        _between(wires[level], lines[0], lines[1], near, HALF_NM[level], HALF_NM[level], by)
        for cut in range(max(level - 1, 0), min(level + 1, len(pads))):
            for ends in range(pads.shape[2]):
                reach = REACH_NM[cut, level - cut, ends]
                table = pads[cut, level - cut, ends]
                _between(table, cuts[0][cut], cuts[1][cut], near, reach[0], reach[1], by)


@njit(cache=True)
def _between(table, xs, ys, near, reach_x, reach_y, by):
    """Adds `by` to a table (nx, ny) where its lines lie in a box with what reaches beyond it, the ends left out."""
    left, bottom, right, top = near
    columns = np.searchsorted(xs, left - reach_x, "right"), np.searchsorted(xs, right + reach_x, "left")
    rows = np.searchsorted(ys, bottom - reach_y, "right"), np.searchsorted(ys, top + reach_y, "left")
    for i in range(columns[0], columns[1]):
        for j in range(rows[0], rows[1]):
            table[i, j] += by


def cut_middles(via: Via, lines: Sequence[int]) -> list[int]:
    """Where the middle of a cut lies that stands on a line, for the sake of its own grid."""
    return [cut_box(via.size, line, 0).center().x for line in lines]
