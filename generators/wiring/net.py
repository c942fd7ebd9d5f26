"""A net to be wired: its pins with the places where a wire may join them, and the wires it has been given."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance
from analoom.cells.model.drawing import Box
from analoom.cells.model.landings import Access, Landing
from analoom.cells.model.obstacles import metal, region_of
from analoom.cells.parts.via_stack import cut_box
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import LEVELS, Via

from .lattice import Lattice
from .search import VIA_COST
from .wire_kinds import LEVEL_OF, ROUTED, Ends, half_nm

Shape = tuple[Layer, Box]


AROUND_NM = 2000
"""How far around a pin the metal of its cell is looked at."""


@dataclass(frozen=True)
class Cut:
    """A cut of a net, in the middle of which two lines cross (nm)."""

    via: Via
    x_nm: int
    y_nm: int
    ends: Ends


@dataclass(frozen=True)
class Joint:
    """One place of a pin (nm): a wire on `layer` joins it inside `box`, a cut on one of `landings`.

    `around`: the metal of its cell that it is part of, near it.
    """

    layer: Layer
    box: Box
    space_nm: int
    around: kdb.Region
    landings: tuple[Landing, ...] = ()


@dataclass(frozen=True)
class Terminal:
    """One pin of a net: places that are joined inside its cell; or any one of `nodes`, at the edge of the block."""

    name: str
    joints: tuple[Joint, ...] = ()
    nodes: tuple[int, ...] = ()


@dataclass(eq=False)
class Net:
    """A net, and what was found for it: `wires` and `cuts`, `pins` where it leaves the block."""

    name: str
    terminals: Sequence[Terminal]
    wires: list[Shape] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    ways: list[Sequence[int]] = field(default_factory=list)
    edge_wire: Shape | None = None

    def kept_off(self) -> Iterator[tuple[int, Box, int]]:
        """Level, box and space (nm) of the pins' metal."""
        for terminal in self.terminals:
            for joint in terminal.joints:
                if joint.layer in LEVEL_OF:
                    yield LEVEL_OF[joint.layer], joint.box, joint.space_nm

    def pin_metal(self, level: int) -> kdb.Region:
        """The pins' metal on a level, and what it is part of."""
        found = kdb.Region()
        for terminal in self.terminals:
            for joint in terminal.joints:
                if LEVEL_OF.get(joint.layer) == level:
                    found += joint.around
        return found

    def metal(self, level: int) -> kdb.Region:
        """The wires on a level."""
        return region_of(box for layer, box in self.wires if layer is ROUTED[level].layer)


def terminal_of(instance: Instance, port: str) -> Terminal:
    """A port of a placed cell, where it lies in the block."""
    return Terminal(f"{instance.name}.{port}", tuple(_joints(instance, port)))


def _joints(instance: Instance, port: str) -> Iterator[Joint]:
    for access in instance.cell.access(port):
        turned = [_moved(landing, instance.trans) for landing in access.landings]
        space = access.keep_off_nm or LEVELS[access.layer].space_nm
        around = _around(instance.cell, access).transformed(instance.trans)
        yield Joint(access.layer, access.box.transformed(instance.trans), space, around, tuple(turned))


def _around(cell: Cell, access: Access) -> kdb.Region:
    """The cell's own metal that a place of a pin is part of, as far as wires may come near it."""
    window = kdb.Region(access.box.enlarged(AROUND_NM, AROUND_NM))
    return metal(cell.layout, access.layer, window).interacting(kdb.Region(access.box)) & window


def _moved(landing: Landing, trans: kdb.Trans) -> Landing:
    ends: Ends = landing.ends if trans.angle % 2 == 0 else ("v" if landing.ends == "h" else "h")
    return Landing(landing.via, landing.box.transformed(trans), ends)


def wire_box(level: int, a: tuple[int, int], b: tuple[int, int]) -> Box:
    """A wire of least width between two points (nm)."""
    half = half_nm(level)
    return Box(min(a[0], b[0]) - half, min(a[1], b[1]) - half, max(a[0], b[0]) + half, max(a[1], b[1]) + half)


@dataclass(frozen=True)
class Entry:
    """How a wire enters a pin at a crossing: on the pin's own metal (`cut` None), or by a cut."""

    cost: float
    cut: Cut | None


def entries_of(terminal: Terminal, lattice: Lattice) -> dict[int, Entry]:
    """Every crossing where a wire meets a pin, the cheapest way in each."""
    found = {node: Entry(0.0, None) for node in terminal.nodes}
    for joint in terminal.joints:
        for node, entry in (*_on_metal(joint, lattice), *_on_landings(joint, lattice)):
            if node not in found or entry.cost < found[node].cost:
                found[node] = entry
    return found


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
                        cut = Cut(landing.via, x, y, landing.ends)
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


def levels_used(nets: Iterable[Net]) -> set[Layer]:
    """The conductors that the wires of nets lie on."""
    return {layer for net in nets for layer, _ in net.wires if layer in {level.layer for level in ROUTED}}
