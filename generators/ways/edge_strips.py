"""The last stretch of a net that leaves a block: straight out to the edge, its end open to a via from outside."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.drawing import Box, hull
from analoom.generators.placing.arrange import Side
from analoom.pdk.wire_levels import Via

from .entries import Entries, Nodes, entries_of
from .lattice import Counted, Lattice
from .net import Cut, Net, Shape, Terminal, wire_box
from .outside import met_from_outside
from .search import VIA_COST, Floats, Prices
from .wire_kinds import ALONG, CUTS, ENDS, LEVEL_OF, ROUTED, Ends, half_nm, pad_boxes

DEPTH_NM = 420
"""How far from the rim a wire may bend at the earliest: a via stands there beside one in its last stretch."""
CORNER_LINES = 4
"""As many lines next to a corner stay free: beside a pin there, wires from outside would come to our own bends."""
LEVELS_OUT = (1, 2, 3)
"""The levels that nets leave a block on, met2 to met4."""


def edge_strips(lattice: Lattice, side: Side) -> Iterator[tuple[int, ...]]:
    """The straight ways out to a side, each from where wires may bend to the rim."""
    across = side in ("left", "right")
    inward, along = (lattice.xs, lattice.ny) if across else (lattice.ys, lattice.nx)
    lines = list(range(len(inward))) if side in ("left", "bottom") else list(range(len(inward)))[::-1]
    deep = next((n for n, k in enumerate(lines) if abs(inward[k] - inward[lines[0]]) >= DEPTH_NM), len(lines) - 1)
    for level in LEVELS_OUT:
        if ALONG[level] == ("h" if across else "v"):
            for j in range(CORNER_LINES, along - CORNER_LINES):
                yield tuple(lattice.node(level, *((k, j) if across else (j, k))) for k in lines[deep::-1])


class Entrances:
    """Where wires meet pins, or leave the block: the ways out to a side are looked at once."""

    def __init__(self, lattice: Lattice) -> None:
        self._lattice, self._sides = lattice, dict[tuple[int, ...], EdgeEntries]()

    def of(self, terminal: Terminal) -> Entries:
        """The entries of a pin; those of a side are the same for all that leave there."""
        if not terminal.strips:
            return entries_of(terminal, self._lattice)
        first = terminal.strips[0]
        if first not in self._sides:
            self._sides[first] = EdgeEntries(terminal.strips, self._lattice)
        return self._sides[first]


class EdgeEntries(Entries):
    """The ends of straight ways out (`strips`, by their inner end): dear where others are in the way, and barred where
    something fixed is, or would be to the pad of a via."""

    def __init__(self, strips: Sequence[tuple[int, ...]], lattice: Lattice) -> None:
        super().__init__(lattice, [strip[0] for strip in strips])
        self.strips = {strip[0]: strip for strip in strips}
        self._ways = np.array(strips, np.int64)
        self._levels, columns, rows = lattice.places(self.ends)
        self._xs, self._ys = np.array(lattice.xs)[columns], np.array(lattice.ys)[rows]
        self._own = np.stack([_pads(lattice, nodes, own=True) for nodes in self._ways.T], axis=1)
        self._other = _pads(lattice, self.ends, own=False)
        self._open = np.ones(len(strips), bool)
        self._behind = np.unique(self._ways[:, 1:])

    @property
    def ends(self) -> NDArray[np.int64]:
        return self._ways[:, -1]

    def clear_of(self, own: Sequence[tuple[int, Box]]) -> EdgeEntries:
        """Those whose end lies off wires of the net itself (level, nm), and so does the cut that may meet it there."""
        some = copy(self)
        others = np.array([_other(level) for level in self._levels.tolist()])
        some._open = np.ones(len(self._xs), bool)
        for level, box in (piece for piece in own if piece[0] in LEVELS_OUT):
            far = ROUTED[level].space_nm + _half_strip_nm(level)
            in_x = (self._xs > box.left - far) & (self._xs < box.right + far)
            near = in_x & (self._ys > box.bottom - far) & (self._ys < box.top + far)
            some._open &= ~(((self._levels == level) | (others == level)) & near)
        return some

    def shut_rim(self, fixed: Counted, by: int) -> None:
        """Lets no way run where the stretches lie (`by` 1), or does again (-1)."""
        fixed.wires.ravel()[self._behind] += by

    def _costs(self, prices: Prices) -> Floats:
        wires, pads = prices.fixed.wires.ravel(), prices.fixed.pads.ravel()
        way, step = self._ways[:, 1:], DEPTH_NM / max(self._ways.shape[1] - 1, 1)
        in_way = prices.press * prices.moving.wires.ravel()[way] + prices.worn.ravel()[way]
        at_end = prices.press * (prices.moving.pads.ravel()[self._own[:, -1]] + prices.moving.pads.ravel()[self._other])
        cost = step * (1 + in_way).sum(axis=1) + VIA_COST * (0.5 * at_end + (pads[self._other] > 0))
        shut = (wires[self._ways] > 0).any(axis=1) | (pads[self._own] > 0).any(axis=1) | ~self._open
        return np.where(shut, np.inf, cost)


def landing_of(lattice: Lattice, strip: Sequence[int]) -> Cut:
    """The cut that may meet the end of a way out from outside."""
    level, x, y = lattice.at(strip[-1])
    k = _cut(level)
    return Cut(CUTS[k], x, y, ALONG[level], None, _other(level))


def strip_box(lattice: Lattice, strip: Sequence[int]) -> Shape:
    """A way out from its inner end to the rim: its layer, and a box as wide as the pad of the cut that may meet it."""
    level, x, y = lattice.at(strip[-1])
    layer, line = ROUTED[level].layer, wire_box(level, (x, y), lattice.at(strip[0])[1:])
    pads = hull(box for node in strip for on, box in pad_boxes(*_cut_at(lattice, node)) if on is layer)
    rim = wire_box(level, (x, y), (x, y))
    if ALONG[level] == "h":
        left, right = (rim.left, pads.right) if line.right > rim.right else (pads.left, rim.right)
        return layer, Box(left, pads.bottom, right, pads.top)
    bottom, top = (rim.bottom, pads.top) if line.top > rim.top else (pads.bottom, rim.top)
    return layer, Box(pads.left, bottom, pads.right, top)


def at_rim(net: Net) -> tuple[int, Box, int]:
    """Level and outer end (nm) of a net's way out, and the space that wires of the net keep from it."""
    assert net.edge_wire is not None and net.landing is not None, "only nets that leave the block have an end there"
    level = LEVEL_OF[net.edge_wire[0]]
    x, y, half = net.landing.x_nm, net.landing.y_nm, _half_strip_nm(level)
    return level, Box(x - half, y - half, x + half, y + half) & net.edge_wire[1], ROUTED[level].space_nm


