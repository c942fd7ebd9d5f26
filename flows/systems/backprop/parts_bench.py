"""The benches of multiplier, sigmoid and bump: their curves at rest, and the law of weak inversion fitted to them."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import curve_fit

from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.errors import InputError

from .settings import BumpSettings, GilbertSettings, SigmoidSettings
from .stand import biased, moved, tail_current_a

Array = NDArray[np.float64]
STEPS = 16
"""Steps of an input over its span, of even number, so that the middle is one of the points."""
FINE = 80
LEAST_SHARE = 0.2
"""Of the tail's current, that the product must have to be one."""
LOW_HZ, HIGH_HZ, A_DECADE = 1e3, 1e10, 40


def measure_gilbert(dut: Dut, settings: GilbertSettings, weights: Array | None = None) -> Measured:
    """The product over both inputs, and the law fitted to it."""
    lines = [*biased(dut.cell, settings), *moved(("xp", "xn"), settings.v_x, "x"), *_outputs(settings)]
    lines += [f"v_wn wn 0 {settings.v_w!r}", "v_w wp wn 0"]
    span, step = settings.span, 2 * settings.span / STEPS
    with circuit(dut.deck(*lines)) as loaded:
        found = loaded.run(f"dc v_x {-span!r} {span * 1.0001!r} {step!r} v_w {-span!r} {span * 1.0001!r} {step!r}")
    product = (found["v_op#branch"] - found["v_on#branch"]).reshape(STEPS + 1, STEPS + 1) * -1
    x = np.linspace(-span, span, STEPS + 1)
    fit, error = fitted(x, x, product, tail_current_a(dut.cell, settings))
    metrics = {
        "full_scale": Metric(fit[0], "A"),
        "scale_x": Metric(fit[1], "V"),
        "scale_w": Metric(fit[2], "V"),
        "product_gain": Metric(fit[0] / fit[1] / fit[2], "A/V2"),
        "fit_error": Metric(error, "A"),
        "power": Metric(float(settings.vdd * tail_current_a(dut.cell, settings)), "W"),
    }
    curves = {
        "over_x": Curve(x, product[-1], "xp - xn (V)", f"op - on at w = {span:g} V (A)"),
        "over_w": Curve(x, product[:, -1], "wp - wn (V)", f"op - on at x = {span:g} V (A)"),
    }
    return Measured(metrics, curves, devices=device_points(dut, *lines))


def fitted(
    x: Array, w: Array, product: Array, start_a: float, levels: tuple[str, str] = ("v_x", "v_w")
) -> tuple[tuple[float, float, float], float]:
    """I, V_x and V_w of I tanh(x/V_x) tanh(w/V_w) through the product (w, x), and its largest error, A.

    Raises InputError where nothing of that form is there, with the settings that are the inputs' `levels`.
    """
    ww, xx = np.meshgrid(w, x, indexing="ij")

    def law(at: Array, full: float, v_x: float, v_w: float) -> Array:
        return np.asarray(full * np.tanh(at[0] / v_x) * np.tanh(at[1] / v_w))

    scale = start_a
    try:
        best, _ = curve_fit(law, np.array([xx.ravel(), ww.ravel()]), product.ravel() / scale, p0=(1.0, 0.08, 0.08))
    except RuntimeError:
        best = np.zeros(3)
    if abs(best[0]) < LEAST_SHARE:
        upper, lower = levels
        said = "no product of two tanh is there: at these levels a pair has no current"
        raise InputError(said, field=f"settings.{upper}", remedy=f"--set {upper}=1.0 --set {lower}=0.7")
    error = np.abs(law(np.array([xx, ww]), *best) - product / scale).max() * scale
    return (float(best[0] * scale), abs(float(best[1])), abs(float(best[2]))), float(error)


