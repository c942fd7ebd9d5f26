"""Where the wires of a net may meet its pins: the crossings of a lattice, on their own metal or by a cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.drawing import Box
from analoom.cells.model.landings import Landing
from analoom.cells.parts.via_stack import cut_box

from .lattice import Lattice
from .net import Cut, Joint, Terminal
from .search import VIA_COST, Floats, Places, Prices
from .wire_kinds import CUTS, ENDS, LEVEL_OF, half_nm


@dataclass(frozen=True)
class Entry:
    """How a wire enters a pin at a crossing: on the pin's own metal, or by a cut whose other pad is `pad` (its place in
    the tables of counts, -1 for one that they do not hold)."""

    node: int
    cut: Cut | None = None
    pad: int = -1


class Entries:
    """The crossings where a wire meets what has been joined: `nodes`, with the way in at each."""

    def __init__(self, found: Sequence[Entry], lattice: Lattice) -> None:
        self._found = list(found)
        self.nodes = np.fromiter((entry.node for entry in found), np.int64, len(found))
        self._pads = np.fromiter((entry.pad for entry in found), np.int64, len(found))
        self._base = np.fromiter((VIA_COST if entry.cut else 0.0 for entry in found), np.float64, len(found))
        self.box = lattice.outline(self.nodes)

    @property
    def ends(self) -> NDArray[np.int64]:
        """Where ways to them end."""
        return self.nodes

    def __len__(self) -> int:
        return len(self._found)

    def __add__(self, other: Entries) -> Entries:
        both = copy(self)
        both._found = self._found + other._found
        both.nodes, both._pads = np.append(self.nodes, other.nodes), np.append(self._pads, other._pads)
        both._base, both.box = np.append(self._base, other._base), self.box + other.box
        return both

    def places(self, prices: Prices) -> Places:
        """The crossings that can be entered with what that costs, the dearest first."""
        cost = self._costs(prices)
        order = np.argsort(-cost, kind="stable")
        order = order[np.isfinite(cost[order])]
        return self.nodes[order], cost[order]

    def cut_at(self, node: int, prices: Prices) -> Cut | None:
        """The cut of the cheapest way in at a crossing."""
        here = np.flatnonzero(self.nodes == node)
        return self._found[here[np.argmin(self._costs(prices)[here])]].cut

    def _costs(self, prices: Prices) -> Floats:
        """What it costs to enter; infinite where a pad would come too near to something fixed."""
        cost, cuts = self._base.copy(), self._pads >= 0
        pads = self._pads[cuts]
        cost[cuts] += 0.5 * VIA_COST * prices.press * prices.moving.pads.ravel()[pads]
        cost[cuts] = np.where(prices.fixed.pads.ravel()[pads] > 0, np.inf, cost[cuts])
        return cost


def entries_of(terminal: Terminal, lattice: Lattice) -> Entries:
    """Every crossing where a wire meets a pin inside the block."""
    found = list[Entry]()
    for joint in terminal.joints:
        found += _on_metal(joint, lattice)
        found += _on_landings(joint, lattice)
    return Entries(found, lattice)


def _on_metal(joint: Joint, lattice: Lattice) -> Iterator[Entry]:
    """Crossings where a wire of least width lies in the pin's own metal."""
    if joint.layer not in LEVEL_OF:
        return
    level = LEVEL_OF[joint.layer]
    columns, rows = lattice.within(joint.box.enlarged(-half_nm(level), -half_nm(level)))
    for i in columns:
        for j in rows:
            yield Entry(lattice.node(level, i, j))


def _on_landings(joint: Joint, lattice: Lattice) -> Iterator[Entry]:
    for landing in joint.landings:
        if landing.other(joint.layer) in LEVEL_OF:
            columns, rows = lattice.within(landing.box)
            yield from (entry for i in columns for j in rows for entry in _landed(joint, landing, lattice, i, j))


def _landed(joint: Joint, landing: Landing, lattice: Lattice, i: int, j: int) -> Iterator[Entry]:
    """The way in by a cut where two lines cross, if it stands in the landing there."""
    x, y, other = lattice.xs[i], lattice.ys[j], landing.other(joint.layer)
    if cut_box(landing.via.size, x, y).inside(landing.box):
        pad, side = -1, int(landing.via.above.layer is other)
        if landing.via in CUTS:
            pad = lattice.pad(CUTS.index(landing.via), side, ENDS.index(landing.ends), i, j)
        cut = Cut(landing.via, x, y, landing.ends, landing.box, LEVEL_OF.get(joint.layer))
        yield Entry(lattice.node(LEVEL_OF[other], i, j), cut, pad)


def lines_for(joint: Joint) -> Iterator[tuple[str, int, int]]:
    """The ranges ("x" or "y", low, high in nm) of which each must hold a line, or no wire could meet this place."""
    if joint.layer in LEVEL_OF:
        half = half_nm(LEVEL_OF[joint.layer])
        yield from _ranges(joint.box.enlarged(-half, -half))
    for landing in joint.landings:
        half = landing.via.size_nm // 2
        yield from _ranges(landing.box.enlarged(-half, -half))


def _ranges(box: Box) -> Iterator[tuple[str, int, int]]:
    if box.left <= box.right and box.bottom <= box.top:
        yield "x", box.left, box.right
        yield "y", box.bottom, box.top
