"""The share of virtual dies that learn, with its interval; dies are trained in processes of their own."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from typing import Any

from scipy.stats import beta

from analoom.pdk.errors import InputError, ToolError

from .dies import Die, trained_die
from .training_settings import TrainingSettings

CONFIDENCE = 0.95


@dataclass(frozen=True)
class DieResult:
    """What became of a die: rows right, margin (V), test error, and epochs to learn, None where it did not.

    `failed` is what ngspice said of a die that it could not simulate to the end; such a die counts as one that does not
    learn.
    """

    seed: int
    rows_right: int = 0
    margin_v: float = 0.0
    test_mse: float = 0.0
    epochs: int | None = None
    failed: str = ""


@dataclass(frozen=True)
class Yield:
    """Dies by whether they learned."""

    dies: tuple[DieResult, ...]

    @property
    def learned(self) -> int:
        """How many have all rows right by the margin asked."""
        return sum(die.epochs is not None for die in self.dies)

    @property
    def share(self) -> float:
        """Of all."""
        return self.learned / len(self.dies)

    @property
    def ci95(self) -> tuple[float, float]:
        """Of the share. Source: C. Clopper, E. Pearson, Biometrika 26 (1934) 404."""
        k, n, tail = self.learned, len(self.dies), (1 - CONFIDENCE) / 2
        low = float(beta.ppf(tail, k, n - k + 1)) if k else 0.0
        return low, float(beta.ppf(1 - tail, k + 1, n - k)) if k < n else 1.0

    def to_json(self) -> dict[str, Any]:
        """As a report tells it."""
        return {"learned": self.learned, "dies": len(self.dies), "share": self.share, "ci95": list(self.ci95)}


def yield_of(dies: Sequence[Die], settings: Mapping[str, object] | None = None, workers: int = 1) -> Yield:
    """Trains every die, each from weights of its own seed, in `workers` processes. Raises InputError for no die."""
    if not dies:
        raise InputError("no die: at least one is wanted", field="dies")
    asked = [(die, TrainingSettings.parse({**(settings or {}), "seed": die.seed}, "settings.")) for die in dies]
    for die, chosen in asked:
        chosen.check_row(die.spec)
    if workers == 1:
        return Yield(tuple(map(_result, asked)))
    with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
        return Yield(tuple(pool.map(_result, asked)))


def _result(asked: tuple[Die, TrainingSettings]) -> DieResult:
    die, settings = asked
    try:
        run = trained_die(die, settings)
    except ToolError as error:
        return DieResult(die.seed, failed=str(error))
    return DieResult(die.seed, run.rows_right, float(run.margins[-1].min()), float(run.mse[-1]), run.learned_at)
