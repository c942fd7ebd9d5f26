"""The plates of `cap_mim_m3_1`: met3 below, capm above it, met4 on via3."""

from __future__ import annotations

from analoom.cells.model.cell import Pin
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import VIA2, VIA3

from .outline import Spacing, UnitOutline

LEAST_NM = rules.CAPM_WIDTH.value_nm


def bottom_box(w_nm: int) -> Box:
    """The met3 bottom plate, nm: past capm on all sides, farther on the upper one, where via2 needs room (capm.8)."""
    edge = rules.CAPM_ENCLOSED_BY_MET3.value_nm
    return Box(-edge, -edge, w_nm + edge, via2_area(w_nm).top + VIA2.above.around_nm)


def via2_area(w_nm: int) -> Box:
    """Where via2 (or via3) to the bottom plate may lie: beside capm, inside met3; nm."""
    bottom = snap_up(w_nm + rules.CAPM_TO_VIA2.value_nm, CUT_GRID_NM)
    return Box(0, bottom, w_nm, bottom + VIA2.size_nm)


def outline(w_nm: int) -> UnitOutline:
    """The unit as an array sees it: bottom plates apart by capm.2b, the next capm by Magic's reading of capm.11."""
    return UnitOutline(
        plate=Box(0, 0, w_nm, w_nm),
        bottom=bottom_box(w_nm),
        landing=via2_area(w_nm),
        beside=Spacing.of(rules.CAPM_PLATE_SPACE),
        above=Spacing.of(rules.CAPM_TO_OTHER_PLATE),
        hidden_bar=True,
    )


def draw(drawing: Drawing, w_nm: int) -> tuple[Pin, Pin]:
    """Draws the plates; returns the pins. The bottom one is the room for via2 and the edge where a wire comes in."""
    drawing.add(Layer.MET3, bottom_box(w_nm))
    plate = drawing.box(Layer.CAPM, 0, 0, w_nm, w_nm)
    inset = rules.CAPM_ENCLOSES_VIA3.value_nm
    drawing.cuts(Layer.VIA3, plate.enlarged(-inset, -inset), VIA3.size_nm, VIA3.space_nm)
    drawing.add(Layer.MET4, plate)
    area = via2_area(w_nm)
    landing = Box(area.left, area.bottom, area.right, bottom_box(w_nm).top)
    return Pin("top", Layer.MET4, plate), Pin("bottom", Layer.MET3, landing)
