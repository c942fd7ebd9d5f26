"""Draws rows of transistors as planned: wells, rails, chains, columns, tracks; returns the pins and the channels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analoom.cells.model.cell import Pin
from analoom.cells.model.drawing import Box, Drawing, hull
from analoom.cells.strip.draw import SUPPLY_USE, draw_rail, track_box
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import AXIS_NM, CUT_NM, HALF_CUT_NM, PAD_LENGTH_NM, PAD_NM, RAIL_NM, TAP_NM, VIA_END_NM
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MCON, MET1, VIA

from .placed import Band, PlacedChain, Terminal
from .plan import RowsPlan, Track

AROUND_NM = rules.IMPLANT_ENCLOSES_DIFF.value_nm
WELL_NM = rules.NWELL_ENCLOSES_NTAP.value_nm
END_NM = rules.POLY_PAST_DIFF.value_nm
MARK_NM = rules.LVTN_ENCLOSES_GATE.value_nm
NPC_NM = HALF_CUT_NM + rules.NPC_ENCLOSES_LICON.value_nm
COLUMN_NM = VIA.below.short_nm
"""A column is as wide as the pads of its vias, so that it has no notches."""
LEAST_COLUMN_NM = snap_up(MET1.area_nm2 / COLUMN_NM, 20)
TRACK_PAST_NM = VIA.above.long_nm // 2
"""From the middle of a via to the end of its track."""


@dataclass(frozen=True)
class DrawnRows:
    """What was drawn: the pins, and by row and chain each gate's channel from the left (nm)."""

    pins: tuple[Pin, ...]
    channels: tuple[tuple[tuple[Box, ...], ...], ...]


def draw_rows(drawing: Drawing, plan: RowsPlan) -> DrawnRows:
    """Draws the rows from the left edge at 0, with the rail of vss in the middle of AXIS_NM."""
    _frame(drawing, plan)
    for k, band in enumerate(plan.bands):
        for placed in band.chains:
            _chain(drawing, placed, band)
        for terminal in band.terminals:
            _terminal(drawing, plan, k, terminal)
    for track in plan.tracks:
        drawing.add(Layer.MET2, _met2(plan, track))
    for net, x in plan.links.items():
        _link(drawing, plan, net, x)
    _names(drawing, plan)
    channels = tuple(tuple(tuple(_channels(placed)) for placed in band.chains) for band in plan.bands)
    return DrawnRows(tuple(_pins(plan)), channels)


def _frame(drawing: Drawing, plan: RowsPlan) -> None:
    """Rails with their taps, implants over each row, the well of the p-types, and npc over the gates' contacts."""
    half, width = TAP_NM // 2 + AROUND_NM, plan.width
    draw_rail(drawing, 0, width, AXIS_NM)
    drawing.box(Layer.PSDM, -AROUND_NM, AXIS_NM - half, width + AROUND_NM, AXIS_NM + half)
    for band in plan.bands:
        diff = hull(placed.diff for placed in band.chains)
        implant = Layer.PSDM if band.is_p else Layer.NSDM
        left, right = (diff.left - AROUND_NM, diff.right + AROUND_NM) if plan.rows.alone else (0, width)
        drawing.box(implant, left, diff.bottom - AROUND_NM, right, diff.top + AROUND_NM)
    if plan.rows.p:
        _well(drawing, plan)
    whole = hull(placed.diff for band in plan.bands for placed in band.chains)
    left, right = (whole.left, whole.right) if plan.rows.alone else (0, width)
    for low, high in _npc(plan):
        drawing.box(Layer.NPC, left, low - NPC_NM, right, high + NPC_NM)


