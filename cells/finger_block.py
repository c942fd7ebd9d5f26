"""Rows of transistor fingers with their buses: one row, or several stacked, in one well, an isolated one or islands.

Rows of one well share the bars of their guard rings, so that each row has the same surroundings. Buses run over the
whole width of a row. A net of several buses is joined by met1 beside the rings: at the right where there is one row,
else at both sides, in mirrored order and all of one length, so that two nets that change places from row to row see
the same wires.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from analoom.pdk import rules
from analoom.pdk.devices import MosDevice
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up

from .cell import Pin, draw_pin
from .deep_well import PITCH_LESS_RING_NM, deep_well
from .draw import CUT_GRID_NM, Box, Drawing, hull
from .finger_row import (
    BUS_NM,
    COLUMN_NM,
    COLUMN_PAST_BUS_NM,
    FingerRow,
    bus_levels,
    draw_fingers,
    draw_via,
    gates_differ,
    ring_inner,
)
from .guard_ring import RING_NM, bars

Well = Literal["common", "isolated", "islands"]
ISOLATED = (
    "common: n-types lie in the substrate; isolated: n-types in a p-well of their own over a deep n-well, pin nw "
    "(the n-well of p-types is isolated as it is)"
)
"""What the spec of a cell without islands says of `well`."""
DEEP_WELL = "nw"
"""Pin of a deep n-well and the n-well ring around it."""
TRACK_NM = COLUMN_NM + rules.MET1_SPACE.value_nm
ISLAND_NWELL_NM = rules.NWELL_SPACE.value_nm + 2 * rules.NWELL_ENCLOSES_NTAP.value_nm
"""From the n-tap ring of one p-type island to that of the next."""


@dataclass(frozen=True)
class FingerBlock:
    """What to draw: `rows` from the lowest up, each of one ring, or of several side by side as `islands`.

    All have the device, the finger and the number of buses of the first, those of one row also the same buses. `fence`
    is a quiet net that gets one more track of met1 beside the outermost, where there are several rows: without it the
    outermost of more than two nets has a neighbour less than the others.
    """

    rows: Sequence[Sequence[FingerRow]]
    well: Well = "common"
    fence: str | None = None

    @property
    def first(self) -> FingerRow:
        return self.rows[0][0]

    @property
    def deep(self) -> bool:
        """Whether p-wells are isolated; an n-well of p-types is by itself."""
        return bool(well_ports(self.first.device, self.well))


@dataclass(frozen=True)
class DrawnBlock:
    """What was drawn: pins, and by row, then left to right, each gate's net with its channel (nm)."""

    pins: tuple[Pin, ...]
    gates: tuple[tuple[tuple[str, Box], ...], ...]


@dataclass(frozen=True)
class _Rings:
    """The inner box of every ring as the first has it, where each stands, and their outer boxes."""

    inner: Box
    origins: list[list[tuple[int, int]]]
    outers: list[list[Box]]

    @property
    def outer(self) -> Box:
        return hull(box for row in self.outers for box in row)


@dataclass(frozen=True)
class _Bus:
    net: str
    bottom: int
    row: int


def draw_row(drawing: Drawing, row: FingerRow, well: Well = "common") -> DrawnBlock:
    """One row in a guard ring. Raises SpecError when a finger is too wide for its taps (LU.2)."""
    return draw_block(drawing, FingerBlock([[row]], well))


def well_ports(device: MosDevice, well: Well) -> tuple[str, ...]:
    """The pins that a well adds to a cell of `device`."""
    return () if well == "common" or device.is_p else (DEEP_WELL,)


def draw_block(drawing: Drawing, block: FingerBlock) -> DrawnBlock:
    """Draws fingers, rings, wells, buses and pins. Raises SpecError when a finger is too wide for its taps (LU.2)."""
    block = _alike(block)
    rings = _rings(block)
    gates = tuple(
        tuple(gate for row, at in zip(line, places, strict=True) for gate in _fingers(drawing, row, rings.inner, at))
        for line, places in zip(block.rows, rings.origins, strict=True)
    )
    buses = _buses(block, rings)
    joins = _joins(drawing, block, rings.outer, buses)
    pins = list(_draw_buses(drawing, block, rings, buses, hull([rings.outer, *joins])))
    if block.deep:
        pins.append(_deep_well(drawing, block, rings, hull([rings.outer, *joins])))
    pins += _bodies(drawing, block, rings)
    return DrawnBlock(tuple(pins), gates)


def _alike(block: FingerBlock) -> FingerBlock:
    """The block with the fingers of all rows at the same pitch."""
    apart = any(gates_differ(row) for line in block.rows for row in line)
    return replace(block, rows=[[replace(row, pads_apart=apart) for row in line] for line in block.rows])


def _rings(block: FingerBlock) -> _Rings:
    inner = hull(ring_inner(row) for line in block.rows for row in line)
    outer = hull(bars(inner))
    x, y = outer.width() + _apart_nm(block), outer.height() + _apart_nm(block)
    origins = [[(c * x, r * y) for c in range(len(line))] for r, line in enumerate(block.rows)]
    return _Rings(inner, origins, [[outer.moved(*at) for at in line] for line in origins])


