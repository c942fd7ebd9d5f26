"""Mismatch of a mirror's outputs: each errs by its own units and, with all others, by the input's."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.flows.statistics.criterion import OutputErrors

from .mismatch import TransistorStatistics
from .transfer import Side

Array = NDArray[np.float64]

_ERROR = "gain_error"


@dataclass(frozen=True)
class MirrorStatistics(TransistorStatistics):
    """The random errors of a mirror; its metrics are those of the least certain output."""

    @property
    def output_sides(self) -> list[Side]:
        """The outputs, in order."""
        return [Side(f"out{k}", "in") for k in range(1, len(getattr(self.cell.spec, "ratios", (1, 1))))]

    def outputs(self, metric: str) -> OutputErrors:
        """Of `gain_error` all outputs: parameter 0 is the input's gate voltage, each other one an output's own."""
        if metric != _ERROR:
            return super().outputs(metric)
        answer, first = self.response, self.scale(self.sides[0])
        scales = [self.scale(side) for side in self.output_sides]
        sigma = np.array([self._mirror_sigma([first, scale]) for scale in scales])
        own = np.array([answer.sigma_log(scale) for scale in scales]) / answer.gm_id
        parts = np.column_stack([np.full(len(own), answer.sigma_diode(first)), np.diag(own)])
        return OutputErrors(sigma, slopes=parts * (sigma / np.hypot(parts[:, 0], own))[:, None])

    def drawn_outputs(self, metric: str, rng: np.random.Generator, dies: int, only: int | None = None) -> Array:
        """Of `gain_error` the outputs' errors; the input is drawn once a die."""
        if metric != _ERROR:
            return super().drawn_outputs(metric, rng, dies, only)
        answer, sides = self.response, self.output_sides
        gate = answer.v_diode + self._side(rng, self.sides[0], dies)[2]
        chosen = sides if only is None else [sides[only]]
        own = [answer.gate_shift(self._side(rng, side, dies)[0]) for side in chosen]
        return np.stack([np.exp(answer.along_gate(gate + shift)) - 1 for shift in own], axis=1)
