"""The amplifier's loop cut: gain over frequency, where it crosses one and what is left there, rejections.

The margins are those of unity gain: the loop gain is then the gain itself.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.measured import Curve, Metric
from analoom.flows.simulator.ngspice import circuit

from .response import Complex, crossing, decibel, phase_deg, response
from .stand import Stand


@dataclass(frozen=True)
class OpenLoop:
    """At frequencies `f` (points,) Hz: the gain from the inputs' difference, and from both inputs together."""

    f: NDArray[np.float64]
    gain: Complex
    common: Complex

    def metrics(self) -> dict[str, Metric]:
        """Of the gain its value at 1 Hz, product and margins; the rejection of a common input at 1 Hz."""
        found = {
            "dc_gain": Metric(float(decibel(self.gain[0])), "dB"),
            "cmrr": Metric(float(decibel(self.gain[0] / self.common[0])), "dB"),
        }
        return found | margins(self.f, self.gain)

    def curves(self) -> dict[str, Curve]:
        """Gain and phase over frequency."""
        return {
            "gain": Curve(self.f, decibel(self.gain), "frequency (Hz)", "gain (dB)"),
            "phase": Curve(self.f, phase_deg(self.gain), "frequency (Hz)", "phase (deg)"),
        }


def open_loop(stand: Stand) -> OpenLoop:
    """The open loop of an amplifier, at its operating point in unity gain."""
    with circuit(stand.moving.open()) as loaded:
        f, plus = response(loaded, "v_in")
        _, minus = response(loaded, "v_back")
    return OpenLoop(f, (plus - minus) / 2, plus + minus)


def margins(f: NDArray[np.float64], gain: Complex) -> dict[str, Metric]:
    """`gbw`, `f_unity` and what is left there: `phase_margin`; and at -180 degrees: `gain_margin`.

    A margin whose frequency lies beyond the band is left out.
    """
    db, deg = decibel(gain), phase_deg(gain)
    found = {"gbw": Metric(float(abs(gain[0]) * crossing(f, db, db[0] - 10 * np.log10(2))), "Hz")}
    unity, turned = crossing(f, db, 0.0), crossing(f, deg, -180.0)
    if np.isfinite(unity):
        found["f_unity"] = Metric(unity, "Hz")
        found["phase_margin"] = Metric(180 + _at(f, deg, unity), "deg")
    if np.isfinite(turned):
        found["gain_margin"] = Metric(-_at(f, db, turned), "dB")
    return found


def _at(f: NDArray[np.float64], curve: NDArray[np.float64], f_hz: float) -> float:
    return float(np.interp(np.log(f_hz), np.log(f), curve))
