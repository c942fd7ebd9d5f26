"""Draws a strip of CMOS as planned: transistors, columns, tracks; and the frame that neighbours share by abutment."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from analoom.cells.model.cell import Pin, draw_pin
from analoom.cells.model.drawing import Box, Drawing, hull
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import MCON, MET1, VIA

from .columns import Contact, DrawnGate
from .gates import VDD, VSS
from .plan import StripPlan
from .sizes import (
    AXIS_NM,
    COLUMN_NM,
    CUT_NM,
    HALF_CUT_NM,
    PAD_LENGTH_NM,
    PAD_NM,
    RAIL_NM,
    TAP_NM,
    TRACK_NM,
    VIA_PAD_NM,
    cut_middles_along,
)
from .tracks import VIA_END_NM, Column

PIN_NM = TRACK_NM
SUPPLY_USE: dict[str, Literal["power", "ground"]] = {VDD: "power", VSS: "ground"}


def draw_strip(drawing: Drawing, plan: StripPlan) -> tuple[Pin, ...]:
    """Draws the strip with pins: rails on met1, the nets of tracks that run across, along or out, on met2."""
    draw_frame(drawing, 0, plan.width, plan)
    for n, p in plan.diffusions:
        drawing.add(Layer.DIFF, n)
        drawing.add(Layer.DIFF, p)
    for gates in plan.gates:
        _gates(drawing, *gates)
    for contact in plan.contacts:
        _contact(drawing, contact, plan)
    for column in plan.columns:
        _column(drawing, column, plan)
    return tuple(draw_pin(drawing, pin) for pin in (*_tracks(drawing, plan), *_rail_pins(plan)))


def draw_name(drawing: Drawing, plan: StripPlan, net: str) -> None:
    """Writes the name of a net that is no port on its leftmost column."""
    column = min((c for c in plan.columns if c.net == net), key=lambda c: c.x)
    drawing.text(Layer.MET1.label, net, column.x, (column.bottom + column.top) // 2)


def draw_frame(drawing: Drawing, left: int, right: int, plan: StripPlan) -> None:
    """What a strip shares with its neighbours, from `left` to `right`: implants, well, npc, taps and rails.

    Well and implants of the taps stick out at both ends, as a tap that ends there needs it.
    """
    low, high = AXIS_NM, AXIS_NM + plan.height
    around, tap = rules.IMPLANT_ENCLOSES_DIFF.value_nm, TAP_NM // 2
    n = hull(n for n, _ in plan.diffusions)
    p = hull(p for _, p in plan.diffusions)
    drawing.box(Layer.NSDM, left, n.bottom - around, right, n.top + around)
    drawing.box(Layer.PSDM, left, p.bottom - around, right, p.top + around)
    drawing.box(Layer.PSDM, left - around, low - tap - around, right + around, low + tap + around)
    drawing.box(Layer.NSDM, left - around, high - tap - around, right + around, high + tap + around)
    well = rules.NWELL_ENCLOSES_NTAP.value_nm
    drawing.box(
        Layer.NWELL, left - well, p.bottom - rules.NWELL_ENCLOSES_PDIFF.value_nm, right + well, high + tap + well
    )
    npc = rules.NPC_ENCLOSES_LICON.value_nm + HALF_CUT_NM
    pads = [y for contact in plan.contacts if contact.is_gate for y in contact.ys]
    drawing.box(Layer.NPC, left, min(pads) - npc, right, max(pads) + npc)
    for y in (low, high):
        draw_rail(drawing, left, right, y)


def track_box(left: int, right: int, y: int) -> Box:
    """Where a track lies whose middle is at `y`."""
    return Box(left, y - TRACK_NM // 2, right, y - TRACK_NM // 2 + TRACK_NM)


def draw_track(drawing: Drawing, left: int, right: int, y: int) -> Box:
    """Met2 at the height of a track."""
    return drawing.add(Layer.MET2, track_box(left, right, y))


def draw_rail(drawing: Drawing, left: int, right: int, y: int) -> None:
    drawing.box(Layer.TAP, left, y - TAP_NM // 2, right, y + TAP_NM // 2)
    drawing.box(Layer.LI1, left, y - HALF_CUT_NM, right, y + HALF_CUT_NM)
    drawing.box(Layer.MET1, left, y - RAIL_NM // 2, right, y + RAIL_NM // 2)
    for x in cut_middles_along(right - left):
        for layer in (Layer.LICON, Layer.MCON):
            drawing.add(layer, _square(left + x, y, CUT_NM))


def _gates(drawing: Drawing, n: DrawnGate, p: DrawnGate) -> None:
    """Poly over both channels: one piece, or a piece each up to its contact."""
    end = rules.POLY_PAST_DIFF.value_nm
    if not p.has_contact:
        drawing.box(Layer.POLY, n.channel.left, n.channel.bottom - end, n.channel.right, p.channel.top + end)
        return
    drawing.box(Layer.POLY, n.channel.left, n.channel.bottom - end, n.channel.right, n.contact_y)
    drawing.box(Layer.POLY, p.channel.left, p.contact_y, p.channel.right, p.channel.top + end)


def _contact(drawing: Drawing, contact: Contact, plan: StripPlan) -> None:
    """Cuts and li1; a gate's also its pad of poly. Supplies run on to their rail on li1, others up to met1."""
    cuts = [drawing.add(Layer.LICON, _square(contact.x, y, CUT_NM)) for y in contact.ys]
    li1 = hull(cuts).enlarged(0, rules.LI_ENCLOSES_LICON_ENDS.value_nm)
    if contact.is_gate:
        x, (y,) = contact.x, contact.ys
        drawing.box(
            Layer.POLY, x - PAD_NM // 2, y - PAD_LENGTH_NM // 2, x - PAD_NM // 2 + PAD_NM, y + PAD_LENGTH_NM // 2
        )
    elif contact.net in (VDD, VSS):
        rail = AXIS_NM if contact.net == VSS else AXIS_NM + plan.height
        li1 += Box(li1.left, rail - HALF_CUT_NM, li1.right, rail + HALF_CUT_NM)
    drawing.add(Layer.LI1, li1)
    if contact.is_gate or contact.net not in (VDD, VSS):
        for y in contact.ys:
            drawing.add(Layer.MCON, _square(contact.x, y, CUT_NM))
        drawing.add(Layer.MET1, _pad(contact))


