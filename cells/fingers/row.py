"""A row of transistor fingers in a guard ring: diffusion islands, gates, contacts, met1 columns to buses on met2.

Every finger is wired alike: the source/drain columns all reach past the last bus below, the gate columns past the last
bus above, whatever bus they tap, so that two interdigitated devices see the same met1. Only the vias tell them apart.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing, hull, spread
from analoom.cells.parts.guard_ring import RING_NM, guard_ring
from analoom.cells.parts.spacings import Spacings, spacings
from analoom.pdk import rules
from analoom.pdk.devices import MosDevice
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer, Marker
from analoom.pdk.units import snap_up, to_um
from analoom.pdk.wire_levels import LI1, MCON, MET1, MET2, VIA, VIA2, bus_nm

BUS_NM = bus_nm(VIA, VIA2)
"""Met2 buses: any column may have its via on any bus, and a router meets each from above by a via2."""
BUS_PITCH_NM = BUS_NM + MET2.space_nm
COLUMN_NM = VIA.below.short_nm
"""Met1 columns: as wide as a via asks, not as met1 may be narrow (m1.1)."""
VIA_IN_BUS_NM = (BUS_NM - VIA.size_nm) // 2
COLUMN_PAST_BUS_NM = VIA.below.ends_nm - VIA_IN_BUS_NM
BUS_PAST_COLUMN_NM = VIA.above.ends_nm - VIA.below.around_nm
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

    Buses are named from the fingers outward. A net may have several: each finger then reaches all of them. A bus on
    `body` is tied to the ring at both its sides. `pads_apart` keeps room between the pads of all gates, as where the
    nets of neighbours differ.
    """

    device: MosDevice
    w_nm: int
    l_nm: int
    islands: Sequence[Island]
    gate_buses: tuple[str, ...]
    drain_buses: tuple[str, ...]
    body: str = "b"
    pads_apart: bool = False

    @property
    def spacings(self) -> Spacings:
        """Between its diffusions, taps and wells."""
        return spacings(self.device.is_thick)


@dataclass(frozen=True)
class DrawnFingers:
    """What was drawn (nm): the outer box of the ring, and each gate's net with its channel, left to right."""

    ring: Box
    gates: tuple[tuple[str, Box], ...]


@dataclass(frozen=True)
class _Finger:
    net: str
    box: Box


@dataclass(frozen=True)
class _Region:
    net: str
    contact_left: int


def draw_fingers(drawing: Drawing, row: FingerRow, ring: Box) -> DrawnFingers:
    """Draws the fingers and a guard ring around `ring`; the buses are the caller's."""
    fingers, regions, diffusions = _place(row)
    for diffusion in diffusions:
        drawing.add(Layer.DIFF, diffusion)
    _marks(drawing, row, hull(diffusions))
    outer = guard_ring(drawing, ring, n_tap=row.device.is_p, within=row.spacings)
    _gates(drawing, row, fingers, ring)
    _columns(drawing, row, regions)
    return DrawnFingers(outer, tuple((f.net, f.box) for f in fingers))


def ring_inner(row: FingerRow) -> Box:
    """What the guard ring lies around, in nm. Raises SpecError for a finger beyond the reach of its taps (LU.2)."""
    _refuse_unreachable(row)
    diffusion, side = hull(_place(row)[2]), row.spacings.diff_to_ring
    if row.device.threshold:
        side = max(side, rules.LVTN_ENCLOSES_GATE.value_nm)
    return Box(diffusion.left - side, _ring_bottom(row), diffusion.right + side, _ring_top(row))


def pitch_nm(row: FingerRow) -> tuple[int, int]:
    """From finger to finger in one diffusion, and from row to row where rows share the bars of their rings."""
    return row.l_nm + _region_nm(row), ring_inner(row).height() + RING_NM


def bus_levels(row: FingerRow) -> list[tuple[str, int]]:
    """Net and bottom (nm) of every bus: those of gates, then those of drains, each from the fingers outward."""
    gates = [(net, _gate_bus_y(row, k)) for k, net in enumerate(row.gate_buses)]
    return gates + [(net, _drain_bus_y(k)) for k, net in enumerate(row.drain_buses)]


def gates_differ(row: FingerRow) -> bool:
    """Whether gates of different nets stand side by side over one diffusion."""
    return any(a != b for island in row.islands for a, b in pairwise(island.gates))


