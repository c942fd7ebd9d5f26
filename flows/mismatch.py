"""Mismatch of a cell: sigmas by closed form, by drawn samples, or judged by ngspice with the model file's own draws.

All three rest on the drawn sizes and counts in the cell's circuit; `closed` and `mc` take their coefficients from
`analoom.pdk.mismatch`, `ngspice` takes none of ours.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from analoom.cells.cell import Cell, Kind
from analoom.pdk.errors import InputError

from .spread import Spread, estimated

Model = Literal["continuous"]
Engine = Literal["closed", "mc", "ngspice"]

DEFAULT_SAMPLES = 2000
_ENGINES = ("closed", "mc", "ngspice")


@dataclass(frozen=True)
class MismatchReport:
    """Sigmas by metric name, and what they rest on. `seed` and `samples` are None for a closed form."""

    cell: str
    model: str
    engine: str
    seed: int | None
    samples: int | None
    metrics: Mapping[str, Spread]
    source: str
    seconds: float

    def to_json(self) -> dict[str, Any]:
        """The report of `analoom mismatch`."""
        plain = ("cell", "model", "engine", "seed", "samples", "source", "seconds")
        metrics = {name: spread.to_json() for name, spread in self.metrics.items()}
        return {**{name: getattr(self, name) for name in plain}, "metrics": metrics}


def mismatch(
    cell: Cell,
    model: str = "continuous",
    engine: str = "closed",
    samples: int = DEFAULT_SAMPLES,
    seed: int = 1,
    workdir: Path | None = None,
    weights: NDArray[np.float64] | None = None,
) -> MismatchReport:
    """Sigmas of `cell`'s metrics. `weights`: stored voltages of an array, (rows, cols) in V.

    Raises InputError for an unknown model or engine and for a kind without mismatch metrics.
    """
    _check(model, engine, samples, seed)
    started = time.perf_counter()
    statistics = _statistics(cell, weights)
    metrics = _spreads(statistics, engine, samples, seed)
    drawn = engine != "closed"
    return MismatchReport(
        cell=cell.name,
        model=model,
        engine=engine,
        seed=seed if drawn else None,
        samples=samples if drawn else None,
        metrics=metrics,
        source=statistics.source,
        seconds=time.perf_counter() - started,
    )


def _statistics(cell: Cell, weights: NDArray[np.float64] | None) -> Any:
    if cell.kind in (Kind.DEVICE, Kind.PAIR):
        from .mismatch_transistor import TransistorStatistics

        return TransistorStatistics(cell)
    if cell.kind is Kind.CAPACITOR:
        from .mismatch_capacitor import CapacitorStatistics

        return CapacitorStatistics(cell)
    if cell.kind in (Kind.SYNAPSE, Kind.ARRAY):
        from .mismatch_crossbar import CrossbarStatistics

        return CrossbarStatistics(cell, weights)
    raise InputError(f"there are no mismatch metrics for a {cell.kind.value}", field="name")


def _spreads(statistics: Any, engine: str, samples: int, seed: int) -> dict[str, Spread]:
    if engine == "closed":
        return statistics.closed()
    if engine == "mc":
        drawn = statistics.drawn(np.random.default_rng(seed), samples)
    else:
        drawn = statistics.drawn_by_ngspice(samples, seed)
    return {name: estimated(values, unit) for name, (values, unit) in drawn.items()}


def _check(model: str, engine: str, samples: int, seed: int) -> None:
    if model != "continuous":
        raise InputError(f"model {model!r} is not supported; known: continuous", field="model")
    if engine not in _ENGINES:
        raise InputError(f"no engine called {engine!r}; known: {', '.join(_ENGINES)}", field="engine")
    if samples < 2:
        raise InputError(f"samples = {samples}: must be at least 2", field="samples")
    if seed < 0:
        raise InputError(f"seed = {seed}: must not be negative", field="seed")
