"""What a LEF abstract blocks: every routing layer a cell draws on, but for a way to each pin.

A layer that is used is blocked over the whole cell: who routes through an analog block couples into it. Around a pin
the blockage keeps the spacing a wire needs from wide metal, as the blockage is one; a pin too far inside for that gets
an empty channel to the nearest edge. Metal that is not the pin's own stays blocked inside these openings.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Pin
from analoom.cells.model.drawing import layer_index
from analoom.flows.drc.fast.rule_table import WIDE_NM
from analoom.pdk import rules
from analoom.pdk.layers import Layer

from .port_names import Port

WIDTH_NM = {
    Layer.LI1: rules.LI_WIDTH.value_nm,
    Layer.MET1: rules.MET1_WIDTH.value_nm,
    Layer.MET2: rules.MET2_WIDTH.value_nm,
    Layer.MET3: rules.MET3_WIDTH.value_nm,
    Layer.MET4: rules.MET4_WIDTH.value_nm,
    Layer.MET5: rules.MET5_WIDTH.value_nm,
}
"""Least width of the wires of each routing layer."""

SPACE_NM = {
    Layer.LI1: rules.LI_SPACE.value_nm,
    Layer.MET1: rules.MET1_SPACE.value_nm,
    Layer.MET2: rules.MET2_SPACE.value_nm,
    Layer.MET3: rules.MET3_SPACE.value_nm,
    Layer.MET4: rules.MET4_SPACE.value_nm,
    Layer.MET5: rules.MET5_SPACE.value_nm,
}
"""Routing layers from the bottom up, with the spacing of their wires."""

ROOM_NM = {
    Layer.LI1: rules.LI_SPACE.value_nm,
    Layer.MET1: rules.MET1_WIDE_SPACE.value_nm,
    Layer.MET2: rules.MET2_WIDE_SPACE.value_nm,
    Layer.MET3: rules.MET3_WIDE_SPACE.value_nm,
    Layer.MET4: rules.MET4_WIDE_SPACE.value_nm,
    Layer.MET5: rules.MET5_SPACE.value_nm,
}
"""How far the blockage stays from a pin: the spacing to wide metal."""

PLATES = {Layer.MET3: (Layer.CAPM, rules.CAPM_TO_OTHER_PLATE), Layer.MET4: (Layer.CAP2M, rules.CAP2M_TO_OTHER_PLATE)}
"""Metals that are the bottom plate of a capacitor, with its top plate and how far unrelated metal stays from that."""


@dataclass(frozen=True)
class Blockage:
    """What is blocked on a layer: `boxes` all over, and `wires` in the openings around pins.

    `space_nm`: what others keep from `boxes` where that is more than the layer's rules ask for.
    """

    layer: Layer
    boxes: tuple[kdb.Box, ...]
    wires: tuple[kdb.Box, ...]
    space_nm: int | None = None


def blockages(cell: Cell, ports: Sequence[Port]) -> Iterator[Blockage]:
    """The blockage of each routing layer that `cell` draws on."""
    for layer in ROOM_NM:
        if not cell.layout.bbox(layer_index(layer)).empty():
            boxes, wires = _blocked(cell, ports, layer)
            yield Blockage(layer, tuple(_pieces(boxes)), tuple(_pieces(wires)), plate_space_nm(cell, layer))


def plate_space_nm(cell: Cell, layer: Layer) -> int | None:
    """How far foreign `layer` stays from the cell's edge for its capacitors' sake, where no other rule asks for it."""
    if layer not in PLATES:
        return None
    top_plate, rule = PLATES[layer]
    plates, whole = cell.layout.bbox(layer_index(top_plate)), cell.bbox_nm
    if plates.empty():
        return None
    inside = min(
        plates.left - whole.left, plates.bottom - whole.bottom, whole.right - plates.right, whole.top - plates.top
    )
    return rule.value_nm - inside if rule.value_nm - inside > ROOM_NM[layer] else None


def on_wide_metal(cell: Cell, layer: Layer, pins: Sequence[Pin]) -> set[Pin]:
    """Those of `pins`, all on `layer`, that lie on wide metal: wires keep more off it than the pin's width tells."""
    if layer in (Layer.LI1, Layer.MET5) or not pins:
        return set()
    half = WIDE_NM // 2
    wide = _metal(cell, layer, _region(pin.box for pin in pins)).sized(-half - 1).sized(half + 1)
    return set() if wide.is_empty() else {pin for pin in pins if not (kdb.Region(pin.box) & wide).is_empty()}