def beside_rim(net: Net) -> Iterator[tuple[int, Box]]:
    """Level and boxes (nm) where nothing more may be drawn: on both sides of a net's way out, at the edge, and where a
    cut from outside has its pad."""
    if net.landing is None:
        return
    for level, box in met_from_outside(net):
        yield level, box.enlarged(ROUTED[level].space_nm, ROUTED[level].space_nm)
    level, end, space = at_rim(net)
    for by in (-1, 1):
        if ALONG[level] == "h":
            yield level, end.moved(0, by * end.height()).enlarged(space, 0)
        else:
            yield level, end.moved(by * end.width(), 0).enlarged(0, space)


def _cut(level: int) -> int:
    """The number of the cut that meets wires of a level from outside: from above, met4 from below."""
    return min(level, LEVELS_OUT[-1] - 1)


def _other(level: int) -> int:
    """The level that this cut comes from."""
    return 2 * _cut(level) + 1 - level


def _cut_at(lattice: Lattice, node: int) -> tuple[Via, int, int, Ends]:
    level, x, y = lattice.at(node)
    return CUTS[_cut(level)], x, y, ALONG[level]


def _half_strip_nm(level: int) -> int:
    k = _cut(level)
    return max(CUTS[k].pads[level - k].short_nm // 2, half_nm(level))


def _pads(lattice: Lattice, nodes: Nodes, own: bool) -> Nodes:
    """The places of cuts' pads in the table of counts, on the level of the nodes themselves or on the other one."""
    levels, columns, rows = lattice.places(nodes)
    first = np.array([_first_pad(lattice, level, own) if level in LEVELS_OUT else 0 for level in range(len(ROUTED))])
    return first[levels] + columns * lattice.ny + rows


def _first_pad(lattice: Lattice, level: int, own: bool) -> int:
    k = _cut(level)
    side = level - k if own else 1 - (level - k)
    return lattice.pad(k, side, ENDS.index(ALONG[level]), 0, 0)
