"""Beside a matched cell's sigmas: its area, wires and placement, a converter's errors by source, the error budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from analoom.cells.model.cell import Cell, Kind
from analoom.flows.statistics.area_use import area_use
from analoom.flows.statistics.drawn_placement import placement_section
from analoom.flows.statistics.error_wires import wires_to_top_f
from analoom.flows.systems.capacitor.converter_errors import converter_errors, converter_levels
from analoom.flows.systems.capacitor.mismatch import CapacitorStatistics

from .error_budget import error_budget, has_budget


def matching_sections(
    cell: Cell, model: str, settings: Mapping[str, Any], seed: int | None, *, budget: bool = True
) -> dict[str, Any]:
    """Sections of a mismatch report, as far as the kind has them: `area`, `placement`, `converter`, `budget` if asked.

    The wires of a capacitor array are extracted once for all of them.
    """
    out: dict[str, Any] = {}
    if use := area_use(cell):
        out["area"] = use.to_json()
    if placed := placement_section(cell):
        out["placement"] = placed
    converts = converter_levels(cell) is not None
    pins = CapacitorStatistics(cell).pins if cell.kind == Kind.CAPACITOR else []
    wires_f = wires_to_top_f(cell, pins) if len(pins) > 1 and (budget or converts) else None
    if converts and wires_f is not None:
        found = converter_errors(cell, {"": wires_f}, model, settings, 1 if seed is None else seed)
        out |= {"converter": found.to_json()} if found else {}
    if budget and has_budget(cell.kind):
        out["budget"] = error_budget(cell, model, settings, wires_f=wires_f)
    return out
