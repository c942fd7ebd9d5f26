"""Mismatch of a cell: sigmas by closed form, by drawn samples, or judged by ngspice with the model file's own draws.

All three rest on the drawn sizes and counts in the cell's circuit; `closed` and `mc` take their coefficients from
`analoom.pdk.mismatch.terms`, `ngspice` takes none of ours. Two families of models are known and disagree: the default,
"continuous", and "binned"; see there.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.glossary import meanings
from analoom.flows.statistics.extremes import draws_for, normal_yield, wilson
from analoom.flows.statistics.gradient import gradient_report, off_centre_words
from analoom.flows.statistics.protocol import Samples, Statistics
from analoom.flows.statistics.settings import AnalysisSettings
from analoom.flows.statistics.spread import Figure, Spread
from analoom.flows.systems.lookup import Belongs, analysis_of, require_pins, system_of
from analoom.flows.systems.record import ENGINES, Limits
from analoom.pdk.errors import InputError, unknown
from analoom.pdk.mismatch.terms import DEFAULT_MODEL, checked_model

Model = Literal["continuous", "binned"]
Engine = Literal["closed", "mc", "ngspice"]

DEFAULT_SAMPLES, FEW = 2000, 20
"""Samples where nothing is said, and so many where each takes seconds."""
USUAL_ENGINE: Engine = "closed"
_BINS = 60
OWN_COEFFICIENTS = ("k_vth", "k_cap")
"""Settings that stand instead of the models' coefficients."""


@dataclass(frozen=True)
class MismatchReport:
    """Sigmas by metric name, figures that are no spread, and what they rest on.

    `seed` and `samples` are None for a closed form.

    `notes` say where a number leaves its range; `point` is the operating point; `yields` the share of parts within the
    limit; `histograms` hold edges and counts of drawn samples; `meanings` say what each metric is.
    """

    cell: str
    model: str
    engine: str
    seed: int | None
    samples: int | None
    metrics: Mapping[str, Spread]
    figures: Mapping[str, Figure]
    source: str
    seconds: float
    settings: Mapping[str, Any] = field(default_factory=dict)
    point: Mapping[str, float] = field(default_factory=dict)
    notes: tuple[str, ...] = ()
    yields: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    histograms: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    gradient: tuple[Mapping[str, Any], ...] = ()
    draws_per_second: float | None = None
    meanings: Mapping[str, str] = field(default_factory=dict)

    def to_json(self) -> dict[str, Any]:
        """The report of `analoom mismatch`."""
        plain = ("cell", "model", "engine", "seed", "samples", "source", "seconds", "draws_per_second")
        more = ("settings", "point", "yields", "histograms", "meanings")
        metrics = {name: spread.to_json() for name, spread in self.metrics.items()}
        return {
            **{name: getattr(self, name) for name in plain},
            "metrics": metrics,
            "figures": {name: figure.to_json() for name, figure in self.figures.items()},
            **{name: dict(getattr(self, name)) for name in more},
            "notes": list(self.notes),
            "gradient": [dict(group) for group in self.gradient],
        }


def mismatch(
    cell: Cell,
    model: str = DEFAULT_MODEL,
    engine: str = USUAL_ENGINE,
    samples: int = DEFAULT_SAMPLES,
    seed: int = 1,
    workdir: Path | None = None,
    weights: NDArray[np.float64] | None = None,
    settings: Mapping[str, Any] | None = None,
) -> MismatchReport:
    """Sigmas of `cell`'s metrics. `weights`: stored voltages of an array, (rows, cols) in V; a multiplier's integers.

    `settings`: operating point, limit and gradients, fields of `mismatch_settings(cell)`.
    Raises InputError for an unknown model or engine, a kind without mismatch metrics, an operating point out of reach,
    and samples too few for the precision asked; SpecError for a bad setting.
    """
    _check(model, engine, samples, seed)
    _check_engine(cell, engine)
    chosen = mismatch_settings(cell).parse(dict(settings or {}), prefix="settings.")
    _check_precision(chosen, engine, samples)
    _check_own(chosen, engine)
    started = time.perf_counter()
    statistics = statistics_of(cell, model, chosen, weights)
    drawn = _drawn(statistics, engine, samples, seed)
    drawing = time.perf_counter() - started
    metrics, figures = _spreads(statistics, drawn), statistics.figures(drawn)
    gradient = _gradient(cell, chosen)
    return MismatchReport(
        cell=cell.name,
        model=model,
        engine=engine,
        seed=None if drawn is None else seed,
        samples=None if drawn is None else samples,
        metrics=metrics,
        figures=figures,
        source=statistics.source,
        seconds=time.perf_counter() - started,
        settings=chosen.model_dump(mode="json", exclude_none=True),
        point=statistics.point,
        notes=(*statistics.notes, *_off_centre(cell, gradient)),
        yields=_yields(system_of(cell).limits, metrics, drawn, chosen.limit),
        histograms=_histograms(drawn, metrics) if drawn else {},
        gradient=tuple(gradient),
        draws_per_second=None if drawn is None else samples / drawing,
        meanings=meanings(system_of(cell).glossary, [*metrics, *figures]),
    )


def sigmas(
    cell: Cell,
    model: str,
    engines: Sequence[str],
    samples: int,
    seed: int,
    settings: Mapping[str, Any],
    weights: NDArray[np.float64] | None = None,
) -> dict[str, dict[str, Spread | Figure]]:
    """The metrics and figures of `mismatch` alone, by engine, all of the same statistics: what campaigns need."""
    chosen = mismatch_settings(cell).parse(dict(settings), prefix="settings.")
    for engine in engines:
        _check(model, engine, samples, seed)
        _check_engine(cell, engine)
        _check_precision(chosen, engine, samples)
        _check_own(chosen, engine)
    statistics = statistics_of(cell, model, chosen, weights)
    drawn = {engine: _drawn(statistics, engine, samples, seed) for engine in engines}
    return {e: {**_spreads(statistics, values), **statistics.figures(values)} for e, values in drawn.items()}


