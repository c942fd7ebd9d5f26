"""Errors of one read against another, as fractions of the full-scale column current."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Values = NDArray[np.float64]


@dataclass(frozen=True)
class ReadErrors:
    """`worst` and `rms` over the columns; `rms_corrected` after the best common factor, a gain known once for all."""

    worst: float
    rms: float
    rms_corrected: float
    over_largest: float
    """The largest error over the largest wanted column current, not over full scale."""

    @property
    def enob(self) -> float:
        """Effective bits: log2(full scale / (rms sqrt(12)))."""
        return effective_bits(self.rms)

    @property
    def enob_corrected(self) -> float:
        """The same after the best common factor."""
        return effective_bits(self.rms_corrected)


def read_errors(found_a: Values, wanted_a: Values, full_a: float) -> ReadErrors:
    """Errors of column currents `found_a` against `wanted_a`, of any one shape, A."""
    off = found_a - wanted_a
    power = float(np.sum(wanted_a**2))
    factor = float(np.sum(found_a * wanted_a)) / power if power else 1.0
    largest = float(np.abs(wanted_a).max())
    return ReadErrors(
        float(np.abs(off).max()) / full_a,
        rms(off) / full_a,
        rms(found_a - factor * wanted_a) / full_a,
        float(np.abs(off).max()) / largest if largest else 0.0,
    )


def effective_bits(rms_frac: float) -> float:
    """log2(1 / (rms sqrt(12))); infinite for none."""
    return float(-np.log2(rms_frac * np.sqrt(12))) if rms_frac else float("inf")


def rms(values: Values) -> float:
    """Root of the mean square."""
    return float(np.sqrt(np.mean(values**2)))
