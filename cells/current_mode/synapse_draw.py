"""Draws a synapse as planned: its units and switches over its latches, on met1 and met2, and its columns on met3."""

from __future__ import annotations

from analoom.cells.memory.draw import node_track
from analoom.cells.memory.plan import GATE_NM, LINE_NM
from analoom.cells.model.drawing import Box, Drawing
from analoom.cells.parts.via_stack import draw_stack
from analoom.cells.strip.draw import track_box
from analoom.cells.strip.gates import W_MIN_UM
from analoom.cells.strip.sizes import AXIS_NM, COLUMN_NM, DIFF_END_NM, HALF_CUT_NM, TAP_NM
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.units import to_nm
from analoom.pdk.wire_levels import MCON, VIA2

from .chain import END_NM, draw_bar, draw_bar_contact, draw_gate, draw_gate_contact, draw_region
from .circuits import BITS, MAGNITUDE, SIGN
from .rails import AROUND_NM, WELL_NM, draw_rail_piece, draw_rail_stack, draw_tap_implant, draw_unit_wells
from .rows import HEADER_NM
from .synapse_plan import REGIONS, SynapsePlan, on_grid

NPC_NM = HALF_CUT_NM + rules.NPC_ENCLOSES_LICON.value_nm
SWITCH_NM = to_nm("w", W_MIN_UM)


def draw_devices(drawing: Drawing, plan: SynapsePlan) -> None:
    """Wells, rails, diffusions and gates with their contacts."""
    draw_unit_wells(drawing, plan.rows, plan.width)
    _rails(drawing, plan)
    _beside_latches(drawing, plan)
    _diffusions(drawing, plan)
    _gates(drawing, plan)
    _regions(drawing, plan)


def draw_wires(drawing: Drawing, plan: SynapsePlan) -> None:
    """What joins sources, drains and gates, and what leads up to the lines."""
    _sources(drawing, plan)
    _drains(drawing, plan)
    _lines_to_gates(drawing, plan)
    _output(drawing, plan)
    _inner_names(drawing, plan)
    for bit in BITS:
        _stored(drawing, plan, bit)
    for x in bit_line_x(plan):
        _bit_line(drawing, plan, x)
    _strap(drawing, plan)


def bit_line_x(plan: SynapsePlan) -> list[int]:
    """Middles of the bit lines in the latches, from the left."""
    return [k * plan.latch.width + x for k in range(len(BITS)) for x in plan.latch.bit_x]


def _rails(drawing: Drawing, plan: SynapsePlan) -> None:
    """Over the latches the upper rail as theirs, for it is those of the row above; then what lies beside them."""
    rows, latches = plan.rows, plan.latches_width
    for k in range(len(BITS)):
        draw_rail_piece(drawing, k * plan.latch.width, plan.latch.width, rows.top_y)
        draw_rail_stack(drawing, k * plan.latch.width, plan.latch.width, rows.top_y)
    for y in (AXIS_NM, rows.vdd_y, rows.top_y):
        draw_rail_piece(drawing, latches, plan.width - latches, y)