def statistics_of(
    cell: Cell, model: str, settings: AnalysisSettings, weights: NDArray[np.float64] | None = None
) -> Statistics:
    """The statistics of a cell, as its system finds them. Raises InputError for weights given to what has none."""
    system = system_of(cell)
    if weights is not None and system.weights_unit is None:
        raise InputError(
            f"a {cell.kind} takes no weights; an array does", field="weights", remedy="the command without --weights"
        )
    require_pins(cell, system)
    return analysis_of(system).statistics(cell, model, settings, weights)


def mismatch_settings(cell: Belongs) -> type[AnalysisSettings]:
    """The settings of the mismatch analysis of a cell, or of a generator's cells.

    Raises InputError for a kind without mismatch metrics.
    """
    return analysis_of(system_of(cell)).settings


def _drawn(statistics: Statistics, engine: str, samples: int, seed: int) -> Samples | None:
    if engine == "closed":
        return None
    if engine == "mc":
        return statistics.drawn(np.random.default_rng(seed), samples)
    return statistics.drawn_by_ngspice(samples, seed)


def _spreads(statistics: Statistics, drawn: Samples | None) -> dict[str, Spread]:
    """The metrics of drawn samples, or by formula where none were drawn; what is a figure is none of them."""
    if drawn is None:
        return dict(statistics.closed())
    figures = statistics.figures(drawn)
    spreads = {name: values for name, values in drawn.items() if name not in figures}
    return {name: statistics.estimate(name, values, unit) for name, (values, unit) in spreads.items()}


def _yields(
    limits: Limits, metrics: Mapping[str, Spread], drawn: Samples | None, limit: float | None
) -> dict[str, Any]:
    """Share of parts within +-limit: normal by formula, counted with Wilson's interval when drawn."""
    if limit is None:
        return {}
    found: dict[str, dict[str, Any]] = {}
    for name in [n for n in limits.judged if n in metrics]:
        if drawn is None:
            if name not in limits.not_normal:
                found[name] = {"limit": limit, "yield": normal_yield(metrics[name].sigma, limit), "normal": True}
            continue
        values = np.abs(drawn[name][0])
        good = values.reshape(len(values), -1).max(axis=1) <= limit
        count = int(good.sum())
        found[name] = {"limit": limit, "yield": count / len(good), "ci95": wilson(count, len(good)), "of": len(good)}
    return found


def _histograms(drawn: Samples, metrics: Mapping[str, Spread]) -> dict[str, Any]:
    """Of the samples of a metric; `product_error` is drawn as mean squares."""
    found = {}
    for name, (values, unit) in drawn.items():
        if values.ndim == 1 and name in metrics and name != "product_error":
            low, high = np.quantile(values, [0.002, 0.998])
            counts, edges = np.histogram(values, bins=_BINS, range=(low, high) if high > low else None)
            found[name] = {"edges": edges.tolist(), "counts": counts.tolist(), "unit": unit, "draws": len(values)}
    return found


def _gradient(cell: Cell, settings: AnalysisSettings) -> list[dict[str, Any]]:
    """Gradient metrics of every match group the cell declares."""
    groups = getattr(cell, "match_groups", ())
    if not groups:
        return []
    weights = getattr(cell.spec, "weights", None)
    return [gradient_report(group, settings.gradient_frac_um, settings.rho_unit, weights).to_json() for group in groups]


def _off_centre(cell: Cell, gradient: Sequence[Mapping[str, Any]]) -> tuple[str, ...]:
    """Members that are not at the centre of a group that the cell is drawn for."""
    drawn_for = {group.name for group in getattr(cell, "match_groups", ()) if group.whole_cell}
    return off_centre_words([group for group in gradient if group["group"] in drawn_for])


def _check(model: str, engine: str, samples: int, seed: int) -> None:
    checked_model(model)
    if engine not in ENGINES:
        raise unknown("engine", engine, ENGINES, "engine", "--engine ")
    if samples < 2:
        raise InputError(f"samples = {samples}: must be at least 2", field="samples", remedy="--samples 1000")
    if seed < 0:
        raise InputError(f"seed = {seed}: must not be negative", field="seed", remedy="--seed 1")


def _check_engine(cell: Belongs, engine: str) -> None:
    """Raises InputError for an engine that the mismatch of a kind is not found by."""
    engines = system_of(cell).engines
    if engine not in engines:
        said = f"engine = {engine}: the mismatch of a {cell.kind} is found by {', '.join(engines)} alone"
        raise InputError(said, field="engine", remedy=f"--engine {engines[0]} --samples {FEW}")


def _check_own(settings: AnalysisSettings, engine: str) -> None:
    own = next((name for name in OWN_COEFFICIENTS if getattr(settings, name, None) is not None), None)
    if own is not None and engine == "ngspice":
        said = f"{own} replaces the models' coefficients, and ngspice draws by the model files' own"
        raise InputError(said, field=f"settings.{own}", remedy="--engine mc or closed")


def _check_precision(settings: AnalysisSettings, engine: str, samples: int) -> None:
    if settings.precision is None or engine == "closed":
        return
    needed = draws_for(settings.precision)
    if samples < needed:
        said = f"samples = {samples}: too few for a 95 % interval of +-{settings.precision:.3g} of sigma"
        raise InputError(said, field="samples", remedy=f"--samples {needed} or more")
