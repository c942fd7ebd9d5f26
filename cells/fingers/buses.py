"""Buses of finger rows, and the met1 beside the rings that joins those of one net.

Buses run over the whole width of a row. A net of several buses is joined at the right where there is one row, else at
both sides, in mirrored order and all of one length, so that two nets that change places from row to row see the same
wires.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from analoom.cells.model.cell import Pin, draw_pin
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing, hull
from analoom.cells.parts.guard_ring import RING_NM
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up
from analoom.pdk.wire_levels import MET1, VIA

from .row import BUS_NM, BUS_PAST_COLUMN_NM, COLUMN_NM, COLUMN_PAST_BUS_NM, bus_levels, draw_via
from .wells import FingerBlock, Rings

TRACK_NM = VIA.below.pitch_nm
"""From one met1 track beside the rings to the next: columns with vias."""


@dataclass(frozen=True)
class Bus:
    """A met2 bus: its net, lower edge (nm) and row."""

    net: str
    bottom: int
    row: int


def buses_of(block: FingerBlock, rings: Rings) -> list[Bus]:
    """Every bus of the block, row by row."""
    return [
        Bus(net, y + rings.origins[r][0][1], r) for r, line in enumerate(block.rows) for net, y in bus_levels(line[0])
    ]


def draw_buses(drawing: Drawing, block: FingerBlock, rings: Rings, buses: list[Bus], whole: Box) -> Iterator[Pin]:
    """Draws the buses, as wide as the rings or, of several rows, as `whole`; yields their pins."""
    several = len(block.rows) > 1
    for bus in buses:
        left, right = (whole.left, whole.right) if several else (rings.outer.left, rings.outer.right)
        box = drawing.box(Layer.MET2, left, bus.bottom, right, bus.bottom + BUS_NM)
        tied = [
            ring for row, ring in zip(block.rows[bus.row], rings.outers[bus.row], strict=True) if row.body == bus.net
        ]
        box = hull([box, *(_tie(drawing, box, ring) for ring in tied)])
        if not tied or block.well == "islands":
            yield draw_pin(drawing, Pin(bus.net, Layer.MET2, box))


def _tie(drawing: Drawing, bus: Box, ring: Box) -> Box:
    """Vias from a bus on the body down to the ring's left and right bar; returns the met2 over both."""
    for left in (column_on(ring.left), column_on(ring.right - RING_NM)):
        draw_via(drawing, left, bus.bottom)
    right = column_on(ring.right - RING_NM) + COLUMN_NM + BUS_PAST_COLUMN_NM
    over = Box(column_on(ring.left) - BUS_PAST_COLUMN_NM, bus.bottom, right, bus.top)
    return drawing.add(Layer.MET2, over)


def column_on(bar_left: int) -> int:
    """Left edge of a column in the middle of an upright bar, on the grid of the cuts."""
    inset = (RING_NM - VIA.size_nm) // 2 // CUT_GRID_NM * CUT_GRID_NM
    return bar_left + inset - VIA.below.around_nm


def join_buses(drawing: Drawing, block: FingerBlock, outer: Box, buses: Sequence[Bus]) -> list[Box]:
    """Met1 beside the rings that joins the buses of each net; returns it with the met2 that reaches it."""
    nets = [net for net in dict.fromkeys(bus.net for bus in buses) if _needs_join(block, net)]
    if len(block.rows) == 1:
        return [_join(drawing, outer, buses, net, _right_of(outer, k)) for k, net in enumerate(nets)]
    left, right = _orders(block, nets)
    tracks = [(net, _left_of(outer, k)) for k, net in enumerate(left)]
    tracks += [(net, _right_of(outer, k)) for k, net in enumerate(right)]
    return [_join(drawing, outer, buses, net, x, whole=True) for net, x in tracks]


def _needs_join(block: FingerBlock, net: str) -> bool:
    """A body's buses meet on its ring, unless islands stand in several rows; other nets may lie on both sides."""
    is_body = any(row.body == net for line in block.rows for row in line)
    if len(block.rows) > 1:
        return not is_body or block.well == "islands"
    return not is_body and net in block.first.gate_buses and net in block.first.drain_buses


def _orders(block: FingerBlock, nets: Sequence[str]) -> tuple[list[str], list[str]]:
    """Nets from the rings outward, at the left and at the right: the nets that change places do so here too."""
    first, last = (
        list(dict.fromkeys(net for net, _ in bus_levels(line[0]))) for line in (block.rows[0], block.rows[1])
    )
    other, fence = dict(zip(first, last, strict=True)), [block.fence] if block.fence else []
    return [*nets, *fence], [*(other[net] for net in nets), *fence]


def _right_of(outer: Box, k: int) -> int:
    """Left edge of the track `k` at the right of the rings."""
    clear = snap_up(MET1.space_nm, CUT_GRID_NM) + k * TRACK_NM
    return snap_up(outer.right + clear + VIA.below.around_nm, CUT_GRID_NM) - VIA.below.around_nm


def _left_of(outer: Box, k: int) -> int:
    """Left edge of the track `k` at the left of the rings: the mirror image of that at the right."""
    return -_right_of(Box(-outer.right, 0, -outer.left, 0), k) - COLUMN_NM


def _join(drawing: Drawing, outer: Box, buses: Sequence[Bus], net: str, left: int, *, whole: bool = False) -> Box:
    mine = [bus.bottom for bus in buses if bus.net == net]
    ends = [bus.bottom for bus in buses] if whole else mine
    low, high = min(ends) - COLUMN_PAST_BUS_NM, max(ends) + BUS_NM + COLUMN_PAST_BUS_NM
    met1 = drawing.box(Layer.MET1, left, low, left + COLUMN_NM, high)
    for y in mine:
        draw_via(drawing, left, y)
        if not whole:
            drawing.box(Layer.MET2, outer.right - BUS_NM, y, left + COLUMN_NM + BUS_PAST_COLUMN_NM, y + BUS_NM)
    return met1.enlarged(BUS_PAST_COLUMN_NM, 0)
