"""The error of a capacitor array by source: random, gradient, and the couplings of its wires to the common plate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.gradient import units_of, values_under_tilt

from .mismatch import CapacitorStatistics
from .settings import CapacitorAnalysis
from .wire_error import wire_error, wires_to_top_f

Array = NDArray[np.float64]


def budget(
    cell: Cell, model: str, settings: CapacitorAnalysis, weights: Array | None, wires_f: Array | None
) -> dict[str, float]:
    """Of the largest ratio error; `wires_f`: couplings of the wires to `top`, (weights,) F, if extracted already."""
    statistics = CapacitorStatistics(cell, model, settings)
    found = {"random": statistics.closed()["ratio_error"].sigma}
    if cell.match_groups and len(statistics.pins) > 1:
        units = units_of(cell.match_groups[0])
        shares = values_under_tilt(units, settings.gradient_frac_um)
        ideal = units.areas / units.areas.sum()
        found["gradient"] = float(np.abs(shares / shares.sum(axis=1, keepdims=True) / ideal - 1).max())
    if len(statistics.pins) > 1:
        wires_f = wires_to_top_f(cell, statistics.pins) if wires_f is None else wires_f
        found["routing"] = wire_error(statistics.nominal[0], wires_f)
    return found
