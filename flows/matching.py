"""Beside a matched cell's sigmas: its area, wires and placement, a converter's errors by source, the error budget."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.sections import Asked
from analoom.flows.systems.lookup import system_of

from .error_budget import error_budget, has_budget


def matching_sections(
    cell: Cell,
    model: str,
    settings: Mapping[str, Any],
    seed: int | None,
    *,
    budget: bool = True,
    weights: NDArray[np.float64] | None = None,
) -> dict[str, Any]:
    """Sections of a mismatch report, as far as the system has them: `area`, `placement`, `converter`, `budget` if
    asked.

    `weights`: stored voltages of an array, for its budget. The wires of a capacitor array are extracted once for all.
    """
    asked = Asked(model, settings, seed, budget=budget and has_budget(cell))
    out: dict[str, Any] = {}
    for section in system_of(cell).sections:
        out |= section(cell, asked)
    if asked.budget and "budget" not in out:
        out["budget"] = error_budget(cell, model, settings, weights)
    return out
