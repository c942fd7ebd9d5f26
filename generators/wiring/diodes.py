"""Antenna diodes that a floorplan places: in a row below the block, one a net."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil, sqrt

from analoom.cells.model.cell import Cell
from analoom.cells.ties.antenna_diode import AntennaDiodeSpec, antenna_diode

ROOM = 1.5
"""A diode's area by the least that its net needs: the way to it collects too, and its cuts have a rule of their own."""
STEP_UM = 0.05


@dataclass
class Diodes:
    """The net `ground` that diodes lead to, and the area (um2) of each net's; 0 for the usual one."""

    ground: str
    area_um2: dict[str, float] = field(default_factory=dict)

    def grown(self, needs_um2: Mapping[str, float]) -> bool:
        """Takes up what nets need, and whether that is more than before."""
        larger = {net: ROOM * need for net, need in needs_um2.items() if ROOM * need > self.area_um2.get(net, -1.0)}
        self.area_um2 |= larger
        return bool(larger)

    def cells(self) -> dict[str, Cell]:
        """The diode of each net."""
        return {net: antenna_diode(self._spec(area)) for net, area in self.area_um2.items()}

    def _spec(self, area_um2: float) -> AntennaDiodeSpec:
        usual = AntennaDiodeSpec()
        side_um = round(ceil(sqrt(area_um2) / STEP_UM) * STEP_UM, 3)
        return AntennaDiodeSpec(w=max(usual.w, side_um), l=max(usual.l, side_um))
