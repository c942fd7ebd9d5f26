"""Mismatch of networks that train themselves: virtual dies are trained, and those that learned are counted.

What random errors do to a network that trains depends on the whole course of it, so there is neither a formula nor a
law to draw by: each sample is a training run in ngspice.
"""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, NoReturn

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from analoom.cells.model.cell import Cell
from analoom.cells.strip.gates import NFET
from analoom.flows.statistics.figures import quantile_over_dies
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.flows.statistics.spread import Figure, Spread
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.generators.backprop.spec import BackpropNetworkSpec
from analoom.pdk.errors import InputError, unknown
from analoom.pdk.mismatch.terms import DEFAULT_MODEL, terms_source

from .dies import PARTS, Die
from .training_settings import RunSettings
from .yields import Yield, clopper_pearson, yield_of

Array = NDArray[np.float64]
ENGINES = ("ngspice",)
SEEDS_APART = 100_000
"""The dies of a seed are numbered from so many times it."""


class NetworkAnalysis(AnalysisSettings, RunSettings):
    """How each die is trained, and what of it errs."""

    start_seed: int | None = Field(
        None, ge=0, description="seed of the weights at the start (default each die from weights of its own)"
    )
    factor: float = Field(
        1.0, ge=0, le=10, description="all random errors by those of the models", json_schema_extra={"unit": "frac"}
    )
    only: str = Field("", description=f"parts that err, by commas: {', '.join(PARTS)} (default all)")
    temp_degc: float = Field(TEMP_DEGC, ge=-40, le=125, description="temperature", json_schema_extra={"unit": "degC"})
    processes: int | None = Field(None, ge=1, description="dies trained at a time (default one a core)")

    @property
    def parts(self) -> tuple[str, ...]:
        """What errs. Raises InputError for an unknown part."""
        parts = tuple(self.only.split(",")) if self.only else PARTS
        for part in parts:
            if part not in PARTS:
                raise unknown("part", part, PARTS, "settings.only", "--set only=")
        return parts

    @property
    def run(self) -> dict[str, Any]:
        """The settings of a training run, less the seed of its start where each die has its own."""
        given = {name: getattr(self, name) for name in RunSettings.model_fields}
        return given if self.start_seed is None else {**given, "seed": self.start_seed}


@dataclass(frozen=True)
class NetworkStatistics(Statistics):
    """Dies of a network, typical corner."""

    spec: BackpropNetworkSpec
    model: str = DEFAULT_MODEL
    settings: NetworkAnalysis = field(default_factory=NetworkAnalysis)
    _told: list[str] = field(default_factory=list)

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        return terms_source(NFET, self.spec.w, self.spec.l, 1, self.model)

    @property
    def notes(self) -> Sequence[str]:
        """Dies trained before, and dies that ngspice gave up."""
        return tuple(self._told)

    @property
    def point(self) -> Mapping[str, float]:
        """Current into bias (A), time of a row (s), temperature (degC)."""
        s = self.settings
        return {"i_bias": s.bias_a(self.spec), "t_row": s.t_row, "temp_degc": s.temp_degc}

    def closed(self) -> dict[str, Spread]:
        """Raises InputError: there is no formula."""
        _none()

    def drawn(self, rng: np.random.Generator, samples: int) -> Samples:
        """Raises InputError: there is no law to draw by."""
        _none()

    def drawn_by_ngspice(self, samples: int, seed: int) -> Samples:
        """Of every die its margin (dies,) V, rows right, epochs to learn (nan where it did not)."""
        s = self.settings
        numbers = range(seed * SEEDS_APART, seed * SEEDS_APART + samples)
        dies = [Die(self.spec, self.model, k, s.factor, s.parts, s.temp_degc) for k in numbers]
        found = yield_of(dies, s.run, s.processes or os.cpu_count() or 1)
        self._told[:] = _words(found)
        margins = np.array([die.margin_v for die in found.dies if not die.failed])
        epochs = np.array([die.epochs for die in found.dies if die.epochs is not None], float)
        told = {
            "yield": (np.array([die.epochs is not None for die in found.dies], float), "frac"),
            "yield_right": (np.array([die.rows_right for die in found.dies]) / 2**self.spec.inputs, "frac"),
        }
        told |= {"margin": (margins, "V")} if len(margins) > 1 else {}
        return told | ({"epochs_to_learn": (epochs, "")} if len(epochs) else {})

    def figures(self, drawn: Samples | None) -> Mapping[str, Figure]:
        """Shares of dies that learned; medians of the margin of all and of the epochs of those that learned."""
        if drawn is None:
            return {}
        found = {name: _share(drawn[name][0]) for name in ("yield", "yield_right")}
        medians = {"margin": "margin_median", "epochs_to_learn": "epochs_to_learn"}
        return found | {told: _median(*drawn[name]) for name, told in medians.items() if name in drawn}


def _median(values: Array, unit: str) -> Figure:
    """The median, with an interval where the dies are enough for one."""
    return quantile_over_dies(values, 0.5, unit) or Figure(float(np.median(values)), unit)


def _share(values: Array) -> Figure:
    """The share of ones."""
    k, n = int((values == 1).sum()), len(values)
    return Figure(k / n, "frac", clopper_pearson(k, n), n)


def _words(found: Yield) -> list[str]:
    told = [f"{found.kept} of {len(found.dies)} dies had been trained before"] if found.kept else []
    failed = [die for die in found.dies if die.failed]
    return told + [f"die {die.seed} counts as one that did not learn: {die.failed}" for die in failed]


def _none() -> NoReturn:
    said = "whether a network learns is found by training it"
    raise InputError(said, field="engine", remedy="--engine ngspice --samples 20")


def network_statistics(cell: Cell, model: str, settings: NetworkAnalysis, weights: Array | None) -> NetworkStatistics:
    """The dies of a network. Raises InputError for another cell, and for parts, rows and tables out of reach."""
    if not isinstance(cell.spec, BackpropNetworkSpec):
        raise InputError(f"{cell.name} is no network that trains itself", field="name")
    settings.check_row(cell.spec)
    settings.table(cell.spec)
    assert settings.parts
    return NetworkStatistics(cell.spec, model, settings)
