"""Joins the pins of one net: from one to the nearest other, until all are reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import combinations

import numpy as np

from analoom.cells.model.drawing import Box
from analoom.generators.ways.edge_strips import EdgeEntries, at_rim, landing_of, strip_box
from analoom.generators.ways.entries import Entries
from analoom.generators.ways.lattice import Lattice
from analoom.generators.ways.net import Cut, Net, wire_box
from analoom.generators.ways.search import DOWN_V, UP_V, Prices, Search
from analoom.generators.ways.wire_kinds import CUTS, ENDS, ROUTED, pad_boxes

from .used import levelled

Way = Sequence[tuple[int, int]]
"""Crossings, with how each was reached."""
FAR_NM = 1 << 40
"""Farther than any two places are."""
RETRIES = 8
"""How often a way is sought again whose own cuts stand too near to each other."""


class Joining:
    """The wires of `net` as they are found, on a search's lattice at the given prices."""

    def __init__(self, net: Net, entries: Mapping[str, Entries], search: Search, prices: Prices) -> None:
        self.net, self.lattice = net, search.lattice
        self._entries, self._search, self._prices = entries, search, prices
        self._names = sorted(entries)
        self._boxes = np.array([_edges(entries[name].box) for name in self._names], np.int64)

    def run(self) -> list[str]:
        """Draws the wires into the net. Gives the pins that are shut in, if any.

        A pin that cannot be reached may be shut in by the net's own cuts: the net then starts from there once more.
        """
        missed = self._joined()
        inside = [name for name in missed if not self.net.is_edge(name) and len(self._entries[name])]
        return missed if not inside or self._joined(inside[0]) else []

    def _joined(self, start: str = "") -> list[str]:
        """Joins all pins, from `start` if one is given. Gives those that are shut in."""
        net = self.net
        net.wires, net.cuts, net.ways, net.edge_wire, net.landing = list(net.laid), [], [], None, None
        self._apart, self._reached = np.full(len(self._entries), FAR_NM), Entries(self.lattice)
        left = sorted(self._entries, key=lambda name: (name != start, not len(self._entries[name]), net.is_edge(name)))
        first, missed, open_ = left[0], list[str](), np.ones(len(left), bool)
        self._join(self._entries[first])
        open_[self._names.index(first)] = False
        while open_.any():
            nearest = int(np.argmin(np.where(open_, self._apart, FAR_NM + 1)))
            open_[nearest], name = False, self._names[nearest]
            if not self._way_to(name):
                missed.append(first if self._shut_in(name) else name)
        self._guard(self.net.cuts, -1)
        self._keep_off_landing(-1)
        return sorted(set(missed))

    def _shut_in(self, name: str) -> bool:
        """Whether what has been reached comes less far than a pin would, of which no way was found."""
        starts, goals = (entries.places(self._prices) for entries in (self._entries[name], self._reached))
        if not len(goals[0]) or self.net.is_edge(name) or not len(starts[0]):
            return len(starts[0]) > 0
        from_here = self._search.explored()
        return (
            len(starts[0]) > 0
            and not self._search.way(self._prices, starts, goals)
            and self._search.explored() > from_here
        )

    def _join(self, entries: Entries) -> None:
        """Lets wires start from there, and notes how far each pin is."""
        self._reached += entries
        left, bottom, right, top = _edges(entries.box)
        lefts, bottoms, rights, tops = self._boxes.T
        wide = np.maximum(np.maximum(left - rights, lefts - right), 0)
        high = np.maximum(np.maximum(bottom - tops, bottoms - top), 0)
        self._apart = np.minimum(self._apart, wide + high)

    def _way_to(self, name: str) -> bool:
        pin, known = self._entries[name], len(self.net.cuts)
        way, cuts = self._found(pin)
        if not way:
            return False
        self._draw([node for node, _ in way], cuts)
        self._guard(self.net.cuts[known:], 1)
        if isinstance(pin, EdgeEntries):
            self._leave(pin.strips[way[-1][0]])
        elif not self.net.is_laid(name):
            self._join(pin)
        self._join(Entries(self.lattice, [node for node, _ in way]))
        return True

    def _leave(self, strip: Sequence[int]) -> None:
        """Draws the straight stretch to the edge, as wide as a via asks that may meet it there."""
        net = self.net
        net.ways[-1] = [*net.ways[-1], *strip[1:]]
        net.edge_wire, net.landing = strip_box(self.lattice, strip), landing_of(self.lattice, strip)
        net.wires.append(net.edge_wire)
        self._keep_off_landing(1)

    def _keep_off_landing(self, by: int) -> None:
        """Lets no wire of the net bend beside its own end at the edge, nor a cut take the place of one from outside."""
        if self.net.landing is not None:
            self._guard([self.net.landing], by)
            self._prices.fixed.add(*at_rim(self.net), by)

    def _found(self, pin: Entries) -> tuple[Way, list[Cut]]:
        """A way to a pin with its cuts, no two of a kind too near to each other; empty where there is none.

        The place of one such cut is barred at first, then all that lies too near to the other.
        """
        barred, guarded, cuts = list[Cut](), list[Cut](), list[Cut]()
        way: Way = []
        while len(barred) + len(guarded) < 2 * RETRIES:
            way = self._way(pin)
            cuts = self._cuts(way, pin) if way else []
            near = _too_near([*self._outside(way, pin), *cuts])
            if near is None:
                break
            way, cuts = [], []
            if len(barred) < RETRIES:
                barred.append(near[1])
                self._bar(near[1], 1)
            else:
                guarded.append(near[0])
                self._guard(guarded[-1:], 1)
        for cut in barred:
            self._bar(cut, -1)
        self._guard(guarded, -1)
        return way, cuts

    def _way(self, pin: Entries) -> Way:
        """The cheapest way to a pin; to the edge from inside only, and to a place off the net's own wires."""
        starts = self._reached.places(self._prices)
        if not isinstance(pin, EdgeEntries):
            return self._search.way(self._prices, starts, pin.places(self._prices))
        goals = pin.clear_of(levelled(self.net)).places(self._prices)
        pin.shut_rim(self._prices.fixed, 1)
        way = self._search.way(self._prices, starts, goals)
        pin.shut_rim(self._prices.fixed, -1)
        return way

    def _outside(self, way: Way, pin: Entries) -> list[Cut]:
        """The cut that may come to the end of a way from outside the block."""
        return [landing_of(self.lattice, pin.strips[way[-1][0]])] if way and isinstance(pin, EdgeEntries) else []

    def _bar(self, cut: Cut, by: int) -> None:
        """Lets no cut of a kind stand where this one does."""
        lattice = self.lattice
        i, j = lattice.lines_at(cut.x_nm, cut.y_nm)
        self._prices.fixed.pads[CUTS.index(cut.via), :, :, i, j] += by

    def _cuts(self, way: Way, pin: Entries) -> list[Cut]:
        """The cuts of a way, and those into the pins at both ends."""
        ends = (self._reached.cut_at(way[0][0], self._prices), pin.cut_at(way[-1][0], self._prices))
        cuts = [cut for cut in ends if cut is not None]
        for node, how in way:
            if how >= UP_V:
                level, x, y = self.lattice.at(node)
                cuts.append(Cut(CUTS[level - 1 if how < DOWN_V else level], x, y, ENDS[(how - UP_V) % 2]))
        return cuts

    def _draw(self, nodes: Sequence[int], cuts: Sequence[Cut]) -> None:
        """Straight wires, and the cuts with their pads."""
        self.net.ways.append(nodes)
        self.net.wires += [(ROUTED[level].layer, wire_box(level, a, b)) for level, a, b in runs(self.lattice, nodes)]
        self.net.wires += [shape for cut in cuts for shape in pad_boxes(cut.via, cut.x_nm, cut.y_nm, cut.ends)]
        self.net.cuts += cuts

    def _guard(self, cuts: Sequence[Cut], by: int) -> None:
        """Lets no cut of the same net stand too near to one that it has; the same place is free."""
        lattice = self.lattice
        for cut in cuts:
            if cut.via in CUTS:
                columns, rows = lattice.within(_near(cut))
                table = self._prices.fixed.pads[CUTS.index(cut.via)]
                table[:, :, columns.start : columns.stop, rows.start : rows.stop] += by
                i, j = lattice.lines_at(cut.x_nm, cut.y_nm)
                table[:, :, i, j] -= by


