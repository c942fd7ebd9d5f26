"""Widens the gaps between parts until the router finds its ways, and gives the wired nets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from analoom.cells.model.cell import Instance
from analoom.cells.model.drawing import CUT_GRID_NM, Box, hull
from analoom.cells.model.obstacles import pieces, region_of
from analoom.generators.placing.abut import left_open
from analoom.generators.placing.arrange import Arrangement, Line, Piece, Side, placed
from analoom.generators.placing.kept_clear import kept_clear, kept_off_cuts
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.units import GRID_NM, snap_up, to_um

from .antenna_free import put_jumpers, require_antenna_free
from .edge_strips import edge_strips
from .entries import lines_for
from .join import distance
from .lattice import Counted, Lattice
from .metal_index import MetalIndex
from .net import Joint, Net, Terminal, terminal_of
from .resistance import require_resistance, widened
from .router import Router, Stuck
from .settle import settle
from .strengthen import strengthen
from .twins import lengthen
from .wire_kinds import LEVEL_OF, ROUTED

STEP_NM = 210
"""From line to line: two hold the pads of a via side by side, three those of a via2 or via3."""
WIDER_NM = 4 * STEP_NM
"""By how much a gap grows where wires found no way."""
NEAR_NM = 500
"""Gaps that are so much farther than the nearest grow with it."""
ROUNDS = 40
"""How often gaps may grow."""
IN_VAIN = {False: 3, True: 1}
"""How often the rim alone may grow while the same nets are stuck at the same places, also where parts abut."""
RIM_NM = 2 * STEP_NM
"""Room around the parts at first."""


@dataclass(frozen=True)
class Lanes:
    """What is asked of the wiring: the side of each net that leaves the block, wide nets, twins, the levels that are
    kept off each part, the largest resistance of nets, pairs of nets of one length (within a share of it)."""

    sides: Mapping[str, Side]
    supplies: Mapping[str, int]
    twins: Sequence[tuple[str, str]]
    kept_off: Mapping[str, Sequence[Layer]]
    most_ohm: Mapping[str, float]
    same: Sequence[tuple[str, str, float]]


@dataclass
class _Room:
    """The room given so far: what each gap has beyond its least, and the rim around all parts."""

    extra: dict[tuple[Line, int], int] = field(default_factory=dict)
    rim_nm: int = RIM_NM
    grown: set[tuple[Line, int] | None] = field(default_factory=set)
    stuck: tuple[Stuck, ...] = ()
    in_vain: int = 0

    def helps(self, stuck: Sequence[Stuck], abuts: bool) -> bool:
        """Whether more room may free what is stuck: no gap grows for parts that abut, and a wider rim moves nothing."""
        same = self.grown == {None} and self.stuck == tuple(stuck)
        self.stuck, self.in_vain = tuple(stuck), self.in_vain + 1 if same else 0
        return self.in_vain < IN_VAIN[abuts]

    def grow(self) -> None:
        """Makes wider what was found too narrow."""
        for key in self.grown:
            if key is None:
                self.rim_nm += RIM_NM
            else:
                self.extra[key] = self.extra.get(key, 0) + WIDER_NM
        self.grown.clear()


def wire_up(tree: Piece, lanes: Lanes) -> tuple[Arrangement, list[Net], Box]:
    """The placed parts, the wired nets, and the outline (nm).

    Raises SpecError with the net and the place of the first that finds no way.
    """
    room = _Room()
    for _ in range(ROUNDS):
        arrangement = placed(tree, room.extra)
        router = _router(arrangement, lanes, room.rim_nm)
        stuck = router.route()
        if not stuck:
            index = _index(arrangement, lanes, router)
            for net, other, within_frac in lanes.same:
                lengthen(router.net(net), router.net(other), within_frac, router.lattice, index)
            widths = widened(router, lanes.supplies, lanes.most_ohm)
            strengthen(router, index, widths)
            put_jumpers(router.nets, router.lattice, index, widths)
            settle(router, index)
            require_resistance(router, lanes.most_ohm)
            require_antenna_free(router.nets)
            return arrangement, router.nets, _outline(arrangement, router)
        for one in stuck:
            _widen(room, arrangement, one)
        if not room.helps(stuck, bool(arrangement.abutting)):
            break
        room.grow()
    raise _no_way(stuck[0], bool(arrangement.abutting))


def _no_way(stuck: Stuck, abuts: bool) -> SpecError:
    middle = stuck.places[0].center()
    place = f"({to_um(middle.x):g}, {to_um(middle.y):g}) um"
    pin = f" for {stuck.pin}" if stuck.pin else ""
    rule = "a free way to each pin" + (", for which parts that abut have no gap: in a row they have" if abuts else "")
    return SpecError("floorplan", stuck.net, f"net {stuck.net} finds no way at {place}{pin}", rule)


def _router(arrangement: Arrangement, lanes: Lanes, rim_nm: int) -> Router:
    region = arrangement.box.enlarged(rim_nm, rim_nm)
    pins = _terminals(arrangement)
    joints = [joint for found in pins.values() for terminal in found for joint in terminal.joints]
    lattice = _lattice(region, joints, even=bool(lanes.twins))
    for net, side in lanes.sides.items():
        pins[net].append(Terminal(f"edge {net}", (), tuple(edge_strips(lattice, side))))
    fixed = Counted(lattice)
    for instance in arrangement.instances:
        _block(fixed, instance, arrangement.abutting.get(instance.name, ()))
        for cut, box in kept_off_cuts(instance):
            fixed.keep_cuts_off(cut, box)
    for level, box in _kept_off(arrangement, lanes):
        fixed.add(level, box, 0)
    nets = [Net(name, terminals) for name, terminals in pins.items()]
    return Router(lattice, fixed, nets, lanes.supplies, lanes.twins)


def _terminals(arrangement: Arrangement) -> dict[str, list[Terminal]]:
    found: dict[str, list[Terminal]] = {}
    for instance in arrangement.instances:
        for port, net in instance.nets.items():
            found.setdefault(net, []).append(terminal_of(instance, port))
    return found


def _lattice(region: Box, joints: Sequence[Joint], even: bool) -> Lattice:
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


def _block(fixed: Counted, instance: Instance, abutting: Sequence[Instance]) -> None:
    """Counts what a placed cell blocks, but for what the pins of those need that it abuts."""
    for level, wire in enumerate(ROUTED):
        boxes = kept_clear(instance, wire.layer)
        if abutting:
            boxes = pieces(region_of(boxes) - left_open(instance, abutting, wire.layer))
        for box in boxes:
            fixed.add(level, box, 0)


def _kept_off(arrangement: Arrangement, lanes: Lanes) -> Iterator[tuple[int, Box]]:
    """Level and box of the parts that are kept free of wires on it."""
    for instance in arrangement.instances:
        for layer in lanes.kept_off.get(instance.name, ()):
            yield LEVEL_OF[layer], instance.cell.bbox_nm.transformed(instance.trans)


def _index(arrangement: Arrangement, lanes: Lanes, router: Router) -> MetalIndex:
    index = MetalIndex(arrangement.instances, router.nets)
    for level, box in _kept_off(arrangement, lanes):
        index.keep_off(level, box)
    return index


def _widen(room: _Room, arrangement: Arrangement, stuck: Stuck) -> None:
    """Gives room where a net is stuck: to the gaps beside it, and to the rim if that is as near."""
    inside = arrangement.box
    for place in stuck.places:
        gaps = {(gap.line, gap.index): distance(gap.box, place) for gap in arrangement.gaps}
        rim = max(
            0,
            min(
                place.left - inside.left,
                inside.right - place.right,
                place.bottom - inside.bottom,
                inside.top - place.top,
            ),
        )
        nearest = min([rim, *gaps.values()])
        for key, apart in gaps.items():
            if apart <= nearest + NEAR_NM:
                room.grown.add(key)
        if rim <= nearest + NEAR_NM:
            room.grown.add(None)


def _outline(arrangement: Arrangement, router: Router) -> Box:
    return arrangement.box + hull(box for net in router.nets for _, box in net.wires)
