"""Codes of a weighted array used as a converter: which weights are on at each code, and INL and DNL of its levels."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

MOST_CODES = 4096
"""Largest full scale for which INL and DNL are given, in units."""


def code_levels(weights: NDArray[np.int64]) -> NDArray[np.float64] | None:
    """(codes, weights) of 0 and 1 for codes 0 to the sum of weights, largest first; None when a code is unmet."""
    total = int(weights.sum())
    if total > MOST_CODES:
        return None
    left = np.arange(total + 1)
    on = np.zeros((total + 1, len(weights)))
    for k in np.argsort(-weights, kind="stable"):
        on[:, k] = left >= weights[k]
        left = left - weights[k] * on[:, k].astype(np.int64)
    return None if left.any() else on


def inl_lsb(levels: NDArray[np.float64], c_f: NDArray[np.float64], ideal_f: NDArray[np.float64]) -> NDArray[np.float64]:
    """Deviation of each code's level from that of `ideal_f`, (..., codes) LSB, for capacitances `c_f` (..., weights).

    A level is the share of the capacitance switched on; zero and full scale are true by definition.
    """
    units = len(levels) - 1
    return units * (c_f / c_f.sum(axis=-1, keepdims=True) - ideal_f / ideal_f.sum()) @ levels.T
