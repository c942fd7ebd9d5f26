"""What the sums of a charge-domain multiplier say: gain, offset, linearity, in the terms every engine shares.

The ideal sum of an output is S = sum of w_i (x_i - vcm) / (N w_max), in V, from -swing to swing; the gain is the slope
of V_out - vcm over S: 1 for a node without parasitics whose capacitance is that of all its units. One LSB is the step
of V_out by one unit at a full-scale input: gain x swing / (N w_max).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.measured import Curve, Metric

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Sums:
    """Ideal and found sums of every cycle and output, (cycles, outputs) V; `lsb_frac` is 1 / (N w_max)."""

    ideal: Values
    found: Values
    swing: float
    lsb_frac: float

    def line(self, j: int) -> tuple[float, float]:
        """Gain and offset (V) of output `j`: the straight line of least squares. A row of zeros has no gain."""
        design = np.stack([self.ideal[:, j], np.ones(len(self.ideal))], axis=1)
        (gain, offset), *_ = np.linalg.lstsq(design, self.found[:, j], rcond=None)
        return float(gain), float(offset)

    def lsb_v(self, j: int) -> float:
        """One LSB of output `j`, V."""
        return abs(self.line(j)[0]) * self.swing * self.lsb_frac

    def inl_lsb(self, j: int) -> Values:
        """Distance of every cycle from that line, (cycles,) LSB."""
        gain, offset = self.line(j)
        return (self.found[:, j] - gain * self.ideal[:, j] - offset) / self.lsb_v(j)

    @property
    def live(self) -> list[int]:
        """Outputs that have a weight other than 0."""
        return [j for j in range(self.ideal.shape[1]) if np.any(self.ideal[:, j])]

    def full_scale_v(self) -> float:
        """From the lowest to the highest sum that there can be, by the first output's gain."""
        return 2 * abs(self.line(self.live[0])[0]) * self.swing

    def metrics(self) -> dict[str, Metric]:
        """Of each output and of the worst one."""
        lines = {j: self.line(j) for j in self.live}
        worst = max(lines, key=lambda j: abs(lines[j][0] - 1))
        inl = {j: float(np.abs(self.inl_lsb(j)).max()) for j in lines}
        out = {"gain": Metric(lines[self.live[0]][0], "V/V"), "gain_error": Metric(lines[worst][0] - 1, "frac")}
        out["gain_spread"] = Metric(float(np.ptp([g for g, _ in lines.values()])), "V/V")
        out["offset"] = Metric(max((o for _, o in lines.values()), key=abs), "V")
        out["lsb"] = Metric(self.lsb_v(self.live[0]), "V")
        return {**out, "inl_max": Metric(max(inl.values()), "LSB")}

    def rms_v(self) -> float:
        """Root mean square of what the straight lines leave, over all outputs, V."""
        return float(np.sqrt(np.mean([(self.inl_lsb(j) * self.lsb_v(j)) ** 2 for j in self.live])))

    def curves(self) -> dict[str, Curve]:
        """The first output over its ideal sum, and what is left of its line."""
        j = self.live[0]
        order = np.argsort(self.ideal[:, j], kind="stable")
        x = self.ideal[order, j]
        return {
            "sum": Curve(x, self.found[order, j], "ideal sum (V)", "V_out - V_cm (V)"),
            "inl": Curve(x, self.inl_lsb(j)[order], "ideal sum (V)", "INL (LSB)"),
        }


def ideal_sums(weights: Values, vectors: Values, largest: int, swing: float) -> Values:
    """S of `vectors` (cycles, inputs) by full scale, (cycles, outputs) V; `weights` (outputs, inputs)."""
    return swing * vectors @ weights.T / (largest * weights.shape[1])


def equivalent_bits(full_scale_v: float, rms_v: float) -> float:
    """log2(full scale / (rms sqrt(12))): the converter of so many bits makes that much error by rounding alone."""
    return float(np.log2(full_scale_v / (rms_v * np.sqrt(12.0))))
