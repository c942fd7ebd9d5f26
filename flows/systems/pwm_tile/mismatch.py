"""Mismatch of a tile: the error of a column's pulse by full scale, in all and by source.

Every row has a random pulse, the same for all dies, and the weights are those given, or a pattern. What is told is the
column that is least certain. By formula sources add in squares: n units on for t err by t sqrt(n) of one's sigma, a
ramp by its units' share of the pulse, an offset and a noise by their charge over the ramp's current. Full scale: all
rows at their longest pulse and largest weight.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from math import expm1, sqrt

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.cells.model.cell import Cell
from analoom.cells.pulse_width.circuits import MOST_CODE
from analoom.cells.strip.gates import NFET
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.flows.statistics.spread import Spread, exact
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.pdk.mismatch.terms import DEFAULT_MODEL, terms_source

from .drawn_tile import drawn_pulses
from .operation.program import TileSettings, plain
from .operation.weights import Ints, checked_codes, tile_spec
from .solver.dies import SOURCES, Deviations, PulseDies, thermal_charge_c
from .solver.forward import forward

Array = NDArray[np.float64]
NOISE = "noise"


class TileAnalysis(AnalysisSettings, TileSettings):
    """Which pulses a tile is judged with."""

    seed: int = Field(1, ge=0, description="seed of the pulses in")


@dataclass(frozen=True)
class TileStatistics(Statistics):
    """The random errors of a tile's columns."""

    cell: Cell
    weights: Array | None = None
    model: str = DEFAULT_MODEL
    settings: TileAnalysis = field(default_factory=TileAnalysis)

    @cached_property
    def codes(self) -> Ints:
        """The weights (rows, cols)."""
        return checked_codes(tile_spec(self.cell), self.weights)

    @cached_property
    def pulses(self) -> Array:
        """Pulses in (1, rows), s."""
        spec = tile_spec(self.cell)
        rng = np.random.default_rng(self.settings.seed)
        return spec.lsb * rng.integers(1, 2**spec.pulse_bits, (1, spec.rows)).astype(np.float64)

    @property
    def full_scale_s(self) -> float:
        """The longest pulse out."""
        spec = tile_spec(self.cell)
        return spec.rows * MOST_CODE * spec.longest_s / spec.ramp_units

    @cached_property
    def deviations(self) -> Deviations:
        """One-sigma deviations of its parts."""
        return Deviations(tile_spec(self.cell), self.model, plain(self.settings))

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        spec = tile_spec(self.cell)
        return terms_source(NFET, spec.w, spec.l, 1, self.model)

    @property
    def notes(self) -> tuple[str, ...]:
        """What a column without a pulse says."""
        mute = int(np.sum(self.nominal[0] == 0))
        return (f"{mute} of {len(self.nominal[0])} columns give no pulse, and are not judged",) if mute else ()

    @cached_property
    def nominal(self) -> Array:
        """Pulses out (1, cols) s without mismatch."""
        return forward(tile_spec(self.cell), self.codes, self.pulses, None, plain(self.settings))

    def closed(self) -> dict[str, Spread]:
        """Sigmas by formula: `column_error`, and its parts in the same column; `offset_readout` of the comparator."""
        parts = {name: self._told_columns(of) for name, of in self.by_source().items()}
        total = np.sqrt(np.sum([part**2 for part in parts.values()], axis=0))
        worst = int(total.argmax())
        found = {"column_error": exact(float(total[worst]), "frac")}
        found |= {f"column_error_{name}": exact(float(part[worst]), "frac") for name, part in parts.items()}
        return found | {"offset_readout": exact(self.deviations.offset_v, "V")}

    def by_source(self) -> dict[str, Array]:
        """Sigma of each column's pulse by source, (cols,) by full scale."""
        spec, found = tile_spec(self.cell), self.deviations
        magnitude, t = np.abs(self.codes), self.pulses[0]
        a_volt = spec.drawn_c_int_f / (spec.ramp_units * spec.unit_current)
        one = np.sqrt(np.exp(found.unit**2) * expm1(found.unit**2))
        positive = t @ np.maximum(self.codes, 0) / spec.ramp_units
        noise_s = thermal_charge_c(spec.drawn_c_int_f, TEMP_DEGC) / (spec.ramp_units * spec.unit_current)
        seconds = {
            "units": one * np.sqrt(t**2 @ magnitude) / spec.ramp_units,
            "switches": np.sqrt(t**2 @ (magnitude * found.switch[magnitude]) ** 2) / spec.ramp_units,
            "ramp": one / sqrt(spec.ramp_units) * self.nominal[0],
            "comparator": np.full(spec.cols, found.offset_v * a_volt),
            "capacitors": sqrt(2) * found.capacitor * positive,
            NOISE: np.full(spec.cols, noise_s),
        }
        return {name: values / self.full_scale_s for name, values in seconds.items()}

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Samples of each column with a pulse, (samples, cols), by dies of the solver; without noise."""
        seed = int(rng.integers(2**31))
        found = {"column_error": (self._errors(samples, seed, SOURCES), "frac")}
        for source in SOURCES:
            found[f"column_error_{source}"] = (self._errors(samples, seed, (source,)), "frac")
        return found

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """The same by the model files' own draws, a whole tile a sample: seconds each."""
        spec = tile_spec(self.cell)
        given = (spec, self.settings, self.codes, self.pulses, self.model)
        none = drawn_pulses(*given, samples=1, seed=None)
        found = drawn_pulses(*given, samples=samples, seed=seed)
        return {"column_error": (self._told_columns((found - none) / self.full_scale_s), "frac")}

    def _errors(self, samples: int, seed: int, sources: Iterable[str]) -> Array:
        spec = tile_spec(self.cell)
        settings = plain(self.settings)
        dies = PulseDies(spec, self.model, samples, seed, settings, tuple(sources))
        errors = forward(spec, self.codes, self.pulses, dies, settings)[:, 0] - self.nominal[0]
        return self._told_columns(errors / self.full_scale_s)

    def _told_columns(self, of_columns: Array) -> Array:
        """Of the last axis, the columns that give a pulse; all, where none does."""
        live = self.nominal[0] > 0
        return of_columns[..., live] if live.any() else of_columns
