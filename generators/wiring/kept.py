"""What of a net of many pins may stay when others are in its way: ways off these places, and what they join.

To wire anew all pins of a supply because of one place would take most of the time that a large block takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import coo_array
from scipy.sparse.csgraph import connected_components

from .entries import Entries
from .lattice import Lattice
from .net import Cut, Net

MANY = 48
"""Nets of more pins keep what they can; the others are cheap, and shorter when they are wired anew."""
Drawn = tuple[Sequence[int], Sequence[Cut]]
"""A way, and its cuts."""


def may_keep(net: Net) -> bool:
    """Whether ways of a net can stay: it has many, and its own cuts for each."""
    return len(net.terminals) > MANY and len(net.way_cuts) == len(net.ways) and not net.laid and not net.image_of


def kept(net: Net, entries: Mapping[str, Entries], near: NDArray[np.bool_]) -> tuple[list[Drawn], dict[str, Entries]]:
    """The ways that may stay, off `near` (nx, ny); and by the name of one pin the entries of all that these join."""
    lattice, pins = next(iter(entries.values())).lattice, [pin for pin in entries if not net.is_edge(pin)]
    stay = [one for one in zip(net.ways, net.way_cuts, strict=True) if not _leaves(one[0], net, lattice)]
    stay = [one for one in stay if not near.ravel()[np.asarray(one[0]) % near.size].any()]
    groups = _groups(stay, {pin: found for pin, found in entries.items() if not net.is_edge(pin)}, lattice)
    joined = {pin: found for pin, found in entries.items() if net.is_edge(pin)}
    names = dict[int, str]()
    for pin, group in zip(pins, groups, strict=False):
        name = names.setdefault(int(group), pin)
        joined[name] = joined[name] + entries[pin] if name in joined else entries[pin]
    held = [(one, names[int(g)]) for one, g in zip(stay, groups[len(pins) :], strict=True) if int(g) in names]
    for (nodes, _), name in held:
        joined[name] = joined[name] + Entries(lattice, nodes)
    return [one for one, _ in held], joined


def _leaves(way: Sequence[int], net: Net, lattice: Lattice) -> bool:
    """Whether a way ends outside the block."""
    return net.landing is not None and lattice.at(way[-1])[1:] == (net.landing.x_nm, net.landing.y_nm)


def _groups(ways: Sequence[Drawn], entries: Mapping[str, Entries], lattice: Lattice) -> NDArray[np.int32]:
    """The number of what is joined, of each pin and then of each way."""
    pairs = list(_joints(ways, entries, lattice))
    size = len(entries) + len(ways)
    one, other = zip(*pairs, strict=True) if pairs else ((), ())
    graph = coo_array((np.ones(len(pairs)), (np.array(one, int), np.array(other, int))), (size, size))
    return np.asarray(connected_components(graph.tocsr(), directed=False)[1], np.int32)


def _joints(ways: Sequence[Drawn], entries: Mapping[str, Entries], lattice: Lattice) -> Iterator[tuple[int, int]]:
    """Pairs of pins and ways that meet: at an end of the way, on the pin's metal or by a cut of that way's own."""
    holders: dict[int, list[int]] = {}
    for k, (nodes, _) in enumerate(ways):
        for node in nodes:
            holders.setdefault(int(node), []).append(len(entries) + k)
    ends = {node for nodes, _ in ways for node in (nodes[0], nodes[-1])}
    for pin, found in enumerate(entries.values()):
        for node in ends.intersection(found.nodes.tolist()):
            for way in holders[node]:
                nodes, cuts = ways[way - len(entries)]
                if node in (nodes[0], nodes[-1]) and (found.on_metal(node) or _cut_stands(node, cuts, lattice)):
                    yield pin, way
    for k, (nodes, _) in enumerate(ways):
        yield from ((len(entries) + k, way) for way in holders[int(nodes[0])])


def _cut_stands(node: int, cuts: Sequence[Cut], lattice: Lattice) -> bool:
    _, x, y = lattice.at(node)
    return any(cut.within is not None and (cut.x_nm, cut.y_nm) == (x, y) for cut in cuts)
