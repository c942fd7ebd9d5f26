"""What a read-out makes of two voltages: the time of its ramp, and what its comparator and gate add to it.

What is added depends on the level at which the comparator turns, and less of it is left where the ramp is so short that
the comparator is not yet driven to its end: a product of both, sampled at LEVELS and at FIRST.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.simulator.sampled import sampled

from .readout_sampling import Reader

Array = NDArray[np.float64]
LEVELS_V = (0.0, 0.2, 0.35, 0.5, 0.62)
"""Below the level of the reset, where the delay is sampled."""
FIRST_V = (0.0015, 0.003, 0.008, 0.015)
"""Differences of the columns at which shorter pulses are sampled, at the first level."""
FULL_V = 0.03
"""A difference from which on the delay is all there."""
RAMP_STEP_V = 0.1


@dataclass(frozen=True)
class ReadoutTable:
    """`volts` (points,) rising with the ramp's current there, `ramp_a` (points,); `column_f` of both sides, the
    positive first; the delay `delay_s` at `levels_v` rising, and the share of it at `first_v`, `first`."""

    volts: Array
    ramp_a: Array
    column_f: tuple[float, float]
    levels_v: Array
    delay_s: Array
    first_v: Array
    first: Array

    def added_s(self, level_v: Array, above_v: Array) -> Array:
        """What a pulse is longer than its ramp, s, by the level at which it ends and the difference that it began
        with; any shape."""
        share = np.interp(above_v, self.first_v, self.first)
        return np.interp(level_v, self.levels_v, self.delay_s) * share

    def ramp_s(self, f: float, from_v: Array, to_v: Array) -> Array:
        """Time of the ramp between two voltages on `f` (F), s."""
        return f * (np.interp(from_v, self.volts, self._time_a) - np.interp(to_v, self.volts, self._time_a))

    @property
    def _time_a(self) -> Array:
        """Integral of a volt by the ramp's current, (points,) s/F."""
        return rising_integral(self.volts, 1 / self.ramp_a)


@sampled("pwm read-outs", ReadoutTable)
def readout_table(reader: Reader) -> ReadoutTable:
    """The table of a read-out, in four short simulations."""
    rest_v = reader.levels.v_res
    volts = np.append(np.arange(0.4, rest_v - RAMP_STEP_V / 2, RAMP_STEP_V), rest_v + 0.05)
    ramp_a, column_f = reader.ramp_a(volts), reader.column_f()
    bare = ReadoutTable(volts, ramp_a, column_f, *[np.array([0.0, 1.0])] * 4)
    positive = rest_v - np.array([*LEVELS_V, *[LEVELS_V[0]] * len(FIRST_V)])
    above = np.array([*[FULL_V] * len(LEVELS_V), *FIRST_V])
    ramps = bare.ramp_s(column_f[1], positive + above, positive)
    charges = (rest_v - np.stack([positive, positive + above], axis=1)) * np.array(column_f)
    added = reader.pulses(charges, float(ramps.max())) - ramps
    count = len(LEVELS_V)
    levels, delays = positive[:count][::-1], added[:count][::-1]
    first_v, first = np.array([0.0, *FIRST_V, FULL_V]), np.array([0.0, *added[count:] / delays[-1], 1.0])
    return ReadoutTable(volts, ramp_a, column_f, levels, delays, first_v, first)


def rising_integral(x: Array, y: Array) -> Array:
    """Integral of `y` (points,) over `x` (points,) from the first point on, by trapezoids."""
    return np.concatenate([[0.0], np.cumsum(np.diff(x) * (y[1:] + y[:-1]) / 2)])
