"""The testbench of a synapse: its factor over the weight range, how true the product is, writing and holding.

The ideal product is G(V_w) V_in, with G of the schematic cell at the full input `v_read`: what the weight is worth is
read off a table, so a curved G is no error, but a current that does not follow V_in is.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.flows.bench.device_noise import LOW_HZ, CurrentNoise, spectrum_metrics
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.pdk.corners import VDD_V

from .pulse import ReadPulse, read_pulse, steady_read
from .read_map import ReadMap, ideal_map, read_map
from .reading import ReadSettings
from .write import Hold, WriteTrace, hold, write_trace

RETAINED_V = 1e-3
"""What a held weight may lose within the retention time."""


class Settings(ReadSettings):
    """How a synapse is read and written."""

    vdd: float = Field(VDD_V, ge=1.0, le=1.95, description="supply", json_schema_extra={"unit": "V"})
    v_write_on: float | None = Field(
        None, gt=0, le=1.95, description="word line when writing (default vdd)", json_schema_extra={"unit": "V"}
    )
    highest_written: float = Field(
        1.0,
        ge=0,
        le=VDD_V,
        description="highest level the write transistor is asked to pass",
        json_schema_extra={"unit": "V"},
    )
    t_write: float = Field(
        1e-6, ge=1e-8, le=1e-3, description="length of a write pulse", json_schema_extra={"unit": "s"}
    )


def measure(dut: Dut, settings: Settings, weights: NDArray[np.float64] | None = None) -> Measured:
    """Metrics of reading, writing and holding; `write_settling` is left out when a write does not settle to 1 mV."""
    reading = dut.cell.require_reading().at(settings.vdd)
    v_read, low, high = settings.of(reading)
    ideal = ideal_map(dut.cell, reading, dut.corner, dut.temp_degc, (v_read, low, high))
    drawn = ideal if dut.view == "schematic" else read_map(dut, reading, v_read, low, high)
    top = min(high, settings.highest_written)
    v_on = settings.vdd if settings.v_write_on is None else settings.v_write_on
    trace = write_trace(dut, reading, (top, low, (top + low) / 2), v_on, settings.t_write)
    held = hold(dut, reading, top, (0.0, top))
    strongest = float(drawn.weights[np.argmax(np.abs(drawn.conductance))])
    pulse = read_pulse(dut.transient or dut, reading, strongest, v_read, settings.t_read)
    noise, devices = steady_read(dut, reading, strongest, v_read)
    curves = {
        "factor": Curve(drawn.weights, drawn.conductance, "stored voltage (V)", "factor (S)"),
        "write": Curve(trace.t, trace.v, "time (s)", "storage node (V)"),
        "read": Curve(pulse.t, pulse.i, "time (s)", "column current (A)"),
        "noise": noise.curve(),
    }
    metrics = {
        **read_metrics(ideal, drawn),
        **_pulse_metrics(pulse, noise, settings.t_read),
        **_write_metrics(trace),
        **_hold_metrics(held, dut.temp_degc),
    }
    return Measured(metrics, curves, devices=devices)


def read_metrics(ideal: ReadMap, drawn: ReadMap) -> dict[str, Metric]:
    """Range of the factor, and the largest deviations as fractions of the ideal full-scale current or of the range.

    `i_full_scale` is the drawn synapse's own.
    """
    factor = drawn.conductance
    full_scale_a = np.abs(ideal.conductance).max() * ideal.inputs[-1]
    product = np.abs(drawn.i - np.outer(drawn.inputs, ideal.conductance)).max() / full_scale_a
    straight = np.interp(drawn.weights, drawn.weights[[0, -1]], factor[[0, -1]])
    bend = np.abs(factor - straight).max() / (factor.max() - factor.min())
    return {
        "g_min": Metric(float(factor.min()), "S"),
        "g_max": Metric(float(factor.max()), "S"),
        "i_full_scale": Metric(float(np.abs(factor).max() * drawn.inputs[-1]), "A"),
        "nonlinearity": Metric(float(product), "frac"),
        "weight_nonlinearity": Metric(float(bend), "frac"),
    }


def _pulse_metrics(pulse: ReadPulse, noise: CurrentNoise, t_read_s: float) -> dict[str, Metric]:
    """Of the strongest weight at the full input: `read_noise` is what an integration over the pulse leaves, in its band
    of 1 / (2 t)."""
    return {
        "read_settling": Metric(pulse.settling_s, "s"),
        "read_energy": Metric(pulse.energy_j, "J"),
        "read_disturb": Metric(pulse.disturb_v, "V"),
        "read_noise": Metric(noise.rms(LOW_HZ, 0.5 / t_read_s), "A"),
        **spectrum_metrics(noise),
    }


def _write_metrics(trace: WriteTrace) -> dict[str, Metric]:
    high, low, middle = trace.writes
    metrics = {
        "write_error_high": Metric(high.error_v, "V"),
        "write_error_low": Metric(low.error_v, "V"),
        "write_pedestal": Metric(middle.pedestal_v, "V"),
        "write_pedestal_spread": Metric(abs(high.pedestal_v - low.pedestal_v), "V"),
        "write_energy": Metric(trace.energy_j / len(trace.writes), "J"),
    }
    times = [w.settling_s for w in trace.writes if w.settling_s is not None]
    if len(times) == len(trace.writes):
        metrics["write_settling"] = Metric(max(times), "s")
    return metrics


def _hold_metrics(held: Hold, temp_degc: float) -> dict[str, Metric]:
    """`retention` is the time in which the highest level loses 1 mV; `ktc_noise` what opening the switch leaves."""
    return {
        "retention": Metric(held.retention_s(RETAINED_V), "s"),
        "ktc_noise": Metric(held.noise_v(temp_degc), "V"),
        "c_store": Metric(held.c_store_f, "F"),
        "hold_leak": Metric(held.leak_a, "A"),
        "hold_droop": Metric(held.droop_v_s, "V/s"),
    }
