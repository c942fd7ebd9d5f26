"""Widens the gaps between parts until the router finds its ways, and gives the wired nets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import klayout.db as kdb

from analoom.cells.model.cell import Instance
from analoom.cells.model.drawing import CUT_GRID_NM, Box, hull
from analoom.cells.model.obstacles import pieces, region_of
from analoom.generators.placing.abut import left_open
from analoom.generators.placing.arrange import Arrangement, Piece, Side, placed
from analoom.generators.placing.kept_clear import gates, kept_clear, unstacked
from analoom.generators.ways.edge_strips import edge_strips
from analoom.generators.ways.entries import lines_for
from analoom.generators.ways.lattice import STEP_NM, Counted, Lattice
from analoom.generators.ways.net import Joint, Net, Terminal, terminal_of
from analoom.generators.ways.wire_kinds import LEVEL_OF, ROUTED
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.units import GRID_NM, snap_up, to_um

from .antenna_free import put_jumpers, require_antenna_free
from .demand import lacking
from .gap_room import Room
from .least_area import laid_free
from .metal_index import MetalIndex
from .resistance import require_resistance, widened
from .router import Router, Stuck
from .settle import settle
from .strengthen import strengthen
from .twins import lengthen

ROUNDS = 40
"""How often gaps may grow."""
EFFORT = 600_000_000
"""At how many crossings ways may be looked for, all rounds together: minutes of one core."""

FAR_NM = 1_000_000
"""Farther out than gaps grow."""
MANY = 200
"""A block of so many nets starts with wider gaps: beside parts as near as they may lie some pin is always without a
way, another one each time that gaps grow, as all wires are found anew then."""


@dataclass(frozen=True)
class Lanes:
    """What is asked of the wiring: the side of each net that leaves the block, wide nets, twins, the levels that are
    kept off each part, the largest resistance of nets, pairs of nets of one length (within a share of it), by net
    what shields it, along which share of its sides at least, and the nets with a jumper beside each gate."""

    sides: Mapping[str, Side]
    supplies: Mapping[str, int]
    twins: Sequence[tuple[str, str]]
    kept_off: Mapping[str, Sequence[Layer]]
    most_ohm: Mapping[str, float]
    same: Sequence[tuple[str, str, float]]
    shields: Mapping[str, tuple[str, float]]
    jumped: Sequence[str] = ()
    highest: Layer = Layer.MET5


def wire_up(tree: Piece, lanes: Lanes) -> tuple[Arrangement, list[Net], Box]:
    """The placed parts, the wired nets, and the outline (nm).

    Raises SpecError with the net and the place of the first that finds no way.
    """
    room, effort = Room(), 0
    arrangement, router = _begun(tree, lanes, room)
    for _ in range(ROUNDS):
        stuck = router.route(EFFORT - effort)
        if not stuck:
            index = _index(arrangement, lanes, router)
            stuck = _too_short(arrangement, lanes, router, index) or finished(lanes, router, index)
            if not stuck:
                require_antenna_free(router.nets)
                return arrangement, router.nets, _outline(arrangement, router)
        effort += router.effort
        if effort >= EFFORT or (stuck[0].refused and room.is_wide):
            break
        for one in stuck:
            room.widen(arrangement, one)
        if not room.helps(stuck, bool(arrangement.abutting)):
            break
        room.grow()
        arrangement = placed(tree, room.extra)
        router = _router(arrangement, lanes, room.rim_nm)
    raise stuck[0].refused or no_way(stuck[0], bool(arrangement.abutting))


def _begun(tree: Piece, lanes: Lanes, room: Room) -> tuple[Arrangement, Router]:
    """The parts as near to each other as they may lie, or as far apart as their wires will need, and a router."""
    arrangement = placed(tree, room.extra)
    router = _router(arrangement, lanes, room.rim_nm)
    room.extra |= lacking(router.nets, router.prices.fixed, arrangement.gaps)
    if len(router.nets) >= MANY:
        room.loosen(arrangement)
    if not room.extra:
        return arrangement, router
    arrangement = placed(tree, room.extra)
    return arrangement, _router(arrangement, lanes, room.rim_nm)


def _too_short(arrangement: Arrangement, lanes: Lanes, router: Router, index: MetalIndex) -> list[Stuck]:
    """The nets that are to be as long as others and find no room for it."""
    over = sum((gates(instance) for instance in arrangement.instances), kdb.Region()) if lanes.same else kdb.Region()
    for net, other, within_frac in lanes.same:
        try:
            lengthen(router.net(net), router.net(other), within_frac, router.lattice, index, over)
        except SpecError as refused:
            boxes = [box for name in (net, other) if name == refused.value for _, box in router.net(name).wires]
            return [Stuck(str(refused.value), tuple(boxes), refused=refused)]
    return []


def finished(lanes: Lanes, router: Router, index: MetalIndex) -> list[Stuck]:
    """What is given to nets that are wired, and that they keep what is asked of them; the nets that are stuck in that:
    without room for their least area, or for what fills their gaps."""
    for net in router.nets:
        if places := laid_free(net, router.lengthened[net.name], router.lattice, index):
            return [Stuck(net.name, tuple(places))]
    widths = widened(router, lanes.supplies, lanes.most_ohm)
    doubled = strengthen(router, index, widths)
    put_jumpers(router.nets, index, widths, lanes.jumped)
    if stuck := settle(router, index, doubled):
        return stuck
    require_resistance(router, lanes.most_ohm)
    return []


def no_way(stuck: Stuck, abuts: bool) -> SpecError:
    """The refusal of a net that found none, with its place and pin."""
    middle = stuck.places[0].center()
    place = f"({to_um(middle.x):g}, {to_um(middle.y):g}) um"
    pin = f" for {stuck.pin}" if stuck.pin else ""
    near = ": parts of one net nearer, or fewer nets there"
    rule = "a free way to each pin" + (", for which parts that abut have no gap: in a row they have" if abuts else near)
    return SpecError("floorplan", stuck.net, f"net {stuck.net} finds no way at {place}{pin}", rule)


def _router(arrangement: Arrangement, lanes: Lanes, rim_nm: int) -> Router:
    region = arrangement.box.enlarged(rim_nm, rim_nm)
    pins = terminals_of(arrangement.instances)
    joints = [joint for found in pins.values() for terminal in found for joint in terminal.joints]
    lattice = lattice_over(region, joints, even=bool(lanes.twins))
    strips = {side: tuple(edge_strips(lattice, side)) for side in set(lanes.sides.values())}
    for net, side in lanes.sides.items():
        pins[net].append(Terminal(f"edge {net}", (), strips[side]))
    fixed = Counted(lattice)
    for instance in arrangement.instances:
        block(fixed, instance, arrangement.abutting.get(instance.name, ()))
    for level, box in _kept_off(arrangement, lanes):
        fixed.add(level, box, 0)
    nets = [Net(name, terminals) for name, terminals in pins.items()]
    router = Router(lattice, fixed, nets, lanes.supplies, lanes.twins)
    for net, (by, least_frac) in lanes.shields.items():
        router.lay(net, by, least_frac)
    return router


def terminals_of(instances: Sequence[Instance]) -> dict[str, list[Terminal]]:
    """By net the pins of placed cells."""
    found: dict[str, list[Terminal]] = {}
    for instance in instances:
        for port, net in instance.nets.items():
            found.setdefault(net, []).append(terminal_of(instance, port))
    return found


def lattice_over(region: Box, joints: Sequence[Joint], even: bool) -> Lattice:
    """Lines a step apart, and more where a pin has none; `even`: those along y alike on both sides of the middle."""
    middle = region.center().x // CUT_GRID_NM * CUT_GRID_NM
    lines = {"x": set(_steps(region.left, region.right, middle)), "y": set(_steps(region.bottom, region.top, 0))}
    for joint in joints:
        for axis, low, high in lines_for(joint):
            if not any(low <= line <= high for line in _near(lines[axis], low, high)):
                line = (low + high) // 2 // GRID_NM * GRID_NM
                lines[axis] |= {line, 2 * middle - line} if even and axis == "x" else {line}
    return Lattice(sorted(lines["x"]), sorted(lines["y"]))


def _steps(low: int, high: int, through: int) -> range:
    """The lines of a range that lie whole steps from one that has as many on either side, or from 0."""
    first = through - (through - low) // STEP_NM * STEP_NM
    last = 2 * through - first if through else high
    return range(first, last + 1, STEP_NM)


def _near(lines: set[int], low: int, high: int) -> Iterator[int]:
    """The lines in a range, each point of the grid looked at where the range is short."""
    if high - low >= STEP_NM:
        yield low
        return
    yield from (value for value in range(snap_up(low), high + 1, GRID_NM) if value in lines)


def block(fixed: Counted, instance: Instance, abutting: Sequence[Instance] = ()) -> None:
    """Counts what a placed cell blocks, but for what the pins of those need that it abuts, and its capacitors' plates,
    which no cut may be stacked on."""
    for level, wire in enumerate(ROUTED):
        boxes = kept_clear(instance, wire.layer)
        if abutting:
            boxes = pieces(region_of(boxes) - left_open(instance, abutting, wire.layer))
        for box in boxes:
            fixed.add(level, box, 0)
    for cut, plate in unstacked(instance):
        fixed.keep_cuts_off(cut, plate)


def _kept_off(arrangement: Arrangement, lanes: Lanes) -> Iterator[tuple[int, Box]]:
    """Level and box of the parts that are kept free of wires on it, and of all where no wire goes."""
    for level in range(LEVEL_OF[lanes.highest] + 1, len(ROUTED)):
        yield level, arrangement.box.enlarged(FAR_NM, FAR_NM)
    for instance in arrangement.instances:
        for layer in lanes.kept_off.get(instance.name, ()):
            yield LEVEL_OF[layer], instance.cell.bbox_nm.transformed(instance.trans)


def _index(arrangement: Arrangement, lanes: Lanes, router: Router) -> MetalIndex:
    index = MetalIndex(arrangement.instances, router.nets)
    for level, box in _kept_off(arrangement, lanes):
        index.keep_off(level, box)
    return index


def _outline(arrangement: Arrangement, router: Router) -> Box:
    return arrangement.box + hull(box for net in router.nets for _, box in net.wires)