def _region_nm(row: FingerRow) -> int:
    """Gate-to-gate distance over a contact that keeps every gate on the cut grid; more where poly pads must part."""
    need = GATE_TO_LICON_NM + rules.LICON_SIZE.value_nm + rules.DIFF_LICON_TO_GATE.value_nm
    if row.pads_apart or gates_differ(row):
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
    return max(row.spacings.diff, pads)


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
    """Implant over all islands, the layer that marks the threshold, and the tip implant of n-types of thick oxide."""
    by = rules.IMPLANT_ENCLOSES_DIFF.value_nm
    drawing.add(Layer.PSDM if row.device.is_p else Layer.NSDM, diffusion.enlarged(by, by))
    if row.device.threshold:
        by = rules.LVTN_ENCLOSES_GATE.value_nm
        drawing.add(row.device.threshold, diffusion.enlarged(by, by))
    if row.device.is_thick and not row.device.is_p:
        by = rules.HVNTM_MARGIN_NM
        drawing.add(Marker.HVNTM, diffusion.enlarged(by, by))


def _licon_y(row: FingerRow) -> int:
    """Bottom of the gate contacts: clear of the diffusion, of its psdm, and of the li1 over the drain contacts."""
    li = LI1.space_nm + 2 * rules.LI_ENCLOSES_LICON_ENDS.value_nm - rules.DIFF_ENCLOSES_LICON_ENDS.value_nm
    clear = max(rules.POLY_LICON_TO_DIFF.value_nm, li)
    if row.device.is_p:
        clear = max(clear, rules.IMPLANT_ENCLOSES_DIFF.value_nm + rules.POLY_LICON_TO_PSDM.value_nm)
    return snap_up(row.w_nm + clear, CUT_GRID_NM)


def _gate_bus_y(row: FingerRow, k: int) -> int:
    """The first as low as a column, which starts at its contact, takes a via."""
    via = snap_up(_licon_y(row) - MCON.above.ends_nm + VIA.below.ends_nm, CUT_GRID_NM)
    return via - VIA_IN_BUS_NM + k * BUS_PITCH_NM


def _drain_bus_y(k: int) -> int:
    return -rules.POLY_PAST_DIFF.value_nm - BUS_NM - k * BUS_PITCH_NM


def _gate_top(row: FingerRow) -> int:
    return _gate_bus_y(row, len(row.gate_buses) - 1) + BUS_NM + COLUMN_PAST_BUS_NM


def _drain_bottom(row: FingerRow) -> int:
    return _drain_bus_y(len(row.drain_buses) - 1) - COLUMN_PAST_BUS_NM


def _ring_top(row: FingerRow) -> int:
    """Where the ring may start above: off the columns' met1, and off the li1 on the gates' contacts."""
    li1 = _licon_y(row) + rules.LICON_SIZE.value_nm + rules.LI_ENCLOSES_LICON_ENDS.value_nm
    return max(_gate_top(row) + MET1.space_nm, li1 + LI1.space_nm)


def _ring_bottom(row: FingerRow) -> int:
    return _drain_bottom(row) - MET1.space_nm


def _refuse_unreachable(row: FingerRow) -> None:
    """LU.2/LU.3: every point of the diffusion within reach of the ring's upper or lower bar."""
    most_nm = 2 * rules.TAP_REACH.value_nm - (_ring_top(row) - row.w_nm) + _ring_bottom(row)
    if row.w_nm > most_nm:
        bound, fix = f"at most {to_um(most_nm):g} um a finger (raise nf)", to_um(most_nm)
        raise SpecError("w", to_um(row.w_nm), bound, rules.TAP_REACH.id, fix=fix)


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
    drawing.box(Layer.MET1, x, bottom - MCON.above.ends_nm, x + COLUMN_NM, _gate_top(row))
    for k in _places(row.gate_buses, finger.net):
        draw_via(drawing, x, _gate_bus_y(row, k))


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
        mcons = hull(drawing.cuts(Layer.MCON, inner, size, MCON.space_nm))
        drawing.add(Layer.LI1, hull((licons.enlarged(0, rules.LI_ENCLOSES_LICON_ENDS.value_nm), mcons)))
        left = x - (COLUMN_NM - size) // 2
        drawing.box(Layer.MET1, left, _drain_bottom(row), left + COLUMN_NM, row.w_nm - 10)
        for k in _places(row.drain_buses, region.net):
            draw_via(drawing, left, _drain_bus_y(k))


def draw_via(drawing: Drawing, column_left: int, bus_bottom: int) -> None:
    """The via between a met1 column and a met2 bus."""
    x, y = column_left + VIA.below.around_nm, bus_bottom + VIA_IN_BUS_NM
    drawing.box(Layer.VIA, x, y, x + VIA.size_nm, y + VIA.size_nm)


def _places(buses: Sequence[str], net: str) -> list[int]:
    """Where a net's buses are in the order of all; ValueError for a net without one."""
    found = [k for k, name in enumerate(buses) if name == net]
    if not found:
        raise ValueError(f"no bus for {net}")
    return found