def _edges(box: Box) -> tuple[int, int, int, int]:
    return box.left, box.bottom, box.right, box.top


def distance(a: Box, b: Box) -> int:
    """From one box to another along both axes (nm)."""
    return max(0, a.left - b.right, b.left - a.right) + max(0, a.bottom - b.top, b.bottom - a.top)


def _near(cut: Cut) -> Box:
    """Where the middle of another cut of its kind would stand too near (nm)."""
    apart = cut.via.size_nm + cut.via.space_nm - 1
    return Box(cut.x_nm - apart, cut.y_nm - apart, cut.x_nm + apart, cut.y_nm + apart)


def _too_near(cuts: Sequence[Cut]) -> tuple[Cut, Cut] | None:
    """A cut and another of its kind that stands too near to it, at another place."""
    for one, other in combinations(cuts, 2):
        apart = max(abs(one.x_nm - other.x_nm), abs(one.y_nm - other.y_nm))
        if one.via is other.via and one.via in CUTS and 0 < apart < one.via.size_nm + one.via.space_nm:
            return one, other
    return None


def runs(lattice: Lattice, nodes: Sequence[int]) -> list[tuple[int, tuple[int, int], tuple[int, int]]]:
    """The straight wires of a way: level and both ends (nm)."""
    places, found = [lattice.at(node) for node in nodes], []
    start = 0
    for k in range(1, len(places) + 1):
        if k == len(places) or not _straight(places[start], places[k]):
            if k - 1 > start:
                found.append((places[start][0], places[start][1:], places[k - 1][1:]))
            start = k - 1 if k < len(places) and places[k - 1][0] == places[k][0] else k
    return found


def _straight(a: tuple[int, int, int], b: tuple[int, int, int]) -> bool:
    return a[0] == b[0] and (a[1] == b[1] or a[2] == b[2])
