"""The amplifier in unity gain: offset, current, bandwidth and peaking, rejection of the supplies, noise."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.device_noise import CurrentNoise
from analoom.flows.bench.measured import Curve, Metric
from analoom.flows.simulator.ngspice import circuit

from .response import HIGH_HZ, LOW_END, LOW_HZ, crossing, decibel, response
from .stand import OUTPUT, SUPPLIES, Stand

_HALF_POWER_DB = 10 * np.log10(2)


@dataclass(frozen=True)
class UnityGain:
    """Offset (V), supply current (A), gains over frequency `f` (points,) Hz, and the noise at the output.

    `noise` holds V/Hz^0.5: its arithmetic is that of any density.
    """

    offset_v: float
    supply_a: float
    f: NDArray[np.float64]
    gain: NDArray[np.complex128]
    supplies: dict[str, complex]
    noise: CurrentNoise

    def metrics(self, vdd: float) -> dict[str, Metric]:
        """All of them, but for what only a follower tells."""
        db = decibel(self.gain)
        white = {"input_noise_white": Metric(self.noise.white, "V/Hz^0.5")}
        corner = self.noise.corner_hz
        return {
            "offset": Metric(self.offset_v, "V"),
            "i_supply": Metric(self.supply_a, "A"),
            "power": Metric(self.supply_a * vdd, "W"),
            "bandwidth": Metric(crossing(self.f, db, db[0] - _HALF_POWER_DB), "Hz"),
            "peaking": Metric(float(db.max() - db[0]), "dB"),
            **{f"psrr_{n}": Metric(float(decibel(self.gain[0] / h)), "dB") for n, h in self.supplies.items()},
            **white,
            **({} if corner is None else {"noise_corner": Metric(corner, "Hz")}),
            "output_noise_rms": Metric(self.noise.rms(LOW_HZ, HIGH_HZ), "V"),
        }

    def curves(self) -> dict[str, Curve]:
        """Gain and noise over frequency."""
        return {
            "closed_gain": Curve(self.f, decibel(self.gain), "frequency (Hz)", "gain in unity gain (dB)"),
            "noise": Curve(self.noise.f, self.noise.i, "frequency (Hz)", "noise (V/Hz^0.5)"),
        }


def unity_gain(stand: Stand) -> UnityGain:
    """The closed loop of an amplifier: direct currents through its resistances, all else with its capacitances."""
    with circuit(stand.closed()) as loaded:
        op = loaded.op()
    with circuit(stand.moving.closed()) as loaded:
        f, gain = response(loaded, "v_in")
        supplies = {net: complex(response(loaded, f"v_{net}", LOW_END)[1][0]) for net in SUPPLIES}
        noise = CurrentNoise(*loaded.noise(f"v({OUTPUT})", "v_in", LOW_HZ, HIGH_HZ))
    offset = float(op[OUTPUT] - op[stand.input])
    return UnityGain(offset, -float(op["v_vdd#branch"]), f, gain, supplies, noise)
