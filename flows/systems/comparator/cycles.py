"""What a clocked comparator does in one cycle of the clock, in which `q` changes.

Delays are counted from where the clock passes half the supply. The latch has decided where `rp` or `rn` passes it, and
is reset where both are below RESET of the supply again after the clock has fallen.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.errors import InputError

from .clocked import RAW, ClockedBench

RESET = 0.05
SLOWER = 2.0
"""The input range ends where the latch takes so many times as long as at the common level asked."""
LEVEL_STEP_V = 0.1
STEP_S = 1e-11

Array = NDArray[np.float64]
Vectors = dict[str, Array]


@dataclass(frozen=True)
class Cycle:
    """Delays of `q` and of the latch, time to reset (s); energies of the supply and of the clock's driver over the
    cycle (J); the supply's current before (A); largest disturbance of the inputs: between them and of their mean (V)."""

    delay_s: float
    latch_s: float
    reset_s: float
    energy_j: float
    clock_j: float
    leak_a: float
    kick_v: float
    common_v: float


def decided(
    dut: Dut, bench: ClockedBench, difference_v: float, r_source_ohm: float = 0.0, *, cycle: bool = True
) -> Cycle:
    """A cycle with the inputs apart and `q` the other way before; without `cycle` until the decision alone.

    Raises InputError where `q` or the latch does not follow.
    """
    up = difference_v > 0
    found = _run(dut, bench, difference_v, r_source_ohm, cycle)
    half, vdd = bench.point.vdd / 2, bench.point.vdd
    latch = _first(found, found[RAW[0] if up else RAW[1]] - half, bench.clock_s)
    q = _first(found, (found["q"] - half) * (1 if up else -1), bench.clock_s)
    if latch is None or q is None:
        raise _undecided(dut, difference_v, bench)
    time, apart = found["time"], found["inp"] - found["inn"] - difference_v
    return Cycle(
        delay_s=q - bench.clock_s,
        latch_s=latch - bench.clock_s,
        reset_s=_reset_s(found, bench),
        energy_j=float(-vdd * np.trapezoid(found["v_vdd#branch"], time)),
        clock_j=float(-np.trapezoid(found["clk"] * found["v_clk#branch"], time)),
        leak_a=float(-found["v_vdd#branch"][0]),
        kick_v=float(np.abs(apart).max()),
        common_v=float(np.abs((found["inp"] + found["inn"]) / 2 - bench.point.v_cm).max()),
    )


def range_v(
    dut: Dut, bench: ClockedBench, difference_v: float, at_level_s: float
) -> tuple[tuple[Array, Array], tuple[float, float]]:
    """Common levels (V) at which the latch decides, with its delays (s), (levels,) each, and the ends of the range in
    which it takes less than SLOWER times `at_level_s`."""
    levels = np.arange(0.0, bench.point.vdd + LEVEL_STEP_V / 2, LEVEL_STEP_V)
    delays = np.array([_delay_at(dut, bench, difference_v, float(level)) for level in levels])
    good = delays < SLOWER * at_level_s
    near = int(np.argmin(np.abs(levels - bench.point.v_cm)))
    low = high = near
    while low > 0 and good[low - 1]:
        low -= 1
    while high < len(levels) - 1 and good[high + 1]:
        high += 1
    known = np.isfinite(delays)
    return (levels[known], delays[known]), (float(levels[low]), float(levels[high]))


def _delay_at(dut: Dut, bench: ClockedBench, difference_v: float, level_v: float) -> float:
    """The latch's delay at a common level, s; infinite where it does not decide rightly."""
    moved = ClockedBench(bench.point.model_copy(update={"v_cm": level_v}), bench.high_s)
    found = _run(dut, moved, difference_v, 0.0, False)
    rises = _first(found, found[RAW[0]] - found[RAW[1]] - bench.point.vdd / 2, bench.clock_s)
    return np.inf if rises is None else rises - bench.clock_s


def _run(dut: Dut, bench: ClockedBench, difference_v: float, r_source_ohm: float, cycle: bool) -> Vectors:
    end = bench.end_s if cycle else bench.clock_s + bench.high_s
    lines = bench.lines(high=difference_v < 0, r_source_ohm=r_source_ohm)
    saved = f".save v(inp) v(inn) v(clk) v(q) v({RAW[0]}) v({RAW[1]}) i(v_vdd) i(v_clk)"
    with circuit(dut.deck(*lines, saved)) as loaded:
        loaded.set("v_d", difference_v)
        return loaded.run(f"tran {STEP_S!r} {end!r}")


def _first(found: Vectors, height: Array, after_s: float) -> float | None:
    """When `height` first passes zero upward after a time, s; None where it does not."""
    time = found["time"]
    past = np.flatnonzero((time > after_s) & (height > 0))
    if not past.size:
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
