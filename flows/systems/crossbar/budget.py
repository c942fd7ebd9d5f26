"""The error of an array by source: random, gradient and IR drop."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.systems.synapse.settings import ReadAnalysis

from .mismatch import CrossbarStatistics

Array = NDArray[np.float64]


def budget(
    cell: Cell, model: str, settings: ReadAnalysis, weights: Array | None, wires_f: Array | None
) -> dict[str, float]:
    """Root mean square over columns of the column error by full scale, stored weights, inputs full.

    The gradient is a threshold plane over the whole array, in the direction where the columns suffer most.
    """
    statistics = CrossbarStatistics(cell, weights, model, settings)
    worst = np.linalg.eigvalsh(statistics.tilted @ statistics.tilted.T / statistics.shape[1])[-1]
    found = {"random": statistics.rms, "gradient": float(np.sqrt(worst))}
    if statistics.ir_drop is not None:
        found["ir_drop"] = statistics.ir_drop
    return found