def _well(drawing: Drawing, plan: RowsPlan) -> None:
    half, width = TAP_NM // 2, plan.width
    draw_rail(drawing, 0, width, plan.top)
    around, high = half + AROUND_NM, plan.top + half + WELL_NM
    drawing.box(Layer.NSDM, -AROUND_NM, plan.top - around, width + AROUND_NM, plan.top + around)
    rows = [hull(placed.diff for placed in band.chains) for band in plan.bands if band.is_p]
    low = min(diff.bottom for diff in rows) - rules.NWELL_ENCLOSES_PDIFF.value_nm
    if not plan.rows.alone:
        drawing.box(Layer.NWELL, -WELL_NM, low, width + WELL_NM, high)
        return
    drawing.box(Layer.NWELL, -WELL_NM, high - rules.NWELL_WIDTH.value_nm, width + WELL_NM, high)
    for diff in rows:
        right = diff.right + WELL_NM
        right = right if width - right >= rules.NWELL_SPACE.value_nm + WELL_NM else width + WELL_NM
        drawing.box(Layer.NWELL, -WELL_NM, diff.bottom - rules.NWELL_ENCLOSES_PDIFF.value_nm, right, high)


def _npc(plan: RowsPlan) -> Iterator[tuple[int, int]]:
    """From the lowest to the highest middle of contacts of gates that are too close for two pieces."""
    ys = [band.pad_y for band in plan.bands]
    low = ys[0]
    for y, after in zip(ys, [*ys[1:], None], strict=True):
        if after is None or after - y - 2 * NPC_NM >= rules.NPC_SPACE.value_nm:
            yield low, y
            low = after if after is not None else y


