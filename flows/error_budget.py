"""The error budget of a cell by source: random, gradient, routing and IR drop, each alone, as fractions of full scale.

Sources are independent; each is a root mean square over what is read (columns of an array, weights of a capacitor
array). Random comes from the models, gradient from the drawn positions and an assumed slope, IR drop and routing from
the extraction of the drawn cell (of a pair or mirror: the change of its simulated ratios). A source that a cell has
not, or that is not computed for it, is left out.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.budget import with_total
from analoom.flows.systems.lookup import Belongs, analysis_of, require_pins, system_of
from analoom.pdk.mismatch.terms import DEFAULT_MODEL

Array = NDArray[np.float64]


def error_budget(
    cell: Cell,
    model: str = DEFAULT_MODEL,
    settings: Mapping[str, Any] | None = None,
    weights: Array | None = None,
    wires_f: Array | None = None,
) -> dict[str, float]:
    """Errors by source, fractions: "random", "gradient", "routing", "ir_drop" as far as known, and "total".

    What each is of stands with the cell's system. `wires_f`: the couplings of a capacitor array's wires to `top`,
    (weights,) F, where they are extracted already. Raises InputError for a kind without a budget.
    """
    system = system_of(cell)
    analysis = analysis_of(system)
    chosen = analysis.settings.parse(dict(settings or {}), prefix="settings.")
    require_pins(cell, system)
    return with_total(analysis.budget(cell, model, chosen, weights, wires_f))


def has_budget(cell: Belongs) -> bool:
    """Whether the error of a cell, or of a generator's cells, can be split by source."""
    analysis = system_of(cell).mismatch
    return analysis is not None and analysis.has_budget
