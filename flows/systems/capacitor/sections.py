"""What the mismatch report of a capacitor array lays beside the sigmas: a converter's errors, and the budget."""

from __future__ import annotations

from typing import Any

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.budget import with_total
from analoom.flows.statistics.sections import Asked

from .budget import budget
from .converter_errors import converter_errors, converter_levels
from .mismatch import CapacitorStatistics
from .settings import CapacitorAnalysis
from .wire_error import wires_to_top_f


def wired_sections(cell: Cell, asked: Asked) -> dict[str, Any]:
    """The sections `converter`, of weights that make one, and `budget` if asked: the wires are extracted once for
    both."""
    pins, converts = CapacitorStatistics(cell).pins, converter_levels(cell) is not None
    if len(pins) < 2 or not (asked.budget or converts):
        return {}
    wires_f = wires_to_top_f(cell, pins)
    out: dict[str, Any] = {}
    if converts and (found := converter_errors(cell, {"": wires_f}, asked.model, asked.settings, asked.seed_or_first)):
        out["converter"] = found.to_json()
    if asked.budget:
        chosen = CapacitorAnalysis.parse(asked.settings, prefix="settings.")
        out["budget"] = with_total(budget(cell, asked.model, chosen, None, wires_f))
    return out
