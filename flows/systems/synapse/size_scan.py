"""Random errors of arrays by their size, from those of one synapse."""

from __future__ import annotations

from math import sqrt
from typing import Any

import numpy as np

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.extremes import worst_of
from analoom.flows.statistics.sections import Asked

from .mismatch import SynapseStatistics
from .settings import ReadAnalysis

SIZES = (8, 16, 32, 64, 128, 256, 512, 1024, 2048)


def size_scan(synapse: Cell, asked: Asked, shape: tuple[int, int] = (1, 1)) -> dict[str, Any]:
    """The section `size_scan`: of N x N arrays a column of full weights, and the worst of N such columns; `shape` is
    the cell's own."""
    chosen = ReadAnalysis.parse({**asked.settings, "ir_drop": False}, prefix="settings.")
    one = SynapseStatistics(synapse, None, asked.model, chosen).closed()["cell_gain_error"].sigma
    found = {
        "sizes": list(SIZES),
        "cell": one,
        "column": [one / sqrt(n) for n in SIZES],
        "worst_of_n": [worst_of(np.full(n, one / sqrt(n))) for n in SIZES],
        "shape": list(shape),
    }
    return {"size_scan": found}
