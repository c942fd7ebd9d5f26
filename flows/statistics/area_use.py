"""What of a matched cell's area its devices use, and what its wires take, from the drawing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

import klayout.db as kdb

from analoom.cells.model.cell import Cell
from analoom.cells.model.drawing import hull
from analoom.flows.files.layout_source import LayoutSource, of_cell
from analoom.pdk.layers import CONDUCTORS, Layer

from .sections import Asked


@dataclass(frozen=True)
class AreaUse:
    """Areas in um2. `device_um2`: the units of the match groups (gates, plates); `core_um2`: the box around them.

    `wires_um2`: drawn wires and shields by level, plates of capacitors and gates left out. `efficiency` is devices over
    the whole cell, `wiring_overhead` wires over devices (above 1 where several levels lie on one another).
    """

    cell_um2: float
    core_um2: float
    device_um2: float
    wires_um2: dict[str, float]

    @property
    def efficiency(self) -> float:
        return self.device_um2 / self.cell_um2

    @property
    def wiring_overhead(self) -> float:
        return sum(self.wires_um2.values()) / self.device_um2

    def to_json(self) -> dict[str, Any]:
        """The section `area` of a mismatch report."""
        return {**asdict(self), "efficiency": self.efficiency, "wiring_overhead": self.wiring_overhead}


def area_use(cell: Cell) -> AreaUse | None:
    """Areas of a cell that is drawn for its match groups; None for others."""
    boxes = [box for group in cell.match_groups if group.whole_cell for b in group.members.values() for box in b]
    if not boxes:
        return None
    device = sum(b.area() for b in boxes)
    return AreaUse(cell.area_um2, hull(boxes).area() / 1e6, device / 1e6, _wires_um2(of_cell(cell)))


def area_section(cell: Cell, asked: Asked) -> dict[str, Any]:
    """The section `area`."""
    use = area_use(cell)
    return {"area": use.to_json()} if use else {}


def _wires_um2(source: LayoutSource) -> dict[str, float]:
    drawn = {layer: _flat(source, layer) for layer in CONDUCTORS}
    drawn[Layer.POLY] -= _flat(source, Layer.DIFF)
    for bottom, plate in ((Layer.MET3, Layer.CAPM), (Layer.MET4, Layer.CAP2M)):
        drawn[bottom] = drawn[bottom].not_interacting(_flat(source, plate))
    areas = {layer.name.lower(): drawn[layer].area() / 1e6 for layer in CONDUCTORS}
    return {name: area for name, area in areas.items() if area}


def _flat(source: LayoutSource, layer: Layer) -> kdb.Region:
    return kdb.Region(source.top.begin_shapes_rec(source.index(layer))).merged()
