"""Puts jumpers where nets of a wired block collect too much charge for their gates, and refuses what these do not cure.

A jumper is a short piece of the level above beside a gate: the long wire below it then meets the gate only when that
level is made, and so does not count.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass

import klayout.db as kdb

from analoom.cells.model.drawing import CUT_GRID_NM, Box, hull
from analoom.cells.model.obstacles import region_of
from analoom.generators.ways.antenna import AntennaRatio, End, wired_ratios
from analoom.generators.ways.net import Net, Shape, Terminal, half_nm, wire_box
from analoom.generators.ways.wire_kinds import CUTS, LEVEL_OF, ROUTED, Ends, pad_boxes
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up

from .join import distance
from .metal_index import MetalIndex

Point = tuple[int, int]
STEP_NM = 500
"""From one place where a jumper is tried to the next."""


@dataclass(frozen=True)
class Jumper:
    """A piece of the level above in a straight `wire`: what is `drawn` instead of that, and what `gap` is left (nm)."""

    wire: Shape
    drawn: tuple[Shape, ...]
    gap: Box


class AntennaError(SpecError):
    """Nets that break an antenna rule: `diode_um2` is by net the least diffusion that allows it, of all levels."""

    def __init__(self, net: str, worst: AntennaRatio, diode_um2: Mapping[str, float]) -> None:
        level = worst.layer.name.lower()
        bound = f"at most {worst.allowed:.0f} times its gates' area on {level}, not {worst.ratio:.0f}"
        super().__init__("floorplan", net, bound, f"antenna; an antenna_diode of {diode_um2[net]:.3g} um2 allows it")
        self.diode_um2 = diode_um2


def require_antenna_free(nets: Iterable[Net]) -> None:
    """Raises AntennaError with the net, the level and both ratios of the first net that breaks an antenna rule.

    A net that leaves the block is judged with what it meets outside: `outer_antennas` tells of it.
    """
    inner = {net.name: [ratio for ratio in ratios_of(net) if ratio.broken] for net in nets if net.edge_wire is None}
    if broken := {name: ratios for name, ratios in inner.items() if ratios}:
        first = next(iter(broken))
        needs = {name: max(ratio.diode_um2 for ratio in ratios) for name, ratios in broken.items()}
        raise AntennaError(first, broken[first][0], needs)


def outer_antennas(nets: Iterable[Net]) -> dict[str, dict[str, float]]:
    """The nets that leave the block and would break a rule if they met no driver outside on or below that level: level
    with its ratio."""
    broken = {net.name: [ratio for ratio in ratios_of(net) if ratio.broken] for net in nets if net.edge_wire}
    return {name: {r.layer.name.lower(): round(r.ratio, 1) for r in found} for name, found in broken.items() if found}


def ratios_of(net: Net) -> list[AntennaRatio]:
    """The worst ratio of each level of a net, as far as its wires tell, from the bottom up."""
    shapes: dict[Layer, list[Box]] = defaultdict(list)
    for layer, box in net.wires:
        shapes[layer].append(box)
    ends = [End(joint.layer, joint.box, terminal.held) for terminal in net.terminals for joint in terminal.joints]
    for end in ends:
        shapes[end.layer].append(end.box)
    return wired_ratios(shapes, ends)


def put_jumpers(nets: Iterable[Net], index: MetalIndex, but: Collection[str], asked: Collection[str] = ()) -> None:
    """Gives each net that breaks a rule inside the block a jumper beside each of its gates, but for those of `but`;
    and each of the nets `asked`, which leave the block, one in the level on which it leaves.

    Raises SpecError for a gate of the nets `asked` where none fits.
    """
    for net in nets:
        layer = _outer_layer(net) if net.name in asked else _inner_layer(net) if net.name not in but else None
        if layer is not None and LEVEL_OF.get(layer, len(CUTS)) < len(CUTS):
            for terminal in (pin for pin in net.terminals if pin.held.gate_um2):
                if not _put(net, terminal, LEVEL_OF[layer], index) and net.name in asked:
                    raise SpecError("floorplan", net.name, f"a jumper of {layer.name.lower()} fits nowhere", "jumpers")


def _outer_layer(net: Net) -> Layer | None:
    """The level on which a net leaves the block."""
    return None if net.edge_wire is None else net.edge_wire[0]


def _inner_layer(net: Net) -> Layer | None:
    """The level on which a net inside the block breaks a rule."""
    worst = _worst(net) if net.edge_wire is None else None
    return None if worst is None else worst.layer


def _worst(net: Net) -> AntennaRatio | None:
    return next((ratio for ratio in ratios_of(net) if ratio.broken), None)


def _put(net: Net, gate: Terminal, level: int, index: MetalIndex) -> bool:
    """Draws the jumper nearest to a gate that fits, and whether any does."""
    pin = hull(joint.box for joint in gate.joints)
    found = (jumper for a, b in _straight(net, level) for jumper in jumpers(level, a, b))
    before = _broken(net)
    for jumper in sorted(found, key=lambda one: (distance(one.gap, pin), one.gap.left, one.gap.bottom)):
        if _fits(net, jumper, level, index) and _broken(_with(net, jumper)) <= before:
            net.wires = _with(net, jumper).wires
            for layer, box in jumper.drawn:
                if layer in LEVEL_OF:
                    index.add(net.name, LEVEL_OF[layer], box)
            return True
    return False


def _straight(net: Net, level: int) -> Iterator[tuple[Point, Point]]:
    """The ends (nm) of a net's wires of least width on a level."""
    wire, half = ROUTED[level], half_nm(level)
    for box in (box for layer, box in net.wires if layer is wire.layer):
        if min(box.width(), box.height()) == 2 * half:
            yield (box.left + half, box.bottom + half), (box.right - half, box.top - half)


