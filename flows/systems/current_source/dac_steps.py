"""Steps of a DAC in time: until its current has settled, and the charge that a change of many bits lets go."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve
from analoom.flows.simulator.ngspice import circuit

from .dac_lines import INPUT, OUTPUT, DacBench

EDGE_S = 1e-10
"""Of the code pins, from rail to rail."""
START_S = 1e-9
GEAR = ".option method=gear"
"""By the trapezoidal rule the current of a capacitance between two sources, as from a switch's gate to the output,
swings from point to point for ever after an edge."""
_AC_HZ = 1e5
_TIME_CONSTANTS, _POINTS, _LONGEST = 15, 1000, 3
_QUIET = 0.8
"""The step counts as settled when it is for the last fifth of the time simulated."""

Array = NDArray[np.float64]


def settled_step(dut: Dut, bench: DacBench, codes: tuple[int, int], within_a: float) -> tuple[float | None, Curve]:
    """Time (s) until the current stays within `within_a` of its last value after a step of `codes`, and its course.

    None where it does not within the time simulated, which is doubled a few times.
    """
    span_s = _TIME_CONSTANTS * time_constant_s(dut, bench)
    for _ in range(_LONGEST):
        time, current = _course(dut, bench, codes, span_s)
        late = time[np.abs(current - current[-1]) > within_a]
        last = float(late[-1]) if late.size else 0.0
        if last < _QUIET * span_s:
            break
        span_s *= 2
    wave = Curve(time, current, "time from the step (s)", "output current (A)")
    return (max(last, 0.0) if last < _QUIET * span_s else None), wave


def glitch_charge(dut: Dut, bench: DacBench, codes: tuple[int, int]) -> float:
    """Charge (C) beyond that of a step at once, by its sign."""
    span_s = _TIME_CONSTANTS * time_constant_s(dut, bench)
    time, current = _course(dut, bench, codes, span_s)
    after = time >= 0
    return float(np.trapezoid(current[after] - current[-1], time[after]))


def time_constant_s(dut: Dut, bench: DacBench) -> float:
    """Of the input's net, which every switch disturbs: its capacitance by its conductance."""
    with circuit(dut.deck(*bench.lines(bench.codes - 1))) as loaded:
        loaded.alter("i_in", "acmag", 1)
        admittance = 1 / complex(loaded.run(f"ac lin 1 {_AC_HZ} {_AC_HZ}")[INPUT][0])
    return abs(admittance.imag) / (2 * np.pi * _AC_HZ) / abs(admittance.real)


def _course(dut: Dut, bench: DacBench, codes: tuple[int, int], span_s: float) -> tuple[Array, Array]:
    """Time from the step (s) and current (A), (points,) each."""
    with circuit(dut.deck(*bench.lines(codes[0], pulses(bench, codes)))) as loaded:
        step_s = span_s / _POINTS
        found = loaded.run(f"tran {step_s!r} {START_S + span_s!r} 0 {step_s!r}")
    return found["time"] - START_S, -bench.sign * found[f"v_{OUTPUT}#branch"]


def pulses(bench: DacBench, codes: tuple[int, int]) -> Sequence[str]:
    """Lines of code pins that step between two codes, once."""
    before, after = (bench.levels(code) for code in codes)
    return [GEAR, *(_step(pin, before[pin], after[pin]) for pin in before)]


def _step(pin: str, low: float, high: float) -> str:
    return f"v_{pin} {pin} 0 {low!r} pwl(0 {low!r} {START_S!r} {low!r} {START_S + EDGE_S!r} {high!r})"
