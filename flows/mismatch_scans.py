"""What a whole flow lays beside the sigmas: errors over area and array size, and drawn histograms."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.sections import Asked
from analoom.flows.systems.lookup import system_of

from .matching import matching_sections
from .mismatch import MismatchReport, mismatch

DRAWS = 2000

Array = NDArray[np.float64]


def with_scans(cell: Cell, report: MismatchReport, weights: Array | None = None) -> dict[str, Any]:
    """The report's JSON with all that the system has of `area`, `converter`, `budget`, `area_scan`, `size_scan`, drawn
    `histograms`. `weights`: the stored voltages that the report is of."""
    settings, system = dict(report.settings), system_of(cell)
    asked = Asked(report.model, settings, report.seed)
    out = report.to_json()
    out |= matching_sections(cell, report.model, settings, report.seed, weights=weights)
    for section in system.scans:
        out |= section(cell, asked)
    if not out["histograms"] and system.draws_unasked(cell):
        quick, seed = settings | {"precision": None}, asked.seed_or_first
        drawn = mismatch(cell, report.model, "mc", DRAWS, seed, weights=weights, settings=quick)
        out["histograms"] = {name: dict(h) for name, h in drawn.histograms.items()}
    return out
