"""Device noise: the spectrum of a current at an operating point, split into its white and its 1/f part.

The parts are ngspice's own: every device tells what its 1/f source gives to the output, the rest is white where it is
made. `white` is that rest at the low end of the band: the plateau that the spectrum would run into without 1/f and
without poles. `corner_hz` is where the 1/f part meets the white one. Both pass the same poles, so below, at and above
a pole this is the intercept of the line of 1/f with the plateau.

The current flows through a voltage source; a noiseless transresistance of 1 ohm makes the voltage ngspice asks for.
What the models say is reported. Mind, measured with ngspice 39: the installed cards (`tnoimod = 1`) give 0.76 to 0.93
of Johnson's 4 kT g to a transistor without drain voltage, and 1.9 (n) or 0.4 (p) times 2 q I in weak inversion.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.simulator.ngspice import circuit

from .device_under_test import Dut
from .measured import Curve, Metric
from .operating_point import BOLTZMANN_J_K, ZERO_DEGC_K

LOW_HZ, HIGH_HZ = 1.0, 1e10
_OUT = "noise_out"
_AMP_RTHZ = "A/Hz^0.5"
_TINY_A2_HZ = 1e-60


@dataclass(frozen=True)
class CurrentNoise:
    """Density `i` (points,) A/Hz^0.5 at frequencies `f` (points,) Hz; `flicker` (points,): of it the 1/f part."""

    f: NDArray[np.float64]
    i: NDArray[np.float64]
    flicker: NDArray[np.float64]

    @property
    def white(self) -> float:
        """The plateau, A/Hz^0.5: the density at the low end of the band, far below any pole, without the 1/f part."""
        return float(np.sqrt(self._white_power()[0]))

    @property
    def corner_hz(self) -> float | None:
        """Where the 1/f part equals the white one, by power laws between the points; None when not in band."""
        lead = np.log(np.maximum(self.flicker**2, _TINY_A2_HZ) / np.maximum(self._white_power(), _TINY_A2_HZ))
        below = np.flatnonzero(lead < 0)
        if not below.size or below[0] == 0:
            return None
        around = slice(below[0] - 1, below[0] + 1)
        return float(np.exp(np.interp(0.0, -lead[around], np.log(self.f[around]))))

    def rms(self, low_hz: float, high_hz: float) -> float:
        """Noise current in a band, A rms; the density at the band's ends is interpolated, beyond the points held."""
        inside = (self.f > low_hz) & (self.f < high_hz)
        f = np.array([low_hz, *self.f[inside], high_hz])
        i = np.exp(np.interp(np.log(f), np.log(self.f), np.log(self.i)))
        return float(np.sqrt(np.trapezoid(i**2, f)))

    def _white_power(self) -> NDArray[np.float64]:
        return np.maximum(self.i**2 - self.flicker**2, 0.0)

    def curve(self) -> Curve:
        """The spectrum."""
        return Curve(self.f, self.i, "frequency (Hz)", f"noise current ({_AMP_RTHZ})")


def output_lines(through: Mapping[str, float]) -> list[str]:
    """Lines that turn the sum of currents through voltage sources, each with its sign, into the voltage to ask for."""
    nets = ["0", *(f"noise_{k}" for k in range(1, len(through))), _OUT]
    return [f"h_noise{k} {nets[k + 1]} {nets[k]} {source} {gain}" for k, (source, gain) in enumerate(through.items())]


def current_noise(dut: Dut, bench: Sequence[str], through: Mapping[str, float], source: str) -> CurrentNoise:
    """The noise of the sum of the currents `through` voltage sources of `bench`, each with its sign.

    `source` is any source of the bench.
    """
    with circuit(dut.deck(*bench, *output_lines(through))) as loaded:
        return CurrentNoise(*loaded.noise(f"v({_OUT})", source, LOW_HZ, HIGH_HZ))


def noise_metrics(noise: CurrentNoise, gm_s: float, temp_degc: float, copies: int = 1) -> dict[str, Metric]:
    """`noise_gamma`: the white part over 4 kT gm of each of `copies`; `noise_gate_1hz`: the density at 1 Hz over gm."""
    return {
        **spectrum_metrics(noise),
        "noise_gamma": Metric(noise.white**2 / thermal_a2_hz(copies * gm_s, temp_degc), "frac"),
        "noise_gate_1hz": Metric(float(noise.i[0]) / gm_s, "V/Hz^0.5"),
    }


def spectrum_metrics(noise: CurrentNoise) -> dict[str, Metric]:
    """`noise_white`, the plateau below the poles, and `noise_corner`, where the 1/f part meets it."""
    white = {"noise_white": Metric(noise.white, _AMP_RTHZ)}
    return white if noise.corner_hz is None else {**white, "noise_corner": Metric(noise.corner_hz, "Hz")}


def thermal_a2_hz(g_s: float, temp_degc: float) -> float:
    """Johnson noise of a conductance, 4 kT g, A^2/Hz."""
    return 4 * BOLTZMANN_J_K * (temp_degc + ZERO_DEGC_K) * g_s
