"""An auto-zeroed comparator through its phases: what opening the switch adds to the stored offset, and what leaks.

It starts while the offset is stored, both inputs at the common level; `az` falls, and just before `run` rises the step
of the voltage on the capacitor is read: that much the offset is off afterwards. Then the inputs step by MOVED_V and the
offset is stored anew.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut, make_dut
from analoom.flows.bench.measured import Curve, Metric
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.amplifier.phases import Phases
from analoom.flows.systems.amplifier.zeroed import (
    ACCURATE,
    AGAIN_S,
    EDGE_S,
    END_S,
    GAP_S,
    MOVED_V,
    OPENS_S,
    STEP_S,
    waves,
    zeroing,
)

from .continuous import ContinuousBench, ContinuousPoint

READ_S = OPENS_S + GAP_S - EDGE_S

Array = NDArray[np.float64]


def zeroed(dut: Dut, point: ContinuousPoint, perfect_v: float) -> tuple[dict[str, Metric], dict[str, Curve]]:
    """`offset_after`, with `perfect_v` what a perfect hold leaves; `feedthrough`, `droop`, `zeroing`; of a comparator
    without phases nothing."""
    if not Phases(dut, point.vdd).there:
        return {}, {}
    t, held, gate = _transient(dut, point)
    step = float(np.interp(READ_S, t, held) - held[0])
    found = {
        "offset_after": Metric(perfect_v + step, "V"),
        "feedthrough": Metric(step, "V"),
        "droop": Metric(_droop(dut, point), "V/s"),
    }
    return found | zeroing(t, gate), {"held": Curve(t, held, "time (s)", "voltage on the capacitor (V)")}


def _droop(dut: Dut, point: ContinuousPoint) -> float:
    """Of the transistors alone, V/s: wires leak nothing, and currents of aA are lost between their resistances."""
    bare = make_dut(dut.cell, "schematic", dut.corner, dut.temp_degc)
    phases, bench = Phases(bare, point.vdd), ContinuousBench(point)
    return phases.droop([*bench.lines(closed=True), *phases.running(bench.lines())])


def _transient(dut: Dut, point: ContinuousPoint) -> tuple[Array, Array, Array]:
    """Time (s), voltage on the capacitor and at the gate (V)."""
    v_cm = point.v_cm
    wave = f"pwl(0 {v_cm!r} {AGAIN_S!r} {v_cm!r} {AGAIN_S + EDGE_S!r} {v_cm + MOVED_V!r})"
    lines = [
        *shared_lines(point),
        f"v_in inp 0 dc {v_cm!r} {wave}",
        "v_same inn inp 0",
        f"i_b vdd bias {point.i_bias!r}",
    ]
    gate, plate = Phases(dut, point.vdd).nets("")
    with circuit(dut.deck(*lines)) as loaded:
        found = loaded.run(f"tran {STEP_S!r} {END_S!r} 0 {STEP_S / 10!r}")
    return np.asarray(found["time"]), np.asarray(found[gate] - found[plate]), np.asarray(found[gate])


def shared_lines(point: ContinuousPoint) -> list[str]:
    """Supplies and the phases."""
    return [ACCURATE, f"v_vdd vdd 0 {point.vdd!r}", "v_vss vss 0 0", *waves(point.vdd)]
