"""The testbench of a continuous comparator: offset, gain, range and noise about its trip point; delay after a step.

Random mismatch is not in these numbers: they are what circuit, drawing and corner do by themselves.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.flows.bench.device_noise import HIGH_HZ, LOW_HZ, CurrentNoise
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.measured import Curve, Measured, Metric
from analoom.flows.bench.operating_point import device_points
from analoom.flows.simulator.ngspice import Loaded, circuit
from analoom.flows.systems.amplifier.phases import Phases
from analoom.pdk.errors import InputError

from .continuous import ContinuousBench, ContinuousPoint
from .gain_law import gain_law
from .steps import Steps, step_metrics
from .zeroed import zeroed

OVERDRIVES_V = (1e-3, 1e-2, 1e-1)
"""Those of the curve of the delay."""
STEP_V = 0.1
SPANS_V, SWEPT = (0.2, 0.004), 200
"""Half the sweeps of the inputs for a trip point, the coarse one first, and their steps."""
HYSTERESIS_DIGITS = 6
"""Digits after the point that a difference of trip points is good to."""

Array = NDArray[np.float64]


class Settings(ContinuousPoint):
    """How a continuous comparator is measured."""

    c_load: float = Field(20e-15, ge=0, le=1e-10, description="load of `out`", json_schema_extra={"unit": "F"})
    overdrive: float = Field(
        0.01, ge=1e-4, le=0.5, description="difference of the inputs that is decided", json_schema_extra={"unit": "V"}
    )
    v_before: float = Field(
        0.1, ge=1e-3, le=0.5, description="difference before it, of the other sign", json_schema_extra={"unit": "V"}
    )
    r_source: float = Field(
        1e4, ge=1, le=1e9, description="resistance in front of the input kicked", json_schema_extra={"unit": "ohm"}
    )
    error_max: float = Field(
        1e-3,
        gt=0,
        le=0.1,
        description="change of the offset that ends the input range",
        json_schema_extra={"unit": "V"},
    )


def measure(dut: Dut, settings: Settings, weights: Array | None = None) -> Measured:
    """All metrics, see the glossary. Raises InputError for a common level at which the output does not move."""
    bench = ContinuousBench(settings, settings.c_load)
    phases = Phases(dut, settings.vdd)
    if phases.there:
        bench = replace(bench, phases=tuple(phases.running(bench.lines())))
    trip = find_trip(dut, bench)
    levels, offsets = offset_over_level(dut, bench)
    steps = Steps(dut, settings, settings.c_load, settings.r_source, settings.v_before, bench.phases)
    found, delays = step_metrics(steps, settings.overdrive, OVERDRIVES_V)
    after, through = zeroed(dut, settings, trip.offset_v)
    metrics = {
        "offset": Metric(trip.offset_v, "V"),
        "voltage_gain": Metric(float(20 * np.log10(trip.gain)), "dB"),
        "voltage_gain_law": Metric(float(20 * np.log10(gain_law(dut, _at_trip(bench, trip)))), "dB"),
        "hysteresis": Metric(hysteresis_v(dut, bench), "V"),
        **_range(levels, offsets, settings),
        **_noise(trip.noise, trip.gain),
        **found,
        **after,
    }
    curves = {
        **through,
        "offset": Curve(levels, offsets, "common level (V)", "offset (V)"),
        "delay": delays,
        "noise": Curve(trip.noise.f, trip.noise.i / trip.gain, "frequency (Hz)", "noise at the input (V/Hz^0.5)"),
    }
    return Measured(metrics, curves, devices=device_points(dut, *_at_trip(bench, trip)))


@dataclass(frozen=True)
class Trip:
    """Where the output stands at half the supply: the difference of the inputs (V), the gain there, and the noise
    density of the output, V/Hz^0.5."""

    offset_v: float
    gain: float
    noise: CurrentNoise


def find_trip(dut: Dut, bench: ContinuousBench) -> Trip:
    """The trip point of a comparator. Raises InputError where there is none."""
    with circuit(dut.deck(*bench.lines())) as loaded:
        offset = trip_v(loaded, bench.point.vdd / 2)
        if offset is None:
            raise InputError(f"{dut.cell.name} does not trip within {SPANS_V[0]:g} V", field="settings.v_cm")
        loaded.set("v_d", offset)
        loaded.alter("v_d", "acmag", 1)
        gain = float(np.abs(loaded.run(f"ac lin 1 {LOW_HZ} {LOW_HZ}")["out"][0]))
        noise = CurrentNoise(*loaded.noise("v(out)", "v_d", LOW_HZ, HIGH_HZ))
    return Trip(offset, gain, noise)


def trip_v(loaded: Loaded, level_v: float, rising: bool = True) -> float | None:
    """The difference of the inputs at which the output passes `level_v`, by sweeps of SPANS_V about the one before,
    upward or downward, V; None where it does not within the first."""
    middle = 0.0
    for span in SPANS_V:
        start, stop = (middle - span, middle + span) if rising else (middle + span, middle - span)
        found = loaded.run(f"dc v_d {start!r} {stop!r} {(stop - start) / SWEPT!r}")
        height = (found["out"] - level_v) * (1 if rising else -1)
        past = np.flatnonzero(height > 0)
        if not past.size or not past[0]:
            return None
        middle = _crossing(found["v-sweep"], height, int(past[0]) - 1)
    return middle


def offset_over_level(dut: Dut, bench: ContinuousBench) -> tuple[Array, Array]:
    """Common levels from rail to rail at which the output trips (points,) V, and the offset at each (points,) V."""
    levels, offsets = [], []
    with circuit(dut.deck(*bench.lines())) as loaded:
        for level in np.arange(0.0, bench.point.vdd + STEP_V / 2, STEP_V):
            loaded.set("v_cm", float(level))
            found = trip_v(loaded, bench.point.vdd / 2)
            if found is not None:
                levels.append(float(level))
                offsets.append(found)
    return np.array(levels), np.array(offsets)


def hysteresis_v(dut: Dut, bench: ContinuousBench) -> float:
    """The trip point of a slow rise less that of a slow fall, V, to HYSTERESIS_DIGITS.

    Raises InputError for a comparator that does not trip both ways.
    """
    with circuit(dut.deck(*bench.lines())) as loaded:
        up, down = (trip_v(loaded, bench.point.vdd / 2, rising) for rising in (True, False))
    if up is None or down is None:
        raise InputError(f"{dut.cell.name} does not trip within {SPANS_V[0]:g} V", field="settings.v_cm")
    return round(up - down, HYSTERESIS_DIGITS) + 0.0


def _at_trip(bench: ContinuousBench, trip: Trip) -> list[str]:
    return [line.replace("v_d d 0 0", f"v_d d 0 {trip.offset_v!r}") for line in bench.lines()]


def _range(levels: Array, offsets: Array, settings: Settings) -> dict[str, Metric]:
    """`input_low` and `input_high`: where the offset has moved by `error_max` from that at the common level asked."""
    moved = np.abs(offsets - np.interp(settings.v_cm, levels, offsets)) - settings.error_max
    at = int(np.searchsorted(levels, settings.v_cm))
    below, above = np.flatnonzero(moved[:at] > 0), np.flatnonzero(moved[at:] > 0)
    low = _crossing(levels, moved, int(below[-1])) if below.size else float(levels[0])
    high = _crossing(levels, moved, at + int(above[0]) - 1) if above.size else float(levels[-1])
    return {"input_low": Metric(low, "V"), "input_high": Metric(high, "V")}


def _crossing(x: Array, y: Array, k: int) -> float:
    """Where the line from point `k` to the next is zero."""
    return float(x[k] - y[k] * (x[k + 1] - x[k]) / (y[k + 1] - y[k]))


def _noise(noise: CurrentNoise, gain: float) -> dict[str, Metric]:
    """The output's noise by the gain."""
    found = {
        "input_noise": Metric(noise.white / gain, "V/Hz^0.5"),
        "input_noise_rms": Metric(noise.rms(LOW_HZ, HIGH_HZ) / gain, "V"),
    }
    return found if noise.corner_hz is None else {**found, "input_noise_corner": Metric(noise.corner_hz, "Hz")}
