"""Draws a latch as planned: met1 upright for the bit lines, met2 level for rails, word line and both nodes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from analoom.cells.model.cell import Pin, draw_pin
from analoom.cells.model.drawing import Box, Drawing, hull
from analoom.cells.model.facts import Fabric
from analoom.cells.strip.draw import SUPPLY_USE, track_box
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import (
    AXIS_NM,
    COLUMN_NM,
    CUT_NM,
    HALF_CUT_NM,
    PAD_LENGTH_NM,
    PAD_NM,
    RAIL_NM,
    TAP_NM,
    VIA_END_NM,
    VIA_PAD_NM,
    cut_middles_along,
)
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import MCON, MET2, VIA

from .plan import GATE_NM, LatchPlan

LI_END_NM = HALF_CUT_NM + rules.LI_ENCLOSES_LICON_ENDS.value_nm
"""From the middle of a contact to the end of its li1."""
NPC_NM = HALF_CUT_NM + rules.NPC_ENCLOSES_LICON.value_nm
"""From the middle of a gate's contact to the end of npc."""
NODE_FROM_EDGE_NM = MET2.space_nm // 2
"""From the edge of the latch to the track of a node: half a space is the neighbour's."""


def latch_fabric(plan: LatchPlan) -> Fabric:
    """How latches stand side by side: in y they are turned over their rails."""
    rails = {VSS: AXIS_NM, VDD: AXIS_NM + plan.height}
    return Fabric((plan.width, plan.height), rails_nm=rails, tracks_nm=plan.tracks)


def draw_latch(drawing: Drawing, plan: LatchPlan) -> tuple[Pin, ...]:
    """Draws the latch; returns its pins in the order of the tracks, the bit lines, the rails."""
    _wells(drawing, plan)
    for y in (AXIS_NM, AXIS_NM + plan.height):
        _rail(drawing, plan, y)
    drawing.add(Layer.DIFF, plan.n)
    drawing.add(Layer.DIFF, plan.p)
    _gates(drawing, plan)
    _word(drawing, plan)
    _nodes(drawing, plan)
    _supplies(drawing, plan)
    for x in plan.bit_x:
        _bit_line(drawing, plan, x)
    return tuple(draw_pin(drawing, pin) for pin in _pins(drawing, plan))


def _wells(drawing: Drawing, plan: LatchPlan) -> None:
    """Implants, well and npc from edge to edge; those of the taps stick out, as a row that ends there needs it."""
    around, well, tap = rules.IMPLANT_ENCLOSES_DIFF.value_nm, rules.NWELL_ENCLOSES_NTAP.value_nm, TAP_NM // 2
    low, high, width = AXIS_NM, AXIS_NM + plan.height, plan.width
    drawing.box(Layer.NSDM, 0, plan.n.bottom - around, width, plan.n.top + around)
    drawing.box(Layer.PSDM, 0, plan.p.bottom - around, width, plan.p.top + around)
    drawing.box(Layer.PSDM, -around, low - tap - around, width + around, low + tap + around)
    drawing.box(Layer.NSDM, -around, high - tap - around, width + around, high + tap + around)
    bottom = plan.p.bottom - rules.NWELL_ENCLOSES_PDIFF.value_nm
    drawing.box(Layer.NWELL, -well, bottom, width + well, high + tap + well)
    npc, (left, right), (low_y, high_y) = NPC_NM, plan.word_x, plan.gate_y
    drawing.box(Layer.NPC, left - npc, low_y - npc, right + npc, high_y + npc)


