"""Wires parts that lie where they lie, inside an outline that cannot grow: a tile of a shuttle, among its pins."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analoom.cells.model.cell import Instance
from analoom.cells.model.drawing import Box
from analoom.cells.model.landings import Landing
from analoom.cells.model.obstacles import region_of
from analoom.generators.ways.lattice import Counted
from analoom.generators.ways.net import Joint, Net, Terminal
from analoom.generators.ways.wire_kinds import LEVEL_OF
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import LEVELS, VIAS

from .channels import EFFORT, Lanes, block, finished, lattice_over, no_way, terminals_of
from .metal_index import MetalIndex
from .router import Router


@dataclass(frozen=True)
class FixedPin:
    """Metal that a net is to reach: `layer` and box (nm)."""

    name: str
    layer: Layer
    box: Box

    def terminal(self) -> Terminal:
        """What the router joins: wires on the pin's own layer, and cuts from below where they fit."""
        space = LEVELS[self.layer].space_nm
        joint = Joint(self.layer, self.box, space, region_of([self.box]), tuple(self._landings()))
        return Terminal(self.name, (joint,))

    def _landings(self) -> Iterator[Landing]:
        for via in VIAS:
            inner = self.box.enlarged(-via.above.ends_nm, -via.above.ends_nm)
            if via.above.layer is self.layer and min(inner.width(), inner.height()) >= via.size_nm:
                yield Landing(via, inner, "v")


@dataclass(frozen=True)
class FixedRoom:
    """Parts, pins by net, and where no wire may lie: `outline` (nm) holds the middles of all wires."""

    outline: Box
    instances: Sequence[Instance]
    pins: Mapping[str, Sequence[FixedPin]]
    kept_off: Sequence[tuple[Layer, Box]] = field(default_factory=tuple)


def wire_within(room: FixedRoom, lanes: Lanes) -> Router:
    """Wires all nets, whatever charge they collect.

    Raises SpecError with net and place of the first that finds no way, or no room for its width.
    """
    router = _router(room, lanes)
    if stuck := router.route(EFFORT) or finished(lanes, router, _index(room, router)):
        raise stuck[0].refused or no_way(stuck[0], abuts=False)
    return router


def _router(room: FixedRoom, lanes: Lanes) -> Router:
    terminals = terminals_of(room.instances)
    for net, pins in room.pins.items():
        terminals.setdefault(net, []).extend(pin.terminal() for pin in pins)
    joints = [joint for found in terminals.values() for terminal in found for joint in terminal.joints]
    lattice = lattice_over(room.outline, joints, even=False)
    fixed = Counted(lattice)
    for instance in room.instances:
        block(fixed, instance)
    for layer, box in room.kept_off:
        fixed.add(LEVEL_OF[layer], box, 0)
    return Router(lattice, fixed, [Net(name, found) for name, found in terminals.items()], lanes.supplies)


def _index(room: FixedRoom, router: Router) -> MetalIndex:
    index = MetalIndex(room.instances, router.nets)
    for layer, box in room.kept_off:
        index.keep_off(LEVEL_OF[layer], box)
    return index
