"""Resistor bodies of a layout: which device each is, the nets at its ends, and which end each part of it belongs to.

The body's resistance stands in the device's model, its capacitance does not (but for the silicon under high-resistance
poly): half of the body counts with the net at either end.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import klayout.db as kdb

from analoom.pdk.devices import DIFFUSION_RESISTORS, RESISTORS, WIRE_RESISTORS
from analoom.pdk.layers import Layer, Marker

from .conductors import FlatConductors
from .geometry import LEVEL_OF, Body, BoxNm, End, boxes_of


def bodies_of(flat: FlatConductors) -> Iterator[Body]:
    """Every resistor body, in the order of levels."""
    for layer, region in flat.bodies.items():
        wires = flat.conductor(layer)
        edges = wires.edges()
        for polygon in region.each():
            ends = tuple(_ends(flat, wires, edges, polygon))
            if ends:
                yield Body(_device(flat, layer, polygon), LEVEL_OF[layer], ends, tuple(_shared_out(polygon, ends)))


def _ends(flat: FlatConductors, wires: kdb.Region, edges: kdb.Edges, polygon: kdb.Polygon) -> Iterator[End]:
    for edge in (kdb.Region(polygon).edges() & edges).each():
        middle = edge.p1 + (edge.p2 - edge.p1) * 0.5
        net = flat.l2n.probe_net(wires, middle)
        if net is not None:
            yield End(flat.number(net.expanded_name()), middle.x, middle.y)


def _shared_out(polygon: kdb.Polygon, ends: tuple[End, ...]) -> Iterator[tuple[BoxNm, int]]:
    """The body's boxes, cut across the middle when it is one box, each with its nearest end."""
    boxes = boxes_of(polygon)
    for box in _halves(boxes[0]) if len(boxes) == 1 else boxes:
        x, y = (box[0] + box[2]) / 2, (box[1] + box[3]) / 2
        far = [(abs(end.x_nm - x) + abs(end.y_nm - y), k) for k, end in enumerate(ends)]
        yield box, min(far)[1]


def _halves(box: BoxNm) -> list[BoxNm]:
    """The two halves along the longer side."""
    left, bottom, right, top = box
    if right - left >= top - bottom:
        return [(a, bottom, b, top) for a, b in pairwise((left, (left + right) // 2, right)) if b > a]
    return [(left, a, right, b) for a, b in pairwise((bottom, (bottom + top) // 2, top)) if b > a]


def _device(flat: FlatConductors, layer: Layer, polygon: kdb.Polygon) -> str:
    if layer in WIRE_RESISTORS:
        return WIRE_RESISTORS[layer].name
    if layer is Layer.DIFF:
        implant = Layer.PSDM if flat.on(Layer.PSDM, polygon) and not flat.on(Layer.NSDM, polygon) else Layer.NSDM
        return DIFFUSION_RESISTORS[implant, flat.on(Marker.HVI, polygon)].name
    return RESISTORS[_poly_kind(flat, polygon)].name


def _poly_kind(flat: FlatConductors, polygon: kdb.Polygon) -> str:
    if flat.on(Marker.RPM, polygon):
        return "res_high_po"
    return "res_xhigh_po" if flat.on(Marker.URPM, polygon) else "res_generic_po"
