"""The testbench of an antenna diode: what it adds to its net, what it leaks, and how much wire it allows a gate."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.cells.model.cell import Spec
from analoom.cells.model.circuit import Circuit, Diode
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.antenna import ANTENNA
from analoom.pdk.layers import Layer

LEAKS = ".option gmin=1e-20 abstol=1e-20"
"""ngspice's own conductance and tolerance far below what a junction leaks."""
POINTS = 61


class Settings(Spec):
    """Where the diode is measured."""

    v: float = Field(
        1.8, ge=0, le=5.5, description="voltage of the net above the substrate", json_schema_extra={"unit": "V"}
    )
    frequency: float = Field(
        1e6, gt=0, le=1e9, description="frequency of the small signal", json_schema_extra={"unit": "Hz"}
    )


def measure(dut: Dut, settings: Settings, weights: NDArray[np.float64] | None = None) -> Measured:
    """`c_c` and `i_leak` at the voltage `v`, `c_c_0` at 0 V; `antenna_<level>`: the ratios the drawn area allows."""
    v, c_f = _capacitance(dut, settings)
    metrics = {
        "c_c": Metric(float(np.interp(settings.v, v, c_f)), "F"),
        "c_c_0": Metric(float(c_f[0]), "F"),
        "i_leak": Metric(_leakage_a(dut, settings.v), "A"),
    }
    area_um2 = junction_um2(dut.cell.circuit)
    for level in (Layer.LI1, Layer.MET1):
        metrics[f"antenna_{level.name.lower()}"] = Metric(ANTENNA[level].allowed(area_um2), "")
    return Measured(metrics, {"c_c": Curve(v, c_f, "voltage of the net (V)", "capacitance (F)")})


def junction_um2(cell: Circuit) -> float:
    """Area of all diodes of a circuit, um2."""
    return sum(d.m * d.w_um * d.l_um for d in cell.devices if isinstance(d, Diode))


def _capacitance(dut: Dut, settings: Settings) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Voltages (points,) V from 0 to `v`, and the capacitance of `c` there (points,) F."""
    volts, f_hz = np.linspace(0, max(settings.v, 0.1), POINTS), settings.frequency
    with circuit(dut.deck("v_a a 0 0", "v_c c 0 dc 0 ac 1")) as loaded:
        found = []
        for v in volts:
            loaded.set("v_c", float(v))
            current = complex(loaded.run(f"ac lin 1 {f_hz!r} {f_hz!r}")["v_c#branch"][0])
            found.append(-current.imag / (2 * np.pi * f_hz))
    return volts, np.array(found)


def _leakage_a(dut: Dut, v: float) -> float:
    """Current into `c`, A."""
    with circuit(dut.deck("v_a a 0 0", f"v_c c 0 {v!r}", LEAKS)) as loaded:
        return -float(loaded.op()["v_c#branch"])
