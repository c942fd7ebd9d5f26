"""A campaign: points measured by workers, each kept as soon as it is done, none measured twice."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, Self

from analoom.cells.model.cell_files import is_loading
from analoom.pdk.errors import InputError

from .local import InProcess, LocalProcesses
from .process import Result, Task
from .store import PointStore


class Workers(Protocol):
    """Whoever measures points."""

    def __enter__(self) -> Self: ...

    def __exit__(self, *_: object) -> None: ...

    def run(self, tasks: Sequence[Task]) -> Iterator[Result]:
        """Results as they come, in any order."""
        ...


@dataclass(frozen=True)
class Progress:
    """How far a campaign is. `left_s` is None before the first point is done."""

    done: int
    failed: int
    total: int
    left_s: float | None


Tell = Callable[[Progress], None]


def workers_of(count: int | None = None, scheduler: str | None = None) -> Workers:
    """The Dask workers of `scheduler` when given, else `count` local processes (by default one a core; 0: none)."""
    if is_loading():
        words = 'a file of cells sweeps while it is read: put that part under `if __name__ == "__main__":`'
        raise InputError(words, field="cells")
    if scheduler is not None:
        from .dask import DaskWorkers

        return DaskWorkers(scheduler)
    wanted = (os.cpu_count() or 1) if count is None else count
    return LocalProcesses(wanted) if wanted else InProcess()


@dataclass
class Campaign:
    """Workers and the store of finished points."""

    workers: Workers
    store: PointStore
    tell: Tell = lambda progress: None
    found: int = field(default=0, init=False)
    """Points that were in the store already."""

    def run(self, tasks: Sequence[Task]) -> dict[str, Result]:
        """Results by key; failed points hold `error`. Tasks of equal key are measured once.

        They are taken in the order of their keys, which is as good as any shuffle: the pace of the first ones then
        tells of all, where a grid goes from small arrays to large ones.
        """
        wanted = {str(task["key"]): task for task in tasks}
        results: dict[str, Result] = {key: kept for key in wanted if (kept := self.store.get(key))}
        self.found += len(results)
        missing = [wanted[key] for key in sorted(wanted) if key not in results]
        clock = _Clock(len(wanted), len(results))
        self.tell(clock.now())
        for result in self.workers.run(missing):
            if "error" not in result:
                self.store.put(result)
            results[result["key"]] = result
            clock.count(result)
            self.tell(clock.now())
        return results


class _Clock:
    """Counts results, and tells the time left from the pace of the fresh ones."""

    def __init__(self, total: int, before: int) -> None:
        self._total, self._done, self._failed, self._fresh = total, before, 0, 0
        self._started = time.perf_counter()

    def count(self, result: Mapping[str, Any]) -> None:
        failed = "error" in result
        self._failed, self._done, self._fresh = self._failed + failed, self._done + (not failed), self._fresh + 1

    def now(self) -> Progress:
        pace = (time.perf_counter() - self._started) / self._fresh if self._fresh else None
        left = self._total - self._done - self._failed
        return Progress(self._done, self._failed, self._total, pace * left if pace is not None else None)
