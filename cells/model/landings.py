"""Where a pin can be met: its metal, by a wire on its own layer, and the places that hold a via to the next one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

import klayout.db as kdb

from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.rules import Rule
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import VIAS, Pad, Via

from .drawing import CUT_GRID_NM, Box, layer_index
from .obstacles import Blockage, metal
from .pin import Pin

PLATES_OFF: Mapping[Layer, tuple[tuple[Layer, Rule], ...]] = {
    Layer.VIA2: ((Layer.CAPM, rules.CAPM_TO_VIA2),),
    Layer.VIA3: ((Layer.CAPM, rules.CAPM_TO_VIA3), (Layer.CAP2M, rules.CAP2M_TO_VIA3)),
    Layer.VIA4: ((Layer.CAP2M, rules.CAP2M_TO_VIA4),),
}
"""Top plates that a cut from outside stays off, with the rule."""

UNSTACKED: Mapping[Layer, Layer] = {Layer.VIA4: Layer.CAPM}
"""Top plates on which no cut may be stacked, nor its pad reach: Magic has no contact to a MIM under another one.

Source: sky130A.tech of open_pdks, "MiM cap contacts are not stackable!".
"""

Ends = Literal["h", "v"]
"""The direction in which a pad is long."""


@dataclass(frozen=True)
class Landing:
    """Where a cut of `via` meets a pin: anywhere in `box` (nm), on the grid of the cuts.

    Its least pads, long along `ends` (h or v), then lie in the pin's own metal and, on the other conductor, off all
    that is blocked there and off the pins of other nets.
    """

    via: Via
    box: Box
    ends: Ends

    def other(self, layer: Layer) -> Layer:
        """The conductor that the via leads to from a pin on `layer`."""
        return self.via.above.layer if self.via.below.layer is layer else self.via.below.layer


@dataclass(frozen=True)
class Access:
    """One place of a pin: a wire on `layer` joins it where it overlaps `box` (nm), a via on one of `landings`.

    `keep_off_nm` is what wires of other nets keep from it where it lies on wide metal, which its own width need not
    tell; None where the rules of the layer tell all.
    """

    layer: Layer
    box: Box
    keep_off_nm: int | None
    landings: tuple[Landing, ...]


def landings(
    layout: kdb.Cell, pin: Pin, blocked: Mapping[Layer, Blockage], others: Mapping[Layer, kdb.Region]
) -> Iterator[Landing]:
    """The landings on one place of a pin. `blocked`: what is by layer; `others`: the pins of other nets and what is
    kept off them.
    """
    for via in VIAS:
        for own, other in (via.pads, via.pads[::-1]):
            if own.layer is pin.layer:
                yield from cut_places(layout, pin, via, own, other, _taken(blocked[other.layer], others))


def cut_places(layout: kdb.Cell, pin: Pin, via: Via, own: Pad, other: Pad, taken: kdb.Region) -> Iterator[Landing]:
    """Where cuts of `via` fit on a pin: `own` pad in its metal, the `other` off what is `taken` on its conductor."""
    box = pin.box
    if min(box.width(), box.height()) < via.size_nm:
        return
    conductor = metal(layout, pin.layer, kdb.Region(box)).interacting(kdb.Region(box))
    reach = max(other.long_nm, other.short_nm)
    window = box.enlarged(reach, reach)
    free, off = kdb.Region(window) - taken, _off_cuts(layout, via, window)
    ways: tuple[Ends, Ends] = ("v", "h")
    for ends in ways:
        room = conductor.sized(*_shrink(own, ends), 2) & kdb.Region(box) & free.sized(*_shrink(other, ends), 2)
        for fits in _boxes(room - off, via):
            yield Landing(via, fits, ends)


def _boxes(room: kdb.Region, via: Via) -> list[Box]:
    """Boxes in `room` that hold a cut: of its slices along x, or of those along y where a bend leaves none as high."""
    ways = ((kdb.Trans(), kdb.Polygon.TD_htrapezoids), (kdb.Trans(kdb.Trans.M45), kdb.Polygon.TD_simple))
    for turn, slicing in ways:
        slices = room.transformed(turn).decompose_trapezoids_to_region(slicing)
        boxes = (_on_grid(piece.bbox().transformed(turn), via) for piece in slices.each())
        if found := [box for box in boxes if box]:
            return found
    return []


def reach_nm(pad: Pad, ends: Ends) -> tuple[int, int]:
    """How far a pad reaches past its cut in x and y."""
    short, long = ((side - pad.cut.value_nm) // 2 for side in (pad.short_nm, pad.long_nm))
    return (long, short) if ends == "h" else (short, long)


def _shrink(pad: Pad, ends: Ends) -> tuple[int, int]:
    """By how much a region shrinks, in x and y, to where the cut of a pad inside it may lie."""
    x, y = reach_nm(pad, ends)
    return -x, -y


def _taken(blocked: Blockage, others: Mapping[Layer, kdb.Region]) -> kdb.Region:
    """Where no metal of the pin's net may lie on the other conductor."""
    return blocked.kept_clear + others[blocked.layer]


def _off_cuts(layout: kdb.Cell, via: Via, window: Box) -> kdb.Region:
    """Where no cut may lie for the sake of those that the cell has, and of its capacitors."""
    off = near(layout, via.cut, via.space_nm, window)
    for plate, rule in PLATES_OFF.get(via.cut, ()):
        off += near(layout, plate, rule.value_nm, window)
    if via.cut in UNSTACKED:
        off += near(layout, UNSTACKED[via.cut], via.below.ends_nm, window)
    return off


def near(layout: kdb.Cell, layer: Layer, by_nm: int, window: Box) -> kdb.Region:
    """What lies within `by_nm` of a layer's shapes in a window."""
    where = kdb.Region(window.enlarged(by_nm, by_nm))
    shapes = kdb.RecursiveShapeIterator(layout.layout(), layout, layer_index(layer), where, False)
    return kdb.Region(shapes).merged().sized(by_nm, 2)


def _on_grid(box: Box, via: Via) -> Box | None:
    """The box drawn in to the grid of the cuts, or None where no cut fits then."""
    left, bottom = (snap_up(value, CUT_GRID_NM) for value in (box.left, box.bottom))
    right, top = (value // CUT_GRID_NM * CUT_GRID_NM for value in (box.right, box.top))
    inner = Box(left, bottom, right, top)
    return inner if min(inner.width(), inner.height()) >= via.size_nm else None
