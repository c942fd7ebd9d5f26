"""Fills the gaps that wires of one net leave between themselves and their pins where these are less than a space."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from math import sqrt

import klayout.db as kdb

from analoom.cells.model.drawing import Box
from analoom.cells.model.obstacles import region_of
from analoom.generators.ways.net import Net
from analoom.generators.ways.wire_kinds import ROUTED
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.units import GRID_NM, snap_up
from analoom.pdk.wire_levels import WIDE_NM, WireLevel

from .metal_index import TOO_NEAR, MetalIndex
from .router import Router, Stuck
from .strengthen import Doubled

HOLES = {
    Layer.MET1: rules.MET1_HOLE_AREA,
    Layer.MET2: rules.MET2_HOLE_AREA,
    Layer.MET3: rules.MET3_HOLE_AREA,
    Layer.MET4: rules.MET4_HOLE_AREA,
    Layer.MET5: rules.MET5_HOLE_AREA,
}
"""The least area of a hole in metal."""
PASSES = 3
"""What fills one gap may open another."""


def settle(router: Router, index: MetalIndex, doubled: Sequence[Doubled]) -> list[Stuck]:
    """Fills in every net. Gives the nets whose gaps could not be filled without meeting others, and where.

    Second cuts beside such a gap are taken back first: most gaps of that kind are theirs.
    """
    left = list(doubled)
    while met := [(level, box) for net in router.nets for level, box in _met(net, index)]:
        near = [one for one in left if any(one.lies_near(level, box) for level, box in met)]
        if not near:
            break
        for one in near:
            one.take_back(index)
            left.remove(one)
    filled = ((net, [box for level in range(len(ROUTED)) for box in fill(net, level, index)]) for net in router.nets)
    return [Stuck(net.name, tuple(places)) for net, places in filled if places]


def _met(net: Net, index: MetalIndex) -> Iterator[tuple[int, Box]]:
    """What fills a net's gaps and lies too near to wires of others, by level."""
    for level in range(len(ROUTED)):
        yield from ((level, box) for box in gaps(net, level, index) if index.harm(net.name, level, box) == TOO_NEAR)


def fill(net: Net, level: int, index: MetalIndex) -> list[Box]:
    """Draws what closes the gaps of a net on one level. Gives what of it lies too near to wires of others."""
    boxes = gaps(net, level, index)
    met = [box for box in boxes if index.harm(net.name, level, box) == TOO_NEAR]
    for box in boxes:
        net.wires.append((ROUTED[level].layer, box))
        index.add(net.name, level, box)
    return met


def gaps(net: Net, level: int, index: MetalIndex) -> list[Box]:
    """What closes the gaps of a net on one level."""
    wire, drawn, found = ROUTED[level], net.metal(level), list[Box]()
    if drawn.is_empty():
        return found
    drawn, space_nm = (drawn + net.pin_metal(level)).merged(), net.space_nm(level)
    harm = partial(index.harm, net.name, level)
    for _ in range(PASSES):
        filled = closed(drawn, space_nm)
        filled = (filled + small_holes(filled, level)).merged()
        filled = (filled + corners(filled, wire, harm)).merged()
        if space_nm > wire.space_nm:
            filled = (filled + beside_wide(filled, wire, harm)).merged()
        filled = (filled + beside_slivers(filled, wire)).merged()
        filled = (filled + thickened(filled, wire, harm)).merged()
        added = filled - drawn
        if added.is_empty():
            break
        found += [piece.bbox() for piece in added.decompose_trapezoids_to_region().each()]
        drawn = filled
    return found


def small_holes(shapes: kdb.Region, level: int) -> kdb.Region:
    """The holes of shapes that are smaller than their level allows."""
    rule = HOLES.get(ROUTED[level].layer)
    return shapes.holes().with_area(0, round(rule.value_um2 * 1e6), False) if rule else kdb.Region()


