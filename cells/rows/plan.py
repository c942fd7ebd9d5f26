"""Where everything lies in rows of transistors: contacts, columns of met1 over them, tracks of met2 across.

Every contact of a row has an x of its own, so a column may reach any track over its row; a net of several rows has a
link, a column where no contact of these rows is. The tracks of a row are filled from the left, as few as will do.
Everything is in nm; the rail of vss lies at AXIS_NM.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from analoom.cells.model.drawing import CUT_GRID_NM, Box
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import (
    AXIS_NM,
    CUT_END_NM,
    DIFF_END_NM,
    FIRST_TRACK_NM,
    HALF_CUT_NM,
    PAD_FROM_DIFF_NM,
    PAD_LENGTH_NM,
    PADS_NM,
    TAP_NM,
    TAP_TO_DIFF_NM,
    TRACK_PITCH_NM,
    VIA_END_NM,
)
from analoom.pdk import rules
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET1, VIA

from .chains import Chain, Row, Rows

REACH_NM = HALF_CUT_NM + rules.DIFF_LICON_TO_GATE.value_nm
"""From the middle of a region to the gate beside it."""
COLUMN_PITCH_NM = snap_up(VIA.below.pitch_nm, CUT_GRID_NM)
"""From column to column: the pads of two vias side by side."""
FIRST_X_NM = snap_up(rules.DIFF_SPACE.value_nm // 2 + DIFF_END_NM - AXIS_NM, CUT_GRID_NM) + AXIS_NM
RAIL_TO_DIFF_NM = TAP_NM // 2 + TAP_TO_DIFF_NM
N_PAD_NM = HALF_CUT_NM + rules.POLY_LICON_TO_DIFF.value_nm
"""From n-diffusion to the middle of a gate's contact above it."""
OVER_PAD_NM = PAD_LENGTH_NM // 2 + rules.POLY_SPACE.value_nm + rules.POLY_PAST_DIFF.value_nm
"""From the middle of a gate's contact to the diffusion of the next row."""
BETWEEN_ROWS_NM = snap_up(max(TRACK_PITCH_NM, 2 * VIA_END_NM + MET1.space_nm), 10)
"""From the last track of a row to the first of the next: columns of both may end there in one place."""
LINK_FROM_EDGE_NM = VIA.below.short_nm // 2 + MET1.space_nm


def up(value: int) -> int:
    """The next coordinate where the middle of a cut may lie."""
    return snap_up(value - AXIS_NM, CUT_GRID_NM) + AXIS_NM


@dataclass(frozen=True)
class Terminal:
    """A contact: its net, x, the heights of its middle or of its diffusion, and whether it is a gate's."""

    net: str
    x: int
    bottom: int
    top: int
    is_gate: bool = False


@dataclass(frozen=True)
class PlacedChain:
    """A chain where it lies: its diffusion, and the left edge of each gate."""

    chain: Chain
    diff: Box
    region_x: tuple[int, ...]
    gate_left: tuple[int, ...]


@dataclass(frozen=True)
class Band:
    """A row where it lies: its chains, the middle of its gates' contacts, and the heights of its tracks."""

    chains: tuple[PlacedChain, ...]
    is_p: bool
    pad_y: int
    tracks_y: tuple[int, ...]
    terminals: tuple[Terminal, ...]


@dataclass(frozen=True)
class Track:
    """The met2 of a net over a row."""

    net: str
    band: int
    y: int
    left: int
    right: int


@dataclass(frozen=True)
class _Wish:
    """What a net asks of a row's tracks."""

    net: str
    left: int
    right: int


