"""What a cell blocks: every routing layer it draws on, but for a way to each pin.

A layer that is used is blocked over the whole cell: who routes through an analog block couples into it. Around a pin
the blockage keeps the spacing a wire needs from wide metal, as the blockage is one; a pin too far inside for that gets
an empty channel to the nearest edge. Left open are also the pads of vias to pins on the next level, where `openings`
finds room. Metal that is not the pin's own stays blocked inside all of these. Coordinates are the cell's own, in nm.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import klayout.db as kdb

from analoom.pdk import rules
from analoom.pdk.layers import Layer, Marker
from analoom.pdk.wire_levels import LEVELS, WIDE_NM

from .drawing import Box, layer_index
from .pin import Pin

PLATES = {Layer.MET3: (Layer.CAPM, rules.CAPM_TO_OTHER_PLATE), Layer.MET4: (Layer.CAP2M, rules.CAP2M_TO_OTHER_PLATE)}
"""Metals that are the bottom plate of a capacitor, with its top plate and how far unrelated metal stays from that."""


@dataclass(frozen=True)
class Blockage:
    """What no wire from outside may enter on `layer` (nm): `boxes` all over, and `wires` in the openings around pins.

    `space_nm`: what others keep from `boxes` where that is more than the layer's rules ask for, else None. `halo_nm`:
    what wires of other nets keep from the cell's edge for the sake of capacitors that lie on a pin's own net.
    """

    layer: Layer
    boxes: tuple[Box, ...]
    wires: tuple[Box, ...]
    space_nm: int | None = None
    halo_nm: int | None = None

    @property
    def region(self) -> kdb.Region:
        """All that is blocked, merged; empty for a layer that the cell does not draw on."""
        return region_of((*self.boxes, *self.wires)).merged()

    @cached_property
    def kept_clear(self) -> kdb.Region:
        """Where no wire of any net may lie: what is blocked, and beside it what others keep from it."""
        boxes = region_of(self.boxes)
        clear = boxes.sized(self.space_nm) if self.space_nm else kept_clear(boxes, self.layer, corners=2)
        return (clear + kept_clear(region_of(self.wires), self.layer, corners=2)).merged()


def is_drawn(layout: kdb.Cell, layer: Layer | Marker) -> bool:
    """Whether a cell, or one below it, has a shape on `layer`."""
    return not layout.bbox(layer_index(layer)).empty()


def blockage(layout: kdb.Cell, pins: Sequence[Pin], layer: Layer, openings: Iterable[Box] = ()) -> Blockage:
    """The blockage of a routing layer (one of LEVELS); `openings` (nm) are left in it for vias."""
    if not is_drawn(layout, layer):
        return Blockage(layer, (), ())
    places: dict[str, list[Box]] = {}
    for pin in pins:
        if pin.layer is layer:
            places.setdefault(pin.name, []).append(pin.box)
    boxes, wires = _blocked(layout, places, layer, openings)
    halo = plate_space_nm(layout, layer)
    wide = on_wide_metal(layout, layer, pins)
    space = (LEVELS[layer].wide_space_nm if wide else None) if places else halo
    return Blockage(layer, tuple(pieces(boxes)), tuple(pieces(wires)), space, halo if places else None)


def plate_space_nm(layout: kdb.Cell, layer: Layer) -> int | None:
    """How far foreign `layer` stays from the cell's edge for its capacitors' sake, where no other rule asks for it."""
    if layer not in PLATES:
        return None
    top_plate, rule = PLATES[layer]
    plates, whole = layout.bbox(layer_index(top_plate)), layout.bbox()
    if plates.empty():
        return None
    inside = min(
        plates.left - whole.left, plates.bottom - whole.bottom, whole.right - plates.right, whole.top - plates.top
    )
    return rule.value_nm - inside if rule.value_nm - inside > LEVELS[layer].wide_space_nm else None


def on_wide_metal(layout: kdb.Cell, layer: Layer, pins: Sequence[Pin]) -> frozenset[Pin]:
    """Those of `pins` on `layer` that lie on wide metal: wires keep more off it than the pin's width tells."""
    here = [pin for pin in pins if pin.layer is layer]
    if layer in (Layer.LI1, Layer.MET5) or not here:
        return frozenset()
    half = WIDE_NM // 2
    wide = metal(layout, layer, region_of(pin.box for pin in here)).sized(-half - 1).sized(half + 1)
    return frozenset(pin for pin in here if not wide.is_empty() and not (kdb.Region(pin.box) & wide).is_empty())


def kept_clear(shapes: kdb.Region, layer: Layer, corners: int = 1) -> kdb.Region:
    """What others leave free beside metal on `layer`; `corners`: 1 cuts them, as wires may come there, 2 leaves them
    square."""
    merged, half = shapes.merged(), WIDE_NM // 2
    wide = merged.sized(-half).sized(half) & merged
    level = LEVELS[layer]
    return merged.sized(level.space_nm, corners) + wide.sized(level.wide_space_nm, corners)


