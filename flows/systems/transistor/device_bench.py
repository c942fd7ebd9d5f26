"""The testbench of a single transistor: its transfer curve, and its operating point at a stated current per square."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_noise import current_noise, noise_metrics
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points

from .transfer import Side, TransferSettings, at_operating_point, measure_transfer

RESOLVED_A = 1e-17
"""What ngspice's solution tells from its rounding."""


class Settings(TransferSettings):
    """Where the transistor is measured."""


def measure(dut: Dut, settings: Settings, weights: NDArray[np.float64] | None = None) -> Measured:
    """`vth` is the gate voltage at 100 nA W/L, `i_on` and `i_off` the currents at V_gs = vdd and 0.

    `i_off` is left out where it is below what the simulator resolves. Noise is that of the drain current at the
    operating point; `noise_gate_1hz` is its density at 1 Hz over gm.
    """
    sides = (Side("d", "g"),)
    (one,) = measure_transfer(dut, sides, settings)
    bench = at_operating_point(dut, sides, settings, one.v_equal)
    noise = current_noise(dut, bench, {"vd_d": 1.0}, "vgx")
    metrics = {
        "i_d": Metric(one.i_op, "A"),
        "v_gs": Metric(one.v_equal, "V"),
        "vth": Metric(one.vth, "V"),
        "gm_id": Metric(one.gm_s / one.i_op, "1/V"),
        "gds_id": Metric(one.gds_s / one.i_op, "1/V"),
        "i_on": Metric(float(one.i[-1]), "A"),
        "c_g": Metric(one.c_gate_f, "F"),
        "c_d": Metric(one.c_drain_f, "F"),
        "f_t": Metric(one.gm_s / (2 * np.pi * one.c_gate_f), "Hz"),
        **noise_metrics(noise, one.gm_s, dut.temp_degc),
    }
    if one.i[0] > RESOLVED_A:
        metrics["i_off"] = Metric(float(one.i[0]), "A")
    curves = {"i_d": Curve(one.v, one.i, "V_gs (V)", "I_d (A)"), "noise": noise.curve()}
    return Measured(metrics, curves, devices=device_points(dut, *bench))
