"""Antenna diodes that a floorplan places: in a row below the block, one a net."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil

from analoom.cells.model.cell import Cell
from analoom.cells.ties.antenna_diode import AntennaDiodeSpec, antenna_diode

ROOM = 1.5
"""A diode's area by the least that its net needs: the way to it collects too, and its cuts have a rule of their own."""
W_UM, STEP_UM = 0.65, 0.05
"""Their width, and the steps of their height."""


def diode_for(least_um2: float) -> Cell:
    """A diode for a net that needs at least this area."""
    high_um = max(W_UM, ceil(ROOM * least_um2 / W_UM / STEP_UM) * STEP_UM)
    return antenna_diode(AntennaDiodeSpec(w=W_UM, l=round(high_um, 3)))


@dataclass
class Diodes:
    """The net `ground` that diodes lead to, and the least area (um2) that each net needs; 0 for the usual diode."""

    ground: str
    needs_um2: dict[str, float] = field(default_factory=dict)

    def grown(self, needs_um2: Mapping[str, float]) -> bool:
        """Takes up what nets need, and whether that is more than before."""
        larger = {net: need for net, need in needs_um2.items() if need > self.needs_um2.get(net, -1.0)}
        self.needs_um2 |= larger
        return bool(larger)

    def cells(self) -> dict[str, Cell]:
        """The diode of each net."""
        return {net: diode_for(need) for net, need in self.needs_um2.items()}
