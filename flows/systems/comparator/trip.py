"""Where a clocked comparator changes its mind: the difference of its inputs at which its latch stays undecided.

Any number of copies at once. The difference between `rp` and `rn` grows with that of the inputs less the offset; it is
read early, while it is proportional for tens of millivolts, and later, when more of latch and keeper have acted.
Newton's steps go by the early reading first and by the late one last.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.simulator.ngspice import Loaded
from analoom.pdk.errors import InputError

from .clocked import ClockedBench

PROBE_V = 2e-4
GROWN = (0.002, 0.04, 0.2)
"""What PROBE_V has become when the latch is read, by the supply: early, midway and late."""
APPROACH, NEWTON = (0, 0, 1, 2), (0, 0, 1, 1, 2, 2)
"""The readings that Newton's steps go by, as the reading is looked for and as the trip point is."""
POINTS_S = 1e-11
WINDOW_S, WIDER, TRIES = 2e-9, 4.0, 4
LIMIT_V = 0.3
"""Differences beyond this are not tried."""

Array = NDArray[np.float64]
Reads = Callable[[Array], tuple[Array, Array]]


@dataclass(frozen=True)
class Reading:
    """When the latch is read, s, and what a volt at the input is there, by GROWN."""

    times_s: tuple[float, ...]
    slopes: tuple[float, ...]

    @property
    def tau_s(self) -> float:
        """Time constant of the latch's growth, from the last two readings, s."""
        return (self.times_s[-1] - self.times_s[-2]) / float(np.log(self.slopes[-1] / self.slopes[-2]))


def find_reading(loaded: Loaded, bench: ClockedBench) -> Reading:
    """The reading of a cell about its trip point, which each reading brings nearer for the next.

    Raises InputError where its latch does not decide.
    """
    for attempt in range(TRIES):
        window, centre, found = WINDOW_S * WIDER**attempt, 0.0, None
        for last in APPROACH:
            found = _grown(loaded, bench, centre, window, GROWN[: last + 1])
            if found is None:
                break
            reading, middle = found
            centre -= middle / reading.slopes[-1]
        if found is not None:
            return found[0]
    raise InputError(
        f"a difference of {PROBE_V:g} V is not decided within {window:.2g} s of the clock",
        field="settings.v_cm",
        remedy="a common level inside the input range",
    )


def _grown(
    loaded: Loaded, bench: ClockedBench, centre_v: float, window_s: float, shares: Sequence[float]
) -> tuple[Reading, float] | None:
    """When PROBE_V about `centre_v` has grown to `shares` of the supply, and the latch's mean difference (V) at the
    last; None where it has not within the window."""
    (time, up), (other, down) = (_trace(loaded, centre_v + probe, window_s) for probe in (PROBE_V, -PROBE_V))
    down = np.interp(time, other, down)
    grown = (up - down) / 2
    past = [np.flatnonzero(grown > share * bench.point.vdd) for share in shares]
    if not all(p.size for p in past):
        return None
    at = [p[0] for p in past]
    reading = Reading(tuple(map(float, time[at])), tuple(map(float, grown[at] / PROBE_V)))
    return reading, float(up[at[-1]] + down[at[-1]]) / 2


def trips_v(loaded: Loaded, copies: Sequence[str], reading: Reading) -> Array:
    """The difference of the inputs (V) at which each copy stays undecided, (copies,)."""
    values = np.zeros(len(copies))
    for k in NEWTON:
        read = _read(loaded, copies, reading.times_s[k], values)
        values = np.clip(values - read / reading.slopes[k], -LIMIT_V, LIMIT_V)
    return values


def _trace(loaded: Loaded, difference_v: float, window_s: float) -> tuple[Array, Array]:
    """Times (points,) s and the latch's difference (points,) V, of a cell with its inputs apart."""
    loaded.set("v_d", difference_v)
    found = loaded.run(f"tran {POINTS_S!r} {window_s!r}")
    return found["time"], found["rp"] - found["rn"]


def _read(loaded: Loaded, copies: Sequence[str], time_s: float, values: Array) -> Array:
    """The latch's difference (V) at a time, (copies,), with the inputs `values` (V) apart."""
    for copy, value in zip(copies, values, strict=True):
        loaded.set(f"v_d{copy}", float(value))
    found = loaded.run(f"tran {POINTS_S!r} {time_s + POINTS_S!r}")
    return np.array([np.interp(time_s, found["time"], found[f"rp{c}"] - found[f"rn{c}"]) for c in copies])
