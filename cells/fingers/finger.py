"""One bare transistor finger, channel along x: diffusion, gate and a column of contacts under li1 on either side.

Implants, wells and taps are the caller's: neighbours share them.
"""

from __future__ import annotations

from dataclasses import dataclass

from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing, hull
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up

LICON_NM = rules.LICON_SIZE.value_nm
SIDE_NM = max(
    rules.DIFF_LICON_TO_GATE.value_nm + LICON_NM + rules.DIFF_ENCLOSES_LICON.value_nm, rules.DIFF_PAST_POLY.value_nm
)
"""Source or drain length of a contacted finger, in nm."""

CUT_TO_CUT_NM = SIDE_NM - rules.DIFF_ENCLOSES_LICON.value_nm + rules.DIFF_LICON_TO_GATE.value_nm
"""From one contact column's left edge to the other's, less the channel length, in nm."""

CONTACT_X_NM = rules.DIFF_ENCLOSES_LICON.value_nm + LICON_NM // 2
"""Centre of a contact column from the end of the diffusion, in nm."""

PAD_PAST_DIFF_NM = rules.POLY_LICON_TO_DIFF.value_nm + LICON_NM // 2
"""Centre of the closest gate contact from the edge of the diffusion, in nm."""


@dataclass(frozen=True)
class Finger:
    """What was drawn (nm): diffusion, channel, and the li1 over the left and the right contacts."""

    diff: Box
    gate: Box
    left: Box
    right: Box


def finger_length(l_nm: int) -> int:
    """Length of the diffusion along x for channel length `l_nm`, both contact columns on the grid of the cuts."""
    right_cut = rules.DIFF_ENCLOSES_LICON.value_nm + snap_up(CUT_TO_CUT_NM + l_nm, CUT_GRID_NM)
    return right_cut + LICON_NM + rules.DIFF_ENCLOSES_LICON.value_nm


def draw_finger(drawing: Drawing, left_nm: int, bottom_nm: int, w_nm: int, l_nm: int) -> Finger:
    """Draws a finger whose diffusion's lower left corner is given; the gate has an endcap above and below.

    `left_nm` lies on the grid of the cuts (10 nm).
    """
    diff = drawing.box(Layer.DIFF, left_nm, bottom_nm, left_nm + finger_length(l_nm), bottom_nm + w_nm)
    gate = Box(left_nm + SIDE_NM, diff.bottom, left_nm + SIDE_NM + l_nm, diff.top)
    drawing.add(Layer.POLY, gate.enlarged(0, rules.POLY_PAST_DIFF.value_nm))
    columns = (_column(drawing, diff, x) for x in (diff.left + CONTACT_X_NM, diff.right - CONTACT_X_NM))
    return Finger(diff, gate, *columns)


def draw_gate_pad(drawing: Drawing, x_nm: int, y_nm: int, to: Box) -> Box:
    """Draws a gate contact centred on a point below or above the channel `to`; returns its li1."""
    cut = drawing.add(Layer.LICON, Box(x_nm, y_nm, x_nm, y_nm).enlarged(LICON_NM // 2, LICON_NM // 2))
    narrow, ends = rules.POLY_ENCLOSES_LICON.value_nm, rules.POLY_ENCLOSES_LICON_ENDS.value_nm
    pad = drawing.add(Layer.POLY, cut.enlarged(ends, narrow))
    drawing.box(Layer.POLY, to.left, min(pad.bottom, to.bottom), to.right, max(pad.top, to.top))
    drawing.box(Layer.POLY, min(pad.left, to.left), pad.bottom, max(pad.right, to.right), pad.top)
    drawing.add(Layer.NPC, cut.enlarged(rules.NPC_ENCLOSES_LICON.value_nm, rules.NPC_ENCLOSES_LICON.value_nm))
    return drawing.add(Layer.LI1, cut.enlarged(rules.LI_ENCLOSES_LICON_ENDS.value_nm, 0))


def _column(drawing: Drawing, diff: Box, x_nm: int) -> Box:
    """Contacts centred on `x_nm` along the diffusion's height, and li1 over them."""
    inset = rules.DIFF_ENCLOSES_LICON_ENDS.value_nm
    area = Box(x_nm - LICON_NM // 2, diff.bottom + inset, x_nm + LICON_NM // 2, diff.top - inset)
    cuts = drawing.cuts(Layer.LICON, area, LICON_NM, rules.LICON_SPACE.value_nm)
    strip = hull([*cuts, area]).enlarged(0, rules.LI_ENCLOSES_LICON_ENDS.value_nm)
    return drawing.add(Layer.LI1, strip)
