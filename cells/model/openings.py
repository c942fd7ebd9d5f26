"""Where a layer that a cell draws on is left open for vias to its pins on the levels next to it, clear of all drawn.

So a guard ring on met1 under buses on met2 is met from above, and a line on met2 at the edge of an array from below.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import klayout.db as kdb

from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import LEVELS, VIAS, Pad, Via

from .drawing import Box
from .landings import cut_places, near, reach_nm
from .obstacles import PLATES, Blockage, is_drawn, metal, opened, pieces
from .pin import Pin


def openings(layout: kdb.Cell, pins: Sequence[Pin], layer: Layer) -> Iterator[Box]:
    """Boxes (nm) on `layer` for the pads of vias to pins: of those from above anywhere, from below at the edge only."""
    for via in VIAS if is_drawn(layout, layer) else ():
        for own, other in (via.pads, via.pads[::-1]):
            for pin in pins:
                if other.layer is layer and pin.layer is own.layer:
                    pads = _pads(layout, pin, via, own, other)
                    yield from pads if own is via.below else _at_the_edge(layout, layer, pads)


def _pads(layout: kdb.Cell, pin: Pin, via: Via, own: Pad, other: Pad) -> Iterator[Box]:
    window = pin.box.enlarged(other.long_nm, other.long_nm)
    apart_nm = LEVELS[other.layer].wide_space_nm
    drawn = metal(layout, other.layer, kdb.Region(window.enlarged(apart_nm, apart_nm)))
    taken = Blockage(other.layer, (), tuple(pieces(drawn))).kept_clear + _beside_plates(layout, other.layer, window)
    for landing in cut_places(layout, pin, via, own, other, taken):
        yield landing.box.enlarged(*reach_nm(other, landing.ends))


def _beside_plates(layout: kdb.Cell, layer: Layer, window: Box) -> kdb.Region:
    """What unrelated metal keeps off for the sake of capacitors, and by how much a wire may leave an opening."""
    if layer not in PLATES:
        return kdb.Region()
    plate, rule = PLATES[layer]
    return near(layout, plate, rule.value_nm + LEVELS[layer].wide_space_nm - LEVELS[layer].space_nm, window)


def _at_the_edge(layout: kdb.Cell, layer: Layer, pads: Iterator[Box]) -> Iterator[Box]:
    whole = layout.bbox()
    return (pad for pad in pads if not opened(layout, layer, pad).inside(whole.enlarged(-1, -1)))