def _column(drawing: Drawing, column: Column, plan: StripPlan) -> None:
    """Met1 over a net's contacts at one x, on to its track if it has one, with a via there."""
    bottom, top = column.bottom, column.top
    if column.net in plan.tracks:
        y = plan.tracks[column.net]
        bottom, top = column.reaching(y)
        drawing.add(Layer.VIA, _square(column.x, y, VIA.size_nm))
        half = VIA_PAD_NM // 2
        via = drawing.box(Layer.MET1, column.x - half, y - VIA_END_NM, column.x + half, y + VIA_END_NM)
        for contact in plan.contacts:
            if (contact.net, contact.x) == (column.net, column.x):
                _close_notch(drawing, via, _pad(contact))
    drawing.box(Layer.MET1, column.x - COLUMN_NM // 2, bottom, column.x + COLUMN_NM // 2, top)


def _pad(contact: Contact) -> Box:
    """Met1 over the cuts of a contact."""
    cuts = hull(_square(contact.x, y, CUT_NM) for y in contact.ys)
    return cuts.enlarged(MCON.above.around_nm, MCON.above.ends_nm)


def _close_notch(drawing: Drawing, via: Box, pad: Box) -> None:
    """Fills the column between two pads that are closer than met1 may be: the notches beside it count as space."""
    low, high = sorted((via, pad), key=lambda box: box.bottom)
    if 0 < high.bottom - low.top < MET1.space_nm:
        drawing.box(Layer.MET1, pad.left, low.top, pad.right, high.bottom)


def _tracks(drawing: Drawing, plan: StripPlan) -> Sequence[Pin]:
    strip, pins = plan.strip, []
    for name, y in sorted(plan.tracks.items(), key=lambda item: (item[1], item[0])):
        net = plan.nets[name]
        line = draw_track(drawing, net.left, net.right, y)
        left, right = strip.ends or ("", "")
        if name in (*strip.across, *strip.along, left):
            pins.append(Pin(name, Layer.MET2, Box(line.left, line.bottom, line.left + PIN_NM, line.top)))
        elif name == right:
            pins.append(Pin(name, Layer.MET2, Box(line.right - PIN_NM, line.bottom, line.right, line.top)))
    return pins


def _rail_pins(plan: StripPlan) -> tuple[Pin, Pin]:
    half = RAIL_NM // 2
    low, high = AXIS_NM, AXIS_NM + plan.height
    return (
        Pin(VSS, Layer.MET1, Box(0, low - half, plan.width, low + half), SUPPLY_USE[VSS]),
        Pin(VDD, Layer.MET1, Box(0, high - half, plan.width, high + half), SUPPLY_USE[VDD]),
    )


def _square(x: int, y: int, size: int) -> Box:
    """A cut around a middle that lies off the cut grid by half a cut."""
    return Box(x - size // 2, y - size // 2, x - size // 2 + size, y - size // 2 + size)
