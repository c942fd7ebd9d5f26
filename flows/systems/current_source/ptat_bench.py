"""The testbench of a PTAT bias: its current against U_T ln K / R, over temperature and supply, and how it starts.

The resistor stands beside the cell and has no temperature coefficient here. `gain_error_<pin>` are against the law, so
they hold the core's own error too: `ptat_error`, of the voltage on the resistor. Beyond weak inversion, and by the
body effect of the device on the resistor, that voltage is above U_T ln K.
"""

from __future__ import annotations

from math import log

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points, thermal_voltage_v
from analoom.flows.simulator.ngspice import circuit

from .bias_bench import COLD_DEGC, HOT_DEGC, STEP_DEGC, noise_of_outputs, outputs_measured
from .ptat_lines import RESISTOR_PIN, PtatBench, PtatSettings

Array = NDArray[np.float64]
RISE_S = 1e-6
"""The supply comes up in this time."""
SETTLED = 0.05
_LONGEST_S, _STEP_S = 2e-3, 1e-6


class Settings(PtatSettings):
    """Where the PTAT bias is measured."""


def measure(dut: Dut, settings: Settings, weights: Array | None = None) -> Measured:
    """All metrics of a bias, `supply_` of sinks too, and the core's own; `temperature_` is dI/dT by I at 27 degC."""
    bench, moving = PtatBench(dut.cell, settings, dut.temp_degc), dut.transient or dut
    with circuit(dut.deck(*bench.lines())) as loaded:
        v_r = float(loaded.op()[RESISTOR_PIN])
        found, curves = outputs_measured(loaded, bench)
        degrees = loaded.run(f"dc temp {COLD_DEGC} {HOT_DEGC} {STEP_DEGC}")
    starts, course = started(moving, bench)
    noise, spectra = noise_of_outputs(moving, bench, "v_vdd")
    law_v = thermal_voltage_v(dut.temp_degc) * log(bench.ratio)
    metrics = {
        "i_in": Metric(bench.i_in, "A"),
        "r_set": Metric(bench.r_ohm, "ohm"),
        "ptat_error": Metric(v_r / law_v - 1, "frac"),
        **found,
        **{f"temperature_{pin}": Metric(_slope(degrees, bench, pin), "1/K") for pin in bench.ratios},
        **({} if starts is None else {"start_time": Metric(starts, "s")}),
        **noise,
    }
    notes = () if starts is not None else (f"the current has not come up within {_LONGEST_S:g} s",)
    points = device_points(moving, *bench.lines())
    return Measured(metrics, {**curves, **spectra, "start": course}, devices=points, notes=notes)


def _slope(found: dict[str, Array], bench: PtatBench, pin: str) -> float:
    """Slope of an output's current over the temperatures, by its value at 27 degC; 1/T of a PTAT one is 0.0033."""
    line = np.polynomial.Polynomial.fit(found["temp-sweep"], bench.current_a(found, pin), 1)
    return float(line.deriv()(27.0) / line(27.0))


def started(dut: Dut, bench: PtatBench) -> tuple[float | None, Curve]:
    """Time from the supply's rise until the first output stays within SETTLED of its last value, and its course."""
    pin = next(iter(bench.ratios))
    with circuit(dut.deck(*bench.lines(RISE_S))) as loaded:
        expected = bench.current_a(loaded.op(), pin)
        found = loaded.run(f"tran {_STEP_S!r} {_LONGEST_S!r}")
    time, current = found["time"], bench.current_a(found, pin)
    late = time[np.abs(current / expected - 1) > SETTLED]
    starts = None if late[-1] == time[-1] else float(late[-1])
    return starts, Curve(time, current, "time from the supply's rise (s)", f"I_{pin} (A)")
