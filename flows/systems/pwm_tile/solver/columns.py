"""Columns of a tile: from the charge that the weights ask for to voltages, and from these to pulses.

A current I0 r(V) on a capacitance C(V) takes a column from V0 to V where the integral of C/r over V is the charge
asked for, whenever and in whatever order pulses come: r is the same for all weights. So a tile of any size is a product
of matrices and two curves.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from .cell_table import CellTable
from .readout_table import ReadoutTable, rising_integral

Array = NDArray[np.float64]
ROUNDS = 3
"""Of the weights' own capacitance, which is hundredths of the column's: each takes two digits."""


@dataclass(frozen=True)
class Columns:
    """Tables of a weight and of a read-out; arrays of any shapes that broadcast."""

    cell: CellTable
    readout: ReadoutTable

    def voltage(self, charge_c: Array, f: Array, own: Array) -> Array:
        """Voltage of a column after `charge_c` (C, at the reset level's currents), with capacitance `f` and `own`
        weights of its sign on it."""
        found = np.full(np.broadcast_shapes(charge_c.shape, np.shape(f)), self.cell.volts[-1])
        for _ in range(ROUNDS):
            left = (charge_c - own * np.interp(found, self.cell.volts, self._own_c)) / f
            found = np.interp(left, self._fall[::-1], self.cell.volts[::-1])
        return found

    def pulses(self, positive_v: Array, negative_v: Array, f: Array, own: Array, ramp: Array) -> Array:
        """Lengths of pulses out, s: `f` and `own` of the negative side, `ramp` its current by the nominal one.

        Columns apart by less than nothing give none.
        """
        above = negative_v - positive_v
        time = (f + own * self._ramped_f) * (self._ramp_time(negative_v) - self._ramp_time(positive_v)) / ramp
        return np.where(above > 0, self.readout.pulse_s(*np.broadcast_arrays(positive_v, time)), 0.0)

    @cached_property
    def _fall(self) -> Array:
        """Charge by capacitance that takes a column down to `volts`, (points,) falling."""
        risen = rising_integral(self.cell.volts, 1 / self.cell.ratio)
        return risen[-1] - risen

    @cached_property
    def _own_c(self) -> Array:
        """Charge that the capacitance of a weight on the column of its sign gives down to `volts`, (points,)."""
        risen = rising_integral(self.cell.volts, self.cell.on_f / self.cell.ratio)
        return risen[-1] - risen

    @property
    def _ramped_f(self) -> float:
        """Mean capacitance of a weight where the ramp runs."""
        return float(self.cell.on_f.mean())

    def _ramp_time(self, volts: Array) -> Array:
        return np.interp(volts, self.readout.volts, self._seconds_f)

    @cached_property
    def _seconds_f(self) -> Array:
        return rising_integral(self.readout.volts, 1 / self.readout.ramp_a)
