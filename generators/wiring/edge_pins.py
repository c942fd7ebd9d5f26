"""The pins of a block: ends of wires drawn out to its edge, as wide as the wire."""

from __future__ import annotations

import klayout.db as kdb

from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.model.obstacles import region_of
from analoom.generators.placing.arrange import Side
from analoom.generators.ways.net import Net
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import LEVELS, VIA, VIA2, VIA3, Pad

DEEP_NM = 700
"""How much farther inward a pin reaches where its wire does."""
PADS: dict[Layer, Pad] = {via.below.layer: via.below for via in (VIA, VIA2, VIA3)}
"""Of the via from above, on each conductor."""
_TO_RIGHT: dict[Side, kdb.Trans] = {
    "right": kdb.Trans(kdb.Trans.R0),
    "left": kdb.Trans(kdb.Trans.M90),
    "top": kdb.Trans(kdb.Trans.M45),
    "bottom": kdb.Trans(kdb.Trans.M135),
}
"""What turns a side to the right, and back."""


def pin_metal(drawing: Drawing, net: Net, side: Side, box: Box) -> tuple[Layer, Box]:
    """Layer and box (nm) of the pin of a net that leaves the block by a side of its outline `box`, which is drawn."""
    assert net.edge_wire is not None, "every pin of the block is a terminal of its net"
    layer, end = net.edge_wire
    wire = drawing.add(layer, to_edge(_as_wide(net, layer, end, side), side, box))
    return layer, _past_bends(net, layer, _as_deep(net, layer, wire, side), side)


def _as_deep(net: Net, layer: Layer, pin: Box, side: Side) -> Box:
    """The pin drawn out inward where its wire is as wide there: then its middle is off what lies beside the wire."""
    inward = {"left": (DEEP_NM, 0), "right": (-DEEP_NM, 0), "bottom": (0, DEEP_NM), "top": (0, -DEEP_NM)}[side]
    deep = pin + pin.moved(*inward)
    drawn = region_of([pin, *(shape for on, shape in net.wires if on is layer)])
    return deep if (kdb.Region(deep) - drawn).is_empty() else pin


def _past_bends(net: Net, layer: Layer, pin: Box, side: Side) -> Box:
    """The pin without so much of its inner end that a wire from its middle straight to the edge keeps off what its net
    has beside it; whole where that would leave no room for a via's pad."""
    space, turn = LEVELS[layer].space_nm, _TO_RIGHT[side]
    turned = pin.transformed(turn)
    wires = region_of(box.transformed(turn) for on, box in net.wires if on is layer) - kdb.Region(turned)
    reach = (wires & kdb.Region(turned.enlarged(0, space))).bbox()
    if reach.empty():
        return pin
    inner = max(turned.left, snap_up(2 * (reach.right + space) - turned.right))
    least = PADS[layer].long_nm if layer in PADS else LEVELS[layer].width_nm
    outer = Box(inner, turned.bottom, turned.right, turned.top)
    return outer.transformed(turn) if turned.right - inner >= least else pin


def to_edge(end: Box, side: Side, box: Box) -> Box:
    """The end of a wire, drawn out to the edge of the block."""
    left, bottom, right, top = end.left, end.bottom, end.right, end.top
    if side == "left":
        left = box.left
    elif side == "right":
        right = box.right
    elif side == "bottom":
        bottom = box.bottom
    else:
        top = box.top
    return Box(left, bottom, right, top)


def _as_wide(net: Net, layer: Layer, end: Box, side: Side) -> Box:
    """The end of a wire, as wide as the widest of its net's wires that it lies in: of a supply that has grown."""
    whole = max((wire for on, wire in net.wires if on is layer and end.inside(wire)), key=Box.area, default=end)
    if side in ("left", "right"):
        return Box(end.left, whole.bottom, end.right, whole.top)
    return Box(whole.left, end.bottom, whole.right, end.top)
