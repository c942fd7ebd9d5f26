"""Places the islands of a strip from the left: diffusions, gates, contacts, and the columns over them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from analoom.cells.model.drawing import CUT_GRID_NM, Box, spread
from analoom.pdk import rules
from analoom.pdk.units import GRID_NM, snap_up
from analoom.pdk.wire_levels import MCON, MET2

from .gates import VDD, VSS
from .sizes import (
    AXIS_NM,
    CUT_END_NM,
    CUT_NM,
    DIFF_END_NM,
    HALF_CUT_NM,
    PAD_FROM_DIFF_NM,
    PAD_NM,
    PITCH_NM,
    TAP_NM,
    TAP_TO_DIFF_NM,
    VIA_END_NM,
)
from .strip import Gate, Island, Strip
from .tracks import Column, Net


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


class Walk:
    """Places the islands from the left; collects diffusions, gates and contacts."""

    def __init__(self, strip: Strip, height: int) -> None:
        self.strip, self.height = strip, height
        self.diffusions: list[tuple[Box, Box]] = []
        self.gates: list[tuple[DrawnGate, DrawnGate]] = []
        self.contacts: list[Contact] = []
        self.n_top = AXIS_NM + TAP_NM // 2 + TAP_TO_DIFF_NM + strip.w_nm
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
        gap = MET2.space_nm // 2
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
    edges = spread(bottom + inset, top - inset, CUT_NM, MCON.space_nm)
    return tuple(edge + HALF_CUT_NM for edge in edges)


def _odd(width: int) -> int:
    """The next width whose middle may be that of a cut: a strip turned about it keeps its cuts."""
    step = 2 * CUT_GRID_NM
    return snap_up(width - CUT_GRID_NM, step) + CUT_GRID_NM
