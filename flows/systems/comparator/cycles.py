"""What a clocked comparator does in one cycle of the clock, in which `q` changes.

Delays are counted from where the clock passes half the supply. The latch has decided where `rp` or `rn` passes it, and
is reset where both are below RESET of the supply again after the clock has fallen.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.errors import InputError

from .clocked import RAW, RISE_S, ClockedBench

RESET = 0.05
SLOWER = 2.0
"""The input range ends where the latch takes so many times as long as at the common level asked."""
LEVEL_STEP_V = 0.1
SEEN = 4.0
"""How long is waited for a decision, by the longest that counts."""
STEP_S, POINTS = 1e-11, 500
"""Longest step until a decision, and steps in a whole cycle."""

Array = NDArray[np.float64]
Vectors = dict[str, Array]


@dataclass(frozen=True)
class Cycle:
    """Delays of `q` and of the latch, time to reset (s); energies that the supply gives over the cycle, here and to
    what drives the clock (J); the supply's current just before (A); largest disturbance of the inputs: between them
    and of their mean (V)."""

    delay_s: float
    latch_s: float
    reset_s: float
    energy_j: float
    clock_j: float
    leak_a: float
    kick_v: float
    common_v: float


def decided(
    dut: Dut, bench: ClockedBench, trip_v: float, overdrive_v: float, r_source_ohm: float = 0.0, *, cycle: bool = True
) -> Cycle:
    """A cycle with the inputs `overdrive_v` from the trip point, above it or below, and `q` the other way before;
    without `cycle` until the decision alone.

    Raises InputError where `q` or the latch does not follow.
    """
    up, difference_v = overdrive_v > 0, trip_v + overdrive_v
    found = _run(dut, bench, difference_v, r_source_ohm, high=not up, cycle=cycle)
    half, vdd = bench.point.vdd / 2, bench.point.vdd
    latch = first_rise(found, found[RAW[0] if up else RAW[1]] - half, bench.clock_s)
    q = first_rise(found, (found["q"] - half) * (1 if up else -1), bench.clock_s)
    if latch is None or q is None:
        raise _undecided(dut, difference_v, bench)
    time, apart = found["time"], found["inp"] - found["inn"] - difference_v
    return Cycle(
        delay_s=q - bench.clock_s,
        latch_s=latch - bench.clock_s,
        reset_s=_reset_s(found, bench),
        energy_j=float(-vdd * np.trapezoid(found["v_vdd#branch"], time)),
        clock_j=float(vdd * np.trapezoid(np.maximum(-found["v_clk#branch"], 0.0), time)),
        leak_a=float(-found["v_vdd#branch"][time < RISE_S][-1]),
        kick_v=float(np.abs(apart).max()),
        common_v=float(np.abs((found["inp"] + found["inn"]) / 2 - bench.point.v_cm).max()),
    )


def range_v(
    dut: Dut, bench: ClockedBench, difference_v: float, at_level_s: float
) -> tuple[tuple[Array, Array], tuple[float, float]]:
    """Common levels (V) and delays of the latch (s), (levels,) each, around the one asked and up to the first at which
    it takes SLOWER times `at_level_s`; the ends of the range, interpolated there."""
    most = SLOWER * at_level_s
    quick = replace(bench, high_s=min(bench.high_s, SEEN * most))
    below = _delays(dut, quick, difference_v, np.arange(bench.point.v_cm, 0, -LEVEL_STEP_V), most)
    above = _delays(dut, quick, difference_v, np.arange(bench.point.v_cm, bench.point.vdd + 1e-9, LEVEL_STEP_V), most)
    curve = [*below[:0:-1], *above]
    levels, delays = np.array([p for p in curve if np.isfinite(p[1])]).T
    return (levels, delays), (_end(below, most, 0.0), _end(above, most, bench.point.vdd))


def _delays(
    dut: Dut, bench: ClockedBench, difference_v: float, levels: Array, most_s: float
) -> list[tuple[float, float]]:
    """Levels (V) and delays (s), until one is longer than `most_s`; infinite where it does not decide rightly."""
    found: list[tuple[float, float]] = []
    for level in levels:
        moved = replace(bench, point=bench.point.model_copy(update={"v_cm": float(level)}))
        trace = _run(dut, moved, difference_v)
        rises = first_rise(trace, trace[RAW[0]] - trace[RAW[1]] - bench.point.vdd / 2, bench.clock_s)
        found.append((float(level), np.inf if rises is None else rises - bench.clock_s))
        if found[-1][1] > most_s:
            break
    return found


def _end(found: list[tuple[float, float]], most_s: float, rail_v: float) -> float:
    """Where the delay is `most_s`, by its logarithm between the last two levels; the rail where it never is."""
    (x0, y0), (x1, y1) = found[-2:] if len(found) > 1 else found * 2
    if y1 <= most_s:
        return rail_v
    return x0 if not np.isfinite(y1) else x0 + (x1 - x0) * float(np.log(most_s / y0) / np.log(y1 / y0))


def _run(
    dut: Dut,
    bench: ClockedBench,
    difference_v: float,
    r_source_ohm: float = 0.0,
    *,
    high: bool = False,
    cycle: bool = False,
) -> Vectors:
    end = bench.end_s if cycle else bench.clock_s + bench.high_s
    lines = bench.lines(high=high, r_source_ohm=r_source_ohm)
    saved = f".save v(inp) v(inn) v(clk) v(q) v({RAW[0]}) v({RAW[1]}) i(v_vdd) i(v_clk)"
    with circuit(dut.deck(*lines, saved)) as loaded:
        loaded.set("v_d", difference_v)
        return loaded.run(f"tran {max(STEP_S, end / POINTS) if cycle else STEP_S!r} {end!r}")


def first_rise(found: Vectors, height: Array, after_s: float) -> float | None:
    """When `height` first passes zero upward after a time, s; None where it does not, or was above before."""
    time = found["time"]
    past = np.flatnonzero((time > after_s) & (height > 0))
    if not past.size or height[past[0] - 1] > 0:
        return None
    k = int(past[0])
    return float(time[k - 1] - height[k - 1] * (time[k] - time[k - 1]) / (height[k] - height[k - 1]))


def _reset_s(found: Vectors, bench: ClockedBench) -> float:
    """From the clock's fall to when the latch's outputs are both low for good, s; 0 where the run ends before."""
    fall = bench.clock_s + bench.high_s + bench.point.edge
    late = found["time"] > fall
    if not late.any():
        return 0.0
    time, highest = found["time"][late], np.maximum(found[RAW[0]], found[RAW[1]])[late]
    still = np.flatnonzero(highest > RESET * bench.point.vdd)
    return float(time[still[-1]] - fall) if still.size else 0.0


def _undecided(dut: Dut, difference_v: float, bench: ClockedBench) -> InputError:
    return InputError(
        f"{dut.cell.name} does not decide {difference_v:.3g} V within {bench.high_s:.2g} s of the clock",
        field="settings.f_clk",
        remedy="a lower f_clk, a larger overdrive, or a common level inside the input range",
    )
