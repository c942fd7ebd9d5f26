"""The bench of a column's nudge: its current over target less column, and what switching it does to the column."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points
from analoom.flows.netlists.flat_lines import with_flat_lines
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.errors import InputError

from .column_settings import NudgeSettings
from .column_stand import MOVING, TIGHT, Stand

Array = NDArray[np.float64]
POINTS = 40
"""Of a sweep, twice the span to either side."""
ON_AT_S, FOR_S, EDGE_S, STEPS, AFTER_S = 5e-7, 1.5e-6, 2e-8, 500, 5e-7
"""When `on` rises, how long it is high and then low, its edges, and when after its fall the rest is told."""


def measure_nudge(dut: Dut, settings: NudgeSettings, weights: Array | None = None) -> Measured:
    """Slope, offset and bend of the current, what is left with `on` low, and the column as `on` rises and falls."""
    stand = Stand(dut.cell, settings)
    lines = [*stand.supplies, stand.current, with_flat_lines("\n".join(d.spice() for d in stand.diode))]
    middle, low, high = (_swept(dut, settings, lines, s * settings.reach) for s in (0.0, -1.0, 1.0))
    off = _off(dut, settings, lines)
    metrics = {**_slope(middle, settings), "gm_low": Metric(_gm(*low), "S"), "gm_high": Metric(_gm(*high), "S")}
    metrics |= {"leak": Metric(off[0], "A"), **_switched(dut, settings, lines)}
    metrics |= {"power": Metric(settings.vdd * middle[2], "W"), "power_off": Metric(settings.vdd * off[1], "W")}
    curves = {"current": Curve(middle[0], middle[1], "target less column (V)", "current into the column (A)")}
    held = [*lines, *_levels(settings, 0.0), f"v_on on 0 {settings.vdd!r}"]
    return Measured(metrics, curves, devices=device_points(dut, TIGHT, *held))


def _levels(settings: NudgeSettings, about: float) -> list[str]:
    at = settings.rest + about
    return [f"v_target target 0 {at!r}", f"v_col col 0 {at!r}"]


def _swept(dut: Dut, settings: NudgeSettings, lines: list[str], about: float) -> tuple[Array, Array, float]:
    """Target less column (V), current into the column (A), and the supply's current where both are equal (A)."""
    at, most = settings.rest + about, 2 * settings.span
    with circuit(dut.deck(TIGHT, *lines, *_levels(settings, about), f"v_on on 0 {settings.vdd!r}")) as loaded:
        supply = float(-loaded.op()["v_vdd#branch"])
        found = loaded.run(f"dc v_col {at + most!r} {at - 1.0001 * most!r} {-2 * most / POINTS!r}")
    return at - found["v-sweep"], found["v_col#branch"], supply


def _gm(v: Array, i: Array, supply_a: float = 0.0) -> float:
    """Slope where no current flows, S. Raises InputError where it does not within the sweep."""
    if not i[0] < 0 < i[-1]:
        raise InputError("the nudge's current does not change its sign here", field="settings.rest")
    return float(np.interp(0.0, i, np.gradient(i, v)))


def _slope(swept: tuple[Array, Array, float], settings: NudgeSettings) -> dict[str, Metric]:
    v, i, _ = swept
    gm = _gm(v, i)
    offset = float(np.interp(0.0, i, v))
    ends = np.array([-settings.span, settings.span])
    bend = np.abs(np.interp(offset + ends, v, i) / (gm * ends) - 1).max()
    return {"gm": Metric(gm, "S"), "offset": Metric(offset, "V"), "bend": Metric(float(bend), "frac")}


def _off(dut: Dut, settings: NudgeSettings, lines: list[str]) -> tuple[float, float]:
    """Current into the column and of the supply with `on` low, A."""
    with circuit(dut.deck(TIGHT, *lines, *_levels(settings, 0.0), "v_on on 0 0")) as loaded:
        op = loaded.op()
    return float(abs(op["v_col#branch"])), float(-op["v_vdd#branch"])


def _switched(dut: Dut, settings: NudgeSettings, lines: list[str]) -> dict[str, Metric]:
    """How far the column jumps as `on` rises and falls with the target at rest, and how long it takes to settle."""
    rise, fall = ON_AT_S, ON_AT_S + FOR_S
    pulse = f"pwl(0 0 {rise!r} 0 {rise + EDGE_S!r} {settings.vdd!r} {fall!r} {settings.vdd!r} {fall + EDGE_S!r} 0)"
    around = [f"v_target target 0 {settings.rest!r}", f"v_on on 0 {pulse}"]
    around += [f"r_col rest col {1 / settings.g_column!r}"]
    around += [f"c_col col 0 {settings.c_column!r}"] if settings.c_column else []
    with circuit((dut.transient or dut).deck(MOVING, *lines, *around)) as loaded:
        found = loaded.run(f"tran {FOR_S / STEPS!r} {fall + FOR_S!r} 0 {FOR_S / STEPS!r}")
    time, v = found["time"], found["col"] - settings.rest
    on, off = (time > rise) & (time < fall), time > fall
    end = float(v[on][-1])
    late = (time[on] - rise)[np.abs(v[on] - end) > settings.within]
    return {
        "kick_on": Metric(float(np.abs(v[on] - end).max()), "V"),
        "settling": Metric(float(late.max(initial=0.0)), "s"),
        "kick_off": Metric(float(np.abs(v[off]).max()), "V"),
        "kick_left": Metric(float(abs(np.interp(fall + AFTER_S, time, v))), "V"),
    }
