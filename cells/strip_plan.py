"""A strip of CMOS: a row of n transistors below a row of p transistors, planned as columns on met1 and tracks on met2.

Both rows are walked from the left: at a region the sources and drains of both have a contact above each other, between
regions the gates. A gate that is one net for both rows is one piece of poly; two nets get a contact each. Every contact
has a met1 column of its own, so only tracks have to be found, and the order in which two columns on one x stand.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count

from analoom.pdk import rules
from analoom.pdk.units import GRID_NM, snap_up

from .draw import CUT_GRID_NM, Box, spread
from .strip_tracks import Column, Net, assign

VDD, VSS = "vdd", "vss"
CUT_NM = rules.LICON_SIZE.value_nm
HALF_CUT_NM = CUT_NM // 2
AXIS_NM = HALF_CUT_NM % CUT_GRID_NM
"""Middles of cuts and of the rails lie this far off the cut grid, so that a strip turned over a rail stays on it."""

COLUMN_NM = rules.MET1_WIDTH.value_nm
VIA_PAD_NM = rules.VIA_SIZE.value_nm + 2 * rules.MET1_ENCLOSES_VIA.value_nm
VIA_END_NM = rules.VIA_SIZE.value_nm // 2 + rules.MET1_ENCLOSES_VIA_ENDS.value_nm
"""From the middle of a via to the end of met1 along its column, and to that of met2 along its track."""
CUT_END_NM = HALF_CUT_NM + rules.MET1_ENCLOSES_MCON_ENDS.value_nm
PITCH_NM = snap_up(VIA_PAD_NM + rules.MET1_SPACE.value_nm, CUT_GRID_NM)
"""From column to column: the pads of two vias side by side."""

TRACK_NM = snap_up(rules.VIA2_SIZE.value_nm + 2 * rules.MET2_ENCLOSES_VIA2.value_nm + 2 * AXIS_NM)
"""Width of a track: wide enough for a via2 that is not quite in its middle, as via and via2 keep to one grid."""
TRACK_PITCH_NM = snap_up(TRACK_NM + rules.MET2_SPACE.value_nm, CUT_GRID_NM)

RAIL_NM = 400
"""Width of a supply on met1: more than its contacts need, as it feeds a whole row."""
TAP_NM = CUT_NM + 2 * rules.DIFF_ENCLOSES_LICON_ENDS.value_nm
TAP_TO_DIFF_NM = snap_up(rules.DIFF_SPACE.value_nm + AXIS_NM, CUT_GRID_NM) - AXIS_NM
FIRST_TRACK_NM = snap_up(RAIL_NM // 2 + rules.MET1_SPACE.value_nm + VIA_END_NM, CUT_GRID_NM)
"""From a rail to the closest track with a via."""

PAD_NM = CUT_NM + 2 * rules.POLY_ENCLOSES_LICON.value_nm
PAD_LENGTH_NM = CUT_NM + 2 * rules.POLY_ENCLOSES_LICON_ENDS.value_nm
DIFF_END_NM = HALF_CUT_NM + rules.DIFF_ENCLOSES_LICON.value_nm
_PAD_CLEAR_NM = max(
    rules.POLY_LICON_TO_DIFF.value_nm, rules.IMPLANT_ENCLOSES_DIFF.value_nm + rules.POLY_LICON_TO_PSDM.value_nm
)
PAD_FROM_DIFF_NM = snap_up(_PAD_CLEAR_NM + HALF_CUT_NM + AXIS_NM, CUT_GRID_NM) - AXIS_NM
"""From the edge of the diffusion to a gate's contact, as the p row needs it: both rows are mirror images."""
PADS_NM = max(
    PAD_LENGTH_NM + rules.POLY_SPACE.value_nm,
    CUT_NM + 2 * rules.LI_ENCLOSES_LICON_ENDS.value_nm + rules.LI_SPACE.value_nm,
)
"""Between the contacts of two gates above each other."""
MOST_TRACKS = 12
"""A strip that needs more has no order of tracks at all, or should be two."""


@dataclass(frozen=True)
class Gate:
    """Nets of the n and of the p gate. `crossed` sets them side by side, so that the n gate's net may lie above."""

    n: str
    p: str
    crossed: bool = False


def both(net: str) -> Gate:
    """One gate for both rows."""
    return Gate(net, net)


@dataclass(frozen=True)
class Island:
    """Diffusions of both rows: (n net, p net) of each region, or None where two transistors in series need no contact.

    `w_nm` is the width of each transistor of both rows.
    """

    regions: tuple[tuple[str, str] | None, ...]
    gates: tuple[Gate, ...]
    w_nm: int
    l_nm: int


