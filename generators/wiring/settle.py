"""Fills the gaps that wires of one net leave between themselves and their pins where these are less than a space."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import sqrt

import klayout.db as kdb

from analoom.cells.model.drawing import Box
from analoom.cells.model.obstacles import region_of
from analoom.pdk.units import GRID_NM, snap_up
from analoom.pdk.wire_levels import WireLevel

from .metal_index import MetalIndex
from .net import Net
from .router import Router
from .wire_kinds import ROUTED

PASSES = 3
"""What fills one gap may open another."""


def settle(router: Router, index: MetalIndex) -> None:
    """Fills in every net."""
    for net in router.nets:
        for level in range(len(ROUTED)):
            fill(net, level, index)


def fill(net: Net, level: int, index: MetalIndex) -> None:
    """Adds what closes the gaps of a net on one level."""
    wire, drawn = ROUTED[level], net.metal(level)
    if drawn.is_empty():
        return
    drawn = (drawn + net.pin_metal(level)).merged()
    for _ in range(PASSES):
        filled = closed(drawn, wire.space_nm)
        filled = (filled + corners(filled, wire, partial(index.is_free, net.name, level))).merged()
        filled = (filled + beside_slivers(filled, wire)).merged()
        added = filled - drawn
        if added.is_empty():
            return
        for piece in added.decompose_trapezoids_to_region().each():
            net.wires.append((wire.layer, piece.bbox()))
        drawn = filled


def closed(shapes: kdb.Region, space_nm: int) -> kdb.Region:
    """Shapes with all between edges that face each other nearer than `space_nm`."""
    by = (space_nm - 1) // 2
    return shapes.sized(by, 2).merged().sized(-by, 2)


def corners(shapes: kdb.Region, wire: WireLevel, is_free: Callable[[Box], bool]) -> kdb.Region:
    """What joins corners nearer than the space, by a neck as wide as a wire, off other nets if that can be had."""
    found = kdb.Region()
    for pair in shapes.space_check(wire.space_nm, False, kdb.Region.Euclidian).each():
        found.insert(_patch(pair, wire.width_nm, is_free))
    return found


def _patch(pair: kdb.EdgePair, width_nm: int, is_free: Callable[[Box], bool]) -> Box:
    """A box around the gap of two corners that reaches so far into both that the neck's diagonal is a wire's width."""
    gap = _between(pair.first.bbox(), pair.second.bbox())
    reach = snap_up(width_nm / sqrt(2), GRID_NM)
    whole = gap.enlarged(reach, reach)
    far = snap_up(width_nm, GRID_NM)
    lying, standing = gap.enlarged(far, 0), gap.enlarged(0, far)
    return next((box for box in (whole, lying, standing) if is_free(box)), whole)


def _between(a: Box, b: Box) -> Box:
    """The box between two edges that lie apart, or their overlap along an axis."""
    xs, ys = sorted((a.left, a.right, b.left, b.right))[1:3], sorted((a.bottom, a.top, b.bottom, b.top))[1:3]
    return Box(xs[0], ys[0], xs[1], ys[1])


def beside_slivers(shapes: kdb.Region, wire: WireLevel) -> kdb.Region:
    """What makes wide enough where a filled gap is narrower than a wire: the slots beside it."""
    slivers = region_of(pair.polygon(0).bbox() for pair in shapes.width_check(wire.width_nm).each())
    if slivers.is_empty():
        return slivers
    wider = closed(shapes, wire.space_nm + wire.width_nm)
    return wider & slivers.sized(wire.width_nm, 2)
