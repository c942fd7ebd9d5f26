"""The testbench of a current mirror: a current into `in`, every output held at one drain voltage.

Settling is that of the first output after the input current rises from half of its value to all of it. Random mismatch
is not in these numbers: they are the systematic part, channel length modulation included.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Mos
from analoom.flows.bench.device_noise import current_noise, spectrum_metrics
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.simulator.ngspice import Loaded, circuit

from .transfer import TransferSettings

INPUT = "in"
SETTLED = 0.01
"""How near the output current must stay to its last value, as a fraction of it."""

_AC_HZ, _SWEEP_V = 1e6, 0.01
_START_S, _EDGE_S, _TIME_CONSTANTS = 1e-9, 1e-11, 15


class Settings(TransferSettings):
    """Where the mirror is measured."""


def measure(dut: Dut, settings: Settings, weights: NDArray[np.float64] | None = None) -> Measured:
    """Output currents; `gain_error_<out>` is I_out/(ratio I_in) - 1, `gain_error` the largest."""
    squares = _squares(dut)
    outs = [net for net in squares if net != INPUT]
    device = _mos(dut)[0].device
    sign, supply_v = -1.0 if device.is_p else 1.0, settings.supply_v(device)
    i_in = settings.i_square * squares[INPUT]
    held = [f"v_{p} {p} 0 {sign * settings.v_ds if p in outs else 0}" for p in dut.ports if p != INPUT]
    bench = [f"i_in 0 {INPUT} dc {sign * i_in} {_step(sign * i_in)}", *held]
    with circuit(dut.deck(*bench)) as loaded:
        op = loaded.op()
        g_s, c_f = _input_admittance(loaded)
        settling = _settling(loaded, f"v_{outs[0]}#branch", c_f / g_s)
        v_out, i_out = _output_curve(loaded, outs[0], sign, supply_v)
    currents = {net: -sign * float(op[f"v_{net}#branch"]) for net in outs}
    errors = {net: i / (i_in * squares[net] / squares[INPUT]) - 1 for net, i in currents.items()}
    metrics = {"i_in": Metric(i_in, "A"), **{f"i_{net}": Metric(i, "A") for net, i in currents.items()}}
    metrics |= {f"gain_error_{net}": Metric(e, "frac") for net, e in errors.items()}
    metrics["gain_error"] = Metric(max(errors.values(), key=abs), "frac")
    metrics["v_in"] = Metric(sign * float(op[INPUT]), "V")
    metrics["r_out"] = Metric(float(1 / np.interp(settings.v_ds, v_out, np.gradient(i_out, v_out))), "ohm")
    metrics["i_supply"] = Metric(i_in + sum(currents.values()), "A")
    metrics["c_in"] = Metric(c_f, "F")
    metrics["settling"] = Metric(settling, "s")
    noise = current_noise(dut, bench, {f"v_{outs[0]}": 1.0}, "i_in")
    metrics |= spectrum_metrics(noise)
    curves = {f"i_{outs[0]}": Curve(v_out, i_out, "V_out (V)", f"I_{outs[0]} (A)"), "noise": noise.curve()}
    return Measured(metrics, curves, devices=device_points(dut, *bench))


def _step(current_a: float) -> str:
    """From half to all; when is told by `_settling`, which alone runs a transient."""
    return f"pulse({current_a / 2} {current_a} {_START_S} {_EDGE_S} {_EDGE_S} 1 2)"


def _input_admittance(loaded: Loaded) -> tuple[float, float]:
    """Conductance (S) and capacitance (F) at the input, small signal at 1 MHz."""
    loaded.alter("i_in", "acmag", 1)
    admittance = 1 / complex(loaded.run(f"ac lin 1 {_AC_HZ} {_AC_HZ}")[INPUT][0])
    loaded.alter("i_in", "acmag", 0)
    return abs(admittance.real), abs(admittance.imag) / (2 * np.pi * _AC_HZ)


def _settling(loaded: Loaded, output: str, tau_s: float) -> float:
    """Time until the output stays within `SETTLED` of its last value, s; the transient is cut to the time constant."""
    step_s = max(tau_s, _EDGE_S) / 50
    result = loaded.run(f"tran {step_s} {_START_S + _TIME_CONSTANTS * 50 * step_s} 0 {step_s}")
    off = np.abs(result[output] / result[output][-1] - 1)
    late = result["time"][off > SETTLED]
    return float(max(late[-1] - _START_S, 0.0)) if late.size else 0.0


def _output_curve(
    loaded: Loaded, out: str, sign: float, up_to_v: float
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Output current (A) over output voltage (V) at the input current of the operating point."""
    result = loaded.run(f"dc v_{out} 0 {sign * up_to_v} {sign * _SWEEP_V}")
    return sign * result["v-sweep"], -sign * result[f"v_{out}#branch"]


def _mos(dut: Dut) -> list[Mos]:
    flat = [f for f in flat_devices(dut.cell.circuit) if f.nets.get("g") == INPUT]
    return [f.device for f in flat if isinstance(f.device, Mos)]


def _squares(dut: Dut) -> dict[str, float]:
    """W/L on each drain net, in squares; the input first."""
    found: dict[str, float] = {}
    for flat in flat_devices(dut.cell.circuit):
        if isinstance(flat.device, Mos) and flat.nets["g"] == INPUT:
            squares = flat.device.w_um * flat.device.m / flat.device.l_um
            found[flat.nets["d"]] = found.get(flat.nets["d"], 0.0) + squares
    return dict(sorted(found.items(), key=lambda item: item[0] != INPUT))
