"""Where everything lies in rows of transistors: contacts, columns of met1 over them, tracks of met2 across.

Every contact of a row has an x of its own, so a column may reach any track over its row; a net of several rows has a
link, a column where no contact of these rows is. The tracks of a row are filled from the left, as few as will do.
Everything is in nm; the rail of vss lies at AXIS_NM.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from analoom.cells.model.drawing import CUT_GRID_NM
from analoom.cells.strip.gates import VDD, VSS
from analoom.cells.strip.sizes import (
    AXIS_NM,
    CUT_END_NM,
    DIFF_END_NM,
    FIRST_TRACK_NM,
    PAD_FROM_DIFF_NM,
    PAD_LENGTH_NM,
    TAP_NM,
    TAP_TO_DIFF_NM,
    TRACK_PITCH_NM,
    VIA_END_NM,
)
from analoom.pdk import rules
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET1, VIA, VIA2

from .chains import OWN_FRAME, Chain, Frame, Row, Rows
from .placed import FIRST_X_NM, N_PAD_NM, Band, along, gap, gate_middle, lowest, placed, terminals, top_of, up
from .tracks import COLUMN_PITCH_NM, Wish, packed

BETWEEN_ROWS_NM = snap_up(max(TRACK_PITCH_NM, 2 * VIA_END_NM + MET1.space_nm), 10)
"""From the last track of a row to the first of the next: columns of both may end there in one place."""
VIA2_HALF_NM = VIA2.below.long_nm // 2
"""From the middle of a via2 to the end of its pad along a track."""
LINK_FROM_EDGE_NM = VIA.below.short_nm // 2 + MET1.space_nm
RAIL_TO_DIFF_NM = TAP_NM // 2 + TAP_TO_DIFF_NM


@dataclass(frozen=True)
class Track:
    """The met2 of a net over a row."""

    net: str
    band: int
    y: int
    left: int
    right: int


@dataclass(frozen=True)
class RowsPlan:
    """Every coordinate of rows of transistors."""

    rows: Rows
    frame: Frame = OWN_FRAME

    @cached_property
    def _chains_x(self) -> tuple[tuple[tuple[tuple[int, ...], Chain], ...], ...]:
        return tuple(tuple(along(row, FIRST_X_NM + self.rows.inset_nm)) for row in self.rows.all)

    @property
    def chains_end(self) -> int:
        """Where the last diffusion ends."""
        return max(xs[-1] for row in self._chains_x for xs, _ in row) + DIFF_END_NM

    @cached_property
    def _own_width(self) -> int:
        return self.chains_end + rules.DIFF_SPACE.value_nm // 2 + self.rows.inset_nm

    @cached_property
    def links(self) -> dict[str, int]:
        """The x of the column that joins a net's rows, by net: the leftmost that is free over all of them."""
        found: dict[str, int] = {}
        for net, (low, high) in self._spans().items():
            taken = [x for k in range(low, high + 1) for x in (*self._contacts_x(k), *self._straight_over(k))]
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
            at = [k for k in range(last + 1) if any(name == net for name, _ in self._tracked(k))]
            if not at:
                continue
            at += [0] if net == VSS else [last] if net == VDD else [self._leaving_row(net)]
            if max(at) > min(at):
                found[net] = (min(at), max(at))
        return dict(sorted(found.items(), key=lambda item: item[1][0] - item[1][1]))

    def _contacts_x(self, row: int) -> Iterator[int]:
        for xs, chain in self._chains_x[row]:
            yield from xs
            yield from (gate_middle(x, chain.l_nm) for x in xs[:-1])

    @cached_property
    def width(self) -> int:
        """From edge to edge."""
        ends = [self._own_width, self.rows.least_width_nm, *(x + LINK_FROM_EDGE_NM for x in self.links.values())]
        return snap_up(max(ends), 2 * CUT_GRID_NM)

    @cached_property
    def _wishes(self) -> tuple[tuple[tuple[Wish, ...], ...], ...]:
        """By row and track, the nets on it from the left."""
        return tuple(self._filled(k) for k in range(len(self.rows.all)))

    def _filled(self, row: int) -> tuple[tuple[Wish, ...], ...]:
        """The tracks of a row: what is kept, what has a place of its own, then the others."""
        at = {net: line for net, (band, line) in self.rows.lines.items() if band == row}
        wishes = list(self._asked(row))
        fixed = [(at[wish.net], wish) for wish in wishes if wish.net in at]
        fixed += [(line, Wish("", left, right)) for band, line, left, right in self.rows.kept if band == row]
        return packed(fixed, [wish for wish in wishes if wish.net not in at])

    def _asked(self, row: int) -> Iterator[Wish]:
        """Nets of a row that have several contacts there, a link, or leave the cell in their first row, to the nearer
        edge."""
        at: dict[str, list[int]] = {}
        for net, x in self._tracked(row):
            at.setdefault(net, []).append(x)
        for net, (band, _) in self.rows.lines.items():
            if band == row:
                at.setdefault(net, [])
        for net, xs in at.items():
            if self.on_rail(net, row):
                continue
            xs = [*xs, self.links[net]] if net in self.links else xs
            if row == self._leaving_row(net):
                xs = [*xs, *self._leaves(net, xs)]
            if len(xs) > 1:
                yield Wish(net, min(xs), max(xs))

    def _leaves(self, net: str, xs: list[int]) -> Iterator[int]:
        """Where the leaving track of a net with contacts at `xs` ends."""
        rows, edges = self.rows, (0, self.width)
        asked = [rows.reach[net] + side for side in (-VIA2_HALF_NM, VIA2_HALF_NM) if net in rows.reach]
        asked += [edge for edge, nets in zip(edges, (rows.left, rows.right), strict=True) if net in nets]
        if net in rows.across:
            asked += edges
        if asked or net not in rows.ports:
            yield from asked
        else:
            yield 0 if min(xs) < self.width - max(xs) else self.width

    def is_straight(self, net: str, row: int, x: int) -> bool:
        """Whether a supply's contact in an inner row is joined to its rail by met1 over the rows between."""
        if not self.rows.straight or net not in (VSS, VDD) or self.on_rail(net, row):
            return False
        between = range(row) if net == VSS else range(row + 1, len(self.rows.all))
        others = [(name, at) for k in between for name, at in self._row_terminals(k)]
        return all(abs(at - x) >= COLUMN_PITCH_NM or (name, at) == (net, x) for name, at in others)

    def _straight_over(self, row: int) -> Iterator[int]:
        """Where met1 of inner rows' supplies runs over a row."""
        for k in range(len(self.rows.all)):
            for net, x in self._row_terminals(k):
                if self.is_straight(net, k, x) and (row < k if net == VSS else row > k):
                    yield x

    def _tracked(self, row: int) -> Iterator[tuple[str, int]]:
        """A row's contacts but for those of supplies that go straight to their rail."""
        yield from ((net, x) for net, x in self._row_terminals(row) if not self.is_straight(net, row, x))

    def _row_terminals(self, row: int) -> Iterator[tuple[str, int]]:
        for xs, chain in self._chains_x[row]:
            yield from zip(chain.regions, xs, strict=True)
            yield from ((net, gate_middle(x, chain.l_nm)) for net, x in zip(chain.gates, xs[:-1], strict=True))

    def _first_row(self, net: str) -> int:
        return next(k for k, row in enumerate(self.rows.all) if net in _nets(row))

    def _leaving_row(self, net: str) -> int:
        return self.rows.lines[net][0] if net in self.rows.lines else self._first_row(net)

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
                low, floor = max(y + gap(before.is_p, is_p), past), before.tracks_y[-1] + BETWEEN_ROWS_NM
            band = self._band(k, row, is_p, up(low), up(floor))
            found.append(band)
            before = band
            y = top_of(band)
        return tuple(found)

    def _band(self, k: int, row: Row, is_p: bool, low: int, floor: int) -> Band:
        """A row whose lowest diffusion (of p-types: gates' contacts) may lie at `low`, its lowest track at `floor`."""
        w = max(chain.w_nm for chain in row)
        pad_y = up(low) if is_p else up(low + w + N_PAD_NM)
        edge = up(pad_y + PAD_FROM_DIFF_NM) if is_p else pad_y - N_PAD_NM
        chains = tuple(placed(xs, chain, edge, is_p) for xs, chain in self._chains_x[k])
        count = max(1, len(self._wishes[k]))
        start = max(floor, up(lowest(chains, pad_y, is_p)), *self.frame.starts[k : k + 1])
        tracks = tuple(start + j * TRACK_PITCH_NM for j in range(count))
        return Band(chains, is_p, pad_y, tracks, tuple(terminals(chains, pad_y)))

    @cached_property
    def tracks(self) -> tuple[Track, ...]:
        """The met2 of every net."""
        return tuple(
            Track(wish.net, k, self.bands[k].tracks_y[j], wish.left, wish.right)
            for k, lines in enumerate(self._wishes)
            for j, line in enumerate(lines)
            for wish in line
            if wish.net
        )

    @cached_property
    def top(self) -> int:
        """The rail of vdd, or without p-types the edge above the last track."""
        band = self.bands[-1]
        devices = top_of(band) + (RAIL_TO_DIFF_NM if self.rows.p else PAD_LENGTH_NM)
        lines = band.tracks_y[-1] + FIRST_TRACK_NM
        return up(max(devices, lines, AXIS_NM + self.rows.least_height_nm, self.frame.top))

    @property
    def height(self) -> int:
        """From rail to rail."""
        return self.top - AXIS_NM

    @property
    def from_taps_nm(self) -> int:
        """How far from the taps in its rail a transistor lies at most."""
        ends = [(self.top - chain.diff.bottom, chain.diff.top - AXIS_NM) for b in self.bands for chain in b.chains]
        kinds = [band.is_p for band in self.bands for _ in band.chains]
        return max(to_vdd if is_p else to_vss for is_p, (to_vdd, to_vss) in zip(kinds, ends, strict=True))

    def leaving_track(self, net: str) -> Track | None:
        """The met2 on which a net leaves."""
        return self.track_of(net, self._leaving_row(net))

    def track_of(self, net: str, band: int) -> Track | None:
        """The met2 of a net over a row."""
        return next((t for t in self.tracks if (t.net, t.band) == (net, band)), None)


def _nets(row: Row) -> set[str]:
    return {net for chain in row for net in (*chain.regions, *chain.gates)}


def _apart(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[1] < other[0] or other[1] < one[0]


def frame_of(cells: Sequence[Rows], common: int) -> Frame:
    """What rows of several cells have in common so that the lowest `common` of them meet side by side."""
    starts: tuple[int, ...] = ()
    for k in range(common):
        bands = [RowsPlan(rows, Frame(starts)).bands for rows in cells]
        starts += (max(band[k].tracks_y[0] for band in bands if k < len(band)),)
    return Frame(starts, max(RowsPlan(rows, Frame(starts)).top for rows in cells))
