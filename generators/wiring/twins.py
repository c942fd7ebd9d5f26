"""What makes two nets alike: wires of one as the mirror image of another's, about the middle of a block, where they
join its pins so; or loops off the wires of the shorter one, until it is as long."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import klayout.db as kdb

from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.model.obstacles import region_of
from analoom.generators.ways.entries import Entries
from analoom.generators.ways.lattice import Lattice
from analoom.generators.ways.net import Cut, Net, Shape
from analoom.generators.ways.search import Prices
from analoom.generators.ways.wire_kinds import CUTS, ENDS, LEVEL_OF, ROUTED
from analoom.pdk.errors import SpecError
from analoom.pdk.units import snap_up, to_um

from .join import runs
from .metal_index import MetalIndex


class Mirror:
    """The axis in the middle of a lattice whose lines lie alike on both sides of it."""

    def __init__(self, lattice: Lattice) -> None:
        self._lattice, self._sum = lattice, lattice.xs[0] + lattice.xs[-1]
        self.is_even = all(a + b == self._sum for a, b in zip(lattice.xs, reversed(lattice.xs), strict=True))

    def image(self, net: Net, of: Net, entries: Mapping[str, Entries], prices: Prices) -> bool:
        """Gives `net` the mirror image of another's wires. False, and nothing done, where that is not free of what is
        fixed or does not join its pins one to one."""
        ways: list[Sequence[int]] = [[self._node(node) for node in way] for way in of.ways]
        cuts = [self.cut(cut) for cut in of.cuts]
        if not (self.is_even and ways and self._joins(ways, entries) and self._is_free(ways, cuts, prices)):
            return False
        net.ways, net.cuts = ways, cuts
        net.wires = [(layer, self.box(box)) for layer, box in of.wires]
        net.landing = self.cut(of.landing) if of.landing else None
        net.edge_wire = (of.edge_wire[0], self.box(of.edge_wire[1])) if of.edge_wire else None
        return True

    def _node(self, node: int) -> int:
        level, i, j = self._lattice.place(node)
        return self._lattice.node(level, self._lattice.nx - 1 - i, j)

    def box(self, box: Box) -> Box:
        """The mirror image of a box (nm)."""
        return box.transformed(kdb.Trans(kdb.Trans.M90, self._sum, 0))

    def cut(self, cut: Cut) -> Cut:
        """The mirror image of a cut."""
        within = None if cut.within is None else self.box(cut.within)
        return replace(cut, x_nm=self._sum - cut.x_nm, within=within)

    def _joins(self, ways: Sequence[Sequence[int]], entries: Mapping[str, Entries]) -> bool:
        """Whether the ends of the ways lie on every pin."""
        ends = {node for way in ways for node in (way[0], way[-1])}
        return len(ways) == len(entries) - 1 and all(ends & set(pin.ends.tolist()) for pin in entries.values())

    def _is_free(self, ways: Sequence[Sequence[int]], cuts: Sequence[Cut], prices: Prices) -> bool:
        fixed = prices.fixed
        if any(fixed.wires.flat[node] > 0 for way in ways for node in way):
            return False
        return not any(fixed.pads.flat[place] > 0 for cut in cuts for place in self._pads(cut))

    def _pads(self, cut: Cut) -> list[int]:
        """The places of a cut's pads in the table of counts, but for that on a pin's own metal."""
        if cut.via not in CUTS:
            return []
        k, e, lattice = CUTS.index(cut.via), ENDS.index(cut.ends), self._lattice
        i, j = lattice.lines_at(cut.x_nm, cut.y_nm)
        return [lattice.pad(k, side, e, i, j) for side in (0, 1) if k + side != cut.own_level]


def length_nm(net: Net, lattice: Lattice) -> int:
    """How long the wires of a net are together, along their middles; cuts and pins do not count."""
    ends = (run[1:] for way in net.ways for run in runs(lattice, way))
    return net.looped_nm + sum(abs(a[0] - b[0]) + abs(a[1] - b[1]) for a, b in ends)


def lengthen(short: Net, long: Net, within_frac: float, lattice: Lattice, index: MetalIndex, gates: kdb.Region) -> None:
    """Brings a net up to the length of another, within a share of it, by loops off its straight wires and off `gates`.

    Raises SpecError with both nets and their lengths where there is no room for that.
    """
    short, long = sorted((short, long), key=lambda net: length_nm(net, lattice))
    aim = length_nm(long, lattice)
    while (has := length_nm(short, lattice)) < aim * (1 - within_frac):
        deepest = (aim - has) // 2 // CUT_GRID_NM * CUT_GRID_NM
        if not any(_looped(short, index, gates, deepest // part) for part in (1, 2, 4, 8, 16)):
            bound = f"within {within_frac:.3g} of the {to_um(aim):g} um of {long.name}, not {to_um(has):g} um"
            raise SpecError("floorplan", short.name, bound, "room for loops beside its wires")


def _looped(net: Net, index: MetalIndex, gates: kdb.Region, deep_nm: int) -> bool:
    """Whether one more loop so deep could be drawn."""
    deep_nm = deep_nm // CUT_GRID_NM * CUT_GRID_NM
    for wire in list(net.wires):
        for side in (1, -1):
            for loop in _loops(wire, side * deep_nm):
                if _is_free(net, index, wire, loop) and (gates & region_of(loop[2:])).is_empty():
                    net.wires.remove(wire)
                    net.wires += [(wire[0], box) for box in loop]
                    net.looped_nm += 2 * deep_nm
                    for box in loop:
                        index.add(net.name, LEVEL_OF[wire[0]], box)
                    return True
    return False


def _loops(wire: Shape, deep_nm: int) -> Iterator[list[Box]]:
    """The two ends of a wire of least width, and between them two legs and what joins these."""
    layer, box = wire
    if layer not in LEVEL_OF or abs(deep_nm) < ROUTED[LEVEL_OF[layer]].width_nm:
        return
    width, apart = ROUTED[LEVEL_OF[layer]].width_nm, ROUTED[LEVEL_OF[layer]].space_nm
    lies = box.width() > box.height()
    if min(box.width(), box.height()) != width:
        return
    turn = kdb.Trans(box.left, box.bottom) * kdb.Trans(kdb.Trans.R0 if lies else kdb.Trans.M45)
    low, high = min(0, deep_nm), max(0, deep_nm) + width
    far = snap_up(2 * width + apart, CUT_GRID_NM)
    for at in range(width, max(box.width(), box.height()) - far - width, apart):
        legs = (Box(at, low, at + width, high), Box(at + far - width, low, at + far, high))
        bridge = Box(at, deep_nm, at + far, deep_nm + width)
        ends = (Box(0, 0, at + width, width), Box(at + far - width, 0, max(box.width(), box.height()), width))
        yield [part.transformed(turn) for part in (*ends, *legs, bridge)]


def _is_free(net: Net, index: MetalIndex, wire: Shape, loop: Sequence[Box]) -> bool:
    """Whether a loop keeps off all other metal, its own net's too, and nothing joins the wire where it leaves it."""
    level, near = LEVEL_OF[wire[0]], ROUTED[LEVEL_OF[wire[0]]].space_nm
    whole = (loop[2] + loop[3] + loop[4]).enlarged(near, near)
    own = [box for layer, box in net.wires if layer is wire[0] and (layer, box) != wire]
    if any(whole.touches(box) for box in (*own, *net.pin_boxes(level))):
        return False
    return all(index.is_free(net.name, level, box) for box in loop[2:])
