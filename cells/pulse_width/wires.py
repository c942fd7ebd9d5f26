"""Draws the wires of a weight: drains to switches, bits to gates, and what leads to the lines of rows and columns."""

from __future__ import annotations

from itertools import pairwise

from analoom.cells.memory.plan import LINE_NM
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing
from analoom.cells.parts.via_stack import draw_stack
from analoom.cells.strip.draw import track_box
from analoom.cells.strip.sizes import AXIS_NM, COLUMN_NM, CUT_NM, HALF_CUT_NM, VIA_END_NM, VIA_PAD_NM
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET3

from .circuits import BITS, SIGN
from .devices import high_gates
from .plan import PwmPlan, on_line

LEAST_NM = snap_up(MET3.area_nm2 / LINE_NM, CUT_GRID_NM)
"""Least length of a piece of met3."""


def draw_wires(drawing: Drawing, plan: PwmPlan) -> None:
    """All of them."""
    _drains(drawing, plan)
    _nodes(drawing, plan)
    for bit in BITS:
        _stored(drawing, plan, bit)
    _complement(drawing, plan)
    _gates(drawing, plan)
    _columns(drawing, plan)
    _names(drawing, plan)
    for y in (AXIS_NM, plan.top_y):
        _strap_end(drawing, plan.strap_x, y)
    for x in bit_line_x(plan):
        drawing.add(Layer.MET1, upright(x, plan.vdd_y, plan.low_y))
        draw_stack(drawing, x // CUT_GRID_NM * CUT_GRID_NM, plan.low_y, Layer.MET1, Layer.MET3, "h")


def bit_line_x(plan: PwmPlan) -> list[int]:
    """Middles of the bit lines in the latches, from the left."""
    return [k * plan.latch.width + x for k in range(len(BITS)) for x in plan.latch.bit_x]


def upright(x: int, bottom: int, top: int) -> Box:
    """Met1 about `x`."""
    return Box(x - COLUMN_NM // 2, bottom - COLUMN_NM // 2, x + COLUMN_NM // 2, top + COLUMN_NM // 2)


def _path(drawing: Drawing, *points: tuple[int, int]) -> None:
    """Met1 through points, each beside or above the one before."""
    half = COLUMN_NM // 2
    for (x0, y0), (x1, y1) in pairwise(points):
        drawing.box(Layer.MET1, min(x0, x1) - half, min(y0, y1) - half, max(x0, x1) + half, max(y0, y1) + half)


def _drains(drawing: Drawing, plan: PwmPlan) -> None:
    """Bit 2 on li1; bit 1 on met1 over it; bit 0 on met1 past that of bit 1 to the left."""
    x, y = plan.drain_x, plan.switch_y
    drawing.box(Layer.LI1, x - HALF_CUT_NM, y - HALF_CUT_NM, plan.beside(2, -1), y - HALF_CUT_NM + CUT_NM)
    one, zero = plan.cuts(2)[0], plan.cuts(3)[-1]
    _path(drawing, (x, one), (x, y), (plan.beside(1, 1), y))
    for place in ((plan.beside(1, 1), y), (plan.beside(0, 1), y), (x, zero), (x, one)):
        draw_stack(drawing, *place, Layer.LI1, Layer.MET1)
    left = plan.beside(0, 1)
    _path(drawing, (x, zero), (plan.bypass_x, zero), (plan.bypass_x, plan.p_y), (left, plan.p_y), (left, y))


def _nodes(drawing: Drawing, plan: PwmPlan) -> None:
    """The sum of the bits and what lies behind the pulse switch, on met2 over the switches."""
    y, half = plan.switch_y, VIA_PAD_NM // 2
    for xs in (
        (plan.beside(0, -1), plan.beside(1, -1), plan.beside(2, 1)),
        (plan.beside(2, 3), plan.beside(SIGN, -1)),
    ):
        drawing.add(Layer.MET2, track_box(xs[0] - half, xs[-1] + half, y))
        for x in xs:
            draw_stack(drawing, x, y, Layer.LI1, Layer.MET2)


def _names(drawing: Drawing, plan: PwmPlan) -> None:
    """Labels of the nets inside, which extraction and sign-off tell them by."""
    y, drain = plan.switch_y, plan.drain_x
    drawing.text(Layer.LI1.label, "n2", (drain + plan.beside(2, -1)) // 2, y)
    drawing.text(Layer.MET1.label, "n1", (drain + plan.beside(1, 1)) // 2, y)
    drawing.text(Layer.MET1.label, "n0", plan.bypass_x, plan.p_y)
    drawing.text(Layer.MET2.label, "x", (plan.beside(0, -1) + plan.beside(1, -1)) // 2, y)
    drawing.text(Layer.MET2.label, "y", (plan.beside(2, 3) + plan.beside(SIGN, -1)) // 2, y)


def _stored(drawing: Drawing, plan: PwmPlan, bit: int) -> None:
    """A bit straight up from its latch to the gate over it."""
    x, low, half = plan.slot_x(bit), plan.latch.tracks["q"], LINE_NM // 2
    line = on_line(x)
    drawing.box(Layer.MET3, line - half, low - half, line + half, plan.low_y + half)
    draw_stack(drawing, line, low, Layer.MET2, Layer.MET3, "h")
    draw_stack(drawing, x, plan.low_y, Layer.LI1, Layer.MET3, "h")


def _complement(drawing: Drawing, plan: PwmPlan) -> None:
    """The sign's complement over the wire of the sign on met4, and back to the gate beside the pulse switch."""
    x, gate, y = on_line(plan.slot_x(SIGN)), high_gates(plan)["signb"], plan.complement_y
    low, half = plan.latch.tracks["qb"], LINE_NM // 2
    for place, top in ((low, low + half), (y, y + half)):
        draw_stack(drawing, x, place, Layer.MET2, Layer.MET4, "h")
        drawing.box(Layer.MET3, x - half, top - LEAST_NM, x + half, top)
    drawing.box(Layer.MET4, x - half, low - half, x + half, y + half)
    _up_from_gate(drawing, gate, plan.high_y, y)
    drawing.add(Layer.MET2, track_box(gate - VIA_PAD_NM // 2, x + half, y))


def _gates(drawing: Drawing, plan: PwmPlan) -> None:
    """Both lines of the pulse, and that of the units' gates."""
    gates = high_gates(plan)
    draw_stack(drawing, gates["pb"], plan.high_y, Layer.LI1, Layer.MET2, "h")
    _up_from_gate(drawing, gates["p"], plan.high_y, plan.p_y)
    draw_stack(drawing, *plan.gates_contact, Layer.LI1, Layer.MET2, "h")


def _up_from_gate(drawing: Drawing, x: int, contact_y: int, y: int) -> None:
    """From a gate's contact on met1 up to a track."""
    draw_stack(drawing, x, contact_y, Layer.LI1, Layer.MET1)
    half = VIA_PAD_NM // 2
    drawing.box(Layer.MET1, x - half, contact_y - half, x + half, y + half)
    draw_stack(drawing, x, y, Layer.MET1, Layer.MET2, "h")


def _columns(drawing: Drawing, plan: PwmPlan) -> None:
    """Where charges come from: the line of `dump` and both columns of met4."""
    y, up_y, edge = plan.switch_y, plan.column_y, plan.edge_x
    ends = {"dump": plan.beside(0, -3), "plus": plan.beside(2, 5), "minus": plan.beside(SIGN, 1)}
    for x in ends.values():
        draw_stack(drawing, x, y, Layer.LI1, Layer.MET1)
    _path(drawing, (ends["dump"], y), (edge, y), (edge, plan.dump_y))
    draw_stack(drawing, edge, plan.dump_y, Layer.MET1, Layer.MET2)
    plus, minus = plan.slot_x(2), plan.slot_x(SIGN)
    _path(drawing, (ends["plus"], y), (plan.beyond_x, y), (plan.beyond_x, up_y), (plus, up_y))
    _path(drawing, (ends["minus"], y), (ends["minus"], up_y), (minus, up_y))
    drawing.box(Layer.MET1, minus, up_y - VIA_END_NM, ends["minus"], up_y + VIA_END_NM)
    for x, line in ((plus, plan.plus_x), (minus, plan.minus_x)):
        _to_column(drawing, x, line, up_y)


def _strap_end(drawing: Drawing, x: int, y: int) -> None:
    """From a rail of vss up to met4."""
    draw_stack(drawing, x, y, Layer.MET2, Layer.MET4, "h")
    drawing.box(Layer.MET3, x - LINE_NM // 2, y - LEAST_NM // 2, x + LINE_NM // 2, y + LEAST_NM // 2)


def _to_column(drawing: Drawing, x: int, line: int, y: int) -> None:
    """From met1 up to met4, and over to a line."""
    half, middle = LINE_NM // 2, on_line(x)
    draw_stack(drawing, x, y, Layer.MET1, Layer.MET4)
    drawing.box(Layer.MET3, middle - half, y - half, middle + half, y - half + LEAST_NM)
    drawing.box(Layer.MET4, middle - half, y - half, line + half, y + half)
