"""Mismatch of a PTAT bias: the core turns what n and p pairs err by into U_T ln K, and every output adds its own.

Relative errors of current at a given gate: a of the core's diode, b of its device on the resistor, c of the p diode
(fold), d of the p output that feeds the core. With x1 = gm/I of the diode, x2 and xs the other device's from its gate
and its source, r = x2/x1 and D = 1 + xs V_r - r, the core's current errs by i = (b + r (d - c - a)) / D; in weak
inversion D = ln K. A source adds e - c with e its own, a sink e + d - c - a. Sums are to first order.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.operating_point import device_points
from analoom.flows.statistics.criterion import OutputErrors
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.flows.statistics.spread import Spread, exact
from analoom.pdk.corners import corner
from analoom.pdk.mismatch.terms import DEFAULT_MODEL

from .bias_mismatch import drawn_ratios, samples_of
from .copies import Copies
from .mirrors import MirrorLaw
from .ptat_lines import RESISTOR_PIN, TEMP_DEGC, CorePoint, PtatBench, PtatSettings, core_point

Array = NDArray[np.float64]
_ERROR = "gain_error"


class PtatAnalysis(AnalysisSettings, PtatSettings):
    """Where a PTAT bias is judged."""


@dataclass(frozen=True)
class PtatStatistics(Statistics):
    """The random errors of a PTAT bias: `gain_error_<pin>`, and of the least certain output `gain_error`."""

    cell: Cell
    model: str = DEFAULT_MODEL
    settings: PtatAnalysis = field(default_factory=PtatAnalysis)

    @cached_property
    def bench(self) -> PtatBench:
        """The bench of its testbench."""
        return PtatBench(self.cell, self.settings)

    @cached_property
    def core(self) -> CorePoint:
        """The core's slopes at its operating point."""
        dut = make_dut(self.cell, "schematic", corner("tt"), TEMP_DEGC)
        return core_point(device_points(dut, *self.bench.lines()), self.bench)

    @cached_property
    def low(self) -> MirrorLaw:
        """The n units at their current."""
        i_unit = self.core.i_diode / self.bench.sinks.reference
        return MirrorLaw(self.bench.sinks, self.model, i_unit, self.settings.v_n)

    @cached_property
    def high(self) -> MirrorLaw:
        """The p units at theirs."""
        i_unit = self.core.i_fold / self.bench.sources.reference
        return MirrorLaw(self.bench.sources, self.model, i_unit, self.settings.vdd - self.settings.v_p)

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        return f"{self.low.source}; {self.high.source}"

    @property
    def point(self) -> dict[str, float]:
        """The core's current (A), gm/ID (1/V) of both mirrors, and D, by which the core divides errors."""
        gm_ids = {"gm_id_n": self.low.answer.gm_id, "gm_id_p": self.high.answer.gm_id}
        return {"i_core": self.core.i_fold, **gm_ids, "core_divides_by": self.core.divisor}

    @cached_property
    def slopes(self) -> dict[str, Array]:
        """Error of each output by independent normal ones of sigma 1: a, b, c, d and its own, by pin."""
        n, p, core = self.low.sigma_unit, self.high.sigma_unit, self.core
        low, high = self.bench.sinks, self.bench.sources
        sigma = np.array(
            [n / sqrt(low.reference), core.r * n / sqrt(self.bench.units_on_resistor), p / sqrt(high.reference)]
        )
        a, b, c = sigma
        d = p / sqrt(high.units[self.bench.gate])
        core_errs = np.array([-core.r * a, b, -core.r * c, core.r * d]) / core.divisor
        added = {True: np.array([-a, 0.0, -c, d]), False: np.array([0.0, 0.0, -c, 0.0])}
        return {
            pin: np.append(core_errs + added[sink], n / sqrt(low.units[pin]) if sink else p / sqrt(high.units[pin]))
            for pin in self.bench.ratios
            for sink in [self.bench.is_sink(pin)]
        }

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula."""
        sigma = {pin: float(np.linalg.norm(slopes)) for pin, slopes in self.slopes.items()}
        each = {f"{_ERROR}_{pin}": exact(s, "frac") for pin, s in sigma.items()}
        return {_ERROR: exact(max(sigma.values()), "frac"), **each}

    @property
    def parts(self) -> Array:
        """The slopes of all outputs, (outputs, parameters): the core's four, then each output's own."""
        shared = np.stack([slopes[:4] for slopes in self.slopes.values()])
        return np.hstack([shared, np.diag([slopes[4] for slopes in self.slopes.values()])])

    def outputs(self, metric: str) -> OutputErrors:
        """Of `gain_error` all outputs, which share the core."""
        if metric != _ERROR:
            return super().outputs(metric)
        return OutputErrors(np.linalg.norm(self.parts, axis=1), slopes=self.parts)

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples with unit, by the slopes."""
        errors = rng.standard_normal((samples, self.parts.shape[1])) @ self.parts.T
        return samples_of({pin: 1 + errors[:, k] for k, pin in enumerate(self.bench.ratios)})

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """The same of whole copies, each drawn by the model file itself."""
        return samples_of(drawn_ratios(self.bench, self.model, self._fed, samples, seed))

    def _fed(self, held: Copies, k: int) -> str:
        return f"r_{k} {held.net(RESISTOR_PIN, k)} 0 {self.bench.r_ohm!r}"
