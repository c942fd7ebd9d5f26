"""A binary converter's errors: INL and DNL of its levels against its own end points, and their sigmas by formula.

Of N = 2^bits - 1 units with relative sigma s each, independent: the step to code 2^k that lets n on = 2^k units for
n off = 2^k - 1 has s sqrt(n_on + n_off - 1/N) LSB, code k of the line through both ends s sqrt(k (N - k) / N).
Source: K. Lakshmikumar, R. Hadaway, M. Copeland, IEEE J. Solid-State Circuits 21 (1986) 1057; the term 1/N is the
error of the LSB itself.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def dnl_lsb(levels: Array) -> Array:
    """Each step by the mean one, less one: levels (..., codes), LSB (..., codes - 1)."""
    steps = np.diff(levels, axis=-1)
    return np.asarray(steps / steps.mean(axis=-1, keepdims=True) - 1)


def inl_lsb(levels: Array) -> Array:
    """Each level off the line through both ends, (..., codes) LSB."""
    return np.concatenate([np.zeros((*levels.shape[:-1], 1)), np.cumsum(dnl_lsb(levels), axis=-1)], axis=-1)


def code_bits(bits: int) -> Array:
    """Which bits are on at each code, (codes, bits), bit 0 first."""
    return np.array([[code >> k & 1 for k in range(bits)] for code in range(2**bits)], dtype=np.float64)


def unit_slopes(bits: int) -> dict[str, Array]:
    """What a relative error of each bit's mean unit makes of `inl` (codes, bits) and `dnl` (codes - 1, bits), LSB."""
    weights = 2.0 ** np.arange(bits)
    on = code_bits(bits) * weights
    ideal = np.arange(2**bits)[:, None] / weights.sum()
    inl = on - ideal * weights
    return {"inl": inl, "dnl": np.diff(inl, axis=0)}


def sigma_dnl_lsb(bits: int, sigma_unit: float) -> float:
    """Of the least certain step, the middle one, LSB."""
    units = 2**bits - 1
    return float(sigma_unit * np.sqrt(units - 1 / units))


def sigma_inl_lsb(bits: int, sigma_unit: float) -> float:
    """Of the least certain code, at the middle, LSB."""
    units, middle = 2**bits - 1, 2 ** (bits - 1)
    return float(sigma_unit * np.sqrt(middle * (units - middle) / units))
