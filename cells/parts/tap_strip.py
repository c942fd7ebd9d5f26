"""A horizontal strip of well or substrate tap below a met1 supply line, for tiles that meet by abutment."""

from __future__ import annotations

from typing import Literal

from analoom.cells.model.drawing import Box, Drawing, hull
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import MCON

HEIGHT_NM = rules.LICON_SIZE.value_nm + 2 * rules.DIFF_ENCLOSES_LICON_ENDS.value_nm
"""Height of the tap, in nm."""

IMPLANT_NM = rules.IMPLANT_ENCLOSES_DIFF.value_nm


def draw_tap_strip(drawing: Drawing, left_nm: int, right_nm: int, y_nm: int, kind: Literal["p", "n"]) -> Box:
    """Draws tap, contacts, li1 and mcon centred on `y_nm`; returns the tap. Implant, well and met1 are the caller's."""
    layer = {"p": Layer.PSDM, "n": Layer.NSDM}[kind]
    tap = drawing.box(Layer.TAP, left_nm, y_nm - HEIGHT_NM // 2, right_nm, y_nm + HEIGHT_NM // 2)
    drawing.add(layer, tap.enlarged(IMPLANT_NM, IMPLANT_NM))
    row = tap.enlarged(-rules.TAP_ENCLOSES_LICON_ENDS.value_nm, -rules.DIFF_ENCLOSES_LICON_ENDS.value_nm)
    cuts = drawing.cuts(Layer.LICON, row, rules.LICON_SIZE.value_nm, rules.LICON_SPACE.value_nm)
    li1 = drawing.add(Layer.LI1, hull(cuts).enlarged(rules.LI_ENCLOSES_LICON_ENDS.value_nm, 0))
    drawing.cuts(Layer.MCON, li1, MCON.size_nm, MCON.space_nm)
    return tap
