"""The bench of a column's amplifier: what it makes of the column, what comes back of its load, and how fast.

Both pairs being alike, the output over the column is h = T / (1 + T) of the loop's gain T, so that T = h / (1 - h)
tells the loop's margin without a cut into the cell.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points
from analoom.flows.netlists.flat_lines import with_flat_lines
from analoom.flows.simulator.ngspice import circuit

from .settings import AmplifierSettings
from .stand import supplies, tail_current_a, tail_diode

Array = NDArray[np.float64]
REACH_V, STEP_V = 0.4, 0.005
"""How far the column is swept either way, and by which steps."""
MOST_LOADS, STEPS = 16, 160
"""The largest load tried by the one asked, and steps to it either way."""
LOW_HZ, HIGH_HZ, A_DECADE = 1e2, 1e10, 60
STEP_AT_S, EDGE_S, FOR_S, POINTS, SETTLED = 1e-7, 1e-9, 2e-5, 8000, 1e-3
"""A step of the column to `swing`: when, its edge, how long it is watched, points, and the part of it left at the end
of settling."""


@dataclass(frozen=True)
class _Swept:
    """A sweep: what was swept, the output from rest (V), and the current into the column (A)."""

    at: Array
    out: Array
    back: Array


def measure_amplifier(dut: Dut, settings: AmplifierSettings, weights: Array | None = None) -> Measured:
    """Gain, offset and range; copy, resistance and largest currents; input; bandwidth, margin and settling; power."""
    lines = [*supplies(settings), f"i_bias 0 bias {tail_current_a(dut.cell, settings)!r}"]
    lines += [with_flat_lines(tail_diode(dut.cell).spice())]
    held = [*lines, f"v_in in 0 dc {settings.rest!r} ac 1", "i_out outn 0 0"]
    with circuit(dut.deck(*held)) as loaded:
        op = loaded.op()
    by_column, by_load = _over_column(dut, settings, held), _over_load(dut, settings, held)
    metrics = {
        **_forwards(by_column, settings),
        **_backwards(by_load, settings),
        "input_current": Metric(float(-op["v_in#branch"]), "A"),
        "input_conductance": Metric(_slope(by_column.at, -by_column.back, settings.swing), "S"),
        **_speed(dut, settings, lines),
        "power": Metric(float(-op["v_vdd#branch"]) * settings.vdd, "W"),
    }
    curves = {
        "output": Curve(by_column.at, by_column.out, "in - rest (V)", "outn - rest (V)"),
        "copy": Curve(by_load.at, by_load.back, "current out of outn (A)", "current into the column (A)"),
    }
    return Measured(metrics, curves, devices=device_points(dut, *held))


def _over_column(dut: Dut, settings: AmplifierSettings, held: list[str]) -> _Swept:
    low, high = settings.rest - REACH_V, settings.rest + 1.0001 * REACH_V
    with circuit(dut.deck(*held)) as loaded:
        found = loaded.run(f"dc v_in {low!r} {high!r} {STEP_V!r}")
    at = np.linspace(-REACH_V, REACH_V, len(found["outn"]))
    return _Swept(at, found["outn"] - settings.rest, found["v_in#branch"])


def _over_load(dut: Dut, settings: AmplifierSettings, held: list[str]) -> _Swept:
    most = MOST_LOADS * settings.i_load
    with circuit(dut.deck(*held)) as loaded:
        found = loaded.run(f"dc i_out {-most!r} {1.0001 * most!r} {most / STEPS!r}")
    at = np.linspace(-most, most, len(found["outn"]))
    return _Swept(at, found["outn"] - settings.rest, found["v_in#branch"])


def _slope(at: Array, values: Array, most: float) -> float:
    near = np.abs(at) <= 1.0001 * most
    return float(np.polyfit(at[near], values[near], 1)[0])


def _ends(at: Array, off: Array, within: float) -> tuple[float, float]:
    """From the middle, how far either way `off` stays within its bound."""
    middle, good = len(at) // 2, np.abs(off) <= within
    low = middle - int(np.argmin(np.append(good[middle::-1], False))) + 1
    high = middle + int(np.argmin(np.append(good[middle:], False))) - 1
    return float(at[low]), float(at[high])


def _forwards(swept: _Swept, settings: AmplifierSettings) -> dict[str, Metric]:
    offset = float(np.interp(0.0, swept.at, swept.out))
    low, high = _ends(swept.at, swept.out - offset + swept.at, settings.within)
    gain = -_slope(swept.at, swept.out, settings.swing)
    near = np.abs(swept.at) <= 1.0001 * settings.swing
    bend = float(np.abs(swept.out - offset + gain * swept.at)[near].max())
    return {
        "gain": Metric(gain, "V/V"),
        "offset": Metric(offset, "V"),
        "deviation": Metric(bend, "V"),
        "range_low": Metric(low, "V"),
        "range_high": Metric(high, "V"),
    }


def _backwards(swept: _Swept, settings: AmplifierSettings) -> dict[str, Metric]:
    still = float(np.interp(0.0, swept.at, swept.out))
    low, high = _ends(swept.at, swept.out - still, settings.within)
    return {
        "copy_ratio": Metric(_slope(swept.at, swept.back, settings.i_load), "frac"),
        "output_resistance": Metric(-_slope(swept.at, swept.out, settings.i_load), "ohm"),
        "most_sunk": Metric(-low, "A"),
        "most_sourced": Metric(high, "A"),
    }


def _speed(dut: Dut, settings: AmplifierSettings, lines: list[str]) -> dict[str, Metric]:
    """Bandwidth of the output over the column, the loop's margin, and settling of a step of the column."""
    moving, high = dut.transient or dut, settings.rest + settings.swing
    step = f"pwl(0 {settings.rest!r} {STEP_AT_S!r} {settings.rest!r} {STEP_AT_S + EDGE_S!r} {high!r})"
    around = [*lines, f"v_in in 0 dc {settings.rest!r} ac 1 {step}"]
    around += [f"c_load outn 0 {settings.c_load!r}"] if settings.c_load else []
    with circuit(moving.deck(*around)) as loaded:
        found = loaded.run(f"ac dec {A_DECADE} {LOW_HZ!r} {HIGH_HZ!r}")
        course = loaded.run(f"tran {FOR_S / POINTS!r} {FOR_S!r}")
    h, f = -found["outn"], np.real(found["frequency"])
    loop = h / (1 - h)
    unity = _first_below(np.abs(loop), 1.0)
    metrics = {"bandwidth": Metric(float(f[_first_below(np.abs(h), np.abs(h[0]) / np.sqrt(2))]), "Hz")}
    metrics["phase_margin"] = Metric(180 + float(np.degrees(np.unwrap(np.angle(loop))[unity])), "deg")
    time, out = course["time"] - STEP_AT_S, course["outn"]
    late = time[np.abs(out - out[-1]) > SETTLED * settings.swing]
    return metrics | {"settling": Metric(float(late.max(initial=0.0)), "s")}


def _first_below(values: Array, bound: float) -> int:
    return int(np.argmax(values < bound))