def closed(shapes: kdb.Region, space_nm: int) -> kdb.Region:
    """Shapes with all between edges that face each other nearer than `space_nm`."""
    by = (space_nm - 1) // 2
    return shapes.sized(by, 2).merged().sized(-by, 2)


def corners(shapes: kdb.Region, wire: WireLevel, harm: Callable[[Box], int]) -> kdb.Region:
    """What joins corners nearer than the space, by a neck as wide as a wire, where it does the least harm."""
    found = kdb.Region()
    for pair in shapes.space_check(wire.space_nm, False, kdb.Region.Euclidian).each():
        found.insert(_patch(pair, wire.width_nm, harm))
    return found


def beside_wide(shapes: kdb.Region, wire: WireLevel, harm: Callable[[Box], int]) -> kdb.Region:
    """What fills the corners at a short neck between wide metal and a wire: edges across it count as facing each other.

    Source: `separation(..., euclidian)` of m1.3b to m4.5b in the deck, which looks past the neck.
    """
    half = WIDE_NM // 2
    wide = shapes.sized(-half).sized(half)
    whole, edges = shapes.edges(), wide.edges() & shapes.edges()
    pairs = edges.separation_check(whole - wide, wire.wide_space_nm, False, kdb.Edges.Euclidian)
    return region_of(_patch(pair, wire.width_nm, harm) for pair in pairs.each())


def _patch(pair: kdb.EdgePair, width_nm: int, harm: Callable[[Box], int]) -> Box:
    """A box around the gap of two corners that reaches so far into both that the neck's diagonal is a wire's width."""
    gap = _between(pair.first.bbox(), pair.second.bbox())
    reach, far = (snap_up(nm, GRID_NM) for nm in (width_nm / sqrt(2), width_nm))
    whole = gap.enlarged(reach, reach)
    beside = (whole.moved(x * reach, y * reach) for x, y in ((1, 0), (-1, 0), (0, 1), (0, -1)))
    boxes = (whole, gap.enlarged(far, 0), gap.enlarged(0, far), *beside)
    return min((box for box in boxes if box.area() > 0), key=harm)


def _between(a: Box, b: Box) -> Box:
    """The box between two edges that lie apart, or their overlap along an axis."""
    xs, ys = sorted((a.left, a.right, b.left, b.right))[1:3], sorted((a.bottom, a.top, b.bottom, b.top))[1:3]
    return _on_grid(Box(xs[0], ys[0], xs[1], ys[1]))


def beside_slivers(shapes: kdb.Region, wire: WireLevel) -> kdb.Region:
    """What makes wide enough where a filled gap is narrower than a wire: the slots beside it."""
    slivers = region_of(_on_grid(pair.polygon(0).bbox()) for pair in shapes.width_check(wire.width_nm).each())
    if slivers.is_empty():
        return slivers
    wider = closed(shapes, wire.space_nm + wire.width_nm)
    return wider & slivers.sized(wire.width_nm, 2)


def thickened(shapes: kdb.Region, wire: WireLevel, harm: Callable[[Box], int]) -> kdb.Region:
    """What makes the necks of shapes as wide as a wire, to the side where that does less harm."""
    found = kdb.Region()
    for pair in shapes.width_check(wire.width_nm).each():
        box = _on_grid(pair.bbox())
        x, y = (max(0, wire.width_nm - size) for size in (box.width(), box.height()))
        x, y = (0, y) if pair.first.dy() == 0 == pair.second.dy() else (x, 0) if pair.first.dx() == 0 else (x, y)
        before = Box(box.left - x, box.bottom - y, box.right, box.top)
        sides = (before, before.moved(x, y))
        found.insert(min(sides, key=harm))
    return found


def _on_grid(box: Box) -> Box:
    """The least box on the grid around one: the edges that a check finds end between its points."""
    left, bottom = (value // GRID_NM * GRID_NM for value in (box.left, box.bottom))
    return Box(left, bottom, snap_up(box.right), snap_up(box.top))