def _apart_nm(block: FingerBlock) -> int:
    """From ring to ring: they share a bar in a common well."""
    if block.well != "islands":
        return -RING_NM
    return snap_up(ISLAND_NWELL_NM, CUT_GRID_NM) if block.first.device.is_p else PITCH_LESS_RING_NM


def _fingers(drawing: Drawing, row: FingerRow, inner: Box, at: tuple[int, int]) -> Iterator[tuple[str, Box]]:
    for net, box in draw_fingers(drawing.moved(*at), row, inner).gates:
        yield net, box.moved(*at)


def _buses(block: FingerBlock, rings: _Rings) -> list[_Bus]:
    return [
        _Bus(net, y + rings.origins[r][0][1], r) for r, line in enumerate(block.rows) for net, y in bus_levels(line[0])
    ]


def _draw_buses(drawing: Drawing, block: FingerBlock, rings: _Rings, buses: list[_Bus], whole: Box) -> Iterator[Pin]:
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
    for left in (_column_on(ring.left), _column_on(ring.right - RING_NM)):
        draw_via(drawing, left, bus.bottom)
    over = Box(ring.left - COLUMN_PAST_BUS_NM, bus.bottom, ring.right + COLUMN_PAST_BUS_NM, bus.top)
    return drawing.add(Layer.MET2, over)


def _column_on(bar_left: int) -> int:
    """Left edge of a column in the middle of an upright bar, on the grid of the cuts."""
    inset = (RING_NM - rules.VIA_SIZE.value_nm) // 2 // CUT_GRID_NM * CUT_GRID_NM
    return bar_left + inset - rules.MET1_ENCLOSES_VIA.value_nm


def _joins(drawing: Drawing, block: FingerBlock, outer: Box, buses: Sequence[_Bus]) -> list[Box]:
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
    clear = snap_up(rules.MET1_SPACE.value_nm, CUT_GRID_NM) + k * TRACK_NM
    return (
        snap_up(outer.right + clear + rules.MET1_ENCLOSES_VIA.value_nm, CUT_GRID_NM) - rules.MET1_ENCLOSES_VIA.value_nm
    )


def _left_of(outer: Box, k: int) -> int:
    """Left edge of the track `k` at the left of the rings: the mirror image of that at the right."""
    return -_right_of(Box(-outer.right, 0, -outer.left, 0), k) - COLUMN_NM


def _join(drawing: Drawing, outer: Box, buses: Sequence[_Bus], net: str, left: int, *, whole: bool = False) -> Box:
    mine = [bus.bottom for bus in buses if bus.net == net]
    ends = [bus.bottom for bus in buses] if whole else mine
    low, high = min(ends) - COLUMN_PAST_BUS_NM, max(ends) + BUS_NM + COLUMN_PAST_BUS_NM
    met1 = drawing.box(Layer.MET1, left, low, left + COLUMN_NM, high)
    for y in mine:
        draw_via(drawing, left, y)
        if not whole:
            drawing.box(Layer.MET2, outer.right - BUS_NM, y, left + COLUMN_NM + COLUMN_PAST_BUS_NM, y + BUS_NM)
    return met1.enlarged(COLUMN_PAST_BUS_NM, 0)


def _bodies(drawing: Drawing, block: FingerBlock, rings: _Rings) -> Iterator[Pin]:
    """The body's pin: the ring's left bar, or met2 from it to the cell's edge where met1 stands around the ring."""
    if block.well == "islands":
        return
    use = _body_use(block)
    bar = bars(rings.inner)[0]
    if len(block.rows) == 1 and not block.deep:
        yield draw_pin(drawing, Pin(block.first.body, Layer.MET1, bar, use))
        return
    left, middle = _column_on(bar.left), block.first.w_nm // 2 // CUT_GRID_NM * CUT_GRID_NM
    bottom = middle - rules.VIA_SIZE.value_nm // 2 // CUT_GRID_NM * CUT_GRID_NM - rules.MET2_ENCLOSES_VIA.value_nm
    draw_via(drawing, left, bottom)
    way = Box(drawing.cell.bbox().left, bottom, bar.right + COLUMN_PAST_BUS_NM, bottom + BUS_NM)
    yield draw_pin(drawing, Pin(block.first.body, Layer.MET2, drawing.add(Layer.MET2, way), use))


def _body_use(block: FingerBlock) -> Literal["signal", "power", "ground"]:
    """An isolated p-well may sit at any potential."""
    if block.first.device.is_p:
        return "power"
    return "signal" if block.deep else "ground"


def _deep_well(drawing: Drawing, block: FingerBlock, rings: _Rings, inside: Box) -> Pin:
    wells = rings.outers if block.well == "islands" else [[rings.outer]]
    space, whole = rules.MET1_SPACE.value_nm, rings.outer
    outer = deep_well(drawing, wells, Box(inside.left - space, whole.bottom, inside.right + space, whole.top))
    bar = bars(outer.enlarged(-RING_NM, -RING_NM))[0]
    return draw_pin(drawing, Pin(DEEP_WELL, Layer.MET1, bar, "power"))
