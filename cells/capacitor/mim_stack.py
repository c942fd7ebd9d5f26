"""Both MIM capacitors one on the other, in parallel: met3 and met5 are the bottom net, met4 between them is the top.

The upper plate stands higher by the strip of via3 on capm, which may not lie under cap2m (cap2m.8). A via4 beside the
plates takes met5 down to a pad of met4, via3 on to the met3 plate below. So the top net lies inside its own bottom net.
"""

from __future__ import annotations

from analoom.cells.model.cell import Pin
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET4, MET5, VIA2, VIA3, VIA4

from . import mim_m3
from .outline import NONE, Spacing, UnitOutline

EDGE_NM = rules.CAP2M_ENCLOSED_BY_MET4.value_nm
OFFSET_NM = snap_up(rules.CAPM_ENCLOSES_VIA3.value_nm + VIA3.size_nm + rules.CAP2M_TO_VIA3.value_nm, CUT_GRID_NM)
"""How much higher cap2m stands than capm."""
TIE_NM = VIA4.below.short_nm
"""Side of the met4 pad between met5 and met3."""
FROM_PLATE_NM = rules.CAP2M_TO_OTHER_PLATE.value_nm
MET5_PAST_NM = VIA4.above.around_nm
ARM_NM = MET4.width_nm
"""Width of a met4 arm up past the pad; it comes up along the plate's left edge."""
_RIGHT_NM = EDGE_NM - VIA4.below.around_nm + MET5_PAST_NM
"""How far met5 over the pad, which is flush with the met4 plate, reaches past the plate's right edge."""
_APART_NM = MET5.space_nm - rules.CAPM_PLATE_SPACE.value_nm - 2 * EDGE_NM
LEAST_NM = MET5.width_nm + _APART_NM
"""Smallest side: the met5 of neighbours keeps m5.1 and m5.2."""


def tie_pad(w_nm: int) -> Box:
    """The met4 pad beside the plates, flush with their right edge and on the cuts' grid on its left, nm."""
    bottom = snap_up(w_nm + OFFSET_NM + FROM_PLATE_NM, CUT_GRID_NM)
    left = (w_nm + EDGE_NM - TIE_NM) // CUT_GRID_NM * CUT_GRID_NM
    return Box(left, bottom, w_nm + EDGE_NM, bottom + TIE_NM)


def top_box(w_nm: int) -> Box:
    """The met4 plate between the two films, nm."""
    return Box(-EDGE_NM, -EDGE_NM, w_nm + EDGE_NM, w_nm + OFFSET_NM + EDGE_NM)


def bottom_box(w_nm: int) -> Box:
    """The met3 plate: as far as via3 under the pad needs it, nm."""
    plain = mim_m3.bottom_box(w_nm)
    return Box(plain.left, plain.bottom, plain.right, _pad_via3(w_nm).top + VIA2.above.around_nm)


def outline(w_nm: int) -> UnitOutline:
    """The unit as an array sees it: capm.2b across; along, the pad keeps Magic's cap2m.11 from both its neighbours."""
    along = tie_pad(w_nm).top + FROM_PLATE_NM - OFFSET_NM
    return UnitOutline(
        plate=Box(0, 0, w_nm, w_nm + OFFSET_NM),
        bottom=bottom_box(w_nm),
        landing=mim_m3.via2_area(w_nm),
        beside=Spacing.of(rules.CAPM_PLATE_SPACE),
        above=Spacing.of(rules.CAPM_TO_OTHER_PLATE),
        least_x=NONE,
        least_y=Spacing(snap_up(along, CUT_GRID_NM), f"{rules.CAP2M_TO_OTHER_PLATE.id} on both sides of the via4 pad"),
    )


def dummy_via3(w_nm: int) -> Box:
    """Where via3 that shorts a dummy lies: beside cap2m, over the met3 plate's tab, nm."""
    bottom = snap_up(w_nm + OFFSET_NM + rules.CAP2M_TO_VIA3.value_nm, CUT_GRID_NM)
    return Box(0, bottom, w_nm, bottom + VIA3.size_nm)


def draw(drawing: Drawing, w_nm: int) -> tuple[Pin, Pin]:
    """Draws both capacitors and their tie; returns the pins."""
    drawing.add(Layer.MET3, bottom_box(w_nm))
    capm = drawing.box(Layer.CAPM, 0, 0, w_nm, w_nm)
    inset = rules.CAPM_ENCLOSES_VIA3.value_nm
    strip = Box(inset, inset, w_nm - inset, inset + VIA3.size_nm)
    drawing.cuts(Layer.VIA3, strip & capm, VIA3.size_nm, VIA3.space_nm)
    drawing.add(Layer.MET4, top_box(w_nm))
    met5 = _upper(drawing, w_nm)
    landing = mim_m3.via2_area(w_nm)
    bottom = Box(met5.left, landing.bottom, met5.right, met5.top)
    top = top_box(w_nm)
    return Pin("top", Layer.MET4, Box(0, top.bottom, w_nm, 0)), Pin("bottom", Layer.MET5, bottom & met5)


def _upper(drawing: Drawing, w_nm: int) -> Box:
    """Cap2m, the pad and met5 over both; returns met5."""
    plate = drawing.box(Layer.CAP2M, 0, OFFSET_NM, w_nm, w_nm + OFFSET_NM)
    pad = drawing.add(Layer.MET4, tie_pad(w_nm))
    drawing.cuts(Layer.VIA3, _pad_via3(w_nm), VIA3.size_nm, VIA3.space_nm)
    met5 = _met5(w_nm)
    inset, around = rules.CAP2M_ENCLOSES_VIA4.value_nm, VIA4.below.around_nm
    for room in (plate.enlarged(-inset, -inset), pad.enlarged(-around, -around)):
        area = room & met5.enlarged(-MET5_PAST_NM, -MET5_PAST_NM)
        drawing.cuts(Layer.VIA4, area, VIA4.size_nm, VIA4.space_nm)
    return drawing.add(Layer.MET5, met5)


def _met5(w_nm: int) -> Box:
    """Over the plate and the pad, m5.2 away from the neighbours' met5, nm."""
    pad = tie_pad(w_nm)
    top = pad.top - VIA4.below.around_nm + MET5_PAST_NM
    left = w_nm + _RIGHT_NM + MET5.space_nm - (w_nm + 2 * EDGE_NM + rules.CAPM_PLATE_SPACE.value_nm)
    bottom = top + MET5.space_nm - outline(w_nm).pitch_y().nm
    return Box(left, bottom, w_nm + _RIGHT_NM, top)


def _pad_via3(w_nm: int) -> Box:
    """Where via3 under the pad lies, at its lower edge, nm."""
    pad, ends = tie_pad(w_nm), VIA3.below.ends_nm
    bottom = snap_up(pad.bottom + VIA3.above.around_nm, CUT_GRID_NM)
    return Box(pad.left + ends, bottom, pad.right - ends, bottom + VIA3.size_nm)
