"""The testbench of a bias: each output against its ratio, over supply, temperature and its own voltage, and its noise.

The reference current is held: what supply and temperature do is the mirrors' own.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_noise import current_noise
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points
from analoom.flows.simulator.ngspice import Loaded, circuit

from .bias_lines import INPUT, BiasBench, BiasSettings

Array = NDArray[np.float64]
SUPPLY_FRAC = 0.05
"""The supply is moved by this much either way."""
COLD_DEGC, HOT_DEGC, STEP_DEGC = -40.0, 85.0, 12.5
HELD = 0.01
"""How far an output's current may move over its range, as a fraction."""
_SWEEP_V = 0.01


class Settings(BiasSettings):
    """Where the bias is measured."""


def measure(dut: Dut, settings: Settings, weights: Array | None = None) -> Measured:
    """Per output: current, `gain_error_`, `temperature_` (1/K), `g_out_`, `v_limit_`, noise; of sources `supply_`.

    A sink does not see the supply: its current is that of the reference, which is held.
    """
    bench, moving = BiasBench(dut.cell, settings), dut.transient or dut
    with circuit(dut.deck(*bench.lines())) as loaded:
        v_in = float(loaded.op()[INPUT])
        found, curves = outputs_measured(loaded, bench)
        degrees = loaded.run(f"dc temp {COLD_DEGC} {HOT_DEGC} {STEP_DEGC}")
    drift = {pin: np.ptp(i) / (HOT_DEGC - COLD_DEGC) for pin, i in relative(degrees, bench).items()}
    sinks = {f"supply_{pin}" for pin in bench.ratios if bench.is_sink(pin)}
    noise, spectra = noise_of_outputs(moving, bench, "i_in")
    metrics = {
        "i_in": Metric(bench.i_in, "A"),
        "v_in": Metric(v_in, "V"),
        **{name: metric for name, metric in found.items() if name not in sinks},
        **{f"temperature_{pin}": Metric(float(value), "1/K") for pin, value in drift.items()},
        **noise,
    }
    return Measured(metrics, curves | spectra, devices=device_points(moving, *bench.lines()))


def outputs_measured(loaded: Loaded, bench: BiasBench) -> tuple[dict[str, Metric], dict[str, Curve]]:
    """What every output gives at the bench's point, over its own voltage and over the supply; and the curves."""
    op = loaded.op()
    errors = {pin: bench.current_a(op, pin) / (ratio * bench.i_in) - 1 for pin, ratio in bench.ratios.items()}
    metrics = {
        "i_supply": Metric(-float(op["v_vdd#branch"]), "A"),
        "gain_error": Metric(float(max(errors.values(), key=abs)), "frac"),
    }
    over = {pin: _over_output(loaded, bench, pin) for pin in bench.ratios}
    supply = relative(loaded.run(_supply_sweep(bench)), bench)
    loaded.set("v_vdd", bench.settings.vdd)
    for pin, (v, i) in over.items():
        metrics |= {
            f"i_{pin}": Metric(float(bench.current_a(op, pin)), "A"),
            f"gain_error_{pin}": Metric(float(errors[pin]), "frac"),
            f"supply_{pin}": Metric(float(np.ptp(supply[pin])) / (2 * SUPPLY_FRAC * bench.settings.vdd), "1/V"),
            f"g_out_{pin}": Metric(float(abs(np.interp(bench.held_v(pin), v, np.gradient(i, v)))), "S"),
            f"v_limit_{pin}": Metric(_limit(v, i, bench, pin), "V"),
        }
    return metrics, {f"output_{pin}": Curve(v, i, f"V_{pin} (V)", f"I_{pin} (A)") for pin, (v, i) in over.items()}


def noise_of_outputs(dut: Dut, bench: BiasBench, source: str) -> tuple[dict[str, Metric], dict[str, Curve]]:
    """White noise of every output's current, and its spectrum; `source` is any independent source."""
    spectra = {pin: current_noise(dut, bench.lines(), {f"v_{pin}": 1.0}, source) for pin in bench.ratios}
    metrics = {f"noise_white_{pin}": Metric(noise.white, "A/Hz^0.5") for pin, noise in spectra.items()}
    return metrics, {f"noise_{pin}": noise.curve() for pin, noise in spectra.items()}


def _supply_sweep(bench: BiasBench) -> str:
    low, high = ((1 + k * SUPPLY_FRAC) * bench.settings.vdd for k in (-1, 1))
    return f"dc v_vdd {low!r} {high + (high - low) / 8!r} {(high - low) / 4!r}"


def relative(found: dict[str, Array], bench: BiasBench) -> dict[str, Array]:
    """Each output's current by its mean over a sweep, (points,)."""
    currents = {pin: bench.current_a(found, pin) for pin in bench.ratios}
    return {pin: i / i.mean() for pin, i in currents.items()}


def _over_output(loaded: Loaded, bench: BiasBench, pin: str) -> tuple[Array, Array]:
    """An output's current (A) over its voltage (V), (points,) each."""
    found = loaded.run(f"dc v_{pin} 0 {bench.settings.vdd!r} {_SWEEP_V}")
    loaded.set(f"v_{pin}", bench.held_v(pin))
    return found["v-sweep"], bench.current_a(found, pin)


def _limit(v: Array, i: Array, bench: BiasBench, pin: str) -> float:
    """How near its units' rail the output may come (V) with its current held."""
    towards = slice(None, None, -1) if bench.is_sink(pin) else slice(None)
    at = bench.held_v(pin)
    off = np.abs(i / np.interp(at, v, i) - 1)[towards]
    v, sign = v[towards], 1.0 if bench.is_sink(pin) else -1.0
    beyond = (off > HELD) & (sign * (at - v) > 0)
    return float(v[np.argmax(beyond) - 1] if beyond.any() else v[-1])
