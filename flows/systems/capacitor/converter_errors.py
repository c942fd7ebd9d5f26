"""INL and DNL of a capacitor array used as a converter, by source of error: each alone, and all together.

Peaks over the codes, LSB. Random: drawn capacitances, the peak that PERCENT of the draws stay below. Gradient: a tilted
oxide of the assumed slope over the drawn positions, in the worst direction. Routing: what the extraction finds between
each weight's wires and the common plate. Together: the same drawn capacitances, each tilted in a direction of its own,
and the wires added; the percentile as for random alone.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.code_levels import code_levels, inl_lsb
from analoom.flows.statistics.gradient import units_of, values_under_tilt
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.pdk.mismatch.terms import DEFAULT_MODEL

from .mismatch import CapacitorStatistics
from .settings import CapacitorAnalysis

Array = NDArray[np.float64]

PERCENT = 99.7
"""Share of the draws that the stated random peaks hold for: three sigma of a normal quantity."""
DRAWS = 4000
_BLOCK = 250
ROUTING, TOGETHER = "routing", "together"


@dataclass(frozen=True)
class ConverterErrors:
    """(INL, DNL) in LSB by source; `codes` of the converter, and what random and gradient errors rest on."""

    codes: int
    sources: Mapping[str, tuple[float, float]]
    gradient_frac_um: float
    draws: int
    seed: int
    model: str

    def to_json(self) -> dict[str, Any]:
        """The section `converter` of a mismatch report."""
        fixed = {"codes": self.codes, "percent": PERCENT, "draws": self.draws, "seed": self.seed, "model": self.model}
        sources = {name: {"inl_lsb": inl, "dnl_lsb": dnl} for name, (inl, dnl) in self.sources.items()}
        return {**fixed, "gradient_frac_um": self.gradient_frac_um, "sources": sources}


def converter_errors(
    cell: Cell,
    wires_f: Mapping[str, Array],
    model: str = DEFAULT_MODEL,
    settings: Mapping[str, Any] | None = None,
    seed: int = 1,
    draws: int = DRAWS,
) -> ConverterErrors | None:
    """Errors of `cell`, a capacitor array, by source; None where its weights are no converter's (codes unmet).

    `wires_f`: couplings (weights,) in F of the weights' wires to `top`, by state of the routing ("" where there is but
    one). Each makes a source, "routing <state>"; the last one goes into "together".
    """
    chosen = CapacitorAnalysis.parse(dict(settings or {}), prefix="settings.")
    levels = converter_levels(cell)
    if levels is None:
        return None
    errors = _Errors(CapacitorStatistics(cell, model, chosen), levels, chosen)
    found = {"random": errors.drawn(seed, draws), "gradient": errors.peak(errors.tilt * errors.nominal_f)}
    for state, added_f in wires_f.items():
        found[f"{ROUTING} {state}".strip()] = errors.peak(errors.nominal_f + added_f)
    last_f = [*wires_f.values()][-1] if wires_f else np.zeros(len(errors.nominal_f))
    found[TOGETHER] = errors.drawn(seed, draws, errors.tilt, last_f)
    return ConverterErrors(len(levels), found, chosen.gradient_frac_um, draws, seed, model)


def converter_levels(cell: Cell) -> Array | None:
    """Which weights are on at each code; None for an array whose weights make no converter."""
    weights = getattr(cell.spec, "weights", None)
    if weights is None or len(weights) < 2 or not cell.match_groups:
        return None
    return code_levels(np.array(weights, dtype=np.int64))


@dataclass(frozen=True)
class _Errors:
    statistics: CapacitorStatistics
    levels: Array
    settings: AnalysisSettings
    tilt: Array = field(init=False)
    """(angles, weights): mean value of each weight's units under the tilted oxide, by direction, 1 without it."""

    def __post_init__(self) -> None:
        units = units_of(self.statistics.cell.match_groups[0])
        object.__setattr__(self, "tilt", values_under_tilt(units, self.settings.gradient_frac_um) / units.areas)

    @property
    def nominal_f(self) -> Array:
        return self.statistics.nominal[0]

    def peak(self, c_f: Array) -> tuple[float, float]:
        """Largest INL and DNL of capacitances (..., weights)."""
        inl, dnl = self._peaks(np.atleast_2d(c_f))
        return float(inl.max()), float(dnl.max())

    def drawn(
        self, seed: int, draws: int, tilt: Array | None = None, wires_f: Array | float = 0.0
    ) -> tuple[float, float]:
        """Percentiles of the peaks of drawn capacitances, under a tilt of a random direction each, `wires_f` added."""
        rng, directions, peaks = np.random.default_rng(seed), np.random.default_rng([seed, 1]), []
        c_f, sigma_f = self.statistics.nominal
        for start in range(0, draws, _BLOCK):
            count = min(_BLOCK, draws - start)
            some = c_f + sigma_f * rng.standard_normal((count, len(c_f)))
            turned = 1.0 if tilt is None else tilt[directions.integers(len(tilt), size=count)]
            peaks.append(self._peaks(some * turned + wires_f))
        inl, dnl = np.concatenate(peaks, axis=1)
        return float(np.percentile(inl, PERCENT)), float(np.percentile(dnl, PERCENT))

    def _peaks(self, c_f: Array) -> Array:
        """(2, samples): largest INL and DNL over the codes."""
        inl = inl_lsb(self.levels, c_f, self.nominal_f)
        return np.stack([np.abs(inl).max(axis=1), np.abs(np.diff(inl, axis=1)).max(axis=1)])