@dataclass(frozen=True)
class Strip:
    """What to draw. `across` run from edge to edge, `along` nearly so; `ends` share a track, left and right of it.

    `order` fixes the net of each track from the lowest up, None for one that stays free; () leaves it to a search.
    """

    islands: tuple[Island, ...]
    across: tuple[str, ...] = ()
    along: tuple[str, ...] = ()
    ends: tuple[str, str] | None = None
    order: tuple[str | None, ...] = ()


@dataclass(frozen=True)
class Contact:
    """Contacts of a terminal: middles of its cuts, all on one x; `gates` tells poly from diffusion."""

    net: str
    x: int
    ys: tuple[int, ...]
    is_gate: bool = False


@dataclass(frozen=True)
class DrawnGate:
    """A gate: its channel, and the middle of its contact, which may be the other row's where they share the poly."""

    net: str
    channel: Box
    contact_y: int
    has_contact: bool


@dataclass(frozen=True)
class StripPlan:
    """Every coordinate of a strip, nm: rails at AXIS_NM and AXIS_NM + `height`, cell edges at 0 and `width`."""

    strip: Strip
    width: int
    height: int
    diffusions: tuple[tuple[Box, Box], ...]
    gates: tuple[tuple[DrawnGate, DrawnGate], ...]
    contacts: tuple[Contact, ...]
    columns: tuple[Column, ...]
    tracks: dict[str, int]
    nets: dict[str, Net]

    @property
    def w_nm(self) -> int:
        return max(island.w_nm for island in self.strip.islands)


def plan_strip(strip: Strip) -> StripPlan:
    """The strip with the fewest tracks that do. Raises ValueError when MOST_TRACKS do not."""
    for tracks in count(len(strip.order) or len(strip.across) + len(strip.along)):
        if tracks > MOST_TRACKS:
            raise ValueError("no order of tracks for this strip")
        height = _height(strip, tracks)
        walk = _Walk(strip, height)
        columns, nets = walk.columns(), walk.nets()
        ys = [_track_y(height, tracks, k) for k in range(tracks)]
        allowed = {net: (y,) for net, y in zip(strip.order, ys, strict=False) if net is not None}
        found = assign(nets, columns, {net: allowed.get(net, ys) for net in nets}, strip.ends)
        if found is not None:
            contacts = tuple(walk.contacts)
            drawn = tuple(walk.gates)
            return StripPlan(strip, walk.width, height, tuple(walk.diffusions), drawn, contacts, columns, found, nets)
    raise AssertionError("unreachable")


