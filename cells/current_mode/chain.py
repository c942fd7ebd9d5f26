"""Transistors side by side, each sharing a region with the next: where the regions lie, and how they are drawn."""

from __future__ import annotations

from collections.abc import Iterable

from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.strip.sizes import (
    CUT_NM,
    DIFF_END_NM,
    HALF_CUT_NM,
    PAD_LENGTH_NM,
    PAD_NM,
)
from analoom.pdk import rules
from analoom.pdk.layers import Layer

from .rows import up

REACH_NM = HALF_CUT_NM + rules.DIFF_LICON_TO_GATE.value_nm
"""From the middle of a region to the gate beside it."""
FIRST_X = up(rules.DIFF_SPACE.value_nm // 2 + DIFF_END_NM)
"""Middle of the first region: half the space to the neighbour's is ours."""
LI_END_NM = HALF_CUT_NM + rules.LI_ENCLOSES_LICON_ENDS.value_nm
"""From the middle of a contact to the end of its li1."""
END_NM = rules.POLY_PAST_DIFF.value_nm


def next_region(x: int, l_nm: int) -> int:
    """Middle of the region behind a gate `l_nm` long that follows the one at `x`."""
    return up(x + 2 * REACH_NM + l_nm)


def cut_at(x: int, y: int) -> Box:
    """A contact, by its middle."""
    return Box(x - HALF_CUT_NM, y - HALF_CUT_NM, x - HALF_CUT_NM + CUT_NM, y - HALF_CUT_NM + CUT_NM)


def draw_region(drawing: Drawing, x: int, ys: Iterable[int], *reach: int) -> Box:
    """Contacts of a region, and li1 over them on to the heights `reach`."""
    cuts = [drawing.add(Layer.LICON, cut_at(x, y)) for y in ys]
    bottom, top = min(c.bottom for c in cuts), max(c.top for c in cuts)
    ends = LI_END_NM - HALF_CUT_NM
    low, high = min(bottom - ends, *reach, bottom), max(top + ends, *reach, top)
    return drawing.box(Layer.LI1, x - HALF_CUT_NM, low, x - HALF_CUT_NM + CUT_NM, high)


def draw_gate(drawing: Drawing, left: int, l_nm: int, bottom: int, top: int) -> Box:
    """Poly from `bottom` to `top`."""
    return drawing.box(Layer.POLY, left, bottom, left + l_nm, top)


def draw_bar(drawing: Drawing, left: int, right: int, y: int) -> Box:
    """Poly across, as wide as contacts ask."""
    return drawing.box(Layer.POLY, left, y - PAD_NM // 2, right, y - PAD_NM // 2 + PAD_NM)


def draw_gate_contact(drawing: Drawing, x: int, y: int) -> None:
    """A contact with its pad of poly, upright, and li1."""
    left, bottom = x - PAD_NM // 2, y - PAD_LENGTH_NM // 2
    drawing.box(Layer.POLY, left, bottom, left + PAD_NM, bottom + PAD_LENGTH_NM)
    draw_bar_contact(drawing, x, y)


def draw_bar_contact(drawing: Drawing, x: int, y: int) -> None:
    """A contact on poly that is there, and li1."""
    drawing.add(Layer.LICON, cut_at(x, y))
    drawing.box(Layer.LI1, x - HALF_CUT_NM, y - LI_END_NM, x - HALF_CUT_NM + CUT_NM, y + LI_END_NM)
