"""Writing a stored bit: a 0, a 1 and a 0 again through both its clocks, in one transient."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Metric
from analoom.flows.simulator.ngspice import circuit

from .paths import CLOCKS, GROUND, SUPPLY

EDGE_S, PHASE_S = 1e-10, 4e-9
"""A clock's edge, and the time from one clock's rise to the other's; each is on for half of it."""
BITS = (0, 1, 0)
ACCURATE = ".option method=gear reltol=1e-5 chgtol=1e-18"

Array = NDArray[np.float64]


def write_metrics(dut: Dut, vdd_v: float, c_load_f: float) -> dict[str, Metric]:
    """`write_delay`: from the middle of the second clock's rise to that of `q`, the slower of both edges, with
    `c_load_f` on it. `write_energy`: what supply, clocks and data give while a bit changes, nothing recovered, the mean
    of both changes. `bit_high` and `bit_low`: the stored levels at the end of their bits.
    """
    found = _written(dut, vdd_v, c_load_f)
    t, q = found["time"], found["q"]
    second = [k * 2 * PHASE_S + PHASE_S for k in range(len(BITS))]
    delays = [_crossing(t, q, vdd_v / 2, at) - (at + EDGE_S / 2) for at in second[1:]]
    ends = [(k + 1) * 2 * PHASE_S - EDGE_S for k in range(len(BITS))]
    low, high, _ = np.interp(ends, t, q)
    given = _given_j(found, 2 * PHASE_S)
    return {
        "write_delay": Metric(max(delays), "s"),
        "write_energy": Metric(given / (len(BITS) - 1), "J"),
        "bit_high": Metric(float(high), "V"),
        "bit_low": Metric(float(low), "V"),
    }


def _written(dut: Dut, vdd_v: float, c_load_f: float) -> Mapping[str, Array]:
    lines = [f"v_{SUPPLY} {SUPPLY} 0 {vdd_v!r}", f"v_{GROUND} {GROUND} 0 0"]
    lines += [f"v_{p} {p} 0 {vdd_v / 2!r}" for p in ("a", "c", "y") if p in dut.ports]
    lines += [f"v_d d 0 {_steps(vdd_v)}", f"c_load q 0 {c_load_f!r}"]
    for pin in CLOCKS:
        low, high = (vdd_v, 0.0) if pin.endswith("b") else (0.0, vdd_v)
        start = PHASE_S if pin.startswith("ck2") else 0.0
        on = PHASE_S / 2
        lines.append(f"v_{pin} {pin} 0 pulse({low} {high} {start} {EDGE_S} {EDGE_S} {on} {2 * PHASE_S})")
    with circuit(dut.deck(*lines, ACCURATE)) as loaded:
        return loaded.run(f"tran 1e-11 {len(BITS) * 2 * PHASE_S!r} 0 4e-11")


def _steps(vdd_v: float) -> str:
    """The data: each bit stands before its first clock rises."""
    points = ["0", f"{BITS[0] * vdd_v!r}"]
    for k, bit in enumerate(BITS[1:], 1):
        at = k * 2 * PHASE_S - PHASE_S / 4
        points += [f"{at!r}", f"{BITS[k - 1] * vdd_v!r}", f"{at + EDGE_S!r}", f"{bit * vdd_v!r}"]
    return f"pwl({' '.join(points)})"


def _crossing(t: Array, v: Array, level_v: float, after_s: float) -> float:
    """When `v` first passes `level_v` after a moment, s; the end of the trace where it never does."""
    late = np.flatnonzero(t >= after_s)
    above = v[late] > level_v
    turns = np.flatnonzero(above != above[0])
    if not turns.size:
        return float(t[-1])
    k = late[turns[0]]
    return float(np.interp(level_v, *_rising(v[k - 1 : k + 1], t[k - 1 : k + 1])))


def _rising(x: Array, y: Array) -> tuple[Array, Array]:
    return (x, y) if x[0] < x[1] else (x[::-1], y[::-1])


def _given_j(found: Mapping[str, Array], since_s: float) -> float:
    """Energy out of every source of a pin after `since_s`, J, where it gives and does not take."""
    t, total = found["time"], 0.0
    for pin in (SUPPLY, "d", *CLOCKS):
        power = np.maximum(-found[f"v_{pin}#branch"] * found[pin], 0.0)
        late = t >= since_s
        total += float(np.trapezoid(power[late], t[late]))
    return total
