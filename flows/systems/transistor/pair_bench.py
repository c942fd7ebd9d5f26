"""The testbench of a pair: offset, gm/ID and both currents, with both gates driven together.

Random mismatch is not in these numbers: they are the systematic part, what circuit and drawing do by themselves.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_noise import current_noise, noise_metrics
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points

from .transfer import Side, Transfer, TransferSettings, at_operating_point, measure_transfer

SIDES = (Side("d1", "g1"), Side("d2", "g2"))


class Settings(TransferSettings):
    """Where the pair is measured."""


def measure(dut: Dut, settings: Settings, weights: NDArray[np.float64] | None = None) -> Measured:
    """`offset` is V_gs2 - V_gs1 at equal currents; `gain_error` is I2/I1 - 1 at equal gate voltages.

    Noise is that of I1 - I2; over gm it is the noise of the offset.
    """
    one, two = measure_transfer(dut, SIDES, settings)
    bench = at_operating_point(dut, SIDES, settings, one.v_equal)
    noise = current_noise(dut, bench, {"vd_d1": 1.0, "vd_d2": -1.0}, "vgx")
    metrics = {
        "i1": Metric(one.i_op, "A"),
        "i2": Metric(two.i_op, "A"),
        "offset": Metric(two.v_equal - one.v_equal, "V"),
        "delta_vth": Metric(two.vth - one.vth, "V"),
        "gain_error": Metric(two.i_op / one.i_op - 1, "frac"),
        "v_gs": Metric(one.v_equal, "V"),
        "vth": Metric(one.vth, "V"),
        "gm_id": Metric(one.gm_s / one.i_op, "1/V"),
        "gds_id": Metric(one.gds_s / one.i_op, "1/V"),
        **_capacitances(one, two),
        "f_t": Metric(one.gm_s / (2 * np.pi * one.c_gate_f), "Hz"),
        **noise_metrics(noise, one.gm_s, dut.temp_degc, copies=2),
    }
    curves = {f"i{k}": Curve(t.v, t.i, "V_gs (V)", f"I{k} (A)") for k, t in ((1, one), (2, two))}
    return Measured(metrics, {**curves, "noise": noise.curve()}, devices=device_points(dut, *bench))


def _capacitances(one: Transfer, two: Transfer) -> dict[str, Metric]:
    """Totals seen at gates and drains, and how far the two drains differ."""
    seen = {"c_g1": one.c_gate_f, "c_g2": two.c_gate_f, "c_d1": one.c_drain_f, "c_d2": two.c_drain_f}
    imbalance = two.c_drain_f / one.c_drain_f - 1
    return {**{name: Metric(c, "F") for name, c in seen.items()}, "c_d_imbalance": Metric(imbalance, "frac")}
