"""Metrics of a read against the ideal product."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.measured import Metric
from analoom.flows.systems.synapse.read_map import ReadMap


def read_metrics(
    ideal: ReadMap, stored: NDArray[np.float64], inputs: NDArray[np.float64], currents: NDArray[np.float64]
) -> dict[str, Metric]:
    """Full scale, largest column and the errors of `currents` (cols,) A against the ideal product."""
    product = inputs @ ideal.factor(stored)
    full_scale_a = len(inputs) * np.abs(ideal.conductance).max() * ideal.inputs[-1]
    errors = (currents - product) / full_scale_a
    return {
        "i_full_scale": Metric(float(full_scale_a), "A"),
        "i_column_max": Metric(float(np.abs(currents).max()), "A"),
        "worst_column_error": Metric(float(np.abs(errors).max()), "frac"),
        "column_error_rms": Metric(float(np.sqrt(np.mean(errors**2))), "frac"),
    }
