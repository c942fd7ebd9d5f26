"""The testbench of a current DAC: currents of all codes, their steps, the output's conductance and range, dynamics.

`dnl` and `inl` are against the line through both ends, in steps of that line; random errors are not in them. Settling
is that of the worst step, all bits off to all on, and the charge of the glitch that of the middle step, where all bits
change. After layout, currents are those through the extracted resistances; steps in time and noise see the
capacitances.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_noise import current_noise, spectrum_metrics
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points
from analoom.flows.simulator.ngspice import Loaded, circuit

from .converter import dnl_lsb, inl_lsb
from .dac_lines import INPUT, OUTPUT, DacBench, DacSettings
from .dac_steps import glitch_charge, settled_step

Array = NDArray[np.float64]
_SWEEP_V = 0.01
HALF_LSB = 0.5
RESOLVED = 6
"""Decimals of an LSB that ngspice's solution tells from its rounding."""


class Settings(DacSettings):
    """Where the DAC is measured."""


def measure(dut: Dut, settings: Settings, weights: Array | None = None) -> Measured:
    """All metrics; `gain_error` is the span of all codes by that of the input current's units, less one."""
    bench, moving = DacBench(dut.cell, settings), dut.transient or dut
    last, middle = bench.codes - 1, bench.codes // 2
    with circuit(dut.deck(*bench.lines(last))) as loaded:
        v_in = float(loaded.op()[INPUT])
        v, i = _output_curve(loaded, bench)
        levels = _currents(loaded, bench)
    lsb = (levels[-1] - levels[0]) / last
    noise = current_noise(moving, bench.lines(last), {f"v_{OUTPUT}": 1.0}, "i_in")
    settling, wave = settled_step(moving, bench, (0, last), HALF_LSB * lsb)
    metrics = {
        "i_in": Metric(bench.i_in, "A"),
        "v_in": Metric(settings.vdd - v_in if bench.mirror.is_p else v_in, "V"),
        **_of_levels(levels, bench),
        "g_out": Metric(float(abs(np.interp(settings.v_out, v, np.gradient(i, v)))), "S"),
        "v_limit": Metric(_limit(v, i, bench, HALF_LSB * lsb), "V"),
        **({} if settling is None else {"settling": Metric(settling, "s")}),
        "glitch_charge": Metric(glitch_charge(moving, bench, (middle - 1, middle)), "C"),
        **spectrum_metrics(noise),
    }
    codes = np.arange(bench.codes, dtype=np.float64)
    curves = {
        "current": Curve(codes, levels, "code", "output current (A)"),
        "inl": Curve(codes, inl_lsb(levels), "code", "INL (LSB)"),
        "dnl": Curve(codes[1:], dnl_lsb(levels), "code", "DNL (LSB)"),
        "output": Curve(v, i, "output voltage (V)", "current of the last code (A)"),
        "step": wave,
        "noise": noise.curve(),
    }
    notes = () if settling is not None else ("the step does not settle to half an LSB in the time simulated",)
    return Measured(metrics, curves, devices=device_points(moving, *bench.lines(last)), notes=notes)


def _of_levels(levels: Array, bench: DacBench) -> dict[str, Metric]:
    """What the currents of all codes (codes,) tell."""
    last = bench.codes - 1
    lsb = (levels[-1] - levels[0]) / last
    return {
        "i_lsb": Metric(float(lsb), "A"),
        "i_full": Metric(float(levels[-1]), "A"),
        "i_off": Metric(float(levels[0]), "A"),
        "gain_error": Metric(float(lsb / bench.i_unit - 1), "frac"),
        "dnl": Metric(_worst(dnl_lsb(levels)), "LSB"),
        "inl": Metric(_worst(inl_lsb(levels)), "LSB"),
        "i_supply": Metric(bench.i_in + float(levels[-1]), "A"),
    }


def _worst(lsb: Array) -> float:
    """The largest of (steps,) LSB with its sign; 0 below what is resolved."""
    return round(float(max(lsb, key=abs)), RESOLVED) + 0.0


def _currents(loaded: Loaded, bench: DacBench) -> Array:
    """The output's current (A) at each code, (codes,)."""
    found = []
    for code in range(bench.codes):
        for pin, volts in bench.levels(code).items():
            loaded.set(f"v_{pin}", volts)
        found.append(-bench.sign * loaded.op()[f"v_{OUTPUT}#branch"])
    return np.array(found)


def _output_curve(loaded: Loaded, bench: DacBench) -> tuple[Array, Array]:
    """Output current (A) of the code set over the output voltage (V), (points,) each."""
    found = loaded.run(f"dc v_{OUTPUT} 0 {bench.settings.vdd!r} {_SWEEP_V}")
    return found["v-sweep"], -bench.sign * found[f"v_{OUTPUT}#branch"]


def _limit(v: Array, i: Array, bench: DacBench, within_a: float) -> float:
    """How near the units' rail the output may come (V) with its current within `within_a` of that at `v_out`."""
    order = slice(None, None, -1) if not bench.mirror.is_p else slice(None)
    v, off = v[order], np.abs(i - np.interp(bench.settings.v_out, v, i))[order]
    beyond = (off > within_a) & (bench.sign * (bench.settings.v_out - v) > 0)
    return float(v[np.argmax(beyond) - 1] if beyond.any() else v[-1])
