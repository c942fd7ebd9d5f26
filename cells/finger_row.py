"""A row of transistor fingers: diffusion islands, gates, contacts, and met2 buses above and below.

Every finger is wired alike: the source/drain columns all reach past the last bus below, the gate columns past the last
bus above, whatever bus they tap, so that two interdigitated devices see the same met1. Only the vias tell them apart.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from analoom.pdk import rules
from analoom.pdk.devices import MosDevice
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up, to_um

from .cell import Pin, draw_pin
from .draw import CUT_GRID_NM, Box, Drawing, hull, spread
from .guard_ring import RING_NM, bars, guard_ring

BUS_NM = rules.VIA_SIZE.value_nm + 2 * rules.MET2_ENCLOSES_VIA.value_nm
BUS_PITCH_NM = BUS_NM + rules.MET2_SPACE.value_nm
COLUMN_NM = rules.VIA_SIZE.value_nm + 2 * rules.MET1_ENCLOSES_VIA.value_nm
COLUMN_PAST_BUS_NM = rules.MET1_ENCLOSES_VIA_ENDS.value_nm - rules.MET2_ENCLOSES_VIA.value_nm
VIA_TO_GRID_NM = rules.MET2_ENCLOSES_VIA.value_nm % CUT_GRID_NM
PAD_NM = rules.LICON_SIZE.value_nm + 2 * rules.POLY_ENCLOSES_LICON.value_nm
GATE_TO_LICON_NM = snap_up(rules.DIFF_LICON_TO_GATE.value_nm, CUT_GRID_NM)
END_NM = GATE_TO_LICON_NM + rules.LICON_SIZE.value_nm + rules.DIFF_ENCLOSES_LICON.value_nm
MOST_FINGERS = 1024
"""Fingers in one row: 1,024 of minimum length are 0.5 mm wide, beyond what one row of a macro can use."""


@dataclass(frozen=True)
class Island:
    """One diffusion: the nets of its source/drain regions and of the gates between them (one fewer)."""

    regions: tuple[str, ...]
    gates: tuple[str, ...]


@dataclass(frozen=True)
class FingerRow:
    """What to draw. `w_nm` and `l_nm` are of one finger; gates on net `body` are dummies, tied to the ring in li1.

    Buses are named from the fingers outward. A net may have several: each finger then reaches all of them. A gate bus
    on `body` is tied to the ring at both ends; a net with buses on both sides has them joined outside the ring.
    """

    device: MosDevice
    w_nm: int
    l_nm: int
    islands: Sequence[Island]
    gate_buses: tuple[str, ...]
    drain_buses: tuple[str, ...]
    body: str = "b"


@dataclass(frozen=True)
class DrawnRow:
    """What was drawn: pins, and each gate's net with its channel box (nm), left to right."""

    pins: tuple[Pin, ...]
    gates: tuple[tuple[str, Box], ...]


@dataclass(frozen=True)
class _Finger:
    net: str
    box: Box


@dataclass(frozen=True)
class _Region:
    net: str
    contact_left: int


def draw_row(drawing: Drawing, row: FingerRow) -> DrawnRow:
    """Draws the row with guard ring and pins. Raises SpecError when a finger is too wide for its taps (LU.2)."""
    _refuse_unreachable(row)
    fingers, regions, diffusions = _place(row)
    for diffusion in diffusions:
        drawing.add(Layer.DIFF, diffusion)
    _marks(drawing, row, hull(diffusions))
    ring = _ring_inner(row, hull(diffusions))
    outer = guard_ring(drawing, ring, n_tap=row.device.is_p)
    _gates(drawing, row, fingers, ring)
    _columns(drawing, row, regions)
    pins = [*_buses(drawing, row, outer), draw_pin(drawing, Pin(row.body, Layer.MET1, bars(ring)[0], _body_use(row)))]
    return DrawnRow(tuple(pins), tuple((f.net, f.box) for f in fingers))


def _body_use(row: FingerRow) -> Literal["power", "ground"]:
    return "power" if row.device.is_p else "ground"


def _region_nm(row: FingerRow) -> int:
    """Gate-to-gate distance over a contact that keeps every gate on the cut grid; more where poly pads must part."""
    need = GATE_TO_LICON_NM + rules.LICON_SIZE.value_nm + rules.DIFF_LICON_TO_GATE.value_nm
    if any(a != b for island in row.islands for a, b in pairwise(island.gates)):
        need = max(need, rules.POLY_SPACE.value_nm + 2 * _overhang_nm(row))
    return snap_up(row.l_nm + need, CUT_GRID_NM) - row.l_nm


