"""The error of an array by source: random, gradient and IR drop."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, weave_of
from analoom.flows.systems.synapse.settings import ReadAnalysis

from .mismatch import CrossbarStatistics

Array = NDArray[np.float64]


def budget(
    cell: Cell, model: str, settings: ReadAnalysis, weights: Array | None, wires_f: Array | None
) -> dict[str, float]:
    """Root mean square over columns of the column error by full scale, stored weights, inputs full."""
    statistics = CrossbarStatistics(cell, weights, model, settings)
    found = {"random": statistics.rms, "gradient": _gradient(statistics, settings.gradient_vth)}
    if statistics.ir_drop is not None:
        found["ir_drop"] = statistics.ir_drop
    return found


def _gradient(statistics: CrossbarStatistics, gradient_v_um: float) -> float:
    """Threshold plane over the whole array, in the direction where the columns suffer most."""
    rows, cols = statistics.shape
    px, py = (n / 1000 for n in weave_of(statistics.cell).pitch_nm)
    slope = statistics.response.per_volt(statistics.stored) * gradient_v_um / statistics.full_scale_s
    x, y = (np.arange(n) - (n - 1) / 2 for n in (cols, rows))
    parts = np.stack([slope.sum(axis=0) * x * px, (slope * (y * py)[:, None]).sum(axis=0)])
    return float(np.sqrt(np.linalg.eigvalsh(parts @ parts.T / cols)[-1]))
