"""The output's answer to a source's unit: over a band, or at its low end alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.simulator.ngspice import Loaded

from .stand import OUTPUT

LOW_HZ, HIGH_HZ, A_DECADE = 1.0, 1e10, 20
BAND, LOW_END = f"dec {A_DECADE} {LOW_HZ!r} {HIGH_HZ!r}", f"lin 1 {LOW_HZ!r} {LOW_HZ!r}"

Complex = NDArray[np.complex128]


def response(loaded: Loaded, source: str, points: str = BAND) -> tuple[NDArray[np.float64], Complex]:
    """Frequencies (points,) Hz, and the output there by a unit of `source`."""
    loaded.alter(source, "acmag", 1)
    found = loaded.run(f"ac {points}")
    loaded.alter(source, "acmag", 0)
    return np.real(found["frequency"]), np.asarray(found[OUTPUT])


def decibel(gain: Complex) -> NDArray[np.float64]:
    """20 log10 of the size."""
    return np.asarray(20 * np.log10(np.abs(gain)))


def phase_deg(gain: Complex) -> NDArray[np.float64]:
    """Unwrapped, from the low end, degrees."""
    return np.asarray(np.degrees(np.unwrap(np.angle(gain))))


def crossing(f: NDArray[np.float64], falling: NDArray[np.float64], level: float) -> float:
    """The first frequency at which a curve falls below `level`, between points by their logarithm; nan for none."""
    below = np.flatnonzero(falling < level)
    if not below.size or below[0] == 0:
        return float("nan")
    ends = slice(below[0] - 1, below[0] + 1)
    return float(np.exp(np.interp(-level, -falling[ends], np.log(f[ends]))))