def _beside_latches(drawing: Drawing, plan: SynapsePlan) -> None:
    """Implants and well of the latches out to the edge, and npc, which would be too close to the neighbour's."""
    latch, left, right = plan.latch, plan.latches_width, plan.width
    draw_tap_implant(drawing, Layer.PSDM, left, right, AXIS_NM)
    drawing.box(Layer.NSDM, left, latch.n.bottom - AROUND_NM, right, latch.n.top + AROUND_NM)
    drawing.box(Layer.PSDM, left, latch.p.bottom - AROUND_NM, right, latch.p.top + AROUND_NM)
    bottom = latch.p.bottom - rules.NWELL_ENCLOSES_PDIFF.value_nm
    drawing.box(Layer.NWELL, left, bottom, right + WELL_NM, plan.rows.vdd_y + TAP_NM // 2 + WELL_NM)
    low, high = latch.gate_y
    drawing.box(Layer.NPC, left, low - NPC_NM, right, high + NPC_NM)


def _diffusions(drawing: Drawing, plan: SynapsePlan) -> None:
    """Two rows of units with their headers at the left, and the switches, low, at the right of the n units."""
    rows, xs = plan.rows, plan.region_x
    left, last, (step, end) = xs[0] - DIFF_END_NM, xs[-1], plan.step_x
    drawing.box(Layer.DIFF, left, rows.p_bottom, step, rows.p_bottom + HEADER_NM)
    drawing.box(Layer.DIFF, step, rows.p_bottom, last + DIFF_END_NM, rows.p_top)
    drawing.box(Layer.DIFF, left, rows.n_top - HEADER_NM, step, rows.n_top)
    drawing.box(Layer.DIFF, step, rows.n_bottom, end, rows.n_top)
    top = rows.n_bottom + SWITCH_NM
    drawing.box(Layer.DIFF, end, rows.n_bottom, plan.n1_x + DIFF_END_NM, top)
    drawing.box(Layer.DIFF, plan.apart_x - DIFF_END_NM, rows.n_bottom, plan.n2_x + DIFF_END_NM, top)


def _gates(drawing: Drawing, plan: SynapsePlan) -> None:
    """One gate for both headers, a bar of poly for the gates of each kind of units, and the switches."""
    rows, high = plan.rows, plan.rows.high_track_y
    draw_gate(drawing, plan.head_left, GATE_NM, rows.p_bottom - END_NM, rows.n_top + END_NM)
    draw_gate_contact(drawing, plan.sign_x, rows.vn_y)
    for left in plan.unit_left:
        draw_gate(drawing, left, plan.l, rows.p_bottom - END_NM, rows.vp_y)
        draw_gate(drawing, left, plan.l, rows.vn_y, rows.n_top + END_NM)
    for x, y in zip(plan.line_contact_x, (rows.vp_y, rows.vn_y), strict=True):
        draw_bar(drawing, plan.unit_left[0], plan.unit_left[-1] + plan.l, y)
        draw_bar_contact(drawing, x, y)
    for left, x in zip(plan.switch_left, plan.switch_contact_x, strict=True):
        draw_gate(drawing, left, GATE_NM, rows.n_bottom - END_NM, high)
        draw_gate_contact(drawing, x, high)
    drawing.box(Layer.NPC, 0, rows.vp_y - NPC_NM, plan.width, rows.vn_y + NPC_NM)
    first, _, last = plan.switch_contact_x
    drawing.box(Layer.NPC, first - NPC_NM, high - NPC_NM, last + NPC_NM, high + NPC_NM)


def _regions(drawing: Drawing, plan: SynapsePlan) -> None:
    """Contacts: supplies on li1 to their rails, sources alone, drains of both rows on one column."""
    rows = plan.rows
    head_p, head_n = rows.p_cuts[:2], rows.n_cuts[:2]
    draw_region(drawing, plan.region_x[0], head_p, rows.vdd_y)
    draw_region(drawing, plan.region_x[0], head_n, rows.top_y)
    for k, x in enumerate(plan.regions("source")):
        draw_region(drawing, x, rows.p_cuts if k else head_p)
        draw_region(drawing, x, rows.n_cuts if k else head_n)
    for x, net in zip(plan.region_x, REGIONS, strict=True):
        if net not in ("supply", "source"):
            n_cuts = (rows.low_track_y,) if net == "n0" else rows.n_cuts
            draw_region(drawing, x, (*rows.p_cuts, *n_cuts))
    for x, y in ((plan.iout_x, rows.low_track_y), (plan.apart_x, rows.low_track_y), (plan.n1_x, rows.vn_y)):
        draw_region(drawing, x, (rows.low_track_y,), y)
    draw_region(drawing, plan.n2_x, (rows.low_track_y,), rows.vp_y - HALF_CUT_NM)


def _sources(drawing: Drawing, plan: SynapsePlan) -> None:
    """Met1 over the sources of each row."""
    xs = plan.regions("source")
    for y in (plan.rows.p_cuts[1], plan.rows.n_cuts[0]):
        _joined(drawing, xs, y)


def _drains(drawing: Drawing, plan: SynapsePlan) -> None:
    """Met1 between both rows from the drains to their switches."""
    _joined(drawing, [*plan.regions("n2"), plan.n2_x], plan.rows.vp_y)
    _joined(drawing, [*plan.regions("n1"), plan.n1_x], plan.rows.vn_y)


def _inner_names(drawing: Drawing, plan: SynapsePlan) -> None:
    """Names of the nets that are no port, on the wire of each: sources of either kind, and the drains of each bit."""
    rows, source_x = plan.rows, plan.regions("source")[0]
    drawing.text(Layer.MET1.label, "p", source_x, rows.p_cuts[1])
    drawing.text(Layer.MET1.label, "q", source_x, rows.n_cuts[0])
    drawing.text(Layer.LI1.label, "n0", plan.regions("n0")[0], rows.vp_y)
    drawing.text(Layer.MET1.label, "n1", plan.n1_x, rows.vn_y)
    drawing.text(Layer.MET1.label, "n2", plan.n2_x, rows.vp_y)


def _joined(drawing: Drawing, xs: list[int], y: int) -> None:
    """Met1 at `y` that meets the li1 at each of `xs`."""
    for x in xs:
        draw_stack(drawing, x, y, Layer.LI1, Layer.MET1, "h")
    half = MCON.above.short_nm // 2
    drawing.box(Layer.MET1, min(xs), y - half, max(xs), y + half)


def _lines_to_gates(drawing: Drawing, plan: SynapsePlan) -> None:
    """From the bars of poly up to the lines over them."""
    for x, y in zip(plan.line_contact_x, (plan.rows.vp_y, plan.rows.vn_y), strict=True):
        draw_stack(drawing, x, y, Layer.LI1, Layer.MET2)


def _output(drawing: Drawing, plan: SynapsePlan) -> None:
    """Both regions of iout on met2 to the line of the column."""
    y = plan.rows.low_track_y
    for x in (plan.iout_x, plan.apart_x):
        draw_stack(drawing, x, y, Layer.LI1, Layer.MET2, "h")
    draw_stack(drawing, plan.iout_line_x, y, Layer.MET2, Layer.MET3, "h")
    _track(drawing, [plan.iout_x, plan.apart_x, plan.iout_line_x], y)


def _stored(drawing: Drawing, plan: SynapsePlan, bit: int) -> None:
    """A stored bit from its latch's track on met3 and a track of met2 to the gate that it switches."""
    x, low = plan.stored_line_x(bit), plan.latch.tracks["q"]
    gate_x, contact_y, y = _gate_of(plan, bit)
    drawing.box(Layer.MET3, x - LINE_NM // 2, low, x - LINE_NM // 2 + LINE_NM, y)
    for level in (low, y):
        draw_stack(drawing, x, level, Layer.MET2, Layer.MET3, "h")
    _track(drawing, [x, gate_x], y)
    place = BITS.index(bit) * plan.latch.width
    own = node_track(plan.latch, "q").moved(place, 0)
    drawing.add(Layer.MET2, own + Box(x, own.bottom, x + VIA2.below.long_nm // 2, own.top))
    draw_stack(drawing, gate_x, contact_y, Layer.LI1, Layer.MET1, "h")
    draw_stack(drawing, gate_x, y, Layer.MET1, Layer.MET2, "h")
    if y != contact_y:
        half = COLUMN_NM // 2
        drawing.box(Layer.MET1, gate_x - half, min(contact_y, y), gate_x - half + COLUMN_NM, max(contact_y, y))


def _gate_of(plan: SynapsePlan, bit: int) -> tuple[int, int, int]:
    """Contact (x, y) of the gate of a bit, and its track."""
    rows = plan.rows
    if bit == SIGN:
        return plan.sign_x, rows.vn_y, rows.low_track_y
    track = rows.mid_track_y if bit == MAGNITUDE[1] else rows.high_track_y
    return plan.switch_contact_x[bit], rows.high_track_y, track


def _track(drawing: Drawing, xs: list[int], y: int) -> None:
    end = VIA2.below.long_nm // 2
    drawing.add(Layer.MET2, track_box(min(xs) - end, max(xs) + end, y))


def _bit_line(drawing: Drawing, plan: SynapsePlan, x: int) -> None:
    """From the latch's met1 up to the line of the column."""
    y = plan.rows.bit_track_y
    drawing.box(Layer.MET1, x - COLUMN_NM // 2, plan.rows.vdd_y, x + COLUMN_NM // 2, y)
    draw_stack(drawing, on_grid(x), y, Layer.MET1, Layer.MET3, "h")


def _strap(drawing: Drawing, plan: SynapsePlan) -> None:
    """Met1 from the lower to the upper rail of vss, around the end of the wire to the last switch."""
    (low_x, high_x), rows, half = plan.strap_x, plan.rows, COLUMN_NM // 2
    out, back = rows.bit_track_y, rows.low_track_y
    for x, bottom, top in ((low_x, AXIS_NM, out), (high_x, out, back), (low_x, back, rows.top_y)):
        drawing.box(Layer.MET1, x - half, bottom - half, x + half, top + half)
    for y in (out, back):
        drawing.box(Layer.MET1, low_x - half, y - half, high_x + half, y + half)
    for y in (AXIS_NM, rows.top_y):
        draw_stack(drawing, low_x, y, Layer.MET1, Layer.MET2)
