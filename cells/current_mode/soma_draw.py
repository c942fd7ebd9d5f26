"""Draws a soma as planned: diodes closed on li1, `iin` on met1 and out on met4, both gate lines on met2."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analoom.cells.memory.plan import LINE_NM
from analoom.cells.model.cell import Pin
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.cells.parts.via_stack import draw_stack
from analoom.cells.strip.draw import SUPPLY_USE, track_box
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import AXIS_NM, COLUMN_NM, CUT_NM, DIFF_END_NM, HALF_CUT_NM, TRACK_NM
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET3, VIA, VIA3

from .chain import END_NM, LI_END_NM, cut_at, draw_bar, draw_bar_contact, draw_gate, draw_region
from .circuits import SOMA_UNITS
from .rails import AROUND_NM, draw_rail_piece, draw_rail_stack, draw_tap_implant, draw_unit_wells, rail_box
from .soma_plan import SomaPlan
from .synapse_draw import NPC_NM


def draw_soma(drawing: Drawing, plan: SomaPlan) -> tuple[Pin, ...]:
    """Draws the soma; returns its pins."""
    _wells(drawing, plan)
    _rows(drawing, plan)
    _gates(drawing, plan)
    _supplies(drawing, plan)
    _drains(drawing, plan)
    _input(drawing, plan)
    return tuple(_pins(drawing, plan))


def _wells(drawing: Drawing, plan: SomaPlan) -> None:
    rows = plan.rows
    draw_unit_wells(drawing, rows, plan.width)
    draw_tap_implant(drawing, Layer.PSDM, 0, plan.width, AXIS_NM)
    drawing.box(Layer.NSDM, 0, plan.low_bottom - AROUND_NM, plan.width, plan.low_top + AROUND_NM)
    for y in (AXIS_NM, rows.vdd_y, rows.top_y):
        draw_rail_piece(drawing, 0, plan.width, y)
        draw_rail_stack(drawing, 0, plan.width, y)
    drawing.box(Layer.NPC, 0, rows.vp_y - NPC_NM, plan.width, rows.vn_y + NPC_NM)
    left, right = plan.vp_x[0] - NPC_NM, plan.vp_x[-1] + NPC_NM
    drawing.box(Layer.NPC, left, plan.low_gate_y - NPC_NM, right, plan.low_gate_y + NPC_NM)


def _rows(drawing: Drawing, plan: SomaPlan) -> None:
    rows, (left, middle, right) = plan.rows, (plan.region_x[k] for k in (0, SOMA_UNITS, -1))
    drawing.box(Layer.DIFF, left - DIFF_END_NM, plan.low_bottom, middle + DIFF_END_NM, plan.low_top)
    for bottom, top in ((rows.p_bottom, rows.p_top), (rows.n_bottom, rows.n_top)):
        drawing.box(Layer.DIFF, left - DIFF_END_NM, bottom, right + DIFF_END_NM, top)


def _gates(drawing: Drawing, plan: SomaPlan) -> None:
    """Gates, and the bars of poly that join them: of `iin` below and above, `vp` of all p units, `vn`."""
    rows, half = plan.rows, SOMA_UNITS
    for k, left in enumerate(plan.gate_left):
        draw_gate(drawing, left, plan.l, rows.p_bottom - END_NM, rows.vp_y)
        draw_gate(drawing, left, plan.l, rows.vn_y, rows.n_top + END_NM)
        if k < half:
            draw_gate(drawing, left, plan.l, plan.low_bottom - END_NM, plan.low_gate_y)
    copies, diodes = plan.gate_left[:half], plan.gate_left[half:]
    for lefts, y in (
        (plan.gate_left, rows.vp_y),
        (copies, rows.vn_y),
        (diodes, rows.vn_y),
        (copies, plan.low_gate_y),
    ):
        draw_bar(drawing, lefts[0], lefts[-1] + plan.l, y)


def _supplies(drawing: Drawing, plan: SomaPlan) -> None:
    """On li1 to the rails, of which met1 joins those of vss."""
    for k, x in enumerate(plan.supply_x):
        draw_region(drawing, x, plan.rows.p_cuts, plan.rows.vdd_y)
        draw_region(drawing, x, plan.rows.n_cuts, plan.rows.top_y)
        if k <= SOMA_UNITS // 2:
            draw_region(drawing, x, plan.low_cuts, AXIS_NM)
    half = COLUMN_NM // 2
    drawing.box(Layer.MET1, plan.strap_x - half, AXIS_NM, plan.strap_x + half, plan.rows.top_y)
    for y in (AXIS_NM, plan.rows.top_y):
        draw_stack(drawing, plan.strap_x, y, Layer.MET1, Layer.MET2)


def _drains(drawing: Drawing, plan: SomaPlan) -> None:
    """Drains of both rows on one column of li1, which meets the gates of the diode; then up to the gates' lines."""
    rows = plan.rows
    for xs, y in ((plan.vp_x, rows.vp_y), (plan.vn_x, rows.vn_y)):
        for x in xs:
            draw_region(drawing, x, (*rows.p_cuts, *rows.n_cuts))
            drawing.add(Layer.LICON, cut_at(x, y))
            draw_stack(drawing, x, y, Layer.LI1, Layer.MET2, "h")
        drawing.add(Layer.MET2, _line(plan, xs, y))
    for x in plan.vp_x:
        draw_region(drawing, x, plan.low_cuts, plan.low_gate_y + LI_END_NM)
        drawing.add(Layer.LICON, cut_at(x, plan.low_gate_y))
    left, right, y = plan.vp_x[0] - HALF_CUT_NM, plan.vp_x[-1] + HALF_CUT_NM, plan.low_gate_y - HALF_CUT_NM
    drawing.box(Layer.LI1, left, y, right, y + CUT_NM)