def _broken(net: Net) -> set[Layer]:
    return {ratio.layer for ratio in ratios_of(net) if ratio.broken}


def _with(net: Net, jumper: Jumper) -> Net:
    """The net with a jumper, as far as ratios tell: its cuts may break those of their own level."""
    return Net(net.name, net.terminals, [*(wire for wire in net.wires if wire != jumper.wire), *jumper.drawn])


def jumpers(level: int, a: Point, b: Point) -> Iterator[Jumper]:
    """Jumpers in a wire between two points (nm), each with enough of the wire on either side for its least area."""
    below, above, cut = ROUTED[level], ROUTED[level + 1], CUTS[level]
    long_nm = max(pad.long_nm for pad in cut.pads)
    margin = snap_up(max(long_nm + below.space_nm, below.area_nm2 / below.width_nm), CUT_GRID_NM)
    far = snap_up(max(long_nm + 2 * below.space_nm, above.area_nm2 / above.width_nm), CUT_GRID_NM)
    low, high = sorted((a, b))
    ends: Ends = "h" if a[1] == b[1] else "v"
    x, y = (1, 0) if ends == "h" else (0, 1)
    for at in range(margin, high[0] - low[0] + high[1] - low[1] - far - margin + 1, STEP_NM):
        first, last = ((low[0] + x * by, low[1] + y * by) for by in (at, at + far))
        pads = [shape for point in (first, last) for shape in pad_boxes(cut, *point, ends)]
        wires = [(below.layer, wire_box(level, *two)) for two in ((low, first), (last, high))]
        gap = kdb.Region(wire_box(level, first, last)) - region_of(box for on, box in pads if on is below.layer)
        bridge = (above.layer, wire_box(level + 1, first, last))
        yield Jumper((below.layer, wire_box(level, low, high)), (*wires, *pads, bridge), gap.bbox())


def _fits(net: Net, jumper: Jumper, level: int, index: MetalIndex) -> bool:
    """Whether all that a jumper needs is free, and nothing of the net joins its wire in the gap or lies beside that."""
    if jumper.wire not in net.wires:
        return False
    near = jumper.gap.enlarged(ROUTED[level].space_nm, ROUTED[level].space_nm)
    own = [box for on, box in net.wires if on is jumper.wire[0] and (on, box) != jumper.wire]
    if any(near.touches(box) for box in (*own, *net.pin_boxes(level))):
        return False
    via, below = CUTS[level], (box for on, box in jumper.drawn if on is jumper.wire[0])
    new = ((LEVEL_OF[on], box) for on, box in jumper.drawn if on in LEVEL_OF and not box.inside(jumper.wire[1]))
    return all(index.holds(via, box) for box in below) and all(index.is_free(net.name, on, box) for on, box in new)
