"""The plates of `cap_mim_m3_2`: met4 below, cap2m above it, met5 on via4."""

from __future__ import annotations

from analoom.cells.model.cell import Pin
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.units import GRID_NM, snap_up
from analoom.pdk.wire_levels import MET5, VIA3, VIA4

from .outline import Spacing, UnitOutline

LEAST_NM = VIA4.size_nm + 2 * rules.CAP2M_ENCLOSES_VIA4.value_nm
"""Smallest side: one via4 on the plate (wider than cap2m.1 asks)."""
PAD_NM = MET5.width_nm
APART_NM = MET5.space_nm
PAD_PAST_VIA4_NM = VIA4.above.around_nm


def bottom_box(w_nm: int) -> Box:
    """The met4 bottom plate, nm: past cap2m on all sides, farther on the upper one, where via3 lies (cap2m.8)."""
    edge = rules.CAP2M_ENCLOSED_BY_MET4.value_nm
    return Box(-edge, -edge, w_nm + edge, via3_area(w_nm).top + VIA3.above.around_nm)


def via3_area(w_nm: int) -> Box:
    """Where via3 to the bottom plate may lie, nm."""
    bottom = snap_up(w_nm + rules.CAP2M_TO_VIA3.value_nm, CUT_GRID_NM)
    return Box(0, bottom, w_nm, bottom + VIA3.size_nm)


def top_pad(w_nm: int) -> Box:
    """The met5 on the plate, nm: inside it as far as pads at the least pitch need for m5.2, where m5.1 lets it."""
    gap = rules.CAP2M_PLATE_SPACE.value_nm + 2 * rules.CAP2M_ENCLOSED_BY_MET4.value_nm
    inset = -(-(APART_NM - gap) // 2) if w_nm - (APART_NM - gap) >= PAD_NM else (w_nm - PAD_NM) // 2
    low = inset // GRID_NM * GRID_NM
    return Box(low, low, max(w_nm - low, low + PAD_NM), max(w_nm - low, low + PAD_NM))


def outline(w_nm: int) -> UnitOutline:
    """The unit as an array sees it: as that of `cap_mim_m3_1` one level up, and met5 pads apart by m5.2."""
    least = Spacing(top_pad(w_nm).width() + APART_NM, f"{MET5.width.id} + {MET5.space.id}")
    return UnitOutline(
        plate=Box(0, 0, w_nm, w_nm),
        bottom=bottom_box(w_nm),
        landing=via3_area(w_nm),
        beside=Spacing.of(rules.CAP2M_PLATE_SPACE),
        above=Spacing.of(rules.CAP2M_TO_OTHER_PLATE),
        least_x=least,
        least_y=least,
    )


def draw(drawing: Drawing, w_nm: int) -> tuple[Pin, Pin]:
    """Draws the plates, via4 and the least of met5 that arrays join; returns the pins."""
    drawing.add(Layer.MET4, bottom_box(w_nm))
    plate, pad = drawing.box(Layer.CAP2M, 0, 0, w_nm, w_nm), top_pad(w_nm)
    inset = -rules.CAP2M_ENCLOSES_VIA4.value_nm
    room = plate.enlarged(inset, inset) & pad.enlarged(-PAD_PAST_VIA4_NM, -PAD_PAST_VIA4_NM)
    drawing.cuts(Layer.VIA4, room, VIA4.size_nm, VIA4.space_nm)
    drawing.add(Layer.MET5, pad)
    area = via3_area(w_nm)
    landing = Box(area.left, area.bottom, area.right, bottom_box(w_nm).top)
    return Pin("top", Layer.MET5, pad), Pin("bottom", Layer.MET4, landing)


def draw_alone(drawing: Drawing, w_nm: int) -> Pin:
    """Draws met5 as large as m5.4 asks of a unit without others; returns the top pin."""
    pad = top_pad(w_nm)
    side = snap_up(round(MET5.area_nm2**0.5), GRID_NM)
    past = -(-max(0, side - pad.width()) // (2 * GRID_NM)) * GRID_NM
    return Pin("top", Layer.MET5, drawing.add(Layer.MET5, pad.enlarged(past, past)))
