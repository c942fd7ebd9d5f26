"""The testbench of a single transistor: its transfer curve, and its operating point at a stated current per square."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .dut import Dut
from .measured import Curve, Measured, Metric
from .transfer import Side, TransferSettings, measure_transfer


class Settings(TransferSettings):
    """Where the transistor is measured."""


def measure(dut: Dut, settings: Settings, weights: NDArray[np.float64] | None = None) -> Measured:
    """`vth` is the gate voltage at 100 nA W/L, `i_on` and `i_off` the currents at V_gs = 1.8 V and 0."""
    (one,) = measure_transfer(dut, (Side("d", "g"),), settings)
    metrics = {
        "i_d": Metric(one.i_op, "A"),
        "v_gs": Metric(one.v_equal, "V"),
        "vth": Metric(one.vth, "V"),
        "gm_id": Metric(one.gm_s / one.i_op, "1/V"),
        "gds_id": Metric(one.gds_s / one.i_op, "1/V"),
        "i_on": Metric(float(one.i[-1]), "A"),
        "i_off": Metric(float(one.i[0]), "A"),
        "c_g": Metric(one.c_gate_f, "F"),
        "c_d": Metric(one.c_drain_f, "F"),
        "f_t": Metric(one.gm_s / (2 * np.pi * one.c_gate_f), "Hz"),
    }
    return Measured(metrics, {"i_d": Curve(one.v, one.i, "V_gs (V)", "I_d (A)")})