def _line(plan: SomaPlan, xs: Sequence[int], y: int) -> Box:
    """The met2 of a line of gates, from its first contact out to the right."""
    return track_box(xs[0] - VIA.above.long_nm // 2, plan.width, y)


def _input(drawing: Drawing, plan: SomaPlan) -> None:
    """Met1 from the lower gates to those of the copies, and a stack to the line of met4."""
    x, y, half = plan.in_x, plan.input_y, COLUMN_NM // 2
    draw_bar_contact(drawing, x, plan.rows.vn_y)
    for end in (plan.low_gate_y, plan.rows.vn_y):
        draw_stack(drawing, x, end, Layer.LI1, Layer.MET1)
    drawing.box(Layer.MET1, x - half, plan.low_gate_y, x + half, plan.rows.vn_y)
    draw_stack(drawing, x, y, Layer.MET1, Layer.MET4)
    least = snap_up(MET3.area_nm2 / LINE_NM / 2, CUT_GRID_NM)
    drawing.box(Layer.MET3, x - LINE_NM // 2, y - least, x - LINE_NM // 2 + LINE_NM, y + least)
    drawing.add(Layer.MET4, input_box(plan))


def input_box(plan: SomaPlan) -> Box:
    """The met4 of `iin`, in from the left."""
    half = VIA3.above.short_nm // 2
    return Box(0, plan.input_y - half, plan.in_x + half, plan.input_y - half + VIA3.above.short_nm)


def _pins(drawing: Drawing, plan: SomaPlan) -> Iterator[Pin]:
    inner = input_box(plan)
    yield Pin("iin", Layer.MET4, Box(0, inner.bottom, LINE_NM, inner.top))
    for net, xs, y in (("vp", plan.vp_x, plan.rows.vp_y), ("vn", plan.vn_x, plan.rows.vn_y)):
        line = _line(plan, xs, y)
        yield Pin(net, Layer.MET2, Box(plan.width - TRACK_NM, line.bottom, plan.width, line.top))
    yield Pin(VDD, Layer.MET2, rail_box(plan.width, plan.rows.vdd_y), SUPPLY_USE[VDD])
    for y in (AXIS_NM, plan.rows.top_y):
        yield Pin(VSS, Layer.MET2, rail_box(plan.width, y), SUPPLY_USE[VSS])
