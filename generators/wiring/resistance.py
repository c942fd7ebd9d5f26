"""The largest resistance between two pins of a net along its ways, and the width that keeps it below what is asked.

Resistances are those of wires and cuts of the typical corner, one cut where there may be two. The metal of the pins,
and the cuts into them, are their cells'. Source: the wire table (`analoom.pdk.wire_resistance`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import pairwise

import numpy as np
from scipy.sparse import coo_array
from scipy.sparse.csgraph import dijkstra

from analoom.cells.model.drawing import Box
from analoom.generators.ways.lattice import Lattice
from analoom.generators.ways.net import Net, wire_box
from analoom.generators.ways.wire_kinds import CUTS, ROUTED
from analoom.pdk.errors import SpecError
from analoom.pdk.units import to_um
from analoom.pdk.wire_resistance import wire_resistance

from .join import runs
from .router import Router
from .strengthen import SHORT_NM

MOST_NM, STEP_NM = 20_000, 100
"""Up to which width a net is widened for its resistance, and in which steps."""
Run = tuple[int, tuple[int, int], tuple[int, int]]


def widened(router: Router, widths_nm: Mapping[str, int], most_ohm: Mapping[str, float]) -> dict[str, int]:
    """The width of each net that is to grow: what was asked, or the least that keeps the resistance."""
    found = dict(widths_nm)
    for net in (net for net in router.nets if net.name in most_ohm):
        widths = range(STEP_NM, MOST_NM + 1, STEP_NM)
        enough = (w for w in widths if ohm_of(net, router.lattice, _grown_to(w)) <= most_ohm[net.name])
        found[net.name] = max(next(enough, MOST_NM), found.get(net.name, 0))
    return found


def require_resistance(router: Router, most_ohm: Mapping[str, float]) -> None:
    """Raises SpecError with net, bound and what it has, where no room was found for a width that would do."""
    for net in (net for net in router.nets if net.name in most_ohm):
        has = drawn_ohm(net, router.lattice)
        if has > most_ohm[net.name]:
            bound = f"at most {most_ohm[net.name]:.3g} ohm between its pins, not {has:.3g}"
            raise SpecError("floorplan", net.name, bound, "room for a wire that wide")


def drawn_ohm(net: Net, lattice: Lattice) -> float:
    """The largest resistance (ohm) between two pins of a net as it is drawn."""
    return ohm_of(net, lattice, partial(drawn_nm, net))


def ohm_of(net: Net, lattice: Lattice, width_nm: Callable[[Run], int]) -> float:
    """The largest resistance (ohm) between two pins of a net whose straight wires have that width."""
    steps = list(_steps(net, lattice, width_nm))
    if not steps:
        return 0.0
    ends = {net.ways[0][0], *(way[-1] for way in net.ways)}
    number = {node: k for k, node in enumerate(dict.fromkeys(node for a, b, _ in steps for node in (a, b)))}
    rows, columns, ohm = zip(*((number[a], number[b], value) for a, b, value in steps), strict=True)
    graph = coo_array((np.maximum(ohm, 1e-9), (rows, columns)), (len(number), len(number)))
    pins = [number[node] for node in sorted(ends)]
    return float(dijkstra(graph.tocsr(), directed=False, indices=pins)[:, pins].max())


def _steps(net: Net, lattice: Lattice, width_nm: Callable[[Run], int]) -> Iterator[tuple[int, int, float]]:
    """The steps of a net's ways with their resistance; ways that leave from the same pin meet without any."""
    known = set[int]()
    for way in net.ways:
        width = dict.fromkeys(way, ROUTED[0].width_nm)
        for run in runs(lattice, way):
            width |= dict.fromkeys(_nodes_in(lattice, way, run), width_nm(run))
        yield from ((a, b, _ohm(lattice, a, b, min(width[a], width[b]))) for a, b in pairwise(way))
        if known and way[0] not in known:
            yield way[0], min(known, key=lambda node: _apart(lattice, node, way[0])), 0.0
        known.update(way)


def _nodes_in(lattice: Lattice, way: Sequence[int], run: Run) -> Iterator[int]:
    level, a, b = run
    box = Box(*map(min, a, b), *map(max, a, b))
    for node in way:
        on, x, y = lattice.at(node)
        if on == level and box.touches(Box(x, y, x, y)):
            yield node


def _ohm(lattice: Lattice, a: int, b: int, width_nm: int) -> float:
    (low, *_), (high, *_), wires = lattice.at(a), lattice.at(b), wire_resistance()
    if low != high:
        return wires.cut_ohm[CUTS[min(low, high)].cut]
    width = max(width_nm, ROUTED[low].width_nm)
    return wires.ohm_per_um(ROUTED[low].layer, to_um(width)) * to_um(_apart(lattice, a, b))


def _apart(lattice: Lattice, a: int, b: int) -> int:
    (_, x, y), (_, u, v) = lattice.at(a), lattice.at(b)
    return abs(x - u) + abs(y - v)


def _grown_to(width_nm: int) -> Callable[[Run], int]:
    """The widths of runs of which the long ones are widened."""
    return lambda run: width_nm if _length(run) >= SHORT_NM else ROUTED[run[0]].width_nm


def drawn_nm(net: Net, run: Run) -> int:
    """The width of the widest wire that a run lies in."""
    level, box = run[0], wire_box(*run)
    around = (wire for layer, wire in net.wires if layer is ROUTED[level].layer and box.inside(wire))
    return max((min(wire.width(), wire.height()) for wire in around), default=ROUTED[level].width_nm)


def _length(run: Run) -> int:
    _, a, b = run
    return abs(a[0] - b[0]) + abs(a[1] - b[1])
