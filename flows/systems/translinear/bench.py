"""The testbench of a current multiplier i_b = (I_b/I_a) i_a: gain at every code, linearity, bandwidth, noise, range.

Gains are those between plus and minus `depth`; errors are against the ideal 0.5 + 0.5 code and stand on both causes:
the slopes of the loop (its devices' gm/ID do not cancel where one pair is driven at sources and the other at gates) and
the mirrors. At the operating point the gain is the ideal times two factors: `slopes_<code>`, the output pair's gm/ID by
the input pair's relative slope (the lecture's 1/n where sources are driven), and `currents_<code>`, what the pairs
really carry, I_out/I_in by the ideal. After layout, gains, curves and supply currents are those through the extracted
resistances; operating points, bandwidth and noise are taken with the capacitances. Devices outside weak inversion are
told by gm/ID, and refused in the input pair.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_noise import CurrentNoise, current_noise
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import DevicePoint, device_points, thermal_voltage_v
from analoom.pdk.errors import InputError

from .curves import (
    DEPTHS,
    Transfer,
    bandwidth_hz,
    gain_over_output,
    output_range,
    response,
    transfer,
)
from .loop import (
    bits_of,
    checked_code,
    input_devices,
    output_devices,
    plain,
    point_name,
    ratio_of,
)
from .sources import LoadedTranslinear, TranslinearBench, TranslinearSettings

TOLD = (1, 2, 4, 8, 16, 31, 63)
"""Codes whose gains are metrics; all codes are in the curves."""

_CALIBRATED = 1
"""The code whose gain scales all others in `scaled_error`: I_b = I_a."""


class Settings(TranslinearSettings):
    """Where the multiplier is measured."""


def measure(dut: Dut, settings: Settings, weights: NDArray[np.float64] | None = None) -> Measured:
    """All metrics; `gain_`, `gain_error_`, `slopes_`, `currents_` and `gm_id_<code>` for some codes.

    Raises InputError for a code that the DAC lacks and an input pair outside weak inversion.
    """
    code, bench = checked_code(dut.cell, settings.code, "settings.code"), TranslinearBench(dut, settings)
    points = {c: loop_points(bench, c) for c in sorted({*codes_shown(dut), code})}
    _require_weak(points[code][0], settings.gm_id_min)
    with bench.loaded() as multiplier:
        gains, supplies = _over_codes(multiplier)
        multiplier.set_code(code)
        curve, (volts, over_output) = transfer(multiplier), gain_over_output(multiplier)
    with bench.loaded(moving=True) as multiplier:
        f, small = response(multiplier)
    noise = current_noise(bench.moving, bench.lines(code), {"v_op": 1.0, "v_on": -1.0}, "i_x")
    metrics = {"i_a": Metric(bench.i_a, "A"), "code": Metric(code, "")}
    metrics |= _gain_metrics(gains, points, dut)
    metrics |= _linearity(curve)
    metrics |= _dynamics(bandwidth_hz(f, small), noise, float(small[0]), bench)
    metrics |= _ranges(gains, points, settings)
    low, high = output_range(volts, over_output, bench.v_out, gains[code])
    metrics |= {"v_out_low": Metric(low, "V"), "v_out_high": Metric(high, "V")}
    metrics |= {"i_supply": Metric(supplies[code], "A"), "i_supply_most": Metric(max(supplies), "A")}
    curves = _curves(gains, curve, bench.i_a) | {
        "gain_over_frequency": Curve(f, small, "frequency (Hz)", "gain"),
        "gain_over_v_out": Curve(volts, over_output, "output voltage (V)", "gain"),
        "noise": noise.curve(),
    }
    return Measured(metrics, curves, devices=device_points(bench.moving, *bench.lines(code)))


def codes_shown(dut: Dut) -> list[int]:
    """The codes of TOLD that the DAC has."""
    return [code for code in TOLD if code < 2 ** bits_of(dut.cell)]


def loop_points(bench: TranslinearBench, code: int) -> tuple[DevicePoint, DevicePoint]:
    """Operating point of the input and the output transistor of one side at a code."""
    by_name = {plain(p.name): p for p in device_points(bench.moving, *bench.lines(code))}
    cell = bench.dut.cell
    return by_name[point_name(input_devices(cell)[0])], by_name[point_name(output_devices(cell)[0])]


def slope_of_input(point: DevicePoint, dut: Dut) -> float:
    """Relative current change of the input device by its node's voltage, 1/V: of its gate where that is the node (a
    diode), else of its source, with the body's part where the body does not follow."""
    nets = input_devices(dut.cell)[0].nets
    if nets["g"] in (nets["d"], nets["s"]):
        return (point.gm_s + point.gds_s) / point.id_a
    body = 0.0 if nets["b"] == nets["s"] or nets["b"] == "ip" else point.gmbs_s
    return (point.gm_s + point.gds_s + body) / point.id_a


def _over_codes(multiplier: LoadedTranslinear) -> tuple[NDArray[np.float64], list[float]]:
    """Gain and supply current (A) at every code, (codes,)."""
    gains, supplies = [], []
    for code in range(2 ** bits_of(multiplier.bench.dut.cell)):
        multiplier.set_code(code)
        gain, supply = multiplier.gain_and_supply()
        gains.append(gain)
        supplies.append(supply)
    return np.array(gains), supplies


