"""Dies of a crossbar trained in place: each is trained on its own, from the same weights."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.stats import beta

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.protocol import Samples as Drawn
from analoom.flows.statistics.protocol import Statistics
from analoom.flows.statistics.spread import CONFIDENCE, Figure, Spread
from analoom.flows.systems.trained_crossbar.solver.bench import TrainingBench
from analoom.flows.systems.trained_crossbar.solver.dies import die_of
from analoom.flows.systems.trained_crossbar.solver.pair import pair_of
from analoom.flows.systems.trained_crossbar.solver.training import TEMP_DEGC
from analoom.generators.trained_crossbar.spec import TrainedCrossbarSpec
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import DEFAULT_MODEL, terms_source

from .settings import AsDrawn, TrainingAnalysis
from .solved import solved

Array = NDArray[np.float64]
MEDIAN, CENTRED = "nrmse_median", "nrmse_centred_median"


@dataclass(frozen=True)
class TrainedDies(Statistics):
    """The errors of dies after training, by the thresholds that a family of models draws."""

    as_drawn: AsDrawn
    spec: TrainedCrossbarSpec
    model: str
    settings: TrainingAnalysis

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        devices = [read.device for read in pair_of(self.spec.unit).devices]
        told = dict.fromkeys(terms_source(d.device, d.w_um, d.l_um, d.nf, self.model) for d in devices)
        return "; ".join(told)

    @property
    def notes(self) -> Sequence[str]:
        """What is drawn."""
        left = "" if self.model == DEFAULT_MODEL else ": vth0 and voff; oxide thickness and nfactor are left out"
        spread = f", and of each column's {', '.join(self.spec.drawn)} what their benches spread"
        blocks = spread if self.spec.drawn else ""
        return (f"drawn are thresholds of synapses{left}{blocks}; ideal blocks have no spread",)

    def closed(self) -> dict[str, Spread]:
        """None: an error after training has no formula."""
        return {}

    def figures(self, drawn: Drawn | None) -> dict[str, Figure]:
        """Medians, worst, and the share of dies that learn, of the dies drawn or of the settings' number."""
        found = self._told(self._usual) if drawn is None else drawn
        plain, centred = (found[name][0] for name in (MEDIAN, CENTRED))
        learnt, count = int(np.sum(plain < self.settings.good)), len(plain)
        return {
            MEDIAN: Figure(float(np.median(plain)), "", draws=count),
            "nrmse_worst": Figure(float(np.max(plain)), "", draws=count),
            CENTRED: Figure(float(np.median(centred)), "", draws=count),
            "yield": Figure(learnt / count, "frac", _share(learnt, count), count),
        }

    def drawn(self, rng: np.random.Generator, samples: int) -> Drawn:
        """Errors (samples,) of dies of their own, as they are and without each output's mean error."""
        return self._told(self._errors(rng.integers(2**31, size=samples).tolist()))

    def drawn_by_ngspice(self, samples: int, seed: int) -> Drawn:
        """Raises InputError."""
        raise InputError("dies are trained by the solver alone", field="engine", remedy="--engine mc")

    @cached_property
    def _bench(self) -> TrainingBench:
        return self.settings.training.drawn(self.spec, self.as_drawn, self.model, "tt", TEMP_DEGC)

    @cached_property
    def _usual(self) -> Array:
        return self._errors(range(self.settings.dies))

    def _told(self, errors: Array) -> Drawn:
        return {name: (column, "") for name, column in zip((MEDIAN, CENTRED), errors.T, strict=True)}

    def _errors(self, dies: Sequence[int]) -> Array:
        """(dies, 2): as they are, and centred."""
        return np.array([self._error(die) for die in dies])

    def _error(self, die: int) -> tuple[float, float]:
        """Of one die; infinite where training runs away."""
        run = self.settings.training
        try:
            found = solved(self.spec, run, die_of(self._bench, die, self.model)).errors
        except InputError:
            return float("inf"), float("inf")
        return found["nrmse"].value, found["nrmse_centred"].value


def statistics(
    as_drawn: AsDrawn, cell: Cell, model: str, settings: TrainingAnalysis, weights: Array | None
) -> TrainedDies:
    """The dies of a cell. Raises InputError for another cell."""
    if not isinstance(cell.spec, TrainedCrossbarSpec):
        raise InputError(f"{cell.name} is no crossbar trained in place", field="name")
    return TrainedDies(as_drawn, cell.spec, model, settings)


def _share(k: int, n: int) -> tuple[float, float]:
    """95 % interval of a share. Source: C. Clopper, E. Pearson, Biometrika 26 (1934) 404."""
    tail = (1 - CONFIDENCE) / 2
    low = float(beta.ppf(tail, k, n - k + 1)) if k else 0.0
    return low, float(beta.ppf(1 - tail, k + 1, n - k)) if k < n else 1.0