def metal(layout: kdb.Cell, layer: Layer, where: kdb.Region) -> kdb.Region:
    """The shapes of a layer that touch `where`, merged; the rest of a large array is not looked at."""
    shapes = kdb.RecursiveShapeIterator(layout.layout(), layout, layer_index(layer), where, False)
    return kdb.Region(shapes).merged()


def region_of(boxes: Iterable[Box]) -> kdb.Region:
    """The boxes as one region, not merged."""
    region = kdb.Region()
    for box in boxes:
        region.insert(box)
    return region


def _blocked(
    layout: kdb.Cell, places: Mapping[str, Sequence[Box]], layer: Layer, openings: Iterable[Box]
) -> tuple[kdb.Region, kdb.Region]:
    """What lies outside the openings, and the metal in them that is not the pin's own."""
    whole = layout.bbox()
    around = {name: region_of(_window(layout, box, layer) for box in boxes) for name, boxes in places.items()}
    free, own = region_of(opened(layout, layer, box) for box in openings), kdb.Region()
    for name, window in around.items():
        free += window
        own += metal(layout, layer, window).interacting(region_of(places[name])) & window
    drawn = metal(layout, layer, free)
    free += region_of(way for boxes in places.values() for box in boxes for way in _channel(layout, layer, box))
    blocked = kdb.Region(whole) - free
    pins = region_of(box for boxes in places.values() for box in boxes)
    wires = (drawn & free) - own
    return blocked, wires + _exposed(own - pins, _kept_off((pins, blocked, wires), layer), layer, whole)


def _kept_off(told: Iterable[kdb.Region], layer: Layer) -> kdb.Region:
    """What wires keep off of all that they are told of, each by itself: what is wide only as a whole is not told so."""
    out = kdb.Region()
    for region in told:
        out += kept_clear(region, layer)
    return out


def _exposed(own: kdb.Region, kept_off: kdb.Region, layer: Layer, whole: Box) -> kdb.Region:
    """The parts of `own`, wires of the pins past the pins, that a wire can come near that only stays out of `kept_off`.

    That is so where a blockage is too small to be wide: a wire fits into the corner between it and the pin.
    """
    level = LEVELS[layer]
    space, slim = level.space_nm, level.width_nm // 2 - 1
    near = own.sized(space - 1, 1)
    free = kdb.Region(whole.enlarged(space + level.width_nm, space + level.width_nm)) - kept_off
    hit = near & free.sized(-slim).sized(slim)
    return own & hit.sized(space)


def pieces(region: kdb.Region) -> Iterator[Box]:
    """A region as boxes."""
    yield from (piece.bbox() for piece in region.decompose_trapezoids_to_region(kdb.Polygon.TD_htrapezoids).each())


def opened(layout: kdb.Cell, layer: Layer, pads: Box) -> Box:
    """The opening in which the pads of vias may lie in a box (nm): off what is blocked, as that is one wide piece."""
    return _sized(pads, plate_space_nm(layout, layer) or LEVELS[layer].wide_space_nm) & layout.bbox()


def _window(layout: kdb.Cell, pin: Box, layer: Layer) -> Box:
    """The opening around a pin: on all sides, or to one edge where a capacitor is near."""
    near = plate_space_nm(layout, layer) and _is_near_plate(layout, pin, layer)
    return (_opening_of_plate if near else _opening)(pin, layer, layout.bbox())


def _is_near_plate(layout: kdb.Cell, pin: Box, layer: Layer) -> bool:
    """Whether a wire in an opening on all sides could come too close to a capacitor."""
    plate, rule = PLATES[layer]
    return not metal(layout, plate, kdb.Region(_sized(pin, LEVELS[layer].wide_space_nm + rule.value_nm))).is_empty()


def _opening(pin: Box, layer: Layer, whole: Box) -> Box:
    return _sized(pin, LEVELS[layer].wide_space_nm) & whole


def _opening_of_plate(pin: Box, layer: Layer, whole: Box) -> Box:
    """Towards the nearest edge only: beside it a wire would come too close to the capacitor."""
    room = LEVELS[layer].wide_space_nm
    gaps = (pin.left - whole.left, pin.bottom - whole.bottom, whole.right - pin.right, whole.top - pin.top)
    along_x = gaps.index(min(gaps)) in (0, 2)
    return pin.enlarged(room if along_x else 0, 0 if along_x else room) & whole


def _channel(layout: kdb.Cell, layer: Layer, pin: Box) -> list[Box]:
    """The shortest empty way from a pin to an edge of the cell, where its opening does not reach one."""
    room, whole = LEVELS[layer].wide_space_nm, layout.bbox()
    if not _sized(pin, room - 1).inside(whole):
        return []
    wide = _sized(pin, room)
    ways = [
        Box(whole.left, wide.bottom, wide.left, wide.top),
        Box(wide.right, wide.bottom, whole.right, wide.top),
        Box(wide.left, whole.bottom, wide.right, wide.bottom),
        Box(wide.left, wide.top, wide.right, whole.top),
    ]
    empty = [way for way in ways if metal(layout, layer, kdb.Region(way)).is_empty()]
    return sorted(empty, key=lambda way: way.area())[:1]


def _sized(box: Box, by_nm: int) -> Box:
    return box.enlarged(by_nm, by_nm)
