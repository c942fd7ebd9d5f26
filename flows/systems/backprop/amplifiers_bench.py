"""The benches of the error amplifier and of what brings errors back: their laws in weak inversion, and their outputs.

Held at a level, outputs give the difference of their currents, on which the diodes that load them have no part:

    I (tanh((np - nn)/scale) + tanh((tp - tn)/scale)) of an error amplifier, np - nn falling as the output rises,
    I tanh((gp - gn)/scale_g) tanh((w - wr)/scale_w) of what an error brings back,

with 2nUT as scales. Source: C. Mead, "Analog VLSI and Neural Systems", 1989, chapters 5 and 6.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import curve_fit

from analoom.cells.backprop.network_sizes import BackpropBackSpec
from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.errors import InputError

from .parts_bench import FINE, LEAST_SHARE, STEPS, bandwidth, fitted
from .settings import BackSettings, ErrorSettings
from .stand import biased, moved, tail_current_a

Array = NDArray[np.float64]
MOST_MISFIT = 0.25
"""Of the full scale, beyond which the currents are no such sum: one of the pairs has none."""
HELD_V = {"e": 0.7, "g": 1.0}
"""Where both outputs of an error amplifier stand by themselves."""


def measure_error(dut: Dut, settings: ErrorSettings, weights: Array | None = None) -> Measured:
    """Currents over output and target and the law fitted to them; levels, slopes and speed with the loads."""
    lines, span = [*biased(dut.cell, settings), *error_inputs(settings)], settings.span
    tail = tail_current_a(dut.cell, settings)
    currents = _currents(dut, lines, span)
    x = np.linspace(-span, span, STEPS + 1)
    loads = _loads([f"{k}{side}" for k in "eg" for side in "pn"], settings.c_load)
    with circuit(dut.deck(*lines, *loads)) as loaded:
        found, op = loaded.run(_sweep("v_n", span, FINE)), loaded.op()
    metrics: dict[str, Metric] = {}
    curves: dict[str, Curve] = {}
    for k, current in currents.items():
        full, scale, error = _error_law(x, current, tail)
        metrics |= {
            f"full_scale_{k}": Metric(full, "A"),
            f"scale_{k}": Metric(scale, "V"),
            f"transconductance_{k}": Metric(full / scale, "S"),
            f"fit_error_{k}": Metric(error, "A"),
            f"level_{k}": Metric(float(op[f"{k}p"] + op[f"{k}n"]) / 2, "V"),
        }
        n, e = np.linspace(-span, span, FINE + 1), found[f"{k}n"] - found[f"{k}p"]
        metrics[f"gain_{k}"] = Metric(float(np.gradient(e, n)[FINE // 2]), "V/V")
        band, _ = bandwidth(dut, [*lines, *loads], (f"{k}n", f"{k}p"))
        metrics |= {} if band is None else {f"bandwidth_{k}": Metric(band, "Hz")}
        curves[f"error_{k}"] = Curve(n, e, "np - nn (V)", f"{k}n - {k}p (V)")
    metrics["power"] = Metric(float(-op["v_vdd#branch"]) * settings.vdd, "W")
    return Measured(metrics, curves, devices=device_points(dut, *lines))


def error_inputs(settings: ErrorSettings) -> Iterator[str]:
    """Output and target about their levels; only the first moves in an AC analysis."""
    yield from moved(("np", "nn"), settings.v_n, "n")
    yield from (line.replace(" ac 1", "") for line in moved(("tp", "tn"), settings.v_t, "t"))


def _currents(dut: Dut, lines: list[str], span: float) -> dict[str, Array]:
    """Differences of the currents into each output, (target, output) A."""
    held = [f"v_{k}{side} {k}{side} 0 {level!r}" for k, level in HELD_V.items() for side in "pn"]
    with circuit(dut.deck(*lines, *held)) as loaded:
        found = loaded.run(f"{_sweep('v_n', span)} {_sweep('v_t', span).removeprefix('dc ')}")
    shape = STEPS + 1, STEPS + 1
    return {k: (found[f"v_{k}n#branch"] - found[f"v_{k}p#branch"]).reshape(shape) for k in HELD_V}


def _error_law(x: Array, current: Array, tail_a: float) -> tuple[float, float, float]:
    """I and scale of the law through currents (target, output), and its largest error, A. Raises InputError."""
    t, n = np.meshgrid(x, x, indexing="ij")

    def law(at: Array, full: float, scale: float) -> Array:
        return np.asarray(full * (np.tanh(at[1] / scale) + np.tanh(at[0] / scale)))

    best, _ = curve_fit(law, np.array([t.ravel(), n.ravel()]), current.ravel() / tail_a, p0=(1.0, 0.08))
    error = float(np.abs(law(np.array([t, n]), *best) - current / tail_a).max())
    if abs(best[0]) < LEAST_SHARE or error > MOST_MISFIT * abs(best[0]):
        said = "no sum of two tanh is there: at these levels a pair has no current"
        raise InputError(said, field="settings.v_n", remedy="--set v_n=0.65 --set v_t=0.7")
    return float(best[0]) * tail_a, float(best[1]), error * tail_a


def measure_back(dut: Dut, settings: BackSettings, weights: Array | None = None) -> Measured:
    """The product of each output's error and weight, by the currents it adds; the sum's level, swing and speed."""
    lines, span = [*biased(dut.cell, settings), *back_inputs(dut.cell, settings)], settings.span
    x = np.linspace(-span, span, STEPS + 1)
    metrics: dict[str, Metric] = {}
    curves: dict[str, Curve] = {}
    for j, product in enumerate(_products(dut, lines, settings)):
        fit, error = fitted(x, x, product, tail_current_a(dut.cell, settings), ("v_g", "v_w"))
        named = zip(("full_scale", "scale_g", "scale_w", "fit_error"), (*fit, error), "AVVA", strict=True)
        metrics |= {f"{name}_{j}": Metric(value, unit) for name, value, unit in named}
        curves[f"product_{j}"] = Curve(x, product[-1], f"g{j}p - g{j}n (V)", f"en - ep at w = {span:g} V (A)")
    swept, curve = _summed(dut, [*lines, *_loads(["ep", "en"], settings.c_load)], settings)
    return Measured(metrics | swept, curves | {"sum": curve}, devices=device_points(dut, *lines))


def _products(dut: Dut, lines: list[str], settings: BackSettings) -> list[Array]:
    """For each output (weight, error) A: what it draws from `en` less what it draws from `ep`."""
    held, found = [f"v_{net} {net} 0 {settings.v_out!r}" for net in ("ep", "en")], []
    with circuit(dut.deck(*lines, *held)) as loaded:
        for j in range(back_spec(dut.cell).outputs):
            inner, outer = _sweep(f"v_g{j}", settings.span), _sweep(f"v_w{j}", settings.span).removeprefix("dc ")
            swept = loaded.run(f"{inner} {outer}")
            found.append((swept["v_ep#branch"] - swept["v_en#branch"]).reshape(STEPS + 1, STEPS + 1))
    return found


def _summed(dut: Dut, lines: list[str], settings: BackSettings) -> tuple[dict[str, Metric], Curve]:
    """The sum with its load over the error of output 0, whose weight is full, the other outputs at rest."""
    span = settings.span
    full = [line.replace("v_w0 w0 wr 0", f"v_w0 w0 wr {span!r}") for line in lines]
    with circuit(dut.deck(*full)) as loaded:
        swept, op = loaded.run(_sweep("v_g0", span, FINE)), loaded.op()
    g, e = np.linspace(-span, span, FINE + 1), swept["ep"] - swept["en"]
    metrics = {
        "level": Metric(float(op["ep"] + op["en"]) / 2, "V"),
        "swing": Metric(float(e[-1]), "V"),
        "gain": Metric(float(np.gradient(e, g)[FINE // 2]), "V/V"),
        "power": Metric(float(-op["v_vdd#branch"]) * settings.vdd, "W"),
    }
    band, _ = bandwidth(dut, full, ("ep", "en"))
    metrics |= {} if band is None else {"bandwidth": Metric(band, "Hz")}
    return metrics, Curve(g, e, "g0p - g0n (V)", "ep - en (V)")


def back_inputs(cell: Cell, settings: BackSettings) -> Iterator[str]:
    """Each output's error about its level, and its weight from wr; only output 0's error moves in an AC analysis."""
    yield f"v_wr wr 0 {settings.v_w!r}"
    for j in range(back_spec(cell).outputs):
        lines = moved((f"g{j}p", f"g{j}n"), settings.v_g, f"g{j}")
        yield from (line if j == 0 else line.replace(" ac 1", "") for line in lines)
        yield f"v_w{j} w{j} wr 0"


def back_spec(cell: Cell) -> BackpropBackSpec:
    """The cell's spec. Raises InputError for another cell."""
    if not isinstance(cell.spec, BackpropBackSpec):
        raise InputError(f"{cell.name} brings no errors back", field="name", remedy="backprop_back")
    return cell.spec


def _sweep(source: str, span: float, steps: int = STEPS) -> str:
    """A sweep from -span to span, its end beyond by less than a step, as sums of steps err."""
    return f"dc {source} {-span!r} {span * 1.0001!r} {2 * span / steps!r}"


def _loads(nets: list[str], c_f: float) -> list[str]:
    return [f"c_{net} {net} 0 {c_f!r}" for net in nets if c_f]
