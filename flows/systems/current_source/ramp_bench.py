"""The testbench of a ramp: slope and its straightness, what the switch leaves, leakage, and noise.

`slope_error` is against the input current's share by the plate's nominal capacitance. Noise at the end of the range is
what the reset leaves (`noise_reset`, with the switch on) and what the charging current adds on the way,
which is the spectrum S_i seen through the window of the ramp's time T: C^-2 times the integral of
S_i(f) T^2 sinc^2(f T) from 1 Hz up; of white noise alone S_i T / (2 C^2).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_noise import HIGH_HZ, LOW_HZ, CurrentNoise, current_noise, spectrum_metrics
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points
from analoom.flows.simulator.ngspice import circuit

from .dac_lines import TIGHT
from .ramp_cycle import capacitance_f, middle_v, one_ramp, reset_constant_s, reset_time_s
from .ramp_lines import INPUT, RAMP, RampBench, RampSettings

Array = NDArray[np.float64]
BELOW_POLE = 0.03
"""Where the plateau is read, by the pole's frequency: 0.05 % below it, and above the 1/f noise."""


class Settings(RampSettings):
    """Where the ramp is measured."""


def measure(dut: Dut, settings: Settings, weights: Array | None = None) -> Measured:
    """All metrics of a ramp, over one cycle of its switch."""
    bench = RampBench(dut.cell, settings)
    cycle, c_f = one_ramp(dut, bench), capacitance_f(dut, bench)
    held = [*bench.lines(bench.switch(False)), f"v_probe {RAMP} 0 {middle_v(bench)!r}"]
    noise = current_noise(dut, held, {"v_probe": 1.0}, "i_in")
    reset_v, ramp_v = _reset_noise_v(dut, bench), ramp_noise_v(noise, cycle.crossings_s[1], c_f)
    metrics = {
        "i_in": Metric(bench.i_in, "A"),
        "c_ramp": Metric(c_f, "F"),
        "slope": Metric(cycle.slope, "V/s"),
        "slope_error": Metric(abs(cycle.slope) / bench.slope - 1, "frac"),
        "nonlinearity": Metric(cycle.nonlinearity, "frac"),
        "pedestal": Metric(cycle.pedestal_v, "V"),
        "residue": Metric(cycle.held_v - bench.volts[0], "V"),
        "reset_time": Metric(reset_time_s(dut, bench), "s"),
        "i_leak": Metric(_leakage_a(dut, bench), "A"),
        "noise_reset": Metric(reset_v, "V"),
        "noise_ramp": Metric(float(np.hypot(reset_v, ramp_v)), "V"),
        **spectrum_metrics(noise),
    }
    curves = {
        "ramp": Curve(cycle.time, cycle.v, "time from the switch's opening (s)", "V_ramp (V)"),
        "noise": noise.curve(),
    }
    return Measured(metrics, curves, devices=device_points(dut, *held))


def ramp_noise_v(noise: CurrentNoise, ramp_s: float, c_f: float) -> float:
    """What a noise current adds to the voltage of `c_f` (F) in `ramp_s` (s), V rms."""
    f = np.geomspace(noise.f[0], noise.f[-1], 20_001)
    density = np.exp(np.interp(np.log(f), np.log(noise.f), 2 * np.log(noise.i)))
    return float(np.sqrt(np.trapezoid(density * (ramp_s * np.sinc(f * ramp_s)) ** 2, f)) / c_f)


def _reset_noise_v(dut: Dut, bench: RampBench) -> float:
    """Of the capacitor with the switch on, V rms: the plateau S of the spectrum by its single pole, S / (4 tau).

    An integral over the pin's own spectrum would count what the wire before the pin adds above the pole.
    """
    tau_s = reset_constant_s(dut, bench)
    with circuit(dut.deck(*bench.lines(bench.switch(True)))) as loaded:
        f, density, _ = loaded.noise(f"v({RAMP})", "i_in", LOW_HZ, HIGH_HZ)
    plateau = float(np.interp(BELOW_POLE / (2 * np.pi * tau_s), f, density))
    return plateau / (2 * float(np.sqrt(tau_s)))


def _leakage_a(dut: Dut, bench: RampBench) -> float:
    """Current that moves the ramp, in its own direction, with the switch off and no current asked for, A."""
    shorted = f"v_off {INPUT} 0 {bench.settings.vdd if bench.mirror.is_p else 0.0!r}"
    lines = [*bench.lines(bench.switch(False), 0.0), TIGHT, shorted, f"v_probe {RAMP} 0 {middle_v(bench)!r}"]
    with circuit(dut.deck(*lines)) as loaded:
        return -bench.sign * float(loaded.op()["v_probe#branch"])
