"""Rails of somas and synapses as latches have them: tap, li1 and met2; and the wells and implants between them."""

from __future__ import annotations

from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.cells.parts.via_stack import draw_stack
from analoom.cells.strip.sizes import AXIS_NM, HALF_CUT_NM, RAIL_NM, TAP_NM, cut_middles_along
from analoom.pdk import rules
from analoom.pdk.layers import Layer

from .chain import cut_at
from .rows import RowPlan

AROUND_NM = rules.IMPLANT_ENCLOSES_DIFF.value_nm
WELL_NM = rules.NWELL_ENCLOSES_NTAP.value_nm


def draw_rail_piece(drawing: Drawing, left: int, width: int, y: int) -> None:
    """Tap, its contacts, li1 and met2 from `left` on, as in a latch."""
    drawing.box(Layer.TAP, left, y - TAP_NM // 2, left + width, y + TAP_NM // 2)
    drawing.box(Layer.LI1, left, y - HALF_CUT_NM, left + width, y + HALF_CUT_NM)
    drawing.box(Layer.MET2, left, y - RAIL_NM // 2, left + width, y + RAIL_NM // 2)
    for x in cut_middles_along(width):
        drawing.add(Layer.LICON, cut_at(left + x, y))


def draw_rail_stack(drawing: Drawing, left: int, width: int, y: int) -> None:
    """Joins li1 and met2 of a piece in its middle."""
    draw_stack(drawing, left + width // 2 // CUT_GRID_NM * CUT_GRID_NM + AXIS_NM, y, Layer.LI1, Layer.MET2)


def draw_tap_implant(drawing: Drawing, layer: Layer, left: int, right: int, y: int) -> None:
    """Around the tap of a rail; it sticks out at both ends, as a row that ends there needs it."""
    half = TAP_NM // 2 + AROUND_NM
    drawing.box(layer, left - AROUND_NM, y - half, right + AROUND_NM, y + half)


def draw_unit_wells(drawing: Drawing, rows: RowPlan, width: int) -> None:
    """Implants and the well of the units and of the rails beside them, from edge to edge."""
    half, past = TAP_NM // 2, rules.NWELL_ENCLOSES_PDIFF.value_nm
    drawing.box(Layer.PSDM, 0, rows.p_bottom - AROUND_NM, width, rows.p_top + AROUND_NM)
    drawing.box(Layer.NSDM, 0, rows.n_bottom - AROUND_NM, width, rows.n_top + AROUND_NM)
    drawing.box(Layer.NWELL, -WELL_NM, rows.vdd_y - half - WELL_NM, width + WELL_NM, rows.p_top + past)
    draw_tap_implant(drawing, Layer.NSDM, 0, width, rows.vdd_y)
    draw_tap_implant(drawing, Layer.PSDM, 0, width, rows.top_y)


def rail_box(width: int, y: int) -> Box:
    """The met2 of a rail."""
    return Box(0, y - RAIL_NM // 2, width, y + RAIL_NM // 2)
