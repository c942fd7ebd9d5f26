"""The amplifier in unity gain after a step, up and down: how fast it slews and when it has settled."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.measured import Curve, Metric
from analoom.flows.simulator.ngspice import circuit

from .settings import Settings
from .stand import OUTPUT, Stand

TIME_CONSTANTS, A_TIME_CONSTANT = 60, 25
"""Length of each half by the bandwidth's own time constant, and points in one."""
SLEWED = (0.2, 0.8)
"""Between which parts of the step the slew rate is taken."""
_EDGE_S = 1e-10

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Edge:
    """The output (points,) V over the time since an edge (s), from its value before to the one it ends at."""

    t: Array
    v: Array

    def slew(self) -> float:
        """Mean slope between 20 and 80 % of the way, V/s."""
        way = (self.v - self.v[0]) / (self.v[-1] - self.v[0])
        first, last = (float(np.interp(part, *_rising(way, self.t))) for part in SLEWED)
        return float((SLEWED[1] - SLEWED[0]) * abs(self.v[-1] - self.v[0]) / (last - first))

    def settling(self, within_v: float) -> float:
        """Until the output stays within `within_v` of where it ends, s."""
        late = np.flatnonzero(np.abs(self.v - self.v[-1]) > within_v)
        return float(np.interp(within_v, *_last(self, int(late[-1])))) if late.size else 0.0


def steps(stand: Stand, settings: Settings, bandwidth_hz: float) -> tuple[dict[str, Metric], dict[str, Curve]]:
    """`slew_up`, `slew_down`, and `settling`: the longer of both, left out where the output is not back at the end."""
    t, v = _transient(stand, settings, bandwidth_hz)
    half, within = t[-1] / 2, settings.settled * settings.step
    up, down = (Edge(t[(t >= a) & (t < b)] - a, v[(t >= a) & (t < b)]) for a, b in ((0, half), (half, 2 * half)))
    found = {"slew_up": Metric(up.slew(), "V/s"), "slew_down": Metric(down.slew(), "V/s")}
    if abs(v[-1] - v[0]) < within / 2:
        found["settling"] = Metric(max(up.settling(within), down.settling(within)), "s")
    return found, {"step": Curve(t, v, "time (s)", "output (V)")}


def _transient(stand: Stand, settings: Settings, bandwidth_hz: float) -> tuple[Array, Array]:
    """Time (s) from the first edge on, and output (V): up by the step, and back down."""
    tau = 1 / (2 * np.pi * bandwidth_hz)
    half, grain = TIME_CONSTANTS * tau, tau / A_TIME_CONSTANT
    low, high = (settings.v_cm + sign * settings.step / 2 for sign in (-1, 1))
    wave = f"pulse({low!r} {high!r} 0 {_EDGE_S!r} {_EDGE_S!r} {half - _EDGE_S!r} {4 * half!r})"
    with circuit(stand.moving.closed(wave)) as loaded:
        found = loaded.run(f"tran {grain!r} {2 * half!r} 0 {grain!r}")
    return np.asarray(found["time"]), np.asarray(found[OUTPUT])


def _rising(way: Array, t: Array) -> tuple[Array, Array]:
    """Way and time up to where the way is first complete, the way made to rise only."""
    end = int(np.argmax(way >= SLEWED[1])) + 1
    return np.maximum.accumulate(way[:end]), t[:end]


def _last(edge: Edge, k: int) -> tuple[Array, Array]:
    """Distance and time at both ends of the interval in which the output enters the band for good, rising."""
    ends = slice(k, min(k + 2, len(edge.v)))
    return np.abs(edge.v[ends] - edge.v[-1])[::-1], edge.t[ends][::-1]