@dataclass(frozen=True)
class RowsPlan:
    """Every coordinate of rows of transistors."""

    rows: Rows

    @cached_property
    def _chains_x(self) -> tuple[tuple[tuple[tuple[int, ...], Chain], ...], ...]:
        return tuple(tuple(_along(row)) for row in self.rows.all)

    @cached_property
    def _own_width(self) -> int:
        last = max(xs[-1] for row in self._chains_x for xs, _ in row)
        return last + DIFF_END_NM + rules.DIFF_SPACE.value_nm // 2

    @cached_property
    def links(self) -> dict[str, int]:
        """The x of the column that joins a net's rows, by net: the leftmost that is free over all of them."""
        found: dict[str, int] = {}
        for net, (low, high) in self._spans().items():
            taken = [x for k in range(low, high + 1) for x in self._contacts_x(k)]
            taken += [x for other, x in found.items() if not _apart(self._spans()[other], (low, high))]
            found[net] = next(
                x
                for x in range(up(LINK_FROM_EDGE_NM), 10**9, CUT_GRID_NM)
                if all(abs(x - t) >= COLUMN_PITCH_NM for t in taken)
            )
        return found

    def _spans(self) -> dict[str, tuple[int, int]]:
        """The lowest and the highest row of each net that needs a link, supplies those that are not beside their rail;
        in the order of their names, the longest first."""
        last, found = len(self.rows.all) - 1, dict[str, tuple[int, int]]()
        for net in sorted({n for row in self.rows.all for n in _nets(row)}):
            at = [k for k, row in enumerate(self.rows.all) if net in _nets(row)]
            at += [0] if net == VSS else [last] if net == VDD else []
            if max(at) > min(at):
                found[net] = (min(at), max(at))
        return dict(sorted(found.items(), key=lambda item: item[1][0] - item[1][1]))

    def _contacts_x(self, row: int) -> Iterator[int]:
        for xs, chain in self._chains_x[row]:
            yield from xs
            yield from (_gate_middle(x, chain.l_nm) for x in xs[:-1])

    @cached_property
    def width(self) -> int:
        """From edge to edge."""
        ends = [self._own_width, self.rows.least_width_nm, *(x + LINK_FROM_EDGE_NM for x in self.links.values())]
        return snap_up(max(ends), 2 * CUT_GRID_NM)

    @cached_property
    def _wishes(self) -> tuple[tuple[tuple[_Wish, ...], ...], ...]:
        """By row and track, the nets on it from the left."""
        return tuple(tuple(map(tuple, _filled(list(self._asked(k))))) for k in range(len(self.rows.all)))

    def _asked(self, row: int) -> Iterator[_Wish]:
        """Nets of a row that have several contacts there, a link, or leave the cell in their first row, to the nearer
        edge."""
        at: dict[str, list[int]] = {}
        for net, x in self._row_terminals(row):
            at.setdefault(net, []).append(x)
        for net, xs in at.items():
            if self.on_rail(net, row):
                continue
            xs = [*xs, self.links[net]] if net in self.links else xs
            leaves = net in self.rows.ports and row == self._first_row(net)
            if net in self.rows.reach and row == self._first_row(net):
                xs = [*xs, self.rows.reach[net]]
            elif leaves and net in self.rows.across:
                xs = [0, self.width]
            elif leaves:
                xs = [*xs, 0 if min(xs) < self.width - max(xs) else self.width]
            if len(xs) > 1:
                yield _Wish(net, min(xs), max(xs))

    def _row_terminals(self, row: int) -> Iterator[tuple[str, int]]:
        for xs, chain in self._chains_x[row]:
            yield from zip(chain.regions, xs, strict=True)
            yield from ((net, _gate_middle(x, chain.l_nm)) for net, x in zip(chain.gates, xs[:-1], strict=True))

    def _first_row(self, net: str) -> int:
        return next(k for k, row in enumerate(self.rows.all) if net in _nets(row))

    def on_rail(self, net: str, row: int) -> bool:
        """Whether a net's contacts in a row meet its rail."""
        return (net == VSS and row == 0) or (net == VDD and row == len(self.rows.all) - 1 and bool(self.rows.p))

    @cached_property
    def bands(self) -> tuple[Band, ...]:
        """The rows from below."""
        found: list[Band] = []
        y = AXIS_NM
        before: Band | None = None
        for k, row in enumerate(self.rows.all):
            is_p = k >= len(self.rows.n)
            low, floor = y + RAIL_TO_DIFF_NM, AXIS_NM + FIRST_TRACK_NM
            if before:
                past = before.tracks_y[-1] + VIA_END_NM + MET1.space_nm + (CUT_END_NM if is_p else 0)
                low, floor = max(y + _gap(before.is_p, is_p), past), before.tracks_y[-1] + BETWEEN_ROWS_NM
            band = self._band(k, row, is_p, up(low), up(floor))
            found.append(band)
            before = band
            y = _top_of(band)
        return tuple(found)

    def _band(self, k: int, row: Row, is_p: bool, low: int, floor: int) -> Band:
        """A row whose lowest diffusion (of p-types: gates' contacts) may lie at `low`, its lowest track at `floor`."""
        w = max(chain.w_nm for chain in row)
        pad_y = up(low) if is_p else up(low + w + N_PAD_NM)
        edge = up(pad_y + PAD_FROM_DIFF_NM) if is_p else pad_y - N_PAD_NM
        chains = tuple(_placed(xs, chain, edge, is_p) for xs, chain in self._chains_x[k])
        count = max(1, len(self._wishes[k]))
        start = max(floor, up(_lowest(chains, pad_y, is_p)))
        tracks = tuple(start + j * TRACK_PITCH_NM for j in range(count))
        return Band(chains, is_p, pad_y, tracks, tuple(_terminals(chains, pad_y)))

    @cached_property
    def tracks(self) -> tuple[Track, ...]:
        """The met2 of every net."""
        return tuple(
            Track(wish.net, k, self.bands[k].tracks_y[j], wish.left, wish.right)
            for k, lines in enumerate(self._wishes)
            for j, line in enumerate(lines)
            for wish in line
        )

    @cached_property
    def top(self) -> int:
        """The rail of vdd, or without p-types the edge above the last track."""
        band = self.bands[-1]
        devices = _top_of(band) + (RAIL_TO_DIFF_NM if self.rows.p else PAD_LENGTH_NM)
        lines = band.tracks_y[-1] + FIRST_TRACK_NM
        return up(max(devices, lines, AXIS_NM + self.rows.least_height_nm))

    @property
    def height(self) -> int:
        """From rail to rail."""
        return self.top - AXIS_NM

    def track_of(self, net: str, band: int) -> Track | None:
        """The met2 of a net over a row."""
        return next((t for t in self.tracks if (t.net, t.band) == (net, band)), None)


