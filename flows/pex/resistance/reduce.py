"""Smaller RC networks: thresholds on resistors and capacitors, and elimination of fast inner nodes.

Elimination follows B. N. Sheehan, "TICER: realizable reduction of extracted RC circuits", ICCAD 1999: a node with
conductances g to its neighbours and capacitances c leaves g_i g_j / G between them, and (g_i c_j + g_j c_i) / G in
capacitance. DC resistances and the first moment (Elmore delay) between the nodes that stay are kept; the next term is
(2 pi f tau)^2 for a node of time constant tau.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from math import pi

MOST_NEIGHBOURS = 4
"""Inner nodes with more resistors than this stay: to eliminate them would add elements."""

Links = dict[int, dict[int, float]]


@dataclass
class RcGraph:
    """Conductances `g` (S) and capacitances `c` (F) between nodes, symmetric; node 0 is the substrate."""

    g: Links = field(default_factory=dict)
    c: Links = field(default_factory=dict)

    @classmethod
    def of(cls, resistors: Iterable[tuple[int, int, float]], capacitors: Iterable[tuple[int, int, float]]) -> RcGraph:
        """From (node, node, ohm) and (node, node, farad); parallel elements add up."""
        graph = cls()
        for a, b, ohm in resistors:
            _add(graph.g, a, b, 1.0 / ohm)
        for a, b, c_f in capacitors:
            _add(graph.c, a, b, c_f)
        return graph

    def resistors(self) -> list[tuple[int, int, float]]:
        """(node, node, ohm), each once, in order."""
        return [(a, b, 1.0 / g) for a in sorted(self.g) for b, g in sorted(self.g[a].items()) if a < b]

    def capacitors(self) -> list[tuple[int, int, float]]:
        """(node, node, farad), each once, in order."""
        return [(a, b, c) for a in sorted(self.c) for b, c in sorted(self.c[a].items()) if a < b]

    @staticmethod
    def add(links: Links, a: int, b: int, value: float) -> None:
        """Adds a conductance (links `g`) or a capacitance (`c`) between two nodes; a node to itself has none."""
        _add(links, a, b, value)

    def merge(self, gone: int, into: int) -> None:
        """Makes two nodes one."""
        for links in (self.g, self.c):
            for other, value in links.pop(gone, {}).items():
                links[other].pop(gone, None)
                if other != into:
                    _add(links, into, other, value)

    def eliminate(self, node: int) -> None:
        """Takes a node out by star to mesh, with its capacitances shared by conductance."""
        g, c = self.g.pop(node), self.c.pop(node, {})
        total = sum(g.values())
        for other in g:
            del self.g[other][node]
        for other in c:
            del self.c[other][node]
        near = sorted(g)
        for k, a in enumerate(near):
            for b in near[k + 1 :]:
                _add(self.g, a, b, g[a] * g[b] / total)
            for b, c_f in c.items():
                if a != b:
                    _add(self.c, a, b, g[a] / total * c_f)

    def isolate(self, node: int) -> None:
        """Takes out a node that only capacitors reach: C_ab += C_a C_b / sum(C)."""
        self.g.pop(node, None)
        star = self.c.pop(node, {})
        total, near = sum(star.values()), sorted(star)
        for other in near:
            del self.c[other][node]
        for k, a in enumerate(near):
            for b in near[k + 1 :]:
                _add(self.c, a, b, star[a] * star[b] / total)


@dataclass(frozen=True)
class Reduction:
    """What was done and the error it made.

    `moved_f`: coupling given to the substrate, the largest sum at one node; `shorted_ohm`: the largest resistor taken
    for zero; `phase_rad`: the largest 2 pi f tau among the nodes eliminated, with its square the relative error at f.
    """

    nodes_before: int
    nodes_after: int
    moved_f: float = 0.0
    shorted_ohm: float = 0.0
    phase_rad: float = 0.0

    def words(self) -> str:
        """One line for the report."""
        return (
            f"reduced from {self.nodes_before} to {self.nodes_after} nodes; error: up to {self.moved_f:.3g} F of "
            f"coupling at a node given to the substrate, resistors up to {self.shorted_ohm:.3g} ohm taken for zero, "
            f"admittance off by up to {self.phase_rad**2:.2g} (relative) at the highest frequency asked for"
        )


def reduce(
    graph: RcGraph,
    keep: Collection[int],
    min_c_f: float = 0.0,
    min_r_ohm: float = 0.0,
    up_to_hz: float | None = None,
    group: Mapping[int, Hashable] | None = None,
) -> Reduction:
    """Reduces `graph` in place; nodes in `keep` stay. `up_to_hz`: eliminates nodes faster than this allows.

    A node goes when 2 pi f tau is below a tenth, tau being its capacitance over its conductance. `group`: nodes of one
    group (the same node of every tile of an array) are treated alike: all of them together, none whose neighbour is of
    its own group. So one node of each line stays in every tile, and equal tiles stay equal.
    """
    before = len(graph.g.keys() | graph.c.keys())
    order = _Order(graph, keep, group)
    shorted = _short(graph, order, min_r_ohm) if min_r_ohm else 0.0
    phase = _fast(graph, order, up_to_hz) if up_to_hz is not None else 0.0
    moved = _ground(graph, min_c_f) if min_c_f else 0.0
    return Reduction(before, len(graph.g.keys() | graph.c.keys()), moved, shorted, phase)


@dataclass(frozen=True)
class _Order:
    graph: RcGraph
    keep: Collection[int]
    group: Mapping[int, Hashable] | None

    def __iter__(self) -> Iterator[int]:
        nodes = sorted(self.graph.g)
        group = self.group
        return iter(nodes if group is None else sorted(nodes, key=lambda n: (group[n], n)))

    def may_go(self, node: int) -> bool:
        links = self.graph.g.get(node)
        if node in self.keep or not links:
            return False
        return self.group is None or all(self.group[other] != self.group[node] for other in links)

    def rank(self, node: int) -> tuple[Hashable, int]:
        return ("" if self.group is None else self.group[node]), node


def _short(graph: RcGraph, order: _Order, min_r_ohm: float) -> float:
    worst = 0.0
    for node in order:
        if not order.may_go(node):
            continue
        into, g = max(graph.g[node].items(), key=lambda item: (float(f"{item[1]:.6e}"), order.rank(item[0])))
        if g * min_r_ohm > 1.0:
            worst = max(worst, 1.0 / g)
            graph.merge(node, into)
    return worst


def _fast(graph: RcGraph, order: _Order, up_to_hz: float) -> float:
    worst = 0.0
    for node in order:
        if not order.may_go(node) or len(graph.g[node]) > MOST_NEIGHBOURS:
            continue
        phase = 2 * pi * up_to_hz * sum(graph.c.get(node, {}).values()) / sum(graph.g[node].values())
        if phase < 0.1:
            worst = max(worst, phase)
            graph.eliminate(node)
    return worst


def _ground(graph: RcGraph, min_c_f: float) -> float:
    """Couplings below the threshold go to the substrate from both their ends; returns the largest sum at a node."""
    moved: dict[int, float] = {}
    for a, b, c_f in graph.capacitors():
        if a and c_f < min_c_f:
            del graph.c[a][b], graph.c[b][a]
            for node in (a, b):
                _add(graph.c, 0, node, c_f)
                moved[node] = moved.get(node, 0.0) + c_f
    return max(moved.values(), default=0.0)


def _add(links: Links, a: int, b: int, value: float) -> None:
    if a != b:
        links.setdefault(a, {})[b] = links.get(a, {}).get(b, 0.0) + value
        links.setdefault(b, {})[a] = links[a][b]
