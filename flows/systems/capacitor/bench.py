"""The testbench of a capacitor cell: what each bottom pin couples to `top`, and how true the ratios are.

Small signal at 1 MHz: 1 V on `top`, every other pin held at 0 V through its own source, so that the current of a pin
is the capacitance between that pin and `top` alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.cells.model.cell import Spec
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Measured, Metric
from analoom.flows.bench.operating_point import BOLTZMANN_J_K, ZERO_DEGC_K
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.statistics.code_levels import code_levels, inl_lsb
from analoom.pdk.errors import InputError

TOP = "top"
RENAMED = {"inl": "inl_max", "dnl": "dnl_max"}
"""Metrics by the names they had before: mismatch has metrics of these names."""


class Settings(Spec):
    """How a capacitor cell is measured."""

    frequency: float = Field(
        1e6, gt=0, le=1e9, description="frequency of the small signal", json_schema_extra={"unit": "Hz"}
    )
    v_ref: float = Field(
        1.8, gt=0, le=1.95, description="voltage the bottom plates are switched to", json_schema_extra={"unit": "V"}
    )


def measure(dut: Dut, settings: Settings, weights: NDArray[np.float64] | None = None) -> Measured:
    """`c_<pin>` (F) to `top`; with weights also `ratio_error_<pin>` against the spec's integers, and the worst of them.

    `c_top_rest` is the capacitance of `top` to anything that is not one of the weights; it scales the array's output.
    """
    bottoms = bottom_pins(dut.ports)
    c = _to_top(dut, bottoms, settings.frequency)
    metrics = {f"c_{pin}": Metric(c[pin], "F") for pin in bottoms}
    metrics["c_top_rest"] = Metric(c[TOP] - sum(c[pin] for pin in bottoms), "F")
    metrics |= _sampling_metrics(c[TOP], sum(c[pin] for pin in bottoms), settings.v_ref, dut.temp_degc)
    ratios = getattr(dut.cell.spec, "weights", None)
    if ratios is None:
        return Measured(metrics)
    return Measured({**metrics, **_ratio_metrics(bottoms, np.array([c[p] for p in bottoms]), np.array(ratios))})


def bottom_pins(ports: Sequence[str]) -> list[str]:
    """`bottom`, or `b0`, `b1`, ... in order. Raises InputError for a cell without `top` and a bottom pin."""
    bits = sorted((p for p in ports if p[0] == "b" and p[1:].isdigit()), key=lambda p: int(p[1:]))
    found = bits or [p for p in ports if p == "bottom"]
    if TOP not in ports or not found:
        raise InputError(
            f"a capacitor cell needs the pins top and bottom or b0..., not {', '.join(ports)}", field="name"
        )
    return found


def ratio_errors(c_f: NDArray[np.float64], weights: NDArray[np.float64]) -> NDArray[np.float64]:
    """Relative error of each capacitance's share of the total against its weight's share, (weights,)."""
    return (c_f / c_f.sum()) / (weights / weights.sum()) - 1


def _to_top(dut: Dut, bottoms: Sequence[str], frequency_hz: float) -> dict[str, float]:
    """Capacitance (F) of each bottom pin to `top`, and under `top` the total `top` sees."""
    held = [f"v_{pin} {pin} 0 0" for pin in dut.ports if pin != TOP]
    with circuit(dut.deck(f"v_{TOP} {TOP} 0 0 ac 1", *held)) as loaded:
        result = loaded.run(f"ac lin 1 {frequency_hz} {frequency_hz}")
    farad = {pin: complex(result[f"v_{pin}#branch"][0]).imag / (2 * np.pi * frequency_hz) for pin in (*bottoms, TOP)}
    return {**farad, TOP: -farad[TOP]}


def _ratio_metrics(pins: Sequence[str], c_f: NDArray[np.float64], weights: NDArray[np.int64]) -> dict[str, Metric]:
    errors = ratio_errors(c_f, weights.astype(float))
    each = {f"ratio_error_{pin}": Metric(float(e), "frac") for pin, e in zip(pins, errors, strict=True)}
    worst = float(errors[np.argmax(np.abs(errors))])
    unit = Metric(float(c_f.sum() / weights.sum()), "F")
    return {"c_unit": unit, **each, "ratio_error": Metric(worst, "frac"), **_converter_metrics(c_f, weights)}


def _sampling_metrics(top_f: float, bottoms_f: float, v_ref: float, temp_degc: float) -> dict[str, Metric]:
    """`ktc_noise` of a switch that opens at `top`; `switch_energy` taken from the reference when, `top` held, all
    bottom plates go from 0 to `v_ref`: C V^2, half of it kept."""
    noise_v = float(np.sqrt(BOLTZMANN_J_K * (temp_degc + ZERO_DEGC_K) / top_f))
    return {"ktc_noise": Metric(noise_v, "V"), "switch_energy": Metric(bottoms_f * v_ref**2, "J")}


def _converter_metrics(c_f: NDArray[np.float64], weights: NDArray[np.int64]) -> dict[str, Metric]:
    """Worst INL and DNL in LSB of the array used as a converter; none when its weights leave a code unmet."""
    levels = code_levels(weights)
    if levels is None:
        return {}
    inl = inl_lsb(levels, c_f, weights.astype(float))
    worst = {"inl_max": float(np.abs(inl).max()), "dnl_max": float(np.abs(np.diff(inl)).max())}
    return {name: Metric(value, "LSB") for name, value in worst.items()}
