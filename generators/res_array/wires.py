"""The wires of an array of resistors as metal: tracks over the heads, vias to them, risers, and the pins."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from analoom.cells.model.cell import Pin, draw_pin
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.parts.guard_ring import bars
from analoom.cells.parts.via_stack import draw_stack
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import VIA, WIDE_NM

from .floor import PAD_NM, RISER_NM, TRACK_NM, ResFloor
from .nets import BODY, Link, Riser, Side, Wiring, body_links

Use = Literal["signal", "ground"]


def draw_wires(drawing: Drawing, floor: ResFloor, wiring: Wiring, ring: Box) -> Iterator[Pin]:
    """Draws every wire; yields the pins of nets that leave the cell, at the edges of its outline `ring`."""
    for link in (*wiring.links, *body_links(floor.dummies, floor.resistors)):
        track = _track(drawing, floor, link, ring)
        for col in link.joints:
            _joint(drawing, floor, link, col)
        if link.net == BODY:
            _to_ring(drawing, floor, link)
        if link.leaves:
            use: Use = "ground" if link.net == BODY else "signal"
            yield draw_pin(drawing, Pin(link.net, Layer.MET2, _pin_box(link, track), use))
        else:
            drawing.text(Layer.MET2.label, link.net, track.center().x, track.center().y)
    for riser in wiring.risers:
        _riser(drawing, floor, riser)


def _track(drawing: Drawing, floor: ResFloor, link: Link, ring: Box) -> Box:
    y = floor.track_nm(link.row, link.slot, top=link.top)
    reach = [_reach(floor, link, end, ring) for end in link.ends]
    left, right = min(x for pair in reach for x in pair), max(x for pair in reach for x in pair)
    return drawing.box(Layer.MET2, left, y - TRACK_NM // 2, right, y + TRACK_NM // 2)


def _reach(floor: ResFloor, link: Link, end: int | Side, ring: Box) -> tuple[int, int]:
    """From where to where (x, nm) a link has to reach at one of its ends."""
    if isinstance(end, int):
        plate = floor.plate_nm(link.row, end, top=link.top)
        return plate.left, plate.right
    if link.leaves or link.net == BODY:
        edge = ring.left if end == "left" else ring.right
        return edge, edge
    x = floor.riser_nm(end, link.slot)
    return x - RISER_NM // 2, x + RISER_NM // 2


def _joint(drawing: Drawing, floor: ResFloor, link: Link, col: int) -> None:
    """A row of vias from a head's plate to the track, and the met1 that brings the plate there: not so wide that it
    were wide metal (m1.3b)."""
    plate, y = floor.plate_nm(link.row, col, top=link.top), floor.track_nm(link.row, link.slot, top=link.top)
    low, high = min(plate.bottom, y - PAD_NM // 2), max(plate.top, y + PAD_NM // 2)
    middle, wide = plate.center().x, min(plate.width(), WIDE_NM) // 2
    stub = drawing.box(Layer.MET1, middle - wide, low, middle + wide, high)
    half, inset = VIA.size_nm // 2, VIA.below.around_nm
    drawing.cuts(Layer.VIA, Box(stub.left + inset, y - half, stub.right - inset, y + half), VIA.size_nm, VIA.space_nm)


def _to_ring(drawing: Drawing, floor: ResFloor, link: Link) -> None:
    """The wire of the dummies meets the ring at both ends."""
    y = floor.track_nm(link.row, link.slot, top=link.top)
    for bar in bars(floor.inner)[:2]:
        draw_stack(drawing, bar.center().x, y, Layer.MET1, Layer.MET2)


def _riser(drawing: Drawing, floor: ResFloor, riser: Riser) -> None:
    x = floor.riser_nm(riser.side, riser.slot)
    levels = [floor.track_nm(row, riser.slot, top=top) for row, top in riser.levels]
    half, end = RISER_NM // 2, PAD_NM // 2
    drawing.box(Layer.MET1, x - half, min(levels) - end, x + half, max(levels) + end)
    for y in levels:
        draw_stack(drawing, x, y, Layer.MET1, Layer.MET2)


def _pin_box(link: Link, track: Box) -> Box:
    """The last of a track, as long as it is high."""
    side = TRACK_NM
    if "left" in link.ends:
        return Box(track.left, track.bottom, track.left + side, track.top)
    return Box(track.right - side, track.bottom, track.right, track.top)