def measure_sigmoid(dut: Dut, settings: SigmoidSettings, weights: Array | None = None) -> Measured:
    """Currents of the pair and the output over the input, and how fast it is at rest."""
    lines = [*biased(dut.cell, settings), *moved(("xp", "xn"), settings.v_x, "x")]
    lines += [f"c_{net} {net} 0 {settings.c_load!r}" for net in ("yp", "yn") if settings.c_load]
    span, step = settings.span, 2 * settings.span / FINE
    with circuit(dut.deck(*lines)) as loaded:
        found = loaded.run(f"dc v_x {-span!r} {span * 1.0001!r} {step!r}")
        power = float(-loaded.op()["v_vdd#branch"]) * settings.vdd
    x, y = np.linspace(-span, span, FINE + 1), found["yn"] - found["yp"]
    slope = np.gradient(y, x)
    metrics = {
        "gain": Metric(float(slope[FINE // 2]), "V/V"),
        "gain_edge": Metric(float(slope[-1]), "V/V"),
        "swing": Metric(float(y[-1]), "V"),
        "v_common": Metric(float(found["yp"][FINE // 2] + found["yn"][FINE // 2]) / 2, "V"),
        "power": Metric(power, "W"),
    }
    band, course = bandwidth(dut, lines, ("yn", "yp"))
    metrics |= {} if band is None else {"bandwidth": Metric(band, "Hz")}
    curves = {"output": Curve(x, y, "xp - xn (V)", "yn - yp (V)"), "response": course}
    return Measured(metrics, curves, devices=device_points(dut, *lines))


def bandwidth(dut: Dut, lines: list[str], outputs: tuple[str, str]) -> tuple[float | None, Curve]:
    """Where the gain has fallen by 3 dB, Hz, None where that is beyond what was swept; and the gain over frequency."""
    moving = dut.transient or dut
    with circuit(moving.deck(*lines)) as loaded:
        found = loaded.run(f"ac dec {A_DECADE} {LOW_HZ!r} {HIGH_HZ!r}")
    f, gain = np.real(found["frequency"]), np.abs(found[outputs[0]] - found[outputs[1]])
    below = np.flatnonzero(gain < gain[0] / np.sqrt(2))
    course = Curve(f, gain, "frequency (Hz)", "gain")
    if not len(below):
        return None, course
    k = int(below[0])
    return float(np.interp(-gain[0] / np.sqrt(2), -gain[k - 1 : k + 1], f[k - 1 : k + 1])), course


def measure_bump(dut: Dut, settings: BumpSettings, weights: Array | None = None) -> Measured:
    """The current over the input: its peak, how wide it is, and what is left with no current in the tail."""
    lines = [*biased(dut.cell, settings), *moved(("xp", "xn"), settings.v_x, "x"), f"v_out out 0 {settings.v_out!r}"]
    span, step, tail = settings.span, 2 * settings.span / FINE, tail_current_a(dut.cell, settings)
    with circuit(dut.deck(*lines)) as loaded:
        found = loaded.run(f"dc v_x {-span!r} {span * 1.0001!r} {step!r}")
        power = float(-loaded.op()["v_vdd#branch"]) * settings.vdd
        loaded.set("i_bias", 0.0)
        left = float(loaded.op()["v_out#branch"])
    x, current = np.linspace(-span, span, FINE + 1), found["v_out#branch"]
    top = int(current.argmax())
    width = _half_width(x, current, top)
    metrics = {
        "peak": Metric(float(current[top]), "A"),
        "peak_share": Metric(float(current[top] / tail), "frac"),
        **({} if width is None else {"width": Metric(width, "V")}),
        "centre": Metric(float(x[top]), "V"),
        "left_off": Metric(left, "A"),
        "power": Metric(power, "W"),
    }
    curve = {"current": Curve(x, current, "xp - xn (V)", "current out (A)")}
    return Measured(metrics, curve, devices=device_points(dut, *lines))


def _half_width(x: Array, current: Array, top: int) -> float | None:
    """Between the points at half the peak, V; None where one lies outside."""
    half = current[top] / 2
    if current[0] > half or current[-1] > half:
        return None
    left = np.interp(half, current[: top + 1], x[: top + 1])
    right = np.interp(-half, -current[top:], x[top:])
    return float(right - left)


def _outputs(settings: GilbertSettings) -> Iterator[str]:
    yield from (f"v_{net} {net} 0 {settings.v_out!r}" for net in ("op", "on"))
