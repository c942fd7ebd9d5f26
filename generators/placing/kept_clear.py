"""Where no wire, or no cut, of any net may lie for the sake of a placed cell: what it blocks, its matched devices."""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.cells.model.cell import Instance
from analoom.cells.model.drawing import Box, layer_index
from analoom.cells.model.landings import UNSTACKED
from analoom.cells.model.obstacles import region_of
from analoom.pdk.layers import Layer

OFF_MATCHED = (Layer.MET3, Layer.MET4, Layer.MET5)
"""Kept off matched gates and plates here; a cell of devices blocks the levels below."""


def kept_clear(instance: Instance, layer: Layer) -> Iterator[Box]:
    """Boxes (nm in the block) that no wire may enter on a metal."""
    for piece in _of_cell(instance, layer).decompose_trapezoids_to_region().each():
        yield piece.bbox().transformed(instance.trans)


def gates(instance: Instance) -> kdb.Region:
    """The channels of all transistors of a placed cell, matched or not (nm in the block)."""
    poly, diff = (kdb.Region(instance.cell.layout.begin_shapes_rec(layer_index(on))) for on in (Layer.POLY, Layer.DIFF))
    return (poly & diff).transformed(instance.trans)


def _of_cell(instance: Instance, layer: Layer) -> kdb.Region:
    blocked = instance.cell.blocked(layer)
    clear = blocked.kept_clear
    if blocked.halo_nm:
        clear = clear + kdb.Region(instance.cell.bbox_nm.enlarged(blocked.halo_nm, blocked.halo_nm))
    if layer in OFF_MATCHED:
        clear = clear + _matched(instance)
    return clear.merged()


def _matched(instance: Instance) -> kdb.Region:
    groups = (group for group in instance.cell.match_groups if len(group.members) > 1)
    return region_of(box for group in groups for member in group.members.values() for box in member)


def unstacked(instance: Instance) -> Iterator[tuple[Layer, Box]]:
    """The capacitors' plates of a placed cell, each with the layer of the cuts that may not be stacked on it."""
    for cut, plate in UNSTACKED.items():
        drawn = kdb.Region(instance.cell.layout.begin_shapes_rec(layer_index(plate))).merged()
        for piece in drawn.decompose_trapezoids_to_region().each():
            yield cut, piece.bbox().transformed(instance.trans)
