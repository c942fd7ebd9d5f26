"""A MIM capacitor that stores a weight: its bottom plate is the node, reached by a via2 beside the top plate."""

from __future__ import annotations

from analoom.cells.model.drawing import Box, Drawing, hull
from analoom.cells.parts.via_stack import cut_box
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import VIA2, VIA3

PLATE_PAST_CAPM_NM = rules.CAPM_ENCLOSED_BY_MET3.value_nm
TAB_NM = rules.CAPM_TO_VIA2.value_nm + VIA2.size_nm + VIA2.above.around_nm
"""How far the bottom plate reaches past capm on the side of its via2, in nm."""

TAB_VIA_NM = rules.CAPM_TO_VIA2.value_nm + VIA2.size_nm // 2
"""From capm to the centre of the via2, in nm."""

PITCH_NM = rules.CAPM_PLATE_SPACE.value_nm + 2 * PLATE_PAST_CAPM_NM
"""Pitch of two separate storage plates less the side of capm, across the tab, in nm."""

PITCH_ALONG_TAB_NM = TAB_NM + rules.CAPM_TO_OTHER_PLATE.value_nm
"""The same along the tab, which keeps its distance from the next capm."""


def plate_of(capm: Box, via_x_nm: int, via_y_nm: int) -> Box:
    """The met3 bottom plate for a top plate `capm` and a via2 centred on a point."""
    past = VIA2.above.around_nm
    landing = cut_box(VIA2.size, via_x_nm, via_y_nm).enlarged(past, past)
    return hull([landing, capm.enlarged(PLATE_PAST_CAPM_NM, PLATE_PAST_CAPM_NM)])


def draw_storage_cap(drawing: Drawing, capm: Box, via_x_nm: int, via_y_nm: int) -> Box:
    """Draws both plates and the via3 on the top one; returns the area of met4 they need."""
    drawing.add(Layer.CAPM, capm)
    drawing.add(Layer.MET3, plate_of(capm, via_x_nm, via_y_nm))
    inset = rules.CAPM_ENCLOSES_VIA3.value_nm
    cuts = drawing.cuts(Layer.VIA3, capm.enlarged(-inset, -inset), VIA3.size_nm, VIA3.space_nm)
    return hull(cuts).enlarged(VIA3.above.around_nm, VIA3.above.around_nm)
