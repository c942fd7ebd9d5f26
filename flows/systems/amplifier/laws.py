"""What an amplifier should do by its transistors' own slopes at the operating point, beside what is measured.

gm over capacitance, currents over capacitance, slopes over slopes: the formulas of a textbook (P. Gray, P. Hurst,
S. Lewis, R. Meyer, "Analysis and Design of Analog Integrated Circuits", 5th ed., chapters 6 and 9).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analoom.flows.bench.measured import Metric
from analoom.flows.bench.operating_point import BOLTZMANN_J_K, ZERO_DEGC_K, DevicePoint
from analoom.flows.netlists.flat_devices import FlatDevice

from .stages import Devices, Stages

_LONG_CHANNEL = 2 / 3
"""White noise of a saturated transistor by 4 kT gm, long channel, strong inversion."""


@dataclass(frozen=True)
class Laws:
    """The formulas of an amplifier with its `stages` at operating points by plain name, loaded with `c_load_f`."""

    stages: Stages
    points: Mapping[str, DevicePoint]
    c_load_f: float
    temp_degc: float

    @property
    def gm_s(self) -> float:
        """Of one input transistor."""
        return float(np.mean([self._sum((f,), "gm_s") for f in self.stages.pair]))

    @property
    def gm_load_s(self) -> float:
        """Of one load transistor."""
        return self._sum(self.stages.load, "gm_s") / 2

    @property
    def _c_f(self) -> float:
        """What the first stage's current charges: the Miller capacitor, or the load of a single stage."""
        return self.stages.caps_f if self.stages.output else self.c_load_f

    def metrics(self) -> dict[str, Metric]:
        """`gm_in`, and by formula: `dc_gain_law`, `gbw_law`, `slew_law`, `input_noise_law`."""
        found = {
            "gm_in": Metric(self.gm_s, "S"),
            "dc_gain_law": Metric(float(20 * np.log10(self._gain())), "dB"),
            "input_noise_law": Metric(self._noise(), "V/Hz^0.5"),
        }
        if self._c_f:
            found["gbw_law"] = Metric(self.gm_s / (2 * np.pi * self._c_f), "Hz")
            found["slew_law"] = Metric(self._sum(self.stages.pair, "id_a") / self._c_f, "V/s")
        return found

    def _gain(self) -> float:
        """Each stage's gm by the output conductances on its node."""
        first = self.gm_s / (self._sum(self.stages.pair, "gds_s") + self._sum(self.stages.load, "gds_s")) * 2
        if not self.stages.output:
            return first
        ends = self._sum(self.stages.output, "gds_s") + self._sum(self.stages.sink, "gds_s")
        return first * self._sum(self.stages.output, "gm_s") / ends

    def _noise(self) -> float:
        """White noise of pair and load at the input, by Johnson and 2/3."""
        four_kt = 4 * BOLTZMANN_J_K * (self.temp_degc + ZERO_DEGC_K)
        return float(np.sqrt(2 * four_kt * _LONG_CHANNEL / self.gm_s * (1 + self.gm_load_s / self.gm_s)))

    def _sum(self, devices: Devices | Sequence[FlatDevice], of: str) -> float:
        return float(sum(getattr(self.points[name_of(f)], of) for f in devices))


def name_of(flat: FlatDevice) -> str:
    """A device's name in a table of operating points, whatever the view."""
    return flat.word.lower()


def by_name(points: Sequence[DevicePoint]) -> dict[str, DevicePoint]:
    """Operating points by that name."""
    return {point.name.replace(".", "_").lower(): point for point in points}
