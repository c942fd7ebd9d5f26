"""Rows of transistor fingers with their buses: one row, or several stacked, in one well, an isolated one or islands.

Rows of one well share the bars of their guard rings, so that each row has the same surroundings.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from analoom.cells.model.cell import Pin, draw_pin
from analoom.cells.model.drawing import CUT_GRID_NM, Box, Drawing, hull
from analoom.cells.parts.deep_well import deep_well
from analoom.cells.parts.guard_ring import RING_NM, bars
from analoom.pdk import rules
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import MET1, VIA

from .buses import buses_of, column_on, draw_buses, join_buses
from .row import BUS_NM, BUS_PAST_COLUMN_NM, COLUMN_NM, VIA_IN_BUS_NM, FingerRow, draw_fingers, draw_via, gates_differ
from .wells import DEEP_WELL, FingerBlock, Rings, Well, rings_of


@dataclass(frozen=True)
class DrawnBlock:
    """What was drawn: pins, and by row, then left to right, each gate's net with its channel (nm)."""

    pins: tuple[Pin, ...]
    gates: tuple[tuple[tuple[str, Box], ...], ...]


def draw_row(drawing: Drawing, row: FingerRow, well: Well = "common") -> DrawnBlock:
    """One row in a guard ring. Raises SpecError when a finger is too wide for its taps (LU.2)."""
    return draw_block(drawing, FingerBlock([[row]], well))


def draw_block(drawing: Drawing, block: FingerBlock) -> DrawnBlock:
    """Draws fingers, rings, wells, buses and pins. Raises SpecError when a finger is too wide for its taps (LU.2)."""
    block = _alike(block)
    rings = rings_of(block)
    gates = tuple(
        tuple(gate for row, at in zip(line, places, strict=True) for gate in _fingers(drawing, row, rings.inner, at))
        for line, places in zip(block.rows, rings.origins, strict=True)
    )
    buses = buses_of(block, rings)
    joins = join_buses(drawing, block, rings.outer, buses)
    pins = list(draw_buses(drawing, block, rings, buses, hull([rings.outer, *joins])))
    if block.deep:
        pins.append(_deep_well(drawing, block, rings, hull([rings.outer, *joins])))
    _oxide(drawing, block, rings)
    pins += _bodies(drawing, block, rings)
    return DrawnBlock(tuple(pins), gates)


def _alike(block: FingerBlock) -> FingerBlock:
    """The block with the fingers of all rows at the same pitch."""
    apart = any(gates_differ(row) for line in block.rows for row in line)
    return replace(block, rows=[[replace(row, pads_apart=apart) for row in line] for line in block.rows])


def _fingers(drawing: Drawing, row: FingerRow, inner: Box, at: tuple[int, int]) -> Iterator[tuple[str, Box]]:
    for net, box in draw_fingers(drawing.moved(*at), row, inner).gates:
        yield net, box.moved(*at)


def _bodies(drawing: Drawing, block: FingerBlock, rings: Rings) -> Iterator[Pin]:
    """The body's pin: the ring's left bar, or met2 from it to the cell's edge where met1 stands around the ring."""
    if block.well == "islands":
        return
    use = _body_use(block)
    bar = bars(rings.inner)[0]
    if len(block.rows) == 1 and not block.deep:
        yield draw_pin(drawing, Pin(block.first.body, Layer.MET1, bar, use))
        return
    left, middle = column_on(bar.left), block.first.w_nm // 2 // CUT_GRID_NM * CUT_GRID_NM
    bottom = middle - VIA.size_nm // 2 // CUT_GRID_NM * CUT_GRID_NM - VIA_IN_BUS_NM
    draw_via(drawing, left, bottom)
    way = Box(drawing.cell.bbox().left, bottom, left + COLUMN_NM + BUS_PAST_COLUMN_NM, bottom + BUS_NM)
    yield draw_pin(drawing, Pin(block.first.body, Layer.MET2, drawing.add(Layer.MET2, way), use))


def _body_use(block: FingerBlock) -> Literal["signal", "power", "ground"]:
    """An isolated p-well may sit at any potential."""
    if block.first.device.is_p:
        return "power"
    return "signal" if block.deep else "ground"


def _deep_well(drawing: Drawing, block: FingerBlock, rings: Rings, inside: Box) -> Pin:
    wells = rings.outers if block.well == "islands" else [[rings.outer]]
    space, whole, apart = MET1.space_nm, rings.outer, block.first.spacings
    outer = deep_well(drawing, wells, Box(inside.left - space, whole.bottom, inside.right + space, whole.top), apart)
    bar = bars(outer.enlarged(-RING_NM, -RING_NM))[0]
    return draw_pin(drawing, Pin(DEEP_WELL, Layer.MET1, bar, "power"))


def _oxide(drawing: Drawing, block: FingerBlock, rings: Rings) -> None:
    """The marks of the device's oxide, one box over everything: n-wells lie in it whole, and p-taps with a margin."""
    by = rules.HVI_ENCLOSES_DIFF.value_nm
    wells = drawing.cell.bbox_per_layer(drawing.cell.layout().layer(*Layer.NWELL.value))
    for mark in block.first.device.oxide:
        drawing.add(mark, hull([rings.outer.enlarged(by, by), *([wells] if not wells.empty() else [])]))
