"""The guard ring around an array, one tile of it at a time: p-tap, contacts and li1, with met1 where nothing crosses.

Tiles are drawn in the frame of their side: `d` outward from the array, `s` along it, both in nm.
"""

from __future__ import annotations

from enum import Enum

from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MCON, MET3

RING_NM = snap_up(MET3.area_nm2**0.5, 2 * CUT_GRID_NM)
"""Width of ring, straps and via stacks: the smallest square of met3, so that a stack to met4 fits on the ring."""

INSET_NM = (RING_NM - rules.LICON_SIZE.value_nm) // 2 // CUT_GRID_NM * CUT_GRID_NM
"""From the ring's edges to its contacts."""

END_NM = snap_up(MCON.space_nm / 2, CUT_GRID_NM)
"""From a tile's ends to its contacts: half a spacing, the neighbour keeps the other half."""


class Side(Enum):
    """A side of the array. LEFT and BOTTOM are where signals leave, RIGHT and TOP where supplies are tied."""

    LEFT = "left"
    RIGHT = "right"
    BOTTOM = "bottom"
    TOP = "top"

    @property
    def is_vertical(self) -> bool:
        """True for the sides that run along y."""
        return self in (Side.LEFT, Side.RIGHT)

    @property
    def has_signals(self) -> bool:
        return self in (Side.LEFT, Side.BOTTOM)

    def box(self, d0: int, d1: int, s0: int, s1: int) -> Box:
        """The box d0..d1 outward and s0..s1 along, relative to the array's corner where `s` is 0."""
        out = (-d1, -d0) if self.has_signals else (d0, d1)
        return Box(out[0], s0, out[1], s1) if self.is_vertical else Box(s0, out[0], s1, out[1])

    def span(self, box: Box) -> tuple[int, int]:
        """The extent of `box` along this side."""
        return (box.bottom, box.top) if self.is_vertical else (box.left, box.right)


def draw_ring(drawing: Drawing, side: Side, inner_nm: int, pitch_nm: int) -> None:
    """A stretch of the ring `pitch_nm` long whose inner edge lies `inner_nm` outward of the array."""
    outer = inner_nm + RING_NM
    bar = side.box(inner_nm, outer, 0, pitch_nm)
    draw_tap(drawing, bar, metal=not side.has_signals)
    contacts = side.box(inner_nm + INSET_NM, outer - INSET_NM, END_NM, pitch_nm - END_NM)
    draw_contacts(drawing, contacts, metal=not side.has_signals)


def draw_tap(drawing: Drawing, bar: Box, *, metal: bool) -> None:
    """Tap, implant and li1 of a bar of the ring, and met1 where `metal`."""
    for layer in (Layer.TAP, Layer.LI1, *((Layer.MET1,) if metal else ())):
        drawing.add(layer, bar)
    around = rules.IMPLANT_ENCLOSES_DIFF.value_nm
    drawing.add(Layer.PSDM, bar.enlarged(around, around))


def draw_contacts(drawing: Drawing, area: Box, *, metal: bool) -> None:
    """Contacts over `area`, with mcon where `metal`. Raises ValueError when none fits: the ring would hang loose."""
    for layer in (Layer.LICON, *((Layer.MCON,) if metal else ())):
        if not drawing.cuts(layer, area, rules.LICON_SIZE.value_nm, MCON.space_nm):
            raise ValueError(f"no {layer.name} fits into {area}")
