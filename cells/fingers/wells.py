"""Blocks of finger rows: which rows, wells and rings they have, and where the rings stand."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from analoom.cells.model.drawing import CUT_GRID_NM, Box, hull
from analoom.cells.parts.deep_well import pitch_less_ring_nm
from analoom.cells.parts.guard_ring import RING_NM, bars
from analoom.pdk.devices import MosDevice
from analoom.pdk.units import snap_up

from .row import FingerRow, ring_inner

Well = Literal["common", "isolated", "islands"]
ISOLATED = (
    "common: n-types lie in the substrate; isolated: n-types in a p-well of their own over a deep n-well, pin nw "
    "(the n-well of p-types is isolated as it is)"
)
"""What the spec of a cell without islands says of `well`."""
DEEP_WELL = "nw"
"""Pin of a deep n-well and the n-well ring around it."""


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
class Rings:
    """The inner box of every ring as the first has it, where each stands, and their outer boxes."""

    inner: Box
    origins: list[list[tuple[int, int]]]
    outers: list[list[Box]]

    @property
    def outer(self) -> Box:
        return hull(box for row in self.outers for box in row)


def well_ports(device: MosDevice, well: Well) -> tuple[str, ...]:
    """The pins that a well adds to a cell of `device`."""
    return () if well == "common" or device.is_p else (DEEP_WELL,)


def rings_of(block: FingerBlock) -> Rings:
    inner = hull(ring_inner(row) for line in block.rows for row in line)
    outer = hull(bars(inner))
    x, y = outer.width() + _apart_nm(block), outer.height() + _apart_nm(block)
    origins = [[(c * x, r * y) for c in range(len(line))] for r, line in enumerate(block.rows)]
    return Rings(inner, origins, [[outer.moved(*at) for at in line] for line in origins])


def _apart_nm(block: FingerBlock) -> int:
    """From ring to ring: they share a bar in a common well."""
    apart = block.first.spacings
    if block.well != "islands":
        return -RING_NM
    if not block.first.device.is_p:
        return pitch_less_ring_nm(apart)
    return snap_up(apart.nwell + 2 * apart.tap_in_nwell, CUT_GRID_NM)
