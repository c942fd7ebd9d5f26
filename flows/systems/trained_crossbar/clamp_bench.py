"""The bench of a column's clamp: its current over the column, and a column that is driven below rest."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points
from analoom.flows.netlists.flat_lines import with_flat_lines
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.errors import InputError

from .column_settings import ClampSettings
from .column_stand import MOVING, TIGHT, Stand

Array = NDArray[np.float64]
LOW_V, HIGH_V, STEP_V = -0.06, 0.1, 2.5e-4
"""The column's sweep from rest."""
NEAR_V, FAR_V = 0.005, 0.05
"""How far above rest leakage is told."""
BELOW_AT_S, FOR_S, EDGE_S, STEPS = 1e-6, 4e-6, 1e-8, 1000


def measure_clamp(dut: Dut, settings: ClampSettings, weights: Array | None = None) -> Measured:
    """Where the clamp comes on, how hard it pulls, what it leaks above rest, how fast it is. Raises InputError where it
    never gives the current asked."""
    stand = Stand(dut.cell, settings)
    lines = [*stand.supplies, stand.current, with_flat_lines("\n".join(d.spice() for d in stand.diode))]
    held = [*lines, f"v_col col 0 {settings.rest!r}"]
    with circuit(dut.deck(TIGHT, *held)) as loaded:
        power = settings.vdd * (float(-loaded.op()["v_vdd#branch"]))
        found = loaded.run(f"dc v_col {settings.rest + LOW_V!r} {settings.rest + HIGH_V!r} {STEP_V!r}")
    v, i = found["v-sweep"] - settings.rest, found["v_col#branch"]
    time, column = _driven(dut, settings, lines)
    metrics = {**_static(v, i, settings), **_moving(time, column, settings), "power": Metric(power, "W")}
    curves = {
        "current": Curve(v, i, "column from rest (V)", "current into the column (A)"),
        "column": Curve(time, column, "time (s)", "column from rest (V)"),
    }
    return Measured(metrics, curves, devices=device_points(dut, TIGHT, *held))


def _static(v: Array, i: Array, settings: ClampSettings) -> dict[str, Metric]:
    if i.max() < settings.i_pull:
        said = f"the clamp gives {i.max():.3g} A at most, {settings.i_pull:.3g} A are asked"
        raise InputError(said, field="settings.i_pull", remedy="--set i_pull=1e-6")
    off, by = np.interp(settings.i_knee, i[::-1], v[::-1]), np.interp(settings.i_pull, i[::-1], v[::-1])
    at = dict(zip(("i_rest", "leak_near", "leak_far"), np.interp([0.0, NEAR_V, FAR_V], v, i), strict=True))
    slope = float(np.interp(by, v, -np.gradient(i, v)))
    volts = {"knee": Metric(float(off), "V"), "pull_level": Metric(float(by), "V")}
    return {**volts, "conductance": Metric(slope, "S"), **{name: Metric(float(x), "A") for name, x in at.items()}}


def _driven(dut: Dut, settings: ClampSettings, lines: list[str]) -> tuple[Array, Array]:
    """The column over time as what drives it falls below rest."""
    high, low = settings.rest + settings.drive, settings.rest - settings.drive
    fall = BELOW_AT_S + EDGE_S
    drive = [
        f"v_drive drive 0 pwl(0 {high!r} {BELOW_AT_S!r} {high!r} {fall!r} {low!r})",
        f"r_drive drive col {1 / settings.g_column!r}",
    ]
    drive += [f"c_col col 0 {settings.c_column!r}"] if settings.c_column else []
    moving = dut.transient or dut
    with circuit(moving.deck(MOVING, *lines, *drive)) as loaded:
        found = loaded.run(f"tran {FOR_S / STEPS!r} {fall + FOR_S!r} 0 {FOR_S / STEPS!r}")
    return found["time"] - fall, found["col"] - settings.rest


def _moving(time: Array, column: Array, settings: ClampSettings) -> dict[str, Metric]:
    after = time > 0
    end = column[-1]
    late = time[after][np.abs(column[after] - end) > settings.within]
    return {
        "held": Metric(float(end), "V"),
        "undershoot": Metric(float(end - column[after].min()), "V"),
        "settling": Metric(float(late.max(initial=0.0)), "s"),
    }
