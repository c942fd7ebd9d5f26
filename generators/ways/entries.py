"""Where the wires of a net may meet its pins: the crossings of a lattice, on their own metal or by a cut."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.drawing import Box
from analoom.cells.model.landings import Landing
from analoom.cells.parts.via_stack import cut_box

from .lattice import Lattice
from .net import Cut, Joint, Terminal
from .search import VIA_COST, Floats, Places, Prices
from .wire_kinds import CUTS, ENDS, LEVEL_OF, half_nm

Nodes = NDArray[np.int64]
NONE = -1
"""In place of a cut's number, or of its pad's place in the tables of counts."""


class Entries:
    """The crossings where a wire meets what has been joined: `nodes`, with the way in at each.

    That is the pin's own metal, or a cut: `kinds` has its number in `cuts`, which stand anywhere, `pads` the place of
    its other pad in the tables of counts (NONE for one that they do not hold).
    """

    def __init__(
        self,
        lattice: Lattice,
        nodes: Nodes | Sequence[int] = (),
        pads: Nodes | None = None,
        kinds: Nodes | None = None,
        cuts: Sequence[Cut] = (),
    ) -> None:
        self.lattice, self.nodes = lattice, np.asarray(nodes, np.int64)
        self._pads = np.full(len(nodes), NONE, np.int64) if pads is None else pads
        self._kinds = np.full(len(nodes), NONE, np.int64) if kinds is None else kinds
        self._cuts = tuple(cuts)
        self.box = lattice.outline(self.nodes)

    @property
    def ends(self) -> Nodes:
        """Where ways to them end."""
        return self.nodes

    def __len__(self) -> int:
        return len(self.nodes)

    def __add__(self, other: Entries) -> Entries:
        both = copy(self)
        moved = np.where(other._kinds == NONE, NONE, other._kinds + len(self._cuts))
        both.nodes, both._pads = np.append(self.nodes, other.nodes), np.append(self._pads, other._pads)
        both._kinds, both._cuts = np.append(self._kinds, moved), self._cuts + other._cuts
        both.box = self.box + other.box
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
        kind = int(self._kinds[here[np.argmin(self._costs(prices)[here])]])
        _, x, y = self.lattice.at(node)
        return None if kind == NONE else replace(self._cuts[kind], x_nm=x, y_nm=y)

    def _costs(self, prices: Prices) -> Floats:
        """What it costs to enter; infinite where a pad would come too near to something fixed."""
        cost, cuts = np.where(self._kinds == NONE, 0.0, VIA_COST), self._pads != NONE
        pads = self._pads[cuts]
        cost[cuts] += 0.5 * VIA_COST * prices.press * prices.moving.pads.ravel()[pads]
        cost[cuts] = np.where(prices.fixed.pads.ravel()[pads] > 0, np.inf, cost[cuts])
        return cost


def entries_of(terminal: Terminal, lattice: Lattice) -> Entries:
    """Every crossing where a wire meets a pin inside the block."""
    found = [part for joint in terminal.joints for part in _entries(joint, lattice)]
    if not found:
        return Entries(lattice)
    nodes, pads = (np.concatenate(parts) for parts in zip(*(part[:2] for part in found), strict=True))
    cuts = [part[2] for part in found if part[2] is not None]
    numbers = iter(range(len(cuts)))
    kinds = [np.full(len(part[0]), NONE if part[2] is None else next(numbers)) for part in found]
    return Entries(lattice, nodes, pads, np.concatenate(kinds), cuts)


def _entries(joint: Joint, lattice: Lattice) -> Iterator[tuple[Nodes, Nodes, Cut | None]]:
    """Crossings, places of pads and the cut: on a pin's own metal, then on each of its landings."""
    if joint.layer in LEVEL_OF:
        nodes = _on_metal(joint, lattice)
        yield nodes, np.full(len(nodes), NONE), None
    for landing in joint.landings:
        if landing.other(joint.layer) in LEVEL_OF:
            yield _on_landing(joint, landing, lattice)


def _on_metal(joint: Joint, lattice: Lattice) -> Nodes:
    """Crossings where a wire of least width lies in the pin's own metal."""
    level = LEVEL_OF[joint.layer]
    columns, rows = lattice.within(joint.box.enlarged(-half_nm(level), -half_nm(level)))
    return lattice.nodes(level, columns, rows)


def _on_landing(joint: Joint, landing: Landing, lattice: Lattice) -> tuple[Nodes, Nodes, Cut]:
    """Crossings where a cut stands in a landing, the places of its other pad, and the cut."""
    other, size, inside = landing.other(joint.layer), landing.via.size, landing.box
    columns, rows = lattice.within(inside)
    i = [i for i in columns if _holds(inside.left, inside.right, cut_box(size, lattice.xs[i], 0).left, size.value_nm)]
    j = [j for j in rows if _holds(inside.bottom, inside.top, cut_box(size, 0, lattice.ys[j]).bottom, size.value_nm)]
    nodes, side = lattice.nodes(LEVEL_OF[other], i, j), int(landing.via.above.layer is other)
    pads = np.full(len(nodes), NONE)
    if landing.via in CUTS:
        first = lattice.pad(CUTS.index(landing.via), side, ENDS.index(landing.ends), 0, 0)
        pads = nodes - lattice.node(LEVEL_OF[other], 0, 0) + first
    return nodes, pads, Cut(landing.via, 0, 0, landing.ends, landing.box, LEVEL_OF.get(joint.layer))


def _holds(low: int, high: int, start: int, size: int) -> bool:
    return low <= start and start + size <= high


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
