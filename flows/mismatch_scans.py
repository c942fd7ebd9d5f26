"""What a whole flow lays beside the sigmas: errors over area and array size, and drawn histograms."""

from __future__ import annotations

from typing import Any

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.sections import Asked
from analoom.flows.systems.lookup import system_of

from .matching import matching_sections
from .mismatch import MismatchReport, mismatch

DRAWS = 2000


def with_scans(cell: Cell, report: MismatchReport) -> dict[str, Any]:
    """The report's JSON with all that the system has of `area`, `converter`, `budget`, `area_scan`, `size_scan`, drawn
    `histograms`."""
    settings, system = dict(report.settings), system_of(cell)
    asked = Asked(report.model, settings, report.seed)
    out = report.to_json()
    out |= matching_sections(cell, report.model, settings, report.seed)
    for section in system.scans:
        out |= section(cell, asked)
    if not out["histograms"] and system.draws_unasked(cell):
        drawn = mismatch(cell, report.model, "mc", DRAWS, asked.seed_or_first, settings=settings | {"precision": None})
        out["histograms"] = {name: dict(h) for name, h in drawn.histograms.items()}
    return out
