"""The testbench of a cell of resistors: values, ratios, temperature, large voltages, noise, capacitance.

Every resistor has a source across it, its middle at `v_middle` above the silicon; `b` is 0 V.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import BOLTZMANN_J_K, ZERO_DEGC_K
from analoom.flows.simulator.ngspice import circuit

from .resistors import BODY, Resistors, resistors_of
from .settings import Settings

STEP_DEGC = 10.0
"""The temperature coefficient is that of the chord from so far below to so far above."""
SMALL_V = 1e-3
POINTS = 21
HZ = 1e4
"""Low enough for the whole of a resistor to follow its ends."""

Array = NDArray[np.float64]


def measure(dut: Dut, settings: Settings, weights: Array | None = None) -> Measured:
    """`r_<p>` (ohm) from `p` to its `n` at `v`; `ratio_error_<p>` against the first by the spec's integers, and of the
    worst pair; `tc` and `v_error` of the first; `noise_<p>` 4kTR; `c_<p>` (F) to all else with both ends as one.
    """
    found = resistors_of(dut.cell)
    ohm = ohms(dut, found, settings.v, settings.v_middle)
    metrics = {f"r_{p}": Metric(float(r), "ohm") for p, r in zip(found.p, ohm, strict=True)}
    metrics |= _ratios(found, ohm)
    metrics["tc"] = Metric(_temperature(dut, found, settings), "1/K")
    v, error = _large(dut, found, settings)
    metrics["v_error"] = Metric(float(error[-1]), "frac")
    kelvin = dut.temp_degc + ZERO_DEGC_K
    noise = np.sqrt(4 * BOLTZMANN_J_K * kelvin * ohm)
    metrics |= {f"noise_{p}": Metric(float(e), "V/Hz^0.5") for p, e in zip(found.p, noise, strict=True)}
    metrics |= {f"c_{p}": Metric(c, "F") for p, c in zip(found.p, _farads(dut, found), strict=True)}
    return Measured(metrics, {"v_error": Curve(v, error, "voltage across the first (V)", "change of its value (frac)")})


def ohms(dut: Dut, found: Resistors, v: float, v_middle: float) -> Array:
    """Values (resistors,) in ohm, with `v` across each."""
    with circuit(dut.deck(*_sources(found, v, v_middle))) as loaded:
        op = loaded.op()
    return np.array([v / -op[f"v_{p}#branch"] for p in found.p])


def _sources(found: Resistors, v: float, v_middle: float) -> list[str]:
    lines = [f"v_{BODY} {BODY} 0 0"]
    for p, n in zip(found.p, found.n, strict=True):
        lines += [f"v_{p} {p} {n} {v!r} ac 0", f"v_{n} {n} 0 {v_middle - v / 2!r} ac 0"]
    return lines


def _ratios(found: Resistors, ohm: Array) -> dict[str, Metric]:
    """None of a single resistor."""
    if len(found.p) < 2:
        return {}
    errors = found.ratio_errors(ohm)
    first = {f"ratio_error_{found.p[b]}": float(e) for (a, b), e in zip(found.pairs, errors, strict=True) if a == 0}
    worst = float(errors[np.abs(errors).argmax()])
    return {name: Metric(value, "frac") for name, value in {"ratio_error": worst, **first}.items()}


def _temperature(dut: Dut, found: Resistors, settings: Settings) -> float:
    cold, hot = (
        ohms(replace(dut, temp_degc=dut.temp_degc + step), found, settings.v, settings.v_middle)[0]
        for step in (-STEP_DEGC, STEP_DEGC)
    )
    return float((hot - cold) / (hot + cold) / STEP_DEGC)


def _large(dut: Dut, found: Resistors, settings: Settings) -> tuple[Array, Array]:
    """Voltages (points,) and by how much the first resistor's value differs there from that at a small one."""
    voltages = np.linspace(SMALL_V, settings.v_large, POINTS)
    p, n = found.p[0], found.n[0]
    current = []
    with circuit(dut.deck(*_sources(found, SMALL_V, settings.v_middle))) as loaded:
        for v in voltages:
            loaded.set(f"v_{p}", v)
            loaded.set(f"v_{n}", settings.v_middle - v / 2)
            current.append(-loaded.op()[f"v_{p}#branch"])
    ohm = voltages / np.array(current)
    return voltages, ohm / ohm[0] - 1


def _farads(dut: Dut, found: Resistors) -> list[float]:
    """Of each resistor, F: the current into both its ends, driven as one."""
    farads = []
    with circuit(dut.deck(*_sources(found, 0.0, 0.0))) as loaded:
        for n in found.n:
            loaded.alter(f"v_{n}", "acmag", 1)
            current = complex(loaded.run(f"ac lin 1 {HZ!r} {HZ!r}")[f"v_{n}#branch"][0])
            loaded.alter(f"v_{n}", "acmag", 0)
            farads.append(-current.imag / (2 * np.pi * HZ))
    return farads
