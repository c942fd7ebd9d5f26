"""Draws the transistors of a weight as planned: rails, implants, switches, and units under plates of poly."""

from __future__ import annotations

from analoom.cells.current_mode.chain import END_NM, draw_bar_contact, draw_gate, draw_gate_contact, draw_region
from analoom.cells.current_mode.rails import AROUND_NM, draw_rail_piece, draw_rail_stack, draw_tap_implant
from analoom.cells.memory.plan import GATE_NM
from analoom.cells.model.drawing import Drawing
from analoom.cells.strip.sizes import DIFF_END_NM, HALF_CUT_NM
from analoom.pdk import rules
from analoom.pdk.layers import Layer

from .circuits import BITS, SIGN
from .plan import PAD_SHIFT_NM, SWITCH_NM, UNIT_ROWS, PwmPlan

NPC_NM = HALF_CUT_NM + rules.NPC_ENCLOSES_LICON.value_nm
TRAILS = ((0, -3, 1), (1, -1, 1), (2, -1, 5), (SIGN, -1, 1))
"""Switches that share regions: the bit over whose latch they stand, and their first and last region, in steps."""


def draw_devices(drawing: Drawing, plan: PwmPlan) -> None:
    """All transistors, with the li1 of their contacts."""
    _rows(drawing, plan)
    _switches(drawing, plan)
    _units(drawing, plan)
    _plates(drawing, plan)


def high_gates(plan: PwmPlan) -> dict[str, int]:
    """Contacts of the gates that are no bit's own: the two beside each other lie outwards."""
    return {
        "pb": plan.beside(0, -2),
        "p": plan.beside(2, 2) - PAD_SHIFT_NM,
        "signb": plan.beside(2, 4) + PAD_SHIFT_NM,
    }


def _rows(drawing: Drawing, plan: PwmPlan) -> None:
    """The upper rail as that of latches, for it is theirs in the row above, and what runs from edge to edge."""
    for k in range(len(BITS)):
        draw_rail_piece(drawing, k * plan.latch.width, plan.latch.width, plan.top_y)
        draw_rail_stack(drawing, k * plan.latch.width, plan.latch.width, plan.top_y)
    draw_tap_implant(drawing, Layer.PSDM, 0, plan.width, plan.top_y)
    drawing.box(Layer.NSDM, 0, plan.switch_bottom - AROUND_NM, plan.width, plan.units_top + AROUND_NM)
    for y in (plan.low_y, plan.high_y):
        drawing.box(Layer.NPC, 0, y - NPC_NM, plan.width, y + NPC_NM)


def _switches(drawing: Drawing, plan: PwmPlan) -> None:
    """Each bit's gate has its contact below, over its latch; the others have theirs above."""
    bottom, top = plan.switch_bottom, plan.switch_bottom + SWITCH_NM
    for bit, first, last in TRAILS:
        left, right = plan.beside(bit, first), plan.beside(bit, last)
        drawing.box(Layer.DIFF, left - DIFF_END_NM, bottom, right + DIFF_END_NM, top)
        for step in range(first, last + 1, 2):
            draw_region(drawing, plan.beside(bit, step), (plan.switch_y,))
        draw_gate(drawing, plan.slot_x(bit) - GATE_NM // 2, GATE_NM, plan.low_y, top + END_NM)
        draw_gate_contact(drawing, plan.slot_x(bit), plan.low_y)
    for (bit, step), x in zip(((0, -2), (2, 2), (2, 4)), high_gates(plan).values(), strict=True):
        draw_gate(drawing, plan.beside(bit, step) - GATE_NM // 2, GATE_NM, bottom - END_NM, plan.high_y)
        draw_gate_contact(drawing, x, plan.high_y)


def _units(drawing: Drawing, plan: PwmPlan) -> None:
    """Sources on li1 up to the rail; the drains of bit 2 on li1 down to its switch."""
    left, right = plan.source_x
    for row, bottom in enumerate(plan.unit_bottom):
        end = plan.drain_x if row == len(UNIT_ROWS) - 1 else right
        drawing.box(Layer.DIFF, left - DIFF_END_NM, bottom, end + DIFF_END_NM, bottom + plan.w)
    cuts = [plan.cuts(row) for row in range(len(UNIT_ROWS))]
    draw_region(drawing, left, sum(cuts, ()), plan.top_y)
    draw_region(drawing, right, sum(cuts[:-1], ()), plan.top_y)
    draw_region(drawing, plan.drain_x, cuts[0] + cuts[1], plan.switch_y - HALF_CUT_NM)
    for ys in cuts[2:]:
        draw_region(drawing, plan.drain_x, ys)


def _plates(drawing: Drawing, plan: PwmPlan) -> None:
    """The gates of all units: two plates, joined above, with a contact where the right one lies on no unit."""
    bottom, (_, top) = plan.unit_bottom[0] - END_NM, plan.bar
    left, right = plan.unit_left
    drawing.box(Layer.POLY, left, bottom, left + plan.l, top)
    drawing.box(Layer.POLY, right, bottom, right + plan.l, plan.unit_bottom[2] + plan.w + END_NM)
    clear = max(right, plan.drain_x + DIFF_END_NM + rules.POLY_TO_DIFF.value_nm)
    drawing.box(Layer.POLY, clear, bottom, right + plan.l, top)
    drawing.box(Layer.POLY, left, plan.bar[0], right + plan.l, top)
    x, y = plan.gates_contact
    draw_bar_contact(drawing, x, y)
    drawing.box(Layer.NPC, x - NPC_NM, y - NPC_NM, x + NPC_NM, y + NPC_NM)
