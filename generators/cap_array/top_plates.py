"""How the top plates of a capacitor array are joined and come out: what each kind of unit has to draw."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import ClassVar

from analoom.cells.capacitor.unit_cap import UnitCapSpec
from analoom.cells.model.cell import Pin
from analoom.cells.model.drawing import Box, Drawing
from analoom.generators.matching.placement import Placement, Site
from analoom.generators.matching.wire_model import Array, WireModel, met_by_site
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import VIA2

from .grid import STUB_STEP_NM, CapGrid


class TopWires(ABC):
    """Draws what lies over the units of one array."""

    makes_way: ClassVar[bool] = True
    """Whether dummy sites above the top row give up their unit, so that `top` comes out across them."""

    wires: ClassVar[WireModel]
    """What they add to a unit, by where it stands."""

    def __init__(self, drawing: Drawing, grid: CapGrid) -> None:
        self.drawing, self.grid = drawing, grid

    @staticmethod
    def ring_gap_nm(unit: UnitCapSpec, pitch_x_nm: int, pitch_y_nm: int) -> tuple[int, int]:
        """How much farther off than a pitch the ring has to stand, in x and y: here not at all."""
        return 0, 0

    @classmethod
    def met(cls, placement: Placement) -> dict[str, Array]:
        """How many times each field of `wires` applies to the unit at each site, (rows, cols)."""
        return met_by_site(placement, {exit_site(placement)})

    @classmethod
    def added_wires(cls, placement: Placement) -> Array:
        """(rows, cols): what the wires add to a unit at each site, in shares of what they add to one within."""
        return cls.wires.added(cls.met(placement))

    def joint(self, row: int, col: int) -> None:
        """From the bar up to the bottom plate."""
        area = self.grid.outline.landing.moved(*self.grid.origin_nm(row, col))
        self.drawing.cuts(Layer.VIA2, area, VIA2.size_nm, VIA2.space_nm)

    @abstractmethod
    def unit(self, row: int, col: int) -> None:
        """Joins a unit's top plate to its neighbours'."""

    @abstractmethod
    def dummy(self, row: int, col: int) -> None:
        """Ties a dummy's top plate to its own bottom plate."""

    @abstractmethod
    def stub(self, row: int, col: int, growth_nm: int) -> None:
        """A unit's stub, longer by `growth_nm` than the one each unit has."""

    @abstractmethod
    def way_out(self) -> Pin:
        """Brings `top` to the upper edge; draws and returns its pin."""

    @staticmethod
    @abstractmethod
    def stub_room_nm(unit: UnitCapSpec) -> int:
        """What a unit's stub can grow by."""

    def bare(self, row: int, col: int) -> None:
        """What stays at a dummy site that holds no unit: here nothing."""
        return

    def shields(self) -> None:
        """What hides the wires below besides met2: here nothing."""
        return

    def joined(self, row: int, col: int, below: bool = False) -> bool:
        """Whether units stand at a site and to its right (or above it)."""
        other = (row + 1, col) if below else (row, col + 1)
        return self.grid.is_unit(row, col) and self.grid.is_unit(*other)

    def upper_edge_nm(self) -> int:
        """Where the uppermost row ends."""
        return self.grid.bottom_nm(self.grid.placement.rows - 1 + int(self.grid.ring), 0).top

    def exit_row(self) -> int:
        return exit_site(self.grid.placement)[0]

    def exit_col(self) -> int:
        return exit_site(self.grid.placement)[1]

    def at(self, box: Box, row: int, col: int) -> Box:
        """A box of the unit, where the unit stands."""
        return box.moved(*self.grid.origin_nm(row, col))


def exit_site(placement: Placement) -> Site:
    """The unit of the highest row in use that stands nearest the middle."""
    used = [(row, col) for row in range(placement.rows) for col in range(placement.cols) if _held(placement, row, col)]
    highest = max(row for row, _ in used)
    return min((s for s in used if s[0] == highest), key=lambda s: abs(2 * s[1] - placement.cols + 1))


def sites_above(placement: Placement, ring: bool) -> frozenset[Site]:
    """The sites over `exit_site`, the ring's included."""
    row, col = exit_site(placement)
    return frozenset((r, col) for r in range(row + 1, placement.rows + int(ring)))


def whole_steps(room_nm: int) -> int:
    """Room for a stub, in whole steps."""
    return max(0, room_nm) // STUB_STEP_NM * STUB_STEP_NM


def _held(placement: Placement, row: int, col: int) -> bool:
    return placement.owner[row][col] >= 0
