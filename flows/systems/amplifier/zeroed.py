"""An auto-zeroed amplifier through its phases: what is left of the offset, what opening the switch adds, what leaks.

It starts while offsets are stored, in unity gain; `az` falls, `run` rises a GAP_S later, and after SETTLED_S the output
is read. Then the input steps and the offset is stored anew: how long that takes is seen at the gate.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.measured import Curve, Metric
from analoom.flows.simulator.ngspice import circuit
from analoom.generators.amplifier.auto_zero import GATE

from .stand import INVERTING, OUTPUT, Stand

OPENS_S, GAP_S, EDGE_S, SETTLED_S = 1e-7, 2e-8, 1e-9, 3e-6
RUNS_S = OPENS_S + GAP_S
AGAIN_S, END_S = RUNS_S + SETTLED_S, RUNS_S + 3 * SETTLED_S
STEP_S = 2e-8
MOVED_V, STILL_V = 0.1, 1e-4
"""By how much the input steps before the offset is stored anew, and how near the gate is to be to where it ends."""
ACCURATE = ".option method=gear reltol=1e-5 chgtol=1e-18 abstol=1e-14 vntol=1e-7"

Array = NDArray[np.float64]


def waves(vdd: float, again_s: float = AGAIN_S) -> list[str]:
    """Sources on the phases: stored at first, run from RUNS_S on, stored anew from `again_s` on."""
    az = [(0.0, 1), (OPENS_S, 0), (again_s + GAP_S, 1)]
    run = [(0.0, 0), (RUNS_S, 1), (again_s, 0)]
    found = []
    for name, steps in (("az", az), ("run", run)):
        for end, sign in (("", 1), ("b", -1)):
            levels = [(t, vdd * (on if sign > 0 else 1 - on)) for t, on in steps]
            found.append(f"v_{name}{end} {name}{end} 0 pwl({_pwl(levels)})")
    return found


def _pwl(levels: list[tuple[float, float]]) -> str:
    points = [levels[0]]
    for t, v in levels[1:]:
        points += [(t, points[-1][1]), (t + EDGE_S, v)]
    return " ".join(f"{t!r} {v!r}" for t, v in points)


def zeroed(stand: Stand, perfect_v: float) -> tuple[dict[str, Metric], dict[str, Curve]]:
    """`offset_after`, `feedthrough` beyond the offset `perfect_v` of a perfect hold, `droop`, and `zeroing`; nothing of
    an amplifier without phases."""
    if not stand.phases.there:
        return {}, {}
    moving = stand.moving
    t, out, gate = _transient(moving)
    after = float(np.interp(AGAIN_S, t, out)) - stand.settings.v_cm
    found = {
        "offset_after": Metric(after, "V"),
        "feedthrough": Metric(after - perfect_v, "V"),
        "droop": Metric(moving.phases.droop(moving.lines()), "V/s"),
    }
    return found | zeroing(t, gate), {"zeroed": Curve(t, out, "time (s)", "output (V)")}


def zeroing(t: Array, gate: Array) -> dict[str, Metric]:
    """`zeroing`: from AGAIN_S until the gate (V) stays within STILL_V of where it ends; nothing where it does not."""
    again = t > AGAIN_S
    late = np.flatnonzero(np.abs(gate[again] - gate[-1]) > STILL_V)
    if not late.size or late[-1] + 1 >= np.count_nonzero(again):
        return {}
    return {"zeroing": Metric(float(t[again][late[-1] + 1] - AGAIN_S), "s")}


def _transient(stand: Stand) -> tuple[Array, Array, Array]:
    """Time (s), output and gate (V)."""
    v_cm = stand.settings.v_cm
    wave = f"pwl(0 {v_cm!r} {AGAIN_S!r} {v_cm!r} {AGAIN_S + EDGE_S!r} {v_cm + MOVED_V!r})"
    lines = [*stand.bare(wave), f"v_loop {INVERTING} {OUTPUT} 0", *waves(stand.settings.vdd), ACCURATE]
    gate = stand.dut.inner(GATE)
    with circuit(stand.dut.deck(*lines)) as loaded:
        found = loaded.run(f"tran {STEP_S!r} {END_S!r} 0 {STEP_S!r}")
    return np.asarray(found["time"]), np.asarray(found[OUTPUT]), np.asarray(found[gate])