def _require_weak(point: DevicePoint, least: float) -> None:
    """By gm/ID, and by the inversion coefficient: a loop short of headroom holds gm/ID by carrying less than I_a."""
    gm_id = point.gm_id or 0.0
    if gm_id < least or not point.region.startswith("weak"):
        where = f"at {point.id_a:.3g} A, {point.region}"
        said = f"gm/ID of the input pair is {gm_id:.3g} 1/V {where}: outside weak inversion"
        raise InputError(
            f"{said} (at least {least:g} 1/V asked)",
            field="settings.i_a",
            remedy="a smaller i_a, a larger W/L of the loop, or a smaller gm_id_min",
        )


def _gain_metrics(
    gains: NDArray[np.float64], points: Mapping[int, tuple[DevicePoint, DevicePoint]], dut: Dut
) -> dict[str, Metric]:
    found = {}
    for code in codes_shown(dut):
        first, second = points[code]
        found[f"gain_{code}"] = Metric(float(gains[code]), "")
        found[f"gain_error_{code}"] = Metric(float(gains[code] / ratio_of(code) - 1), "frac")
        found[f"slopes_{code}"] = Metric((second.gm_id or 0.0) / slope_of_input(first, dut), "")
        found[f"currents_{code}"] = Metric(second.id_a / first.id_a / ratio_of(code), "")
        found[f"gm_id_{code}"] = Metric(second.gm_id or 0.0, "1/V")
    first, second = next(iter(points.values()))
    u_t = thermal_voltage_v(dut.temp_degc)
    found["gm_id_in"] = Metric(first.gm_id or 0.0, "1/V")
    found["n_in"] = Metric(1 / (u_t * slope_of_input(first, dut)), "")
    found["n_out"] = Metric(1 / (u_t * (second.gm_id or 0.0)), "")
    return found


def _linearity(curve: Transfer) -> dict[str, Metric]:
    """`linearity_40`: the transfer curve off its tangent at 40 % of I_a; `thd_40`: harmonics of a sine of 40 %."""
    found = {}
    for depth in DEPTHS:
        percent = round(100 * depth)
        found[f"linearity_{percent}"] = Metric(curve.error(depth), "frac")
        found[f"thd_{percent}"] = Metric(curve.distortion(depth), "frac")
    return found


def _dynamics(width_hz: float, noise: CurrentNoise, gain: float, bench: TranslinearBench) -> dict[str, Metric]:
    """Bandwidth, the noise by the gain, and full scale (a sine of I_a on either side) over the noise in the band."""
    rms = noise.rms(float(noise.f[0]), width_hz) / gain
    full_rms = 2 * bench.i_a / np.sqrt(2)
    return {
        "bandwidth": Metric(width_hz, "Hz"),
        "noise_in_white": Metric(noise.white / gain, "A/Hz^0.5"),
        "noise_in_rms": Metric(rms, "A"),
        "dynamic_range": Metric(float(20 * np.log10(full_rms / rms)), "dB"),
    }


def _ranges(
    gains: NDArray[np.float64],
    points: Mapping[int, tuple[DevicePoint, DevicePoint]],
    settings: Settings,
) -> dict[str, Metric]:
    """The ratios I_b/I_a, without a gap around I_b = I_a, where the error is below `error_max`: against the ideal
    (`ratio_low`, `ratio_high`), and scaled by the gain there (`scaled_ratio_low`, `scaled_ratio_high`)."""
    ideal = np.array([ratio_of(code) for code in range(len(gains))])
    error = gains / ideal - 1
    found = {}
    for name, values in (("ratio", error), ("scaled_ratio", (1 + error) / (1 + error[_CALIBRATED]) - 1)):
        low, high = _around(np.abs(values) <= settings.error_max, _CALIBRATED)
        inside = high >= low
        found[f"{name}_low"] = Metric(float(ideal[low]) if inside else 0.0, "")
        found[f"{name}_high"] = Metric(float(ideal[high]) if inside else 0.0, "")
    weak = [code for code, (_, out) in points.items() if (out.gm_id or 0.0) >= settings.gm_id_min]
    found["weak_up_to"] = Metric(ratio_of(max(weak)) if weak else 0.0, "")
    return found


def _around(good: NDArray[np.bool_], at: int) -> tuple[int, int]:
    """First and last place of the run of good ones that holds `at`; (at, at - 1) when it is none."""
    if not good[at]:
        return at, at - 1
    low = high = at
    while low > 0 and good[low - 1]:
        low -= 1
    while high < len(good) - 1 and good[high + 1]:
        high += 1
    return low, high


def _curves(gains: NDArray[np.float64], curve: Transfer, i_a: float) -> dict[str, Curve]:
    ideal = np.array([ratio_of(code) for code in range(len(gains))])
    depths = np.linspace(0.05, curve.x[-1], 18)
    thd = np.array([curve.distortion(float(d)) for d in depths])
    return {
        "gain": Curve(ideal, gains, "I_b/I_a", "gain i_b/i_a"),
        "gain_error": Curve(ideal, gains / ideal - 1, "I_b/I_a", "gain error (fraction)"),
        "transfer": Curve(2 * curve.x * i_a, curve.i_b, "i_a (A)", "i_b (A)"),
        "distortion": Curve(depths, thd, "amplitude by I_a", "harmonics by fundamental"),
    }
