"""Mismatch of a charge-domain multiplier: sums and weights by the units' random errors, closed, drawn or by ngspice.

All inputs are at full scale. An output's error is that of V_out by the full scale there can be, from -swing to swing; a
common factor of all its units leaves it alone. `weight_inl` and `weight_dnl` are those of one weight over its codes.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import log2, sqrt

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.criterion import OutputErrors
from analoom.flows.statistics.extremes import normal_yield
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.flows.statistics.spread import Figure, Spread, exact
from analoom.flows.systems.capacitor.mismatch import CapacitorStatistics
from analoom.flows.systems.capacitor.ngspice_draws import draw_capacitances
from analoom.pdk.errors import InputError, SpecError

from .weights import bits_of, checked_weights, spec_of

Values = NDArray[np.float64]
Drawn = dict[str, tuple[Values, str]]

_FULL_SCALE = 2.0
"""From -swing to swing, in swings."""
_HALF_LSB = 0.5
MOST_DRAWN = 200_000
"""Weights that ngspice draws in one analysis at most: samples x inputs x outputs."""


class MacAnalysis(AnalysisSettings):
    """What is asked of a multiplier's weights."""

    yield_min: float | None = Field(
        None,
        gt=0,
        lt=1,
        description="least predicted share of arrays whose weights all step true to half an LSB",
        json_schema_extra={"unit": "frac"},
    )


@dataclass(frozen=True)
class MacStatistics(Statistics):
    """An array by its stored weights, (outputs, inputs) integers; the default is `mac_weights.pattern`."""

    cell: Cell
    given: Values | None
    model: str
    settings: MacAnalysis

    def __post_init__(self) -> None:
        """Raises SpecError for more bits than the units match for, where a yield is asked."""
        wanted = self.settings.yield_min
        if wanted is not None and self.weights_yield < wanted:
            spec, sigma = spec_of(self.cell), self.step_sigma
            bound = (
                f"fewer: predicted yield {self.weights_yield:.3g}, below {wanted:g}, of arrays whose "
                f"{spec.inputs * spec.outputs} weights all step true to half an LSB"
            )
            rule = f"sigma of the worst step {sigma:.3g} LSB, units of {spec.unit.w:g} um"
            raise SpecError("bits", spec.bits, bound, rule, instead="a larger unit.w, or a smaller yield_min")

    @property
    def tile(self) -> CapacitorStatistics:
        """The capacitors of one weight."""
        tile = self.cell.instances[0].cell.instances[0].cell
        return CapacitorStatistics(next(i.cell for i in tile.instances if i.name == "caps"), self.model)

    @property
    def step_sigma(self) -> float:
        """Sigma of a weight's worst step, LSB; 0 of one bit and a sign, whose one step is the LSB itself."""
        closed = self.tile.closed()
        return closed["dnl"].sigma if "dnl" in closed else 0.0

    @property
    def weights_yield(self) -> float:
        """Predicted share of arrays whose weights all keep their worst step within half an LSB of one."""
        spec = spec_of(self.cell)
        return float(normal_yield(self.step_sigma, _HALF_LSB) ** (spec.inputs * spec.outputs))

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        return self.tile.source

    @property
    def notes(self) -> tuple[str, ...]:
        return (f"predicted yield {self.weights_yield:.4g} of arrays whose weights all step true to half an LSB",)

    @cached_property
    def bits(self) -> NDArray[np.int64]:
        spec = spec_of(self.cell)
        return bits_of(checked_weights(spec, self.given), spec)

    @property
    def shares(self) -> tuple[Values, Values]:
        """What a unit of each bit adds to the sum, -1, 0 or 1, and whether it loads it, (outputs, inputs, bits - 1)."""
        on = self.bits[..., :-1].astype(float)
        loads = on if spec_of(self.cell).variant == "naive" else np.ones_like(on)
        return on * np.where(self.bits[..., -1:] == 1, -1.0, 1.0), loads

    @property
    def output_sigmas(self) -> Values:
        """Sigma of each sum by its full scale, (outputs,), to first order."""
        (c_f, sigma_f), (adds, loads) = self.tile.nominal, self.shares
        total = (loads * c_f).sum(axis=(1, 2))
        sums = (adds * c_f).sum(axis=(1, 2)) / np.maximum(total, c_f.min())
        slopes = (adds - sums[:, None, None]) * loads / np.maximum(total, c_f.min())[:, None, None]
        return np.sqrt(((slopes * sigma_f) ** 2).sum(axis=(1, 2))) / _FULL_SCALE

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula, to first order; `output_error` is that of the least certain sum."""
        sigma, tile = float(self.output_sigmas.max()), self.tile.closed()
        weight = {f"weight_{name}": tile[name] for name in ("inl", "dnl") if name in tile}
        return {"output_error": exact(sigma, "frac"), **weight}

    def figures(self, drawn: Samples | None) -> dict[str, Figure]:
        """`enob`, equivalent bits of a sum by formula; none where nothing scatters, as of weights that are all 0."""
        sigma = 0.0 if drawn is not None else self.closed()["output_error"].sigma
        return {"enob": Figure(log2(1 / (sigma * sqrt(12.0))), "bit")} if sigma else {}

    def outputs(self, metric: str) -> OutputErrors:
        """Of `output_error` the sums, which are independent; of `weight_inl` and `weight_dnl` one weight's codes."""
        if metric == "output_error":
            return OutputErrors(self.output_sigmas)
        of_weight = metric.removeprefix("weight_")
        return self.tile.outputs(of_weight) if of_weight != metric else super().outputs(metric)

    def drawn(self, rng: np.random.Generator, samples: int) -> Drawn:
        """Samples with unit: `output_error` (samples, outputs) frac, one weight's INL and DNL (samples, codes) LSB."""
        c_f, sigma_f = self.tile.nominal
        parts = [c_f + sigma_f * rng.standard_normal((samples, *row.shape[:1], len(c_f))) for row in self.bits]
        return self._errors(np.stack(parts, axis=1))

    def drawn_by_ngspice(self, samples: int, seed: int) -> Drawn:
        """As `drawn`, each capacitance by the model file itself. Raises InputError for more than MOST_DRAWN weights."""
        outputs, inputs = self.bits.shape[:2]
        if samples * outputs * inputs > MOST_DRAWN:
            said = f"samples = {samples}: {samples * outputs * inputs} weights are too many for ngspice"
            raise InputError(
                said, field="samples", remedy=f"at most {MOST_DRAWN // (outputs * inputs)}, or --engine mc"
            )
        tile = self.tile
        c_f = draw_capacitances(tile.cell, tile.pins, samples * outputs * inputs, seed, self.model)
        return self._errors(c_f.reshape(samples, outputs, inputs, -1))

    def _errors(self, c_f: Values) -> Drawn:
        """The metrics of capacitances (samples, outputs, inputs, bits - 1) in F."""
        found = [_sums(c, *self.shares) for c in (c_f, self.tile.nominal[0][None, None, None, :])]
        out: Drawn = {"output_error": ((found[0] - found[1]) / _FULL_SCALE, "frac")}
        one = self.tile.errors(c_f[:, 0, 0])
        return {**out, **{f"weight_{name}": one[name] for name in ("inl", "dnl") if name in one}}


def _sums(c_f: Values, adds: Values, loads: Values) -> Values:
    """Sums by swing, (samples, outputs); 0 where no unit loads."""
    total = (loads * c_f).sum(axis=(2, 3))
    return (adds * c_f).sum(axis=(2, 3)) / np.where(total > 0, total, 1.0)
