"""The conductors, plates and cuts of a layout as solids: convex pieces, each with a lower and an upper face."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import islice
from typing import Any

import klayout.db as kdb

from analoom.flows.export.looks import LOOKS
from analoom.pdk.layers import CONDUCTORS, CUTS, Layer
from analoom.pdk.stack import MIM_ON, bottom_um, top_um

from .bounds import MOST_SHAPES, MOST_SOLIDS, within

DIFFUSIONS = (Layer.DIFF, Layer.TAP)
"""Shown flat, as part of the silicon's surface."""

_PLATES = {metal: plate for plate, metal in MIM_ON.items()}

Slab = tuple[kdb.Region, float, float]
"""What is drawn between two heights above the silicon, um."""


def solids(layout: kdb.Layout, top: kdb.Cell, window_um: kdb.DBox | None = None) -> list[dict[str, Any]]:
    """The solids by layer from the silicon up, of all of `top` or of a window: `name`, `colour`, `slabs`.

    A slab has `bottom_um`, `top_um` and `pieces`, convex contours as x, y, x, y, ... in database units. Heights are
    those of the layer stack (`analoom.pdk.stack`). Raises TooMuch for more pieces than a page holds.
    """
    box = window_um.to_itype(layout.dbu) if window_um else top.bbox()
    found, count = [], 0
    for layer in LOOKS:
        slabs = [_slab(*slab) for slab in _slabs_of(layer, layout, top, box)]
        count += sum(len(slab["pieces"]) for slab in slabs)
        within(count, MOST_SOLIDS, "pieces of metal")
        if slabs:
            found.append({"name": layer.name.lower(), "colour": f"#{LOOKS[layer].colour:06x}", "slabs": slabs})
    return found


def _slabs_of(layer: Layer, layout: kdb.Layout, top: kdb.Cell, box: kdb.Box) -> Iterator[Slab]:
    """What a layer is made of, without what is empty."""

    def drawn(name: Layer) -> kdb.Region:
        return _drawn(layout, top, box, name)

    if layer in DIFFUSIONS:
        slabs = [(drawn(layer), 0.0, 0.0)]
    elif layer in CONDUCTORS or layer in MIM_ON:
        slabs = [(drawn(layer), bottom_um(layer), top_um(layer))]
    elif layer in CUTS:
        slabs = _cut(drawn(layer), layer, drawn)
    else:
        slabs = []
    return (slab for slab in slabs if not slab[0].is_empty())


def _cut(cut: kdb.Region, layer: Layer, drawn: Callable[[Layer], kdb.Region]) -> list[Slab]:
    """A cut ends on what lies under it: a contact on poly or the silicon, a via on a capacitor's plate or the metal."""
    lower, upper = CUTS[layer]
    first, rest_um = (lower, top_um(None)) if layer is Layer.LICON else (_PLATES.get(lower), top_um(lower))
    under = drawn(first) if first else kdb.Region()
    return [(cut & under, top_um(first), bottom_um(upper)), (cut - under, rest_um, bottom_um(upper))]


def _drawn(layout: kdb.Layout, top: kdb.Cell, box: kdb.Box, layer: Layer) -> kdb.Region:
    """The merged polygons of a layer within `box`."""
    index = layout.find_layer(*layer.value)
    if index is None:
        return kdb.Region()
    shapes = islice(top.begin_shapes_rec_touching(index, box).each(), MOST_SHAPES + 1)
    within(sum(1 for _ in shapes), MOST_SHAPES, "shapes on one layer")
    return kdb.Region(top.begin_shapes_rec_touching(index, box)).merged() & kdb.Region(box)


def _slab(region: kdb.Region, low_um: float, high_um: float) -> dict[str, Any]:
    pieces = [
        [number for point in piece.each_point_hull() for number in (point.x, point.y)]
        for piece in region.decompose_convex_to_region().each()
    ]
    return {"bottom_um": low_um, "top_um": high_um, "pieces": pieces}
