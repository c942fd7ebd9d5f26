"""What a read-out makes of two voltages: the time of its ramp, and what its comparator and gate add to it.

What is added depends on the level at which the comparator turns and on how long the ramp runs: after a short one the
comparator is not yet driven to its end, and after one that is shorter still it never turns, so that there is no pulse.
All of it is sampled at LEVELS and TIMES.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analoom.flows.simulator.sampled import sampled

from .readout_sampling import USUAL_A, Reader

Array = NDArray[np.float64]
LEVELS_V = (0.0, 0.2, 0.4, 0.62)
"""Below the level of the reset, where pulses are sampled."""
TIMES_S, BETWEEN = (20e-9, 40e-9, 60e-9, 90e-9, 1.4e-7, 2.5e-7), 4
"""Of the ramp, for comparators of USUAL_A; after the last all of the delay is there. They are longer for comparators of
less current. So many more lie between the last that makes no pulse and the first that does."""
RAMP_STEP_V = 0.1


@dataclass(frozen=True)
class ReadoutTable:
    """`volts` (points,) rising with the ramp's current there, `ramp_a` (points,); `column_f` of both sides, the
    positive first; at `levels_v` rising, what pulses are longer than ramps of `times_s`, rising, `added_s`, both
    (levels, times); and the shortest ramp that makes a pulse there, `least_s` (levels,)."""

    volts: Array
    ramp_a: Array
    column_f: tuple[float, float]
    levels_v: Array
    times_s: Array
    added_s: Array
    least_s: Array

    def pulse_s(self, level_v: Array, ramp_s: Array) -> Array:
        """Length of a pulse, s, by the level at which it ends and the time of its ramp; any shape."""
        both = zip(self.times_s, self.added_s, strict=True)
        at_levels = np.array([np.interp(ramp_s, times, added) for times, added in both])
        place = np.interp(level_v, self.levels_v, np.arange(len(self.levels_v), dtype=np.float64))
        low = np.minimum(place.astype(np.intp), len(self.levels_v) - 2)
        share = place - low
        below, above = (np.take_along_axis(at_levels, low[None] + k, axis=0)[0] for k in (0, 1))
        least = np.interp(level_v, self.levels_v, self.least_s)
        return np.where(ramp_s > least, ramp_s + below * (1 - share) + above * share, 0.0)

    def ramp_s(self, f: float, from_v: Array, to_v: Array) -> Array:
        """Time of the ramp between two voltages on `f` (F), s."""
        return f * (np.interp(from_v, self.volts, self._time_a) - np.interp(to_v, self.volts, self._time_a))

    def fallen_v(self, f: float, to_v: Array, time_s: Array) -> Array:
        """By how much a ramp of a time on `f` (F) falls to a voltage, V."""
        from_a = np.interp(to_v, self.volts, self._time_a) + time_s / f
        return np.asarray(np.interp(from_a, self._time_a, self.volts) - to_v)

    @property
    def _time_a(self) -> Array:
        """Integral of a volt by the ramp's current, (points,) s/F."""
        return rising_integral(self.volts, 1 / self.ramp_a)


@sampled("pwm read-outs", ReadoutTable)
def readout_table(reader: Reader) -> ReadoutTable:
    """The table of a read-out, in three short simulations and two of many read-outs."""
    rest_v = reader.levels.v_res
    volts = np.append(np.arange(0.4, rest_v - RAMP_STEP_V / 2, RAMP_STEP_V), rest_v + 0.05)
    ramp_a, column_f = reader.ramp_a(volts), reader.column_f()
    bare = ReadoutTable(volts, ramp_a, column_f, *[np.array([0.0, 1.0])] * 4)
    levels = rest_v - np.array(LEVELS_V[::-1])
    asked = np.tile(np.array(TIMES_S) * USUAL_A / reader.spec.comparator_current, (len(levels), 1))
    times, pulses = _sampled(reader, bare, levels, asked)
    more = _sampled(reader, bare, levels, np.array([_between(*own) for own in zip(times, pulses, strict=True)]))
    times, pulses = (np.hstack(both) for both in zip((times, pulses), more, strict=True))
    order = times.argsort(axis=1, kind="stable")
    times, pulses = (np.take_along_axis(of, order, axis=1) for of in (times, pulses))
    found = [_of_level(*of_level) for of_level in zip(times, pulses, strict=True)]
    added, least = np.array([one for one, _ in found]), np.array([one for _, one in found])
    return replace(bare, levels_v=levels, times_s=times, added_s=added, least_s=least)


def _sampled(reader: Reader, bare: ReadoutTable, levels: Array, asked: Array) -> tuple[Array, Array]:
    """Times of ramps and lengths of pulses (levels, times), s; `asked` but where a ramp would begin too high."""
    ends = np.repeat(levels, asked.shape[1])
    above = bare.fallen_v(bare.column_f[1], ends, asked.ravel())
    ramps = bare.ramp_s(bare.column_f[1], ends + above, ends)
    charges = (reader.levels.v_res - np.stack([ends, ends + above], axis=1)) * np.array(bare.column_f)
    return ramps.reshape(asked.shape), reader.pulses(charges, float(ramps.max())).reshape(asked.shape)


def _between(times: Array, pulses: Array) -> Array:
    """Times (BETWEEN,) between the last that makes no pulse, or none at all, and the first that does."""
    dead = times[pulses <= 0]
    low = float(dead.max(initial=0.0))
    high = float(times[times > low].min(initial=float(times.max())))
    return np.linspace(low, high, BETWEEN + 2)[1:-1]


def _of_level(ramps: Array, pulses: Array) -> tuple[Array, float]:
    """What is added after ramps (times,), told on from those that make pulses to those that make none; and the time
    between both."""
    live = np.flatnonzero(pulses > 0)
    first = int(live[0]) if len(live) else len(ramps)
    added = np.where(pulses > 0, pulses - ramps, 0.0)
    if 0 < first < len(ramps) - 1:
        slope = (added[first + 1] - added[first]) / (ramps[first + 1] - ramps[first])
        added[:first] = added[first] + slope * (ramps[:first] - ramps[first])
    if first == len(ramps):
        return added, float("inf")
    return added, float(ramps[first - 1] + ramps[first]) / 2 if first else 0.0


def rising_integral(x: Array, y: Array) -> Array:
    """Integral of `y` (points,) over `x` (points,) from the first point on, by trapezoids."""
    return np.concatenate([[0.0], np.cumsum(np.diff(x) * (y[1:] + y[:-1]) / 2)])
