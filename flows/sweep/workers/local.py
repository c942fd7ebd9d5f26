"""Local workers of a campaign: one process each, fed point by point."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterator, Sequence
from typing import Self

from .doer import do
from .process import PointProcess, Result, Task


class InProcess:
    """No worker at all: points are measured where the campaign runs, one after the other, with no time limit."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def run(self, tasks: Sequence[Task]) -> Iterator[Result]:
        """Results in the order of the tasks."""
        yield from map(do, tasks)


class LocalProcesses:
    """`count` worker processes on this machine."""

    def __init__(self, count: int) -> None:
        self.processes = [PointProcess() for _ in range(count)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for process in self.processes:
            process.end()

    def run(self, tasks: Sequence[Task]) -> Iterator[Result]:
        """Results as they come. Left early, it ends the processes, and with them the points under way."""
        todo: queue.SimpleQueue[Task] = queue.SimpleQueue()
        done: queue.SimpleQueue[Result] = queue.SimpleQueue()
        for task in tasks:
            todo.put(task)
        halt = threading.Event()
        threads = [threading.Thread(target=_serve, args=(p, todo, done, halt), daemon=True) for p in self.processes]
        for thread in threads:
            thread.start()
        missing = len(tasks)
        try:
            while missing:
                result = done.get()
                missing -= 1
                yield result
        finally:
            halt.set()
            if missing:
                self.__exit__()
            for thread in threads:
                thread.join()


def _serve(
    process: PointProcess, todo: queue.SimpleQueue[Task], done: queue.SimpleQueue[Result], halt: threading.Event
) -> None:
    while not halt.is_set():
        try:
            task = todo.get_nowait()
        except queue.Empty:
            return
        done.put(process.measure(task))
