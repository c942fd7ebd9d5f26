"""Wires all nets of a block: each by its cheapest way, then again those that met others, dearer each time.

Source of the method: L. McMurchie, C. Ebeling, "PathFinder: A Negotiation-Based Performance-Driven Router for FPGAs",
FPGA 1995. Deterministic: nets go in the order of their pins and names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import klayout.db as kdb
import numpy as np

from analoom.cells.model.drawing import Box
from analoom.pdk.units import snap_up

from .lattice import Counted, Lattice
from .net import Cut, Entry, Net, Shape, entries_of, wire_box
from .search import DOWN_V, UP_V, Prices, Search
from .wire_kinds import CUTS, ENDS, LEVEL_OF, ROUTED, half_nm, pad_boxes

TURNS = 16
"""How often nets that met are wired again before it counts as no way."""
FIRST_PRESS, GROWTH, WEAR = 0.6, 1.6, 0.35
"""What a step through another net's wire costs more at first, by what factor that grows each turn, and what a quarrel
leaves behind at its place."""


@dataclass(frozen=True)
class Stuck:
    """A net that found no way free of others, and where (nm)."""

    net: str
    places: tuple[Box, ...]
    pin: str = ""


class Router:
    """The nets of a block on a lattice, among what is `fixed`."""

    def __init__(self, lattice: Lattice, fixed: Counted, nets: Sequence[Net]) -> None:
        self.lattice, self.fixed = lattice, fixed
        self.nets = sorted(nets, key=lambda net: (len(net.terminals), net.name))
        self.prices = Prices(fixed, Counted(lattice), np.zeros_like(fixed.wires, np.float32))
        self._search = Search(lattice)
        self._entries = {
            (net.name, terminal.name): entries_of(terminal, lattice) for net in nets for terminal in net.terminals
        }
        self._spans = {net.name: _span(lattice, self._entries, net) for net in nets}
        self.nets.sort(key=lambda net: (self._spans[net.name], net.name))
        self._used: dict[str, _Used] = {}
        for net in nets:
            self._fix(net, 1)

    def route(self) -> list[Stuck]:
        """Wires every net. Gives the nets that stay in each other's way; none where all is well."""
        self.prices.press = FIRST_PRESS
        lost = [stuck for net in self.nets for stuck in self._again(net)]
        if lost:
            return lost
        todo = self._quarrels()
        for _ in range(TURNS if todo else 0):
            self.prices.press *= GROWTH
            for net in todo:
                self._again(net)
            todo = self._quarrels()
            if not todo:
                break
        return [self._where(net) for net in todo if len(self._used[net.name].met)]

    def _quarrels(self) -> list[Net]:
        """The nets that lie too near to others, and those others."""
        found = [net for net in self.nets if self._in_the_way(net)]
        places = {(level, box) for net in found for level, box in self._met(net)}
        return [net for net in self.nets if net in found or self._is_near(net, places)]

    def _met(self, net: Net) -> Iterator[tuple[int, Box]]:
        for node in self._used[net.name].met:
            level, x, y = self.lattice.at(int(node))
            far = ROUTED[level].space_nm + ROUTED[level].width_nm
            yield level, Box(x - far, y - far, x + far, y + far)

    def _is_near(self, net: Net, places: set[tuple[int, Box]]) -> bool:
        return any(level == at and shape.touches(box) for level, box in places for at, shape in _levelled(net))

    def _fix(self, net: Net, by: int) -> None:
        for level, box, space in net.kept_off():
            self.fixed.add(level, box, space, by)

    def _again(self, net: Net) -> list[Stuck]:
        self._take_up(net)
        self._fix(net, -1)
        stuck = self._wired(net)
        self._fix(net, 1)
        if not stuck:
            self._lay(net)
        return stuck

    def _take_up(self, net: Net) -> None:
        if net.name in self._used:
            self.prices.moving.add_all(_levelled(net), -1)
            del self._used[net.name]

    def _lay(self, net: Net) -> None:
        self.prices.moving.add_all(_levelled(net))
        self._used[net.name] = _Used(self.lattice, net)

    def _in_the_way(self, net: Net) -> bool:
        """Whether wires of others lie too near to those of a net; wears the places where they do."""
        used, moving = self._used[net.name], self.prices.moving
        moving.add_all(_levelled(net), -1)
        wires = used.wires[moving.wires.ravel()[used.wires] > 0]
        pads = used.pads[moving.pads.ravel()[used.pads] > 0]
        moving.add_all(_levelled(net))
        if len(wires):
            self.prices.worn.ravel()[wires] += WEAR
        if len(pads):
            plane = self.lattice.nx * self.lattice.ny
            cut, side = np.divmod(pads // plane // len(ENDS), 2)
            self.prices.worn.ravel()[(cut + side) * plane + pads % plane] += WEAR
        used.met = np.concatenate([wires, _on_levels(pads, self.lattice)])
        return bool(len(used.met))

    def _where(self, net: Net) -> Stuck:
        places = {self.lattice.at(int(node))[1:] for node in self._used[net.name].met}
        return Stuck(net.name, tuple(Box(x, y, x, y) for x, y in sorted(places)))

    def _wired(self, net: Net) -> list[Stuck]:
        """Joins the pins of a net, the nearest first."""
        net.wires, net.cuts, net.ways, net.edge_wire = [], [], [], None
        entries = {terminal.name: self._entries[net.name, terminal.name] for terminal in net.terminals}
        first = min(entries, key=lambda name: (len(entries[name]) == 0, _is_edge(net, name)))
        if len(entries) == 1:
            return []
        reached: dict[int, Entry] = dict(entries.pop(first))
        while entries:
            goals = {node: entry.cost for found in entries.values() for node, entry in found.items()}
            way = self._search.way(self.prices, {node: e.cost for node, e in reached.items()}, goals) if goals else []
            if not way:
                self._guard(net.cuts, -1)
                return [self._no_way(net, entries)]
            end = way[-1][0]
            name = min((n for n, found in entries.items() if end in found), key=lambda n: entries[n][end].cost)
            known = len(net.cuts)
            self._keep(net, way, reached[way[0][0]], entries[name][end])
            self._guard(net.cuts[known:], 1)
            joined = entries.pop(name)
            if _is_edge(net, name):
                level, x, y = self.lattice.at(end)
                net.edge_wire, joined = (ROUTED[level].layer, wire_box(level, (x, y), (x, y))), {}
            reached |= joined | {node: Entry(0.0, None) for node, _ in way}
            reached = {node: entry for node, entry in reached.items() if not _too_near(entry.cut, net.cuts)}
        self._guard(net.cuts, -1)
        return []

    def _guard(self, cuts: Sequence[Cut], by: int) -> None:
        """Lets no cut of the same net stand too near to one that it has; the same place is free."""
        lattice = self.lattice
        for cut in cuts:
            if cut.via in CUTS:
                apart = cut.via.size_nm + cut.via.space_nm
                near = Box(cut.x_nm - apart, cut.y_nm - apart, cut.x_nm + apart, cut.y_nm + apart)
                columns, rows = lattice.within(near.enlarged(-1, -1))
                table = self.fixed.pads[CUTS.index(cut.via)]
                table[:, :, columns.start : columns.stop, rows.start : rows.stop] += by
                table[:, :, lattice.xs.index(cut.x_nm), lattice.ys.index(cut.y_nm)] -= by

    def _no_way(self, net: Net, entries: dict[str, dict[int, Entry]]) -> Stuck:
        """The pins that cannot be reached, or the one that cannot be left."""
        left = [terminal for terminal in net.terminals if terminal.joints and terminal.name in entries]
        if len(left) + 1 >= sum(bool(terminal.joints) for terminal in net.terminals):
            left = [terminal for terminal in net.terminals if terminal.joints]
        places = tuple(joint.box for terminal in left for joint in terminal.joints)
        return Stuck(net.name, places, left[0].name if left else "")

    def _keep(self, net: Net, way: Sequence[tuple[int, int]], start: Entry, end: Entry) -> None:
        """Draws a way: straight wires, cuts, and the cuts into the pins at its ends."""
        net.ways.append([node for node, _ in way])
        cuts = [entry.cut for entry in (start, end) if entry.cut is not None]
        for node, how in way:
            if how >= UP_V:
                level, x, y = self.lattice.at(node)
                below = level - 1 if how < DOWN_V else level
                cuts.append(Cut(CUTS[below], x, y, ENDS[(how - UP_V) % 2]))
        runs = list(_runs(self.lattice, [node for node, _ in way]))
        new = [(ROUTED[level].layer, wire_box(level, a, b)) for level, a, b in runs]
        new += [shape for cut in cuts for shape in pad_boxes(cut.via, cut.x_nm, cut.y_nm, cut.ends)]
        net.wires += new
        net.cuts += cuts
        net.wires += self._enough(net, new)

    def _enough(self, net: Net, new: Sequence[Shape]) -> list[Shape]:
        """Wires that lengthen what would fall short of its level's least area, to where most is free."""
        return [
            shape
            for level in {LEVEL_OF[layer] for layer, _ in new if layer in LEVEL_OF}
            for shape in least_area(self, net, level)
        ]


@dataclass
class _Used:
    """The crossings that a net's wires and pads take, as flat indices into the tables of counts."""

    wires: np.ndarray
    pads: np.ndarray
    met: np.ndarray

    def __init__(self, lattice: Lattice, net: Net) -> None:
        self.wires = np.array(sorted(_wire_nodes(lattice, net)), np.int64)
        self.pads = np.array(sorted(_pad_places(lattice, net)), np.int64)
        self.met = np.zeros(0, np.int64)


def _wire_nodes(lattice: Lattice, net: Net) -> set[int]:
    nodes = {node for way in net.ways for node in way}
    for layer, box in net.wires:
        if layer in LEVEL_OF:
            level = LEVEL_OF[layer]
            columns, rows = lattice.within(box.enlarged(-half_nm(level), -half_nm(level)))
            nodes |= {lattice.node(level, i, j) for i in columns for j in rows}
    return nodes


def _pad_places(lattice: Lattice, net: Net) -> Iterable[int]:
    for cut in net.cuts:
        if cut.via not in CUTS:
            continue
        k, e = CUTS.index(cut.via), ENDS.index(cut.ends)
        i, j = lattice.xs.index(cut.x_nm), lattice.ys.index(cut.y_nm)
        for side in (0, 1):
            yield (((k * 2 + side) * len(ENDS) + e) * lattice.nx + i) * lattice.ny + j


def _on_levels(pads: np.ndarray, lattice: Lattice) -> np.ndarray:
    """The crossings of flat indices into the tables of pads, on the level of each pad."""
    plane = lattice.nx * lattice.ny
    cut, side = np.divmod(pads // plane // len(ENDS), 2)
    return (cut + side) * plane + pads % plane


def _too_near(cut: Cut | None, cuts: Sequence[Cut]) -> bool:
    """Whether a cut would stand too near to one of the same kind at another place."""
    if cut is None:
        return False
    apart = cut.via.size_nm + cut.via.space_nm
    return any(
        other.via is cut.via
        and (other.x_nm, other.y_nm) != (cut.x_nm, cut.y_nm)
        and max(abs(other.x_nm - cut.x_nm), abs(other.y_nm - cut.y_nm)) < apart
        for other in cuts
    )


def _levelled(net: Net) -> list[tuple[int, Box]]:
    return [(LEVEL_OF[layer], box) for layer, box in net.wires if layer in LEVEL_OF]


def _is_edge(net: Net, name: str) -> bool:
    return any(terminal.name == name and terminal.nodes for terminal in net.terminals)


def _span(lattice: Lattice, entries: dict[tuple[str, str], dict[int, Entry]], net: Net) -> int:
    """Half the outline of a net's pins (nm): short nets go first."""
    places = [
        lattice.at(min(found))
        for terminal in net.terminals
        if (found := entries[net.name, terminal.name]) and not terminal.nodes
    ]
    if not places:
        return 0
    _, xs, ys = zip(*places, strict=True)
    return max(xs) - min(xs) + max(ys) - min(ys)


def _runs(lattice: Lattice, nodes: Sequence[int]) -> Iterable[tuple[int, tuple[int, int], tuple[int, int]]]:
    """The straight wires of a way: level and both ends (nm)."""
    places = [lattice.at(node) for node in nodes]
    start = places[0]
    for k, here in enumerate(places):
        after = places[k + 1] if k + 1 < len(places) else None
        straight = after is not None and after[0] == here[0] and _aligned(start, here, after)
        if not straight:
            if start[0] == here[0] and start != here:
                yield here[0], start[1:], here[1:]
            start = here if after is not None and after[0] == here[0] else (after or here)


def _aligned(a: tuple[int, int, int], b: tuple[int, int, int], c: tuple[int, int, int]) -> bool:
    return a[0] == b[0] == c[0] and (a[1] == b[1] == c[1] or a[2] == b[2] == c[2])


def least_area(router: Router, net: Net, level: int) -> list[Shape]:
    """What lengthens the pieces of a net on a level that fall short of its least area."""
    found, pins = list[Shape](), net.pin_metal(level)
    for piece in net.metal(level).merged().each():
        if piece.area() < ROUTED[level].area_nm2 and (kdb.Region(piece) & pins).is_empty():
            found += _lengthened(router, level, piece.bbox(), ROUTED[level].area_nm2 - piece.area())
    return found


def _lengthened(router: Router, level: int, box: Box, lacking_nm2: float) -> list[Shape]:
    lattice, half = router.lattice, half_nm(level)
    more = snap_up(lacking_nm2 / (2 * half), 10)
    columns, rows = lattice.within(box)
    i, j = columns[len(columns) // 2], rows[len(rows) // 2]
    x, y = lattice.xs[i], lattice.ys[j]
    choices = [
        Box(x - half, box.bottom - more, x + half, y + half),
        Box(x - half, y - half, x + half, box.top + more),
        Box(box.left - more, y - half, x + half, y + half),
        Box(x - half, y - half, box.right + more, y + half),
    ]
    best = min(choices, key=lambda choice: _crowd(router, level, choice))
    return [(ROUTED[level].layer, best)]


def _crowd(router: Router, level: int, box: Box) -> int:
    """How many shapes lie too near to a wire."""
    half = half_nm(level)
    columns, rows = router.lattice.within(box.enlarged(-half + 209, -half + 209))
    where = (level, slice(columns.start, columns.stop), slice(rows.start, rows.stop))
    fixed, moving = router.fixed.wires[where], router.prices.moving.wires[where]
    return int(1000 * (fixed > 0).sum() + (moving > 0).sum())