def _overhang_nm(row: FingerRow) -> int:
    """How far the poly pad of a gate reaches past it, on the wider side."""
    lefts, side = _gate_cuts(Box(0, 0, row.l_nm, 0)), rules.POLY_ENCLOSES_LICON.value_nm
    return max(0, side - lefts[0], lefts[-1] + rules.LICON_SIZE.value_nm + side - row.l_nm)


def _gate_cuts(gate: Box) -> list[int]:
    """Left edges of the poly contacts of a gate: along it, or one centred where it is short."""
    side, size = rules.POLY_ENCLOSES_LICON.value_nm, rules.LICON_SIZE.value_nm
    if gate.width() < PAD_NM:
        return [_centred(gate, size)]
    return spread(gate.left + side, gate.right - side, size, rules.LICON_SPACE.value_nm)


def _gap_nm(row: FingerRow) -> int:
    """Between islands: the diffusion rule, or what lets the gate pads at both ends keep their distance."""
    pads = rules.POLY_SPACE.value_nm + 2 * _overhang_nm(row) - 2 * END_NM
    return max(rules.DIFF_SPACE.value_nm, pads)


def _place(row: FingerRow) -> tuple[list[_Finger], list[_Region], list[Box]]:
    fingers, regions, diffusions, x = [], [], [], 0
    for island in row.islands:
        left, gap = x, _region_nm(row)
        regions.append(_Region(island.regions[0], x + rules.DIFF_ENCLOSES_LICON.value_nm))
        x += END_NM
        for k, net in enumerate(island.gates):
            fingers.append(_Finger(net, Box(x, 0, x + row.l_nm, row.w_nm)))
            x += row.l_nm
            contact = _contact_left(x, gap if k + 1 < len(island.gates) else None)
            regions.append(_Region(island.regions[k + 1], contact))
            x += gap
        right = regions[-1].contact_left + rules.LICON_SIZE.value_nm + rules.DIFF_ENCLOSES_LICON.value_nm
        diffusions.append(Box(left, 0, right, row.w_nm))
        x = snap_up(right + _gap_nm(row), CUT_GRID_NM)
    return fingers, regions, diffusions