def _rail(drawing: Drawing, plan: LatchPlan, y: int) -> None:
    """Tap, its contacts, li1 and met2 from edge to edge, joined in the middle."""
    drawing.box(Layer.TAP, 0, y - TAP_NM // 2, plan.width, y + TAP_NM // 2)
    drawing.box(Layer.LI1, 0, y - HALF_CUT_NM, plan.width, y + HALF_CUT_NM)
    drawing.box(Layer.MET2, 0, y - RAIL_NM // 2, plan.width, y + RAIL_NM // 2)
    for x in cut_middles_along(plan.width):
        drawing.add(Layer.LICON, _cut(x, y))
    _stack(drawing, plan.middle_x, y)


def _gates(drawing: Drawing, plan: LatchPlan) -> None:
    """Poly over the channels, and the pads of the middle gates."""
    end, (low, high) = rules.POLY_PAST_DIFF.value_nm, plan.gate_y
    first, left, right, last = plan.gate_left
    for x in (first, last):
        drawing.box(Layer.POLY, x, plan.n.bottom - end, x + GATE_NM, low + GATE_NM // 2)
    for x in (left, right):
        drawing.box(Layer.POLY, x, plan.n.bottom - end, x + GATE_NM, plan.p.top + end)
    for x, y in zip(plan.gate_contact_x, (low, high), strict=True):
        drawing.add(Layer.POLY, _around(x, y, PAD_NM, PAD_LENGTH_NM))
        drawing.add(Layer.LICON, _cut(x, y))


def _word(drawing: Drawing, plan: LatchPlan) -> None:
    """The word gates out to the edges, and the stacks there up to the word line."""
    y, (first, _, _, last) = plan.gate_y[0], plan.gate_left
    half = GATE_NM // 2
    drawing.box(Layer.POLY, plan.word_x[0], y - half, first + GATE_NM, y + half)
    drawing.box(Layer.POLY, last, y - half, plan.word_x[1], y + half)
    for x in plan.word_x:
        drawing.add(Layer.POLY, _around(x, y, PAD_LENGTH_NM, PAD_NM))
        drawing.add(Layer.LICON, _cut(x, y))
        drawing.add(Layer.LI1, _around(x, y, CUT_NM, 2 * LI_END_NM))
        _stack(drawing, x, y)
    drawing.add(Layer.MET2, _word_line(plan))


def _word_line(plan: LatchPlan) -> Box:
    """The met2 of the word line, up to the ends of the stacks at the edges."""
    left, right = plan.word_x
    return track_box(left - VIA_END_NM, right + VIA_END_NM, plan.tracks["wl"])


def _nodes(drawing: Drawing, plan: LatchPlan) -> None:
    """Each node: li1 from its n to its p contacts, over to the gate of the other inverter, and up to its track."""
    for net, x, gate_x, y in zip(
        ("q", "qb"), plan.node_x, reversed(plan.gate_contact_x), reversed(plan.gate_y), strict=True
    ):
        ys = [*_contacts(drawing, plan, plan.n, x), *_contacts(drawing, plan, plan.p, x)]
        drawing.box(Layer.LI1, x - HALF_CUT_NM, ys[0] - LI_END_NM, x + HALF_CUT_NM, ys[-1] + LI_END_NM)
        drawing.add(Layer.LI1, _around(gate_x, y, CUT_NM, 2 * LI_END_NM))
        drawing.add(Layer.LI1, _around(x, y, CUT_NM, CUT_NM) + _around(gate_x, y, CUT_NM, CUT_NM))
        _stack(drawing, x, plan.tracks[net])
        drawing.add(Layer.MET2, node_track(plan, net))


def node_track(plan: LatchPlan, net: str) -> Box:
    """The met2 of q or qb: wherever a line of met3 passes over the latch, a via2 can land on it."""
    return track_box(NODE_FROM_EDGE_NM, plan.width - NODE_FROM_EDGE_NM, plan.tracks[net])


def _supplies(drawing: Drawing, plan: LatchPlan) -> None:
    """li1 from the supplies' contacts to the rails."""
    x = plan.middle_x
    for diffusion, rail in ((plan.n, AXIS_NM), (plan.p, AXIS_NM + plan.height)):
        ys = list(_contacts(drawing, plan, diffusion, x))
        ends = [*(y + end for y in ys for end in (-LI_END_NM, LI_END_NM)), rail]
        drawing.box(Layer.LI1, x - HALF_CUT_NM, min(ends), x + HALF_CUT_NM, max(ends))


def _bit_line(drawing: Drawing, plan: LatchPlan, x: int) -> None:
    """Met1 from rail to rail, with an mcon over each contact."""
    cuts = [_cut(x, y) for y in _contacts(drawing, plan, plan.n, x)]
    drawing.add(Layer.LI1, hull(cuts).enlarged(0, rules.LI_ENCLOSES_LICON_ENDS.value_nm))
    for cut in cuts:
        drawing.add(Layer.MCON, cut)
    drawing.add(Layer.MET1, hull(cuts).enlarged(MCON.above.around_nm, MCON.above.ends_nm))
    drawing.add(Layer.MET1, bit_box(plan, x))


def bit_box(plan: LatchPlan, x: int) -> Box:
    """A bit line from rail to rail."""
    return Box(x - COLUMN_NM // 2, AXIS_NM, x + COLUMN_NM // 2, AXIS_NM + plan.height)


def _contacts(drawing: Drawing, plan: LatchPlan, diffusion: Box, x: int) -> Iterator[int]:
    """Draws the contacts of a region and gives their middles."""
    for y in plan.cuts(diffusion):
        drawing.add(Layer.LICON, _cut(x, y))
        yield y


def _pins(drawing: Drawing, plan: LatchPlan) -> Iterator[Pin]:
    yield Pin("wl", Layer.MET2, _word_line(plan))
    for net, x in zip(("bl", "blb"), plan.bit_x, strict=True):
        yield Pin(net, Layer.MET1, bit_box(plan, x))
    for net in ("q", "qb"):
        yield Pin(net, Layer.MET2, node_track(plan, net))
    uses: tuple[tuple[Literal["vss", "vdd"], int], ...] = (("vss", AXIS_NM), ("vdd", AXIS_NM + plan.height))
    for net, y in uses:
        yield Pin(net, Layer.MET2, Box(0, y - RAIL_NM // 2, plan.width, y + RAIL_NM // 2), SUPPLY_USE[net])


def _stack(drawing: Drawing, x: int, y: int) -> None:
    """From li1 up to met2; both levels are drawn with what they join, and a track is long enough for a via."""
    drawing.add(Layer.MCON, _cut(x, y))
    drawing.add(Layer.MET1, _around(x, y, VIA_PAD_NM, 2 * VIA_END_NM))
    drawing.add(Layer.VIA, _around(x, y, VIA.size_nm, VIA.size_nm))


def _cut(x: int, y: int) -> Box:
    return _around(x, y, CUT_NM, CUT_NM)


def _around(x: int, y: int, width: int, height: int) -> Box:
    return Box(x - width // 2, y - height // 2, x - width // 2 + width, y - height // 2 + height)
