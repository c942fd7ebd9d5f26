"""Fills the gaps that wires of one net leave between themselves and their pins where these are less than a space."""

from __future__ import annotations

import klayout.db as kdb

from analoom.cells.model.obstacles import region_of
from analoom.pdk.units import GRID_NM
from analoom.pdk.wire_levels import WireLevel

from .net import Net
from .router import Router
from .wire_kinds import ROUTED

PASSES = 3
"""What fills one gap may open another."""


def settle(router: Router) -> None:
    """Fills in every net."""
    for net in router.nets:
        for level in range(len(ROUTED)):
            fill(net, level)


def fill(net: Net, level: int) -> None:
    """Adds what closes the gaps of a net on one level."""
    wire, drawn = ROUTED[level], net.metal(level)
    if drawn.is_empty():
        return
    drawn = (drawn + net.pin_metal(level)).merged()
    for _ in range(PASSES):
        filled = closed(drawn, wire.space_nm)
        filled = (filled + corners(filled, wire.space_nm)).merged()
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


def corners(shapes: kdb.Region, space_nm: int) -> kdb.Region:
    """What lies between corners nearer than `space_nm`, on the grid."""
    pairs = shapes.space_check(space_nm, False, kdb.Region.Euclidian)
    found = region_of(pair.polygon(0).bbox() for pair in pairs.each())
    return found.snapped(GRID_NM, GRID_NM)


def beside_slivers(shapes: kdb.Region, wire: WireLevel) -> kdb.Region:
    """What makes wide enough where a filled gap is narrower than a wire: the slots beside it."""
    slivers = region_of(pair.polygon(0).bbox() for pair in shapes.width_check(wire.width_nm).each())
    if slivers.is_empty():
        return slivers
    wider = closed(shapes, wire.space_nm + wire.width_nm)
    return wider & slivers.sized(wire.width_nm, 2)