def _chain(drawing: Drawing, placed: PlacedChain, band: Band) -> None:
    drawing.add(Layer.DIFF, placed.diff)
    if placed.chain.low_threshold:
        drawing.add(Layer.LVTN, hull(_channels(placed)).enlarged(MARK_NM, MARK_NM))
    for channel in _channels(placed):
        pad = band.pad_y + (-1 if band.is_p else 1) * (PAD_LENGTH_NM // 2)
        low, high = (pad, channel.top + END_NM) if band.is_p else (channel.bottom - END_NM, pad)
        drawing.box(Layer.POLY, channel.left, low, channel.right, high)
        if channel.width() < PAD_NM:
            left = channel.center().x - PAD_NM // 2
            left -= left % 5
            drawing.box(
                Layer.POLY, left, band.pad_y - PAD_LENGTH_NM // 2, left + PAD_NM, band.pad_y + PAD_LENGTH_NM // 2
            )


def _channels(placed: PlacedChain) -> Iterator[Box]:
    for left in placed.gate_left:
        yield Box(left, placed.diff.bottom, left + placed.chain.l_nm, placed.diff.top)


def _terminal(drawing: Drawing, plan: RowsPlan, k: int, terminal: Terminal) -> None:
    """Contacts under li1; where the net goes on, the met1 over them to its track or rail."""
    cuts = _contacts(drawing, terminal)
    drawing.add(Layer.LI1, cuts.enlarged(0, rules.LI_ENCLOSES_LICON_ENDS.value_nm))
    track, x = plan.track_of(terminal.net, k), terminal.x
    to_rail = plan.on_rail(terminal.net, k) or plan.is_straight(terminal.net, k, x)
    if track is None and not to_rail:
        return
    metal = _mcons(drawing, terminal, cuts)
    if track is None or to_rail:
        rail = AXIS_NM if terminal.net == VSS else plan.top
        low, high = min(metal.bottom, rail), max(metal.top, rail)
        drawing.box(Layer.MET1, x - COLUMN_NM // 2, low, x - COLUMN_NM // 2 + COLUMN_NM, high)
        return
    low, high = min(metal.bottom, track.y - VIA_END_NM), max(metal.top, track.y + VIA_END_NM)
    grow = max(0, LEAST_COLUMN_NM - (high - low)) // 2 // 10 * 10 + 10
    if high - low < LEAST_COLUMN_NM:
        low, high = low - grow, high + grow
    drawing.box(Layer.MET1, x - COLUMN_NM // 2, low, x - COLUMN_NM // 2 + COLUMN_NM, high)
    _via(drawing, x, track.y)


def _contacts(drawing: Drawing, terminal: Terminal) -> Box:
    if terminal.is_gate:
        return drawing.add(Layer.LICON, _square(terminal.x, terminal.bottom, CUT_NM))
    inset, left = rules.DIFF_ENCLOSES_LICON_ENDS.value_nm, terminal.x - HALF_CUT_NM
    where = Box(left, terminal.bottom + inset, left + CUT_NM, terminal.top - inset)
    return hull(drawing.cuts(Layer.LICON, where, CUT_NM, rules.LICON_SPACE.value_nm))


def _mcons(drawing: Drawing, terminal: Terminal, cuts: Box) -> Box:
    """Draws what joins the li1 over `cuts` to met1; returns the met1 that it needs."""
    mcons = hull(drawing.cuts(Layer.MCON, cuts, MCON.size_nm, MCON.space_nm))
    return mcons.enlarged(MCON.above.around_nm, MCON.above.ends_nm)


def _via(drawing: Drawing, x: int, y: int) -> None:
    drawing.add(Layer.VIA, _square(x, y, VIA.size_nm))
    half = COLUMN_NM // 2
    drawing.box(Layer.MET1, x - half, y - VIA_END_NM, x + half, y + VIA_END_NM)


def _met2(plan: RowsPlan, track: Track) -> Box:
    """The metal of a track: past the vias at both ends, which is no less than the least area, or to the cell's edge."""
    left, right = max(0, track.left - TRACK_PAST_NM), min(plan.width, track.right + TRACK_PAST_NM)
    box = track_box(left, right, track.y)
    return box


def _link(drawing: Drawing, plan: RowsPlan, net: str, x: int) -> None:
    """The column of a net that lies in several rows, with a via on each of its tracks."""
    ys = [track.y for track in plan.tracks if track.net == net]
    for y in ys:
        _via(drawing, x, y)
    ends = [y - VIA_END_NM for y in ys] + [y + VIA_END_NM for y in ys]
    if net == VSS:
        ends.append(AXIS_NM)
    if net == VDD and plan.rows.p:
        ends.append(plan.top)
    drawing.box(Layer.MET1, x - COLUMN_NM // 2, min(ends), x - COLUMN_NM // 2 + COLUMN_NM, max(ends))


def _names(drawing: Drawing, plan: RowsPlan) -> None:
    """Writes the name of every net inside on one of its tracks, or on its one contact: extraction asks for it."""
    known = {*plan.rows.ports, *plan.rows.reach, VSS, *([VDD] if plan.rows.p else [])}
    for track in plan.tracks:
        if track.net not in known:
            drawing.text(Layer.MET2.label, track.net, (track.left + track.right) // 2, track.y)
            known.add(track.net)
    for terminal in (t for band in plan.bands for t in band.terminals):
        if terminal.net not in known:
            drawing.text(Layer.LI1.label, terminal.net, terminal.x, (terminal.bottom + terminal.top) // 2)
            known.add(terminal.net)


def _pins(plan: RowsPlan) -> Iterator[Pin]:
    for net in plan.rows.ports:
        track = plan.leaving_track(net)
        if track is None:
            raise ValueError(f"no track of the port {net}")
        yield Pin(net, Layer.MET2, _met2(plan, track))
    for net, y in ((VSS, AXIS_NM), (VDD, plan.top)):
        if net == VSS or plan.rows.p:
            yield Pin(net, Layer.MET1, Box(0, y - RAIL_NM // 2, plan.width, y + RAIL_NM // 2), SUPPLY_USE[net])


def _square(x: int, y: int, size: int) -> Box:
    left, bottom = x - size // 2, y - size // 2
    left, bottom = left // 5 * 5, bottom // 5 * 5
    return Box(left, bottom, left + size, bottom + size)
