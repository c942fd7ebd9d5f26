"""Metrics of a read against the ideal product."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.measured import Metric, Sheet
from analoom.flows.systems.synapse.read_map import ReadMap

INPUTS, PRODUCTS = "inputs", "products"
"""The sheets of a read."""

RENAMED = {"worst_column_error": "column_error_max"}
"""Metrics of a read by the names they had before: mismatch has metrics of these names."""


def full_scale_a(ideal: ReadMap, inputs: NDArray[np.float64]) -> float:
    """Ideal full scale: the current of a column with every weight at its largest factor and every input full, A."""
    return float(len(inputs) * np.abs(ideal.conductance).max() * ideal.inputs[-1])


def full_read(ideal: ReadMap, shape: tuple[int, int]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Weights (rows, cols) V and inputs (rows,) V of a read at full scale; its largest column is the full scale."""
    strongest = float(ideal.weights[np.argmax(np.abs(ideal.conductance))])
    return np.full(shape, strongest), np.full(shape[0], ideal.inputs[-1])


def read_metrics(
    ideal: ReadMap,
    stored: NDArray[np.float64],
    inputs: NDArray[np.float64],
    currents: NDArray[np.float64],
    full_a: float | None = None,
) -> dict[str, Metric]:
    """Full scale, largest column and the errors of `currents` (cols,) A against the ideal product.

    Errors are fractions of the ideal full scale, in every view alike. `full_a` is the full scale of what was read, by
    `full_read`; None where that is the ideal one.
    """
    product, ideal_a = inputs @ ideal.factor(stored), full_scale_a(ideal, inputs)
    errors = (currents - product) / ideal_a
    return {
        "i_full_scale": Metric(ideal_a if full_a is None else full_a, "A"),
        "i_column_max": Metric(float(np.abs(currents).max()), "A"),
        "column_error_max": Metric(float(np.abs(errors).max()), "frac"),
        "column_error_rms": Metric(float(np.sqrt(np.mean(errors**2))), "frac"),
    }


def read_sheets(
    ideal: ReadMap, stored: NDArray[np.float64], inputs: NDArray[np.float64], currents: NDArray[np.float64]
) -> dict[str, Sheet]:
    """The inputs of a read, and of every column the ideal product beside the current that was read."""
    product, ideal_a = inputs @ ideal.factor(stored), full_scale_a(ideal, inputs)
    columns = (np.arange(len(currents)), product, currents, (currents - product) / ideal_a)
    return {
        INPUTS: Sheet(("row", "input (V)"), (np.arange(len(inputs)), inputs)),
        PRODUCTS: Sheet(("column", "ideal (A)", "read (A)", "error (frac)"), columns),
    }
