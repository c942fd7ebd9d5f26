"""Area of a capacitor array, in figures: against what the rules allow its units alone, and what its wires take."""

from __future__ import annotations

from typing import Any

import klayout.db as kdb

from analoom.cells.capacitor.unit_cap import plate_area_um2
from analoom.cells.model.drawing import CUT_GRID_NM, layer_index
from analoom.pdk.layers import Layer
from analoom.pdk.units import snap_up

from .grid import CapGrid
from .spec import CapArraySpec

WIRES = (Layer.MET1, Layer.MET2, Layer.MET3, Layer.MET4, Layer.MET5)


def area_figures(spec: CapArraySpec, grid: CapGrid, layout: kdb.Cell) -> dict[str, Any]:
    """The core (the sites of the grid without ring, lines and pins) against the units alone; plates; wires.

    `core_over_rule`: the core's area over that of as many units at the least pitch a bare unit may have, by the rules
    named. `area_efficiency`: plates of weights over the whole cell. `wiring_um_per_unit` and `wiring_um2_per_unit`: by
    layer, half the perimeter and the area of what the array itself draws, the ring's wires included, over its units.
    """
    outline, placement, units = grid.outline, grid.placement, sum(spec.weights)
    least = (snap_up(outline.pitch_x().nm, CUT_GRID_NM), snap_up(outline.pitch_y().nm, CUT_GRID_NM))
    core_nm2 = placement.rows * placement.pitch_y_nm * placement.cols * placement.pitch_x_nm
    box = layout.bbox()
    plates_um2, whole_um2 = units * plate_area_um2(spec.unit), box.width() * box.height() / 1e6
    wires = {layer.name.lower(): _own(layout, layer) for layer in WIRES}
    return {
        "core_um2": round(core_nm2 / 1e6, 4),
        "core_over_rule": round(core_nm2 / (units * least[0] * least[1]), 4),
        "core_over_rule_by_site": round(core_nm2 / (placement.rows * placement.cols * least[0] * least[1]), 4),
        "rules": [outline.pitch_x().rule, outline.pitch_y().rule],
        "area_efficiency": round(plates_um2 / whole_um2, 4),
        "core_efficiency": round(plates_um2 / (core_nm2 / 1e6), 4),
        "wiring_um_per_unit": {name: round(r.perimeter() / 2000 / units, 3) for name, r in wires.items()},
        "wiring_um2_per_unit": {name: round(r.area() / 1e6 / units, 3) for name, r in wires.items()},
    }


def _own(layout: kdb.Cell, layer: Layer) -> kdb.Region:
    """What the cell draws itself on a layer, without its units."""
    return kdb.Region(layout.shapes(layer_index(layer))).merged()
