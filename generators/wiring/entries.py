"""Where the wires of a net may meet its pins: the crossings of a lattice, on their own metal or by a cut."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analoom.cells.model.drawing import Box
from analoom.cells.parts.via_stack import cut_box

from .lattice import Lattice
from .net import Cut, Joint, Terminal
from .search import VIA_COST
from .wire_kinds import LEVEL_OF, half_nm


@dataclass(frozen=True)
class Entry:
    """How a wire enters a pin at a crossing: on the pin's own metal (`cut` None), or by a cut."""

    cost: float
    cut: Cut | None


@dataclass(frozen=True)
class Entries:
    """The crossings where a wire meets one pin, the cheapest way in at each, and their outline (nm)."""

    at: Mapping[int, Entry]
    box: Box


def entries_of(terminal: Terminal, lattice: Lattice) -> Entries:
    """Every crossing where a wire meets a pin."""
    found = {node: Entry(0.0, None) for node in terminal.nodes}
    for joint in terminal.joints:
        for node, entry in (*_on_metal(joint, lattice), *_on_landings(joint, lattice)):
            if node not in found or entry.cost < found[node].cost:
                found[node] = entry
    return Entries(found, lattice.outline(found))


def _on_metal(joint: Joint, lattice: Lattice) -> Iterator[tuple[int, Entry]]:
    """Crossings where a wire of least width lies in the pin's own metal."""
    if joint.layer not in LEVEL_OF:
        return
    level = LEVEL_OF[joint.layer]
    columns, rows = lattice.within(joint.box.enlarged(-half_nm(level), -half_nm(level)))
    for i in columns:
        for j in rows:
            yield lattice.node(level, i, j), Entry(0.0, None)


def _on_landings(joint: Joint, lattice: Lattice) -> Iterator[tuple[int, Entry]]:
    for landing in joint.landings:
        other = landing.other(joint.layer)
        if other in LEVEL_OF:
            columns, rows = lattice.within(landing.box)
            for i in columns:
                for j in rows:
                    x, y = lattice.xs[i], lattice.ys[j]
                    if cut_box(landing.via.size, x, y).inside(landing.box):
                        cut = Cut(landing.via, x, y, landing.ends, landing.box, LEVEL_OF.get(joint.layer))
                        yield lattice.node(LEVEL_OF[other], i, j), Entry(VIA_COST, cut)


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