def _blocked(cell: Cell, ports: Sequence[Port], layer: Layer) -> tuple[kdb.Region, kdb.Region]:
    """What lies outside the openings, and the metal in them that is not the pin's own."""
    whole = cell.bbox_nm
    places = {port.name: [pin.box for pin in port.places if pin.layer is layer] for port in ports}
    places = {name: boxes for name, boxes in places.items() if boxes}
    opening = _opening_of_plate if plate_space_nm(cell, layer) else _opening
    around = {name: _region(opening(box, layer, whole) for box in boxes) for name, boxes in places.items()}
    free, own = kdb.Region(), kdb.Region()
    for name, window in around.items():
        free += window
        own += _metal(cell, layer, window).interacting(_region(places[name])) & window
    metal = _metal(cell, layer, free)
    free += _region(way for boxes in places.values() for box in boxes for way in _channel(cell, layer, box))
    blocked = kdb.Region(whole) - free
    pins = _region(box for boxes in places.values() for box in boxes)
    wires = (metal & free) - own
    return blocked, wires + _exposed(own - pins, pins + blocked + wires, layer, whole)


def _exposed(own: kdb.Region, known: kdb.Region, layer: Layer, whole: kdb.Box) -> kdb.Region:
    """The parts of `own`, wires of the pins past the pins, that a wire which only keeps off `known` can come near.

    That is so in cells too small for a wide blockage: a wire fits into the corner between it and the pin.
    """
    space, slim = SPACE_NM[layer], WIDTH_NM[layer] // 2 - 1
    near = own.sized(space - 1, 1)
    free = kdb.Region(whole.enlarged(space + WIDTH_NM[layer], space + WIDTH_NM[layer])) - _kept_clear(known, layer)
    hit = near & free.sized(-slim).sized(slim)
    return own & hit.sized(space)


def _kept_clear(metal: kdb.Region, layer: Layer) -> kdb.Region:
    """What others leave free beside `metal`, corners cut."""
    merged, half = metal.merged(), WIDE_NM // 2
    wide = merged.sized(-half).sized(half) & merged
    return merged.sized(SPACE_NM[layer], 1) + wide.sized(ROOM_NM[layer], 1)


def _pieces(region: kdb.Region) -> Iterator[kdb.Box]:
    yield from (piece.bbox() for piece in region.decompose_trapezoids_to_region(kdb.Polygon.TD_htrapezoids).each())


def _opening(pin: kdb.Box, layer: Layer, whole: kdb.Box) -> kdb.Box:
    return _sized(pin, ROOM_NM[layer]) & whole


def _opening_of_plate(pin: kdb.Box, layer: Layer, whole: kdb.Box) -> kdb.Box:
    """Towards the nearest edge only: beside it a wire would come too close to the capacitor."""
    room = ROOM_NM[layer]
    gaps = (pin.left - whole.left, pin.bottom - whole.bottom, whole.right - pin.right, whole.top - pin.top)
    along_x = gaps.index(min(gaps)) in (0, 2)
    return pin.enlarged(room if along_x else 0, 0 if along_x else room) & whole


def _metal(cell: Cell, layer: Layer, where: kdb.Region) -> kdb.Region:
    """The shapes of a layer that touch `where`, merged; the rest of a large array is not looked at."""
    shapes = kdb.RecursiveShapeIterator(cell.layout.layout(), cell.layout, layer_index(layer), where, False)
    return kdb.Region(shapes).merged()


def _channel(cell: Cell, layer: Layer, pin: kdb.Box) -> list[kdb.Box]:
    """The shortest empty way from a pin to an edge of the cell, where its opening does not reach one."""
    room, whole = ROOM_NM[layer], cell.bbox_nm
    if not _sized(pin, room - 1).inside(whole):
        return []
    wide = _sized(pin, room)
    ways = [
        kdb.Box(whole.left, wide.bottom, wide.left, wide.top),
        kdb.Box(wide.right, wide.bottom, whole.right, wide.top),
        kdb.Box(wide.left, whole.bottom, wide.right, wide.bottom),
        kdb.Box(wide.left, wide.top, wide.right, whole.top),
    ]
    empty = [way for way in ways if _metal(cell, layer, kdb.Region(way)).is_empty()]
    return sorted(empty, key=lambda way: way.area())[:1]


def _region(boxes: Iterable[kdb.Box]) -> kdb.Region:
    region = kdb.Region()
    for box in boxes:
        region.insert(box)
    return region


def _sized(box: kdb.Box, by_nm: int) -> kdb.Box:
    return box.enlarged(by_nm, by_nm)
