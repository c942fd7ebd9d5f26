"""Mismatch of resistors of equal units: of each value, and of the ratio of every two.

A resistor of n units has 1/sqrt(n) of a unit's relative sigma, in series as in parallel; a ratio has both resistors'.
A unit's is that of its body and of its heads, which the models draw apart.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from math import hypot, sqrt

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.gradient import units_of as units_of_group
from analoom.flows.statistics.gradient import values_under_tilt
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.spread import Spread, exact
from analoom.pdk.mismatch.binned_resistor import binned_resistor
from analoom.pdk.mismatch.resistor import resistor_mismatch
from analoom.pdk.mismatch.terms import DEFAULT_MODEL
from analoom.pdk.resistor.value import resistor_value

from .ngspice_draws import draw_ohms
from .resistors import Resistors, resistors_of, unit_of
from .settings import ResistorAnalysis

Array = NDArray[np.float64]
FIRST_ORDER_FRAC = 0.1
"""A ratio of two such resistors has a sigma of 14 % by formula and some 3 % more when drawn."""


@dataclass(frozen=True)
class UnitSpread:
    """A unit's value in ohm at small voltages, and the relative sigmas of it that its body and its heads make."""

    ohm: float
    body_frac: float
    heads_frac: float
    source: str

    @property
    def sigma_frac(self) -> float:
        """Of the whole unit."""
        return hypot(self.body_frac, self.heads_frac)


@dataclass(frozen=True)
class ResistorStatistics(Statistics):
    """The resistors of a cell in a family of models."""

    cell: Cell
    model: str = DEFAULT_MODEL
    settings: ResistorAnalysis = field(default_factory=ResistorAnalysis)

    @cached_property
    def found(self) -> Resistors:
        """The resistors."""
        return resistors_of(self.cell)

    @cached_property
    def unit(self) -> UnitSpread:
        """One unit in this family."""
        return unit_spread(self.cell, self.model)

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        return self.unit.source

    @property
    def notes(self) -> tuple[str, ...]:
        """Where the formula leaves its range."""
        worst = float(self.sigma_frac.max())
        said = f"a sigma of {worst:.0%} is beyond the formula, which is of first order: mc and ngspice draw the ratios"
        return (said,) if worst > FIRST_ORDER_FRAC else ()

    @property
    def sigma_frac(self) -> Array:
        """Relative sigma of each resistor, (resistors,)."""
        units = np.maximum(self.found.share, 1 / self.found.share)
        return self.unit.sigma_frac / np.sqrt(units)

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula."""
        relative, ohm = self.sigma_frac, self.unit.ohm * self.found.share
        out: dict[str, Spread] = {}
        if len(relative) > 1:
            pairs = {pair: hypot(*relative[list(pair)]) for pair in self.found.pairs}
            out["ratio_error"] = exact(max(pairs.values()), "frac")
            out |= {f"ratio_error_{self.found.p[b]}": exact(s, "frac") for (a, b), s in pairs.items() if a == 0}
        return out | {f"r_{p}": exact(float(s), "ohm") for p, s in zip(self.found.p, relative * ohm, strict=True)}

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples with unit: values (samples,) ohm, `ratio_error` (samples, pairs)."""
        relative = self.sigma_frac * rng.standard_normal((samples, len(self.sigma_frac)))
        return self.errors(self.unit.ohm * self.found.share * (1 + relative))

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """As `drawn`, but each unit drawn by the model file itself."""
        return self.errors(draw_ohms(self.cell, samples, seed, self.model))

    def errors(self, ohm: Array) -> Samples:
        """The metrics of values `ohm` (samples, resistors)."""
        out = {}
        if ohm.shape[1] > 1:
            ratios = self.found.ratio_errors(ohm)
            out["ratio_error"] = (ratios, "frac")
            first = [k for k, (a, _) in enumerate(self.found.pairs) if a == 0]
            out |= {f"ratio_error_{self.found.p[self.found.pairs[k][1]]}": (ratios[:, k], "frac") for k in first}
        return out | {f"r_{p}": (ohm[:, k], "ohm") for k, p in enumerate(self.found.p)}


def statistics(cell: Cell, model: str, settings: ResistorAnalysis, weights: Array | None) -> ResistorStatistics:
    """The statistics of a cell of resistors."""
    return ResistorStatistics(cell, model, settings)


def unit_spread(cell: Cell, model: str) -> UnitSpread:
    """A unit of the cell in a family of models. Raises InputError for a width that the family lacks."""
    unit = unit_of(cell)
    if model != DEFAULT_MODEL:
        there = binned_resistor(unit.device, unit.w_um, unit.l_um)
        whole = there.body_ohm + there.head_ohm
        body, heads = there.body_ohm * there.body_frac / whole, there.head_ohm * there.head_frac / whole
        return UnitSpread(whole, body, heads, there.source)
    value, known = resistor_value(unit.device.name, unit.w_um, unit.l_um), resistor_mismatch(unit.device.model)
    body = value.body_ohm * known.body_frac(unit.w_um, unit.l_um) / value.total_ohm
    heads = sqrt(known.heads) * value.head_ohm * known.head_root_um / sqrt(unit.w_um) / value.total_ohm
    return UnitSpread(value.total_ohm, body, heads, known.source)


def gradient_error(cell: Cell, gradient_frac_um: float) -> float:
    """Largest error of a ratio of two resistors under a tilted sheet resistance, over all directions."""
    if not cell.match_groups or len(cell.match_groups[0].members) < 2:
        return 0.0
    units = units_of_group(cell.match_groups[0])
    values = values_under_tilt(units, gradient_frac_um) / units.areas
    return float((values.max(axis=1) / values.min(axis=1) - 1).max())
