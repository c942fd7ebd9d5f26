"""A net to be wired: its pins with the places where a wire may join them, and the wires it has been given."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance
from analoom.cells.model.drawing import Box
from analoom.cells.model.landings import Access, Landing
from analoom.cells.model.obstacles import metal, region_of
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import LEVELS, Via

from .antenna import Held, held_by
from .wire_kinds import LEVEL_OF, ROUTED, Ends, half_nm

Shape = tuple[Layer, Box]


AROUND_NM = 2000
"""How far around a pin the metal of its cell is looked at."""


@dataclass(frozen=True)
class Cut:
    """A cut where two lines cross (nm). One into a pin stands `within` its landing, on metal of `own_level`."""

    via: Via
    x_nm: int
    y_nm: int
    ends: Ends
    within: Box | None = None
    own_level: int | None = None


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
    """One pin of a net: places that are joined inside its cell; or any one of `strips`, the crossings of a straight way
    out to the edge of the block, that at the rim last.

    `held`: the gates and the diffusion behind it. `laid`: the end of a wire from which no way to another pin may start.
    """

    name: str
    joints: tuple[Joint, ...] = ()
    strips: tuple[tuple[int, ...], ...] = ()
    held: Held = field(default_factory=Held)
    laid: bool = False


@dataclass(eq=False)
class Net:
    """A net, and what was found for it: `wires` and `cuts`, the `ways` that they follow, and the end of the wire that
    leaves the block with the cut that may meet it there, `landing`.

    `image_of`: the net whose mirror image it is; `looped_nm`: what loops add to its length; `laid`: wires that it had
    before, whose ends are pins of it.
    """

    name: str
    terminals: Sequence[Terminal]
    wires: list[Shape] = field(default_factory=list)
    cuts: list[Cut] = field(default_factory=list)
    ways: list[Sequence[int]] = field(default_factory=list)
    edge_wire: Shape | None = None
    landing: Cut | None = None
    image_of: str = ""
    looped_nm: int = 0
    laid: list[Shape] = field(default_factory=list)

    def is_edge(self, name: str) -> bool:
        """Whether a terminal is the edge of the block."""
        return name in self._edges

    @cached_property
    def _edges(self) -> frozenset[str]:
        return frozenset(terminal.name for terminal in self.terminals if terminal.strips)

    def is_laid(self, name: str) -> bool:
        """Whether a terminal is the end of a wire that was laid before."""
        return any(terminal.laid for terminal in self.terminals if terminal.name == name) if self.laid else False

    def kept_off(self) -> Iterator[tuple[int, Box, int]]:
        """Level, box and space (nm) of the pins' metal, and of wires that were laid before."""
        for layer, box in self.laid:
            yield LEVEL_OF[layer], box, ROUTED[LEVEL_OF[layer]].space_nm
        for terminal in self.terminals:
            for joint in terminal.joints:
                if joint.layer in LEVEL_OF:
                    yield LEVEL_OF[joint.layer], joint.box, joint.space_nm

    def pin_boxes(self, level: int) -> list[Box]:
        """The places of the pins on a level."""
        return [joint.box for t in self.terminals for joint in t.joints if LEVEL_OF.get(joint.layer) == level]

    def pin_metal(self, level: int) -> kdb.Region:
        """The pins' metal on a level, and what it is part of."""
        found = kdb.Region()
        for terminal in self.terminals:
            for joint in terminal.joints:
                if LEVEL_OF.get(joint.layer) == level:
                    found += joint.around
        return found

    def space_nm(self, level: int) -> int:
        """What metal of the net on a level keeps from itself: more where a pin lies on wide metal."""
        joints = (joint for terminal in self.terminals for joint in terminal.joints)
        wanted = (joint.space_nm for joint in joints if joint.layer is ROUTED[level].layer)
        return max(ROUTED[level].space_nm, *wanted, 0)

    def metal(self, level: int) -> kdb.Region:
        """The wires on a level."""
        return region_of(box for layer, box in self.wires if layer is ROUTED[level].layer)


def terminal_of(instance: Instance, port: str) -> Terminal:
    """A port of a placed cell, where it lies in the block."""
    held = held_by(instance.cell.circuit, port)
    return Terminal(f"{instance.name}.{port}", tuple(_joints(instance, port)), (), held)


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
