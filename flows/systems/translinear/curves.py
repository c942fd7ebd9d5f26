"""What a loaded multiplier does at one code: its transfer curve and distortion, bandwidth, and output range."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from .sources import LoadedTranslinear, output_a

DEPTHS = (0.4, 0.8)
"""Amplitudes, by I_a, at which linearity is told: those of the published simulations of JNW_SV."""
DEEPEST, POINTS = 0.9, 37
LOW_HZ, HIGH_HZ, A_DECADE = 1.0, 1e10, 20
WITHIN = 0.01
"""How far the gain may move over the output range, as a fraction."""
_HARMONICS, _SAMPLES = 9, 512
_RAIL_STEP_V = 0.05

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Transfer:
    """Output current `i_b` (A) over the input `x` by I_a, and the slope in the middle (A)."""

    x: Array
    i_b: Array
    slope_a: float

    def error(self, depth: float) -> float:
        """How far the mean of both ends of +-`depth` lies off the straight line of the middle, fraction."""
        high, low = np.interp((depth, -depth), self.x, self.i_b)
        return float((high - low) / (2 * depth * self.slope_a) - 1)

    def distortion(self, depth: float) -> float:
        """Harmonics 2 to 9 of a sine of amplitude `depth` by its fundamental, on the static curve."""
        phase = 2 * np.pi * np.arange(_SAMPLES) / _SAMPLES
        lines = np.abs(np.fft.rfft(np.interp(depth * np.sin(phase), self.x, self.i_b)))
        return float(np.sqrt(np.sum(lines[2 : _HARMONICS + 1] ** 2)) / lines[1])


def transfer(multiplier: LoadedTranslinear) -> Transfer:
    """The transfer curve at the code on the pins."""
    x, i_b = multiplier.transfer(DEEPEST, POINTS)
    middle = POINTS // 2
    return Transfer(x, i_b, float((i_b[middle + 1] - i_b[middle - 1]) / (x[middle + 1] - x[middle - 1])))


def response(multiplier: LoadedTranslinear) -> tuple[Array, Array]:
    """Frequencies (Hz) and the small-signal gain i_b/i_a there, (points,) each."""
    held = multiplier.held
    held.alter("i_x", "acmag", 1)
    found = held.run(f"ac dec {A_DECADE} {LOW_HZ!r} {HIGH_HZ!r}")
    held.alter("i_x", "acmag", 0)
    return np.real(found["frequency"]), np.abs(output_a(found)) / 2


def bandwidth_hz(f: Array, gain: Array) -> float:
    """Where the gain has fallen by 3 dB: between points on logarithmic axes."""
    low = gain[0] / np.sqrt(2)
    k = int(np.argmax(gain < low))
    share = np.log(gain[k - 1] / low) / np.log(gain[k - 1] / gain[k])
    return float(f[k - 1] * (f[k] / f[k - 1]) ** share)


def gain_over_output(multiplier: LoadedTranslinear) -> tuple[Array, Array]:
    """Output voltages (V) from rail to rail and the gain there, (points,) each."""
    bench, held = multiplier.bench, multiplier.held
    volts = np.arange(0.0, bench.settings.vdd + _RAIL_STEP_V / 2, _RAIL_STEP_V)
    gains = []
    for v in volts:
        held.set("v_held", float(v))
        gains.append(multiplier.gain_and_supply()[0])
    held.set("v_held", bench.v_out)
    return volts, np.array(gains)


def output_range(volts: Array, gains: Array, at_v: float, gain: float) -> tuple[float, float]:
    """The lowest and highest output voltage (V), without a gap around `at_v`, where the gain keeps within WITHIN."""
    good = np.abs(gains / gain - 1) <= WITHIN
    here = int(np.argmin(np.abs(volts - at_v)))
    low = high = here
    while low > 0 and good[low - 1]:
        low -= 1
    while high < len(volts) - 1 and good[high + 1]:
        high += 1
    return float(volts[low]), float(volts[high])
