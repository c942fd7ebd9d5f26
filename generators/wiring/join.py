"""Joins the pins of one net: from one to the nearest other, until all are reached."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from analoom.cells.model.drawing import Box

from .entries import Entries, Entry
from .lattice import Lattice
from .net import Cut, Net, Shape, wire_box
from .search import DOWN_V, UP_V, Prices, Search
from .wire_kinds import CUTS, ENDS, ROUTED, pad_boxes


class Joining:
    """The wires of `net` as they are found, on a search's lattice at the given prices."""

    def __init__(self, net: Net, entries: Mapping[str, Entries], search: Search, prices: Prices) -> None:
        self.net, self.lattice = net, search.lattice
        self._entries, self._search, self._prices = entries, search, prices
        self._apart = dict.fromkeys(entries, 0)
        self._reached: dict[int, Entry] = {}
        net.wires, net.cuts, net.ways, net.edge_wire = [], [], [], None

    def run(self) -> list[str]:
        """Draws the wires into the net. Gives the pins that are shut in, if any."""
        left = sorted(self._entries, key=lambda name: (not self._entries[name].at, self.net.is_edge(name)))
        first, missed = left.pop(0), list[str]()
        self._join(first)
        while left:
            name = min(left, key=lambda pin: (self._apart[pin], pin))
            left.remove(name)
            if not self._way_to(name):
                missed.append(first if self._shut_in(name) else name)
        self._guard(self.net.cuts, -1)
        return sorted(set(missed))

    def _shut_in(self, name: str) -> bool:
        """Whether what has been reached comes less far than a pin would, of which no way was found."""
        if not self._reached or self.net.is_edge(name):
            return True
        from_here = self._search.explored()
        starts = {node: entry.cost for node, entry in self._entries[name].at.items()}
        goals = {node: entry.cost for node, entry in self._reached.items()}
        return (
            bool(starts) and not self._search.way(self._prices, starts, goals) and self._search.explored() > from_here
        )

    def _join(self, name: str) -> None:
        """Lets wires start from a pin."""
        self._reached |= self._entries[name].at
        self._measure(self._entries[name].box, first=not self.net.ways)

    def _measure(self, box: Box, first: bool = False) -> None:
        """How far each pin is from what has been reached."""
        for name, entries in self._entries.items():
            apart = distance(box, entries.box)
            self._apart[name] = apart if first else min(apart, self._apart[name])

    def _way_to(self, name: str) -> bool:
        goals = {node: entry.cost for node, entry in self._entries[name].at.items()}
        starts = {node: entry.cost for node, entry in self._reached.items()}
        way = self._search.way(self._prices, starts, goals) if goals and starts else []
        if not way:
            return False
        known, end = len(self.net.cuts), way[-1][0]
        self._draw(way, self._entries[name].at[end])
        self._guard(self.net.cuts[known:], 1)
        if self.net.is_edge(name):
            self.net.edge_wire = edge_wire(self.lattice, end)
        else:
            self._join(name)
        self._reached |= dict.fromkeys((node for node, _ in way), Entry(0.0, None))
        self._measure(self.lattice.outline([node for node, _ in way]))
        self._forget_near(self.net.cuts[known:])
        return True

    def _draw(self, way: Sequence[tuple[int, int]], end: Entry) -> None:
        """Straight wires, cuts, and the cuts into the pins at both ends."""
        nodes = [node for node, _ in way]
        cuts = [entry.cut for entry in (self._reached[nodes[0]], end) if entry.cut is not None]
        for node, how in way:
            if how >= UP_V:
                level, x, y = self.lattice.at(node)
                cuts.append(Cut(CUTS[level - 1 if how < DOWN_V else level], x, y, ENDS[(how - UP_V) % 2]))
        self.net.ways.append(nodes)
        self.net.wires += [(ROUTED[level].layer, wire_box(level, a, b)) for level, a, b in runs(self.lattice, nodes)]
        self.net.wires += [shape for cut in cuts for shape in pad_boxes(cut.via, cut.x_nm, cut.y_nm, cut.ends)]
        self.net.cuts += cuts

    def _guard(self, cuts: Sequence[Cut], by: int) -> None:
        """Lets no cut of the same net stand too near to one that it has; the same place is free."""
        lattice = self.lattice
        for cut in cuts:
            if cut.via in CUTS:
                columns, rows = lattice.within(_apart_box(cut).enlarged(-1, -1))
                table = self._prices.fixed.pads[CUTS.index(cut.via)]
                table[:, :, columns.start : columns.stop, rows.start : rows.stop] += by
                table[:, :, lattice.xs.index(cut.x_nm), lattice.ys.index(cut.y_nm)] -= by

    def _forget_near(self, cuts: Sequence[Cut]) -> None:
        """Drops the ways into pins by cuts that would stand too near to new ones."""
        boxes = [(cut, _apart_box(cut).enlarged(-1, -1)) for cut in cuts]
        gone = [
            node
            for node, entry in self._reached.items()
            if entry.cut is not None and any(_too_near(entry.cut, cut, box) for cut, box in boxes)
        ]
        for node in gone:
            del self._reached[node]


def edge_wire(lattice: Lattice, node: int) -> Shape:
    """The end of a wire at a crossing: its layer and a square of its width."""
    level, x, y = lattice.at(node)
    return ROUTED[level].layer, wire_box(level, (x, y), (x, y))


def distance(a: Box, b: Box) -> int:
    """From one box to another along both axes (nm)."""
    return max(0, a.left - b.right, b.left - a.right) + max(0, a.bottom - b.top, b.bottom - a.top)


def _apart_box(cut: Cut) -> Box:
    apart = cut.via.size_nm + cut.via.space_nm
    return Box(cut.x_nm - apart, cut.y_nm - apart, cut.x_nm + apart, cut.y_nm + apart)


def _too_near(cut: Cut, other: Cut, apart: Box) -> bool:
    """Whether a cut stands too near to another of its kind, at another place."""
    here = (cut.x_nm, cut.y_nm)
    return cut.via is other.via and here != (other.x_nm, other.y_nm) and _holds(apart, *here)


def _holds(box: Box, x: int, y: int) -> bool:
    return box.left <= x <= box.right and box.bottom <= y <= box.top


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