def _nets(row: Row) -> set[str]:
    return {net for chain in row for net in (*chain.regions, *chain.gates)}


def _apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[1] < other[0] or other[1] < one[0]


def _step(l_nm: int) -> int:
    """From region to region: both distances from the gate's middle hold two columns."""
    return max(l_nm + 2 * REACH_NM, 2 * COLUMN_PITCH_NM)


def _along(row: Row) -> Iterator[tuple[tuple[int, ...], Chain]]:
    """The middles of the regions of each chain."""
    x = FIRST_X_NM
    for chain in row:
        steps = [snap_up(_step(chain.l_nm), 2 * CUT_GRID_NM)] * len(chain.gates)
        xs = tuple(accumulate(steps, initial=x))
        yield xs, chain
        x = up(xs[-1] + 2 * DIFF_END_NM + rules.DIFF_SPACE.value_nm)


def _gate_middle(region_x: int, l_nm: int) -> int:
    """The contact of the gate behind a region."""
    return region_x + snap_up(_step(l_nm), 2 * CUT_GRID_NM) // 2


def _placed(xs: tuple[int, ...], chain: Chain, edge: int, is_p: bool) -> PlacedChain:
    """A chain whose diffusion ends at `edge`, beside the contacts of its gates."""
    bottom, top = (edge, edge + chain.w_nm) if is_p else (edge - chain.w_nm, edge)
    diff = Box(xs[0] - DIFF_END_NM, bottom, xs[-1] + DIFF_END_NM, top)
    lefts = tuple(_gate_middle(x, chain.l_nm) - chain.l_nm // 2 // 5 * 5 for x in xs[:-1])
    return PlacedChain(chain, diff, xs, lefts)


def _terminals(chains: tuple[PlacedChain, ...], pad_y: int) -> Iterator[Terminal]:
    for placed in chains:
        for net, x in zip(placed.chain.regions, placed.region_x, strict=True):
            yield Terminal(net, x, placed.diff.bottom, placed.diff.top)
        for net, x in zip(placed.chain.gates, placed.region_x[:-1], strict=True):
            yield Terminal(net, _gate_middle(x, placed.chain.l_nm), pad_y, pad_y, is_gate=True)


def _lowest(chains: tuple[PlacedChain, ...], pad_y: int, is_p: bool) -> int:
    return pad_y if is_p else min(placed.diff.bottom for placed in chains)


def _top_of(band: Band) -> int:
    """The upper end of a row's devices: the middle of the contacts of n gates, the diffusion of p-types."""
    return max(placed.diff.top for placed in band.chains) if band.is_p else band.pad_y


def _gap(below_is_p: bool, is_p: bool) -> int:
    """From the upper end of a row to the lower end of the next."""
    if is_p and not below_is_p:
        return PADS_NM
    if is_p:
        return rules.POLY_PAST_DIFF.value_nm + rules.POLY_SPACE.value_nm + PAD_LENGTH_NM // 2
    return OVER_PAD_NM


def _filled(wishes: list[_Wish]) -> list[list[_Wish]]:
    """Nets on tracks, each on the first that is free where it begins."""
    lines: list[list[_Wish]] = []
    for wish in sorted(wishes, key=lambda w: (w.left, w.right, w.net)):
        free = next((line for line in lines if line[-1].right + TRACK_PITCH_NM + COLUMN_PITCH_NM <= wish.left), None)
        if free is None:
            lines.append([wish])
        else:
            free.append(wish)
    return lines