def _height(strip: Strip, tracks: int) -> int:
    """Rail to rail: what the transistors need, or the tracks."""
    w_nm = max(island.w_nm for island in strip.islands)
    devices = 2 * (TAP_NM // 2 + TAP_TO_DIFF_NM + w_nm) + 2 * PAD_FROM_DIFF_NM + PADS_NM
    return snap_up(max(devices, 2 * FIRST_TRACK_NM + (tracks - 1) * TRACK_PITCH_NM), CUT_GRID_NM)


def _track_y(height: int, tracks: int, k: int) -> int:
    """Middle of track `k` from below: evenly over the room there is."""
    room = height - 2 * FIRST_TRACK_NM
    step = room // (tracks - 1) // CUT_GRID_NM * CUT_GRID_NM if tracks > 1 else 0
    return AXIS_NM + FIRST_TRACK_NM + k * step


class _Walk:
    """Places the islands from the left; collects diffusions, gates and contacts."""

    def __init__(self, strip: Strip, height: int) -> None:
        self.strip, self.height = strip, height
        self.diffusions: list[tuple[Box, Box]] = []
        self.gates: list[tuple[DrawnGate, DrawnGate]] = []
        self.contacts: list[Contact] = []
        self.n_top = AXIS_NM + TAP_NM // 2 + TAP_TO_DIFF_NM + max(i.w_nm for i in strip.islands)
        self.p_bottom = 2 * AXIS_NM + height - self.n_top
        x = snap_up(DIFF_END_NM + rules.DIFF_SPACE.value_nm // 2 - AXIS_NM, CUT_GRID_NM) + AXIS_NM
        for island in strip.islands:
            x = self._island(island, x) + 2 * DIFF_END_NM + rules.DIFF_SPACE.value_nm
        last = x - DIFF_END_NM - rules.DIFF_SPACE.value_nm
        self.width = _odd(last + rules.DIFF_SPACE.value_nm // 2)

    def _island(self, island: Island, x: int) -> int:
        left = x - DIFF_END_NM
        self._region(island, 0, x)
        for k, gate in enumerate(island.gates):
            x += _gate_after(island, k)
            over = max(PITCH_NM, snap_up(island.l_nm + rules.POLY_SPACE.value_nm, CUT_GRID_NM)) if gate.crossed else 0
            self._gate(island, gate, x, x + over)
            x += over
            if island.regions[k + 1] is not None:
                x += _reach(island.l_nm)
                self._region(island, k + 1, x)
        right = x + DIFF_END_NM
        n = Box(left, self.n_top - island.w_nm, right, self.n_top)
        p = Box(left, self.p_bottom, right, self.p_bottom + island.w_nm)
        self.diffusions.append((n, p))
        return x

    def _region(self, island: Island, k: int, x: int) -> None:
        nets = island.regions[k]
        if nets is None:
            return
        low = _cut_middles(self.n_top - island.w_nm, self.n_top)
        high = tuple(self._mirrored(y) for y in reversed(low))
        for net, ys in zip(nets, (low, high), strict=True):
            self.contacts.append(Contact(net, x, ys))

    def _gate(self, island: Island, gate: Gate, x_n: int, x_p: int) -> None:
        y_n, y_p = self.n_top + PAD_FROM_DIFF_NM, self.p_bottom - PAD_FROM_DIFF_NM
        n = Box(_left(x_n, island.l_nm), self.n_top - island.w_nm, _left(x_n, island.l_nm) + island.l_nm, self.n_top)
        p = Box(
            _left(x_p, island.l_nm), self.p_bottom, _left(x_p, island.l_nm) + island.l_nm, self.p_bottom + island.w_nm
        )
        shared = gate.n == gate.p and x_n == x_p
        self.gates.append((DrawnGate(gate.n, n, y_n, True), DrawnGate(gate.p, p, y_n if shared else y_p, not shared)))
        self.contacts.append(Contact(gate.n, x_n, (y_n,), is_gate=True))
        if not shared:
            self.contacts.append(Contact(gate.p, x_p, (y_p,), is_gate=True))

    def _mirrored(self, y: int) -> int:
        return 2 * AXIS_NM + self.height - y

    def columns(self) -> tuple[Column, ...]:
        """Met1 by net and x: contacts of one net on one x have one column; supplies hang on li1 and have none."""
        found: dict[tuple[int, str], list[int]] = {}
        for contact in self.contacts:
            if contact.net not in (VDD, VSS) or contact.is_gate:
                found.setdefault((contact.x, contact.net), []).extend(contact.ys)
        return tuple(Column(net, x, min(ys) - CUT_END_NM, max(ys) + CUT_END_NM) for (x, net), ys in found.items())

    def nets(self) -> dict[str, Net]:
        """The nets that need a track, with their span."""
        columns, out = self.columns(), {}
        for net in dict.fromkeys([*self.strip.across, *self.strip.along, *(c.net for c in columns)]):
            xs = [c.x for c in columns if c.net == net]
            span = self._span(net, xs)
            if span is not None:
                out[net] = Net(net, *span)
        return out

    def _span(self, net: str, xs: Sequence[int]) -> tuple[int, int] | None:
        gap = rules.MET2_SPACE.value_nm // 2
        if net in self.strip.across:
            return 0, self.width
        if net in self.strip.along:
            return gap, self.width - gap
        left, right = self.strip.ends or ("", "")
        low = 0 if net == left else min(xs) - VIA_END_NM
        high = self.width if net == right else max(xs) + VIA_END_NM
        return (low, high) if len(xs) > 1 or net in (left, right) else None


def _gate_after(island: Island, k: int) -> int:
    """From the region or gate before gate `k` to it."""
    if island.regions[k] is None:
        return snap_up(max(island.l_nm, PAD_NM) + rules.POLY_SPACE.value_nm, CUT_GRID_NM)
    return _reach(island.l_nm)


def _reach(l_nm: int) -> int:
    """From a contact's middle to a gate's: the columns' pitch, or the contact's distance from the gate."""
    clear = snap_up(l_nm / 2) + rules.DIFF_LICON_TO_GATE.value_nm + HALF_CUT_NM
    return max(PITCH_NM, snap_up(clear, CUT_GRID_NM))


def _left(x: int, l_nm: int) -> int:
    return x - l_nm // 2 // GRID_NM * GRID_NM


def _cut_middles(bottom: int, top: int) -> tuple[int, ...]:
    """Middles of as many cuts as fit into a diffusion, far enough apart for mcon."""
    inset = rules.DIFF_ENCLOSES_LICON_ENDS.value_nm
    edges = spread(bottom + inset, top - inset, CUT_NM, rules.MCON_SPACE.value_nm)
    return tuple(edge + HALF_CUT_NM for edge in edges)


def _odd(width: int) -> int:
    """The next width whose middle may be that of a cut: a strip turned about it keeps its cuts."""
    step = 2 * CUT_GRID_NM
    return snap_up(width - CUT_GRID_NM, step) + CUT_GRID_NM


def cut_middles_along(width: int) -> Iterator[int]:
    """Middles of the cuts of a tap, the same from the left as from the right."""
    inset = rules.TAP_ENCLOSES_LICON_ENDS.value_nm
    for edge in spread(inset, width - inset, CUT_NM, rules.MCON_SPACE.value_nm):
        yield edge + HALF_CUT_NM
