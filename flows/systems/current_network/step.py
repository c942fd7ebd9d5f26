"""Steps of a current-mode network's inputs in time: when its outputs have settled."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.measured import Curve
from analoom.flows.simulator.ngspice import circuit

EDGE_S, START_S = 1e-9, 1e-8
_POINTS, _LONGEST, _QUIET = 400, 4, 0.7
"""Settled is what is so for the last three tenths of the time simulated, which is doubled up to four times."""

Array = NDArray[np.float64]


def pulse(low_a: float, high_a: float) -> str:
    """A step of a current source, once."""
    return f"dc {low_a!r} pulse({low_a!r} {high_a!r} {START_S!r} {EDGE_S!r} {EDGE_S!r} 1 2)"


def settled(deck: str, outputs: Sequence[str], span_s: float, within: float) -> tuple[float | None, Curve]:
    """Time from the step (s) until every output (a source's current) stays within a part of its step's end, and the
    slowest one's course; None where one does not within the longest time."""
    for _ in range(_LONGEST):
        time, waves = _courses(deck, outputs, span_s)
        late = [_last(time, wave, within) for wave in waves]
        if max(late) < _QUIET * span_s:
            break
        span_s *= 2
    slowest = int(np.argmax(late))
    course = Curve(time, waves[slowest], "time from the step (s)", f"current of {outputs[slowest]} (A)")
    return (max(late) if max(late) < _QUIET * span_s else None), course


def _courses(deck: str, outputs: Sequence[str], span_s: float) -> tuple[Array, Array]:
    """Times from the step (s), and currents (outputs, points), A."""
    step_s = span_s / _POINTS
    with circuit(deck) as loaded:
        found = loaded.run(f"tran {step_s!r} {START_S + span_s!r} 0 {step_s!r}")
    return found["time"] - START_S, np.array([found[f"{name}#branch"] for name in outputs])


def _last(time: Array, wave: Array, within: float) -> float:
    """When a wave last was farther from its end than a part of its whole step, s."""
    after = time >= 0
    off = np.abs(wave - wave[-1]) > within * abs(wave[-1] - wave[0])
    return float(time[off & after].max(initial=0.0))