def _contact_left(gate_right: int, gap: int | None) -> int:
    """Where the contact right of a gate starts: centred before another gate, at rule distance at an island's end."""
    inset = rules.DIFF_LICON_TO_GATE.value_nm if gap is None else (gap - rules.LICON_SIZE.value_nm) // 2
    return snap_up(gate_right + inset - (0 if gap is None else CUT_GRID_NM // 2), CUT_GRID_NM)


def _marks(drawing: Drawing, row: FingerRow, diffusion: Box) -> None:
    """Implant over all islands, and the layer that marks the threshold."""
    by = rules.IMPLANT_ENCLOSES_DIFF.value_nm
    drawing.add(Layer.PSDM if row.device.is_p else Layer.NSDM, diffusion.enlarged(by, by))
    if row.device.threshold:
        by = rules.LVTN_ENCLOSES_GATE.value_nm
        drawing.add(row.device.threshold, diffusion.enlarged(by, by))


def _licon_y(row: FingerRow) -> int:
    """Bottom of the gate contacts: clear of the diffusion, of its psdm, and of the li1 over the drain contacts."""
    li = rules.LI_SPACE.value_nm + 2 * rules.LI_ENCLOSES_LICON_ENDS.value_nm - rules.DIFF_ENCLOSES_LICON_ENDS.value_nm
    clear = max(rules.POLY_LICON_TO_DIFF.value_nm, li)
    if row.device.is_p:
        clear = max(clear, rules.IMPLANT_ENCLOSES_DIFF.value_nm + rules.POLY_LICON_TO_PSDM.value_nm)
    return snap_up(row.w_nm + clear, CUT_GRID_NM)


def _gate_bus_y(row: FingerRow, k: int) -> int:
    return _licon_y(row) - VIA_TO_GRID_NM + k * BUS_PITCH_NM


def _drain_bus_y(k: int) -> int:
    return -rules.POLY_PAST_DIFF.value_nm - BUS_NM - VIA_TO_GRID_NM - k * BUS_PITCH_NM


def _gate_top(row: FingerRow) -> int:
    return _gate_bus_y(row, len(row.gate_buses) - 1) + BUS_NM + COLUMN_PAST_BUS_NM


def _drain_bottom(row: FingerRow) -> int:
    return _drain_bus_y(len(row.drain_buses) - 1) - COLUMN_PAST_BUS_NM


def _ring_inner(row: FingerRow, diffusion: Box) -> Box:
    side, clear = rules.DIFF_SPACE.value_nm, rules.MET1_SPACE.value_nm
    if row.device.threshold:
        side = max(side, rules.LVTN_ENCLOSES_GATE.value_nm)
    return Box(diffusion.left - side, _drain_bottom(row) - clear, diffusion.right + side, _gate_top(row) + clear)


def _refuse_unreachable(row: FingerRow) -> None:
    """LU.2/LU.3: every point of the diffusion within reach of the ring's upper or lower bar."""
    most_nm = 2 * rules.TAP_REACH.value_nm - (_gate_top(row) - row.w_nm) + _drain_bottom(row)
    most_nm -= 2 * rules.MET1_SPACE.value_nm
    if row.w_nm > most_nm:
        raise SpecError("w", to_um(row.w_nm), f"at most {to_um(most_nm):g} um a finger (raise nf)", rules.TAP_REACH.id)


def _gates(drawing: Drawing, row: FingerRow, fingers: Sequence[_Finger], ring: Box) -> None:
    licon_y, end = _licon_y(row), rules.POLY_PAST_DIFF.value_nm
    for finger in fingers:
        drawing.box(Layer.POLY, finger.box.left, -end, finger.box.right, licon_y)
    pads = [_pad(row, f) for f in fingers]
    for pad in pads:
        drawing.add(Layer.POLY, pad)
    for (a, pad_a), (b, pad_b) in pairwise(zip(fingers, pads, strict=True)):
        if a.net == b.net and b.box.left - a.box.right <= _region_nm(row):
            drawing.box(Layer.POLY, pad_a.left, pad_a.bottom, pad_b.right, pad_b.top)
    by = rules.NPC_ENCLOSES_LICON.value_nm - rules.POLY_ENCLOSES_LICON.value_nm
    up = rules.NPC_ENCLOSES_LICON.value_nm
    top = licon_y + rules.LICON_SIZE.value_nm
    drawing.box(Layer.NPC, pads[0].left - by, licon_y - up, pads[-1].right + by, top + up)
    for finger in fingers:
        _gate_contact(drawing, row, finger, ring)


def _pad(row: FingerRow, finger: _Finger) -> Box:
    up, bottom = rules.POLY_ENCLOSES_LICON_ENDS.value_nm, _licon_y(row)
    over = _overhang_nm(row)
    top = bottom + rules.LICON_SIZE.value_nm + up
    return Box(finger.box.left - over, bottom - up, finger.box.right + over, top)


def _gate_contact(drawing: Drawing, row: FingerRow, finger: _Finger, ring: Box) -> None:
    """Contacts a gate; right of the middle as the mirror image of the left, as far as the cut grid allows."""
    size, mirrored = rules.LICON_SIZE.value_nm, finger.box.center().x > ring.center().x
    bottom = _licon_y(row)
    lefts = _mirrored(finger.box, _gate_cuts(finger.box), mirrored)
    cuts = hull(drawing.box(Layer.LICON, x, bottom, x + size, bottom + size) for x in lefts)
    li = drawing.add(Layer.LI1, cuts.enlarged(0, rules.LI_ENCLOSES_LICON_ENDS.value_nm))
    if finger.net == row.body:
        drawing.add(Layer.LI1, Box(ring.right if mirrored else ring.left, li.bottom, li.center().x, li.top))
        return
    mcon_x = _mirrored(finger.box, [_centred(finger.box, size)], mirrored)[0]
    x = mcon_x - (COLUMN_NM - size) // 2
    drawing.box(Layer.MCON, mcon_x, bottom, mcon_x + size, bottom + size)
    drawing.box(Layer.MET1, x, bottom - rules.MET1_ENCLOSES_MCON_ENDS.value_nm, x + COLUMN_NM, _gate_top(row))
    for k in _places(row.gate_buses, finger.net):
        _via(drawing, x, _gate_bus_y(row, k))


def _mirrored(gate: Box, lefts: Sequence[int], mirrored: bool) -> list[int]:
    """Left edges of cuts, mirrored in the gate when asked and when the gate's middle lets them stay on the grid."""
    twice_middle = gate.left + gate.right
    if not mirrored or twice_middle % CUT_GRID_NM:
        return list(lefts)
    return sorted(twice_middle - x - rules.LICON_SIZE.value_nm for x in lefts)


def _centred(box: Box, size_nm: int) -> int:
    return (box.left + box.right - size_nm) // 2 // CUT_GRID_NM * CUT_GRID_NM


def _columns(drawing: Drawing, row: FingerRow, regions: Sequence[_Region]) -> None:
    for region in regions:
        x, size = region.contact_left, rules.LICON_SIZE.value_nm
        clear = rules.DIFF_ENCLOSES_LICON_ENDS.value_nm
        where = Box(x, clear, x + size, row.w_nm - clear)
        licons = hull(drawing.cuts(Layer.LICON, where, size, rules.LICON_SPACE.value_nm))
        inset = clear + 10
        inner = Box(x, inset, x + size, row.w_nm - inset)
        mcons = hull(drawing.cuts(Layer.MCON, inner, size, rules.MCON_SPACE.value_nm))
        drawing.add(Layer.LI1, hull((licons.enlarged(0, rules.LI_ENCLOSES_LICON_ENDS.value_nm), mcons)))
        left = x - (COLUMN_NM - size) // 2
        drawing.box(Layer.MET1, left, _drain_bottom(row), left + COLUMN_NM, row.w_nm - 10)
        for k in _places(row.drain_buses, region.net):
            _via(drawing, left, _drain_bus_y(k))


def _via(drawing: Drawing, column_left: int, bus_bottom: int) -> None:
    x, y = column_left + rules.MET1_ENCLOSES_VIA.value_nm, bus_bottom + rules.MET2_ENCLOSES_VIA.value_nm
    drawing.box(Layer.VIA, x, y, x + rules.VIA_SIZE.value_nm, y + rules.VIA_SIZE.value_nm)


def _places(buses: Sequence[str], net: str) -> list[int]:
    """Where a net's buses are in the order of all; ValueError for a net without one."""
    found = [k for k, name in enumerate(buses) if name == net]
    if not found:
        raise ValueError(f"no bus for {net}")
    return found


def _buses(drawing: Drawing, row: FingerRow, outer: Box) -> Iterator[Pin]:
    places = [(net, _gate_bus_y(row, k)) for k, net in enumerate(row.gate_buses)]
    places += [(net, _drain_bus_y(k)) for k, net in enumerate(row.drain_buses)]
    for net, y in places:
        bus = drawing.box(Layer.MET2, outer.left, y, outer.right, y + BUS_NM)
        if net == row.body:
            _tie(drawing, bus)
        else:
            yield draw_pin(drawing, Pin(net, Layer.MET2, bus))
    for order, net in enumerate(n for n in dict.fromkeys(row.gate_buses) if n in row.drain_buses):
        _join(drawing, outer, [y for name, y in places if name == net], order)


def _tie(drawing: Drawing, bus: Box) -> None:
    """Vias from a bus on the body down to the ring's left and right bar."""
    inset = (RING_NM - rules.VIA_SIZE.value_nm) // 2 // CUT_GRID_NM * CUT_GRID_NM - rules.MET1_ENCLOSES_VIA.value_nm
    for left in (bus.left + inset, bus.right - inset - COLUMN_NM):
        _via(drawing, left, bus.bottom)
    drawing.add(Layer.MET2, bus.enlarged(COLUMN_PAST_BUS_NM, 0))


def _join(drawing: Drawing, outer: Box, levels: Sequence[int], order: int) -> None:
    """Met1 outside the ring that joins a net's buses on both sides of the fingers."""
    clear = snap_up(rules.MET1_SPACE.value_nm, CUT_GRID_NM) + order * (COLUMN_NM + rules.MET1_SPACE.value_nm)
    left = (
        snap_up(outer.right + clear + rules.MET1_ENCLOSES_VIA.value_nm, CUT_GRID_NM) - rules.MET1_ENCLOSES_VIA.value_nm
    )
    low, high = min(levels) - COLUMN_PAST_BUS_NM, max(levels) + BUS_NM + COLUMN_PAST_BUS_NM
    drawing.box(Layer.MET1, left, low, left + COLUMN_NM, high)
    for y in levels:
        drawing.box(Layer.MET2, outer.right - BUS_NM, y, left + COLUMN_NM + COLUMN_PAST_BUS_NM, y + BUS_NM)
        _via(drawing, left, y)
