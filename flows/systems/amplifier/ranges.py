"""How far the inputs may go together, and how far the output: swept with the output served.

The served loop shows what a gain of one hides: at each point the input difference that brings the output where it is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.measured import Curve, Metric
from analoom.flows.simulator.ngspice import circuit

from .settings import Settings
from .stand import OUTPUT, Stand

STEP_V = 0.01
FROM_RAILS_V = 0.1
"""How near to the rails an auto-zeroed amplifier is swept: nearer there may be no operating point to be found."""

Array = NDArray[np.float64]


def ranges(stand: Stand, settings: Settings) -> tuple[dict[str, Metric], dict[str, Curve]]:
    """`input_low`, `input_high`: where the offset stays within `moved` of that at `v_cm`, the output held there;
    `swing_low`, `swing_high`: the output, the inputs at `v_cm`, while `gain_left` of the gain is left."""
    v_in, difference = _swept(stand, "v_in")
    held, needed = _swept(stand, "v_held")
    v_out, gain = held - needed, np.abs(np.gradient(held - needed) / np.gradient(needed))
    low, high = around(gain >= settings.gain_left * np.interp(settings.v_cm, v_out, gain), v_out, settings.v_cm)
    found, curves = _steady(v_in, -difference, settings)
    found |= {"swing_low": Metric(low, "V"), "swing_high": Metric(high, "V")}
    return found, curves | {"gain_over_output": Curve(v_out, gain, "output voltage (V)", "gain")}


def followed(stand: Stand, settings: Settings) -> tuple[dict[str, Metric], dict[str, Curve]]:
    """`input_low`, `input_high` of a follower: where its output stays as far from its input as at `v_cm`."""
    with circuit(stand.closed()) as loaded:
        found = loaded.run(f"dc v_in 0 {settings.vdd!r} {STEP_V!r}")
    v_in = np.asarray(found["v-sweep"])
    return _steady(v_in, np.asarray(found[OUTPUT]) - v_in, settings)


def _steady(v_in: Array, offset: Array, settings: Settings) -> tuple[dict[str, Metric], dict[str, Curve]]:
    """Where the offset (V) stays within `moved` of that at `v_cm`."""
    off = np.abs(offset - np.interp(settings.v_cm, v_in, offset))
    low, high = around(off <= settings.moved, v_in, settings.v_cm)
    curve = Curve(v_in, offset, "input voltage (V)", "offset (V)")
    return {"input_low": Metric(low, "V"), "input_high": Metric(high, "V")}, {"offset_over_input": curve}


def around(good: NDArray[np.bool_], v: Array, at: float) -> tuple[float, float]:
    """The ends of the run of good points that holds the one nearest to `at`; that point twice where it is not good."""
    here = int(np.argmin(np.abs(v - at)))
    bad = np.flatnonzero(~good)
    if not good[here]:
        return float(v[here]), float(v[here])
    low = bad[bad < here].max(initial=-1) + 1
    high = bad[bad > here].min(initial=len(v)) - 1
    return float(v[low]), float(v[high])


def _swept(stand: Stand, source: str) -> tuple[Array, Array]:
    """A source's voltage from rail to rail, and held less output there: the inputs' difference, inp - inn.

    Swept from the common mode to either side.
    """
    s, halves = stand.settings, []
    ends = (FROM_RAILS_V, s.vdd - FROM_RAILS_V) if stand.phases.there else (0.0, s.vdd)
    middle = round(s.v_cm / STEP_V) * STEP_V
    with circuit(stand.served()) as loaded:
        for end, step in zip(ends, (-STEP_V, STEP_V), strict=True):
            found = loaded.run(f"dc {source} {middle!r} {end + step / 2!r} {step!r}")
            halves.append((np.asarray(found["v-sweep"]), np.asarray(found["held"] - found[OUTPUT])))
    (down, below), (up, above) = halves
    return np.concatenate([down[:0:-1], up]), np.concatenate([below[:0:-1], above])
