"""The share of virtual dies that learn, with its interval.

Dies are trained in processes of their own, and what became of each is kept, by what it was and by the code and models
that trained it: a run that was ended goes on where it stopped.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import Any

from scipy.stats import beta

from analoom.flows.files.code_version import code_version
from analoom.flows.files.outputs import write_whole
from analoom.flows.files.progress import tracked
from analoom.flows.netlists.models import cache_dir
from analoom.pdk.errors import InputError, ToolError

from .dies import Die, trained_die
from .feeding import check_fed
from .training_settings import TrainingSettings

CONFIDENCE = 0.95
Asked = tuple[Die, TrainingSettings]


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
    """Dies by whether they learned; `kept` of them had been trained before."""

    dies: tuple[DieResult, ...]
    kept: int = 0

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
        """Of the share."""
        return clopper_pearson(self.learned, len(self.dies))

    def to_json(self) -> dict[str, Any]:
        """As a report tells it."""
        return {"learned": self.learned, "dies": len(self.dies), "share": self.share, "ci95": list(self.ci95)}


def clopper_pearson(k: int, n: int) -> tuple[float, float]:
    """The exact 95 % interval of a share of which `k` of `n` are counted.

    Source: C. Clopper, E. Pearson, Biometrika 26 (1934) 404.
    """
    tail = (1 - CONFIDENCE) / 2
    low = float(beta.ppf(tail, k, n - k + 1)) if k else 0.0
    return low, float(beta.ppf(1 - tail, k + 1, n - k)) if k < n else 1.0


def yield_of(dies: Sequence[Die], settings: Mapping[str, object] | None = None, workers: int = 1) -> Yield:
    """Trains every die, each from weights of its own seed where `settings` give none, in `workers` processes.

    Raises InputError for no die.
    """
    if not dies:
        raise InputError("no die: at least one is wanted", field="dies")
    asked = [(die, TrainingSettings.parse({"seed": die.seed, **(settings or {})}, "settings.")) for die in dies]
    for die, chosen in asked:
        chosen.check_row(die.spec)
        check_fed(die.spec, chosen)
    found = {one: known for one, known in ((k, _known(pair)) for k, pair in enumerate(asked)) if known}
    kept = len(found)
    missing = [k for k in range(len(asked)) if k not in found]
    for k, result in _one_by_one(asked, missing, workers):
        found[k] = result
    return Yield(tuple(found[k] for k in range(len(asked))), kept)


def _one_by_one(asked: Sequence[Asked], missing: Sequence[int], workers: int) -> Iterator[tuple[int, DieResult]]:
    """The numbers of those missing with what became of them, as they come."""
    if min(workers, len(missing)) <= 1:
        yield from ((k, _result(asked[k])) for k in tracked(missing))
        return
    with ProcessPoolExecutor(min(workers, len(missing)), mp_context=get_context("spawn")) as pool:
        at: dict[Future[DieResult], int] = {pool.submit(_result, asked[k]): k for k in missing}
        try:
            done = as_completed(at)
            for _ in tracked(range(len(missing))):
                one = next(done)
                yield at[one], one.result()
        finally:
            pool.shutdown(cancel_futures=True)


def _result(asked: Asked) -> DieResult:
    """Trains a die and keeps what became of it; what ngspice could not simulate is not kept."""
    die, settings = asked
    try:
        run = trained_die(die, settings)
    except ToolError as error:
        return DieResult(die.seed, failed=str(error))
    margin, mse = float(run.margins[-1].min()), float(run.mse[-1])
    found = DieResult(die.seed, run.rows_right, margin, mse, run.learned_at)
    write_whole(_place(asked), json.dumps(asdict(found)))
    return found


def _known(asked: Asked) -> DieResult | None:
    """What became of a die that was trained before, None where there is no such thing or a damaged one."""
    try:
        return DieResult(**json.loads(_place(asked).read_text()))
    except (OSError, ValueError, TypeError):
        return None


def _place(asked: Asked) -> Path:
    """Where the result of a die is kept, by all it depends on."""
    die, settings = asked
    said = {**asdict(die), "spec": die.spec.model_dump(mode="json")}
    words = json.dumps([said, settings.model_dump(mode="json"), code_version()], sort_keys=True)
    return cache_dir() / "dies" / f"{hashlib.sha256(words.encode()).hexdigest()[:32]}.json"
