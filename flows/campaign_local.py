"""Local workers of a campaign: one process each, fed point by point, replaced when it dies, hangs or grows old."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Self

Task = Mapping[str, Any]
Result = dict[str, Any]

POINTS_A_PROCESS = 250
"""A worker is replaced after so many points, as the layout library of a process only grows."""

ATTEMPTS = 3
"""Workers a point may take down before it counts as failed."""


class InProcess:
    """No worker at all: points are measured where the campaign runs, one after the other."""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        return None

    def run(self, tasks: Sequence[Task]) -> Iterator[Result]:
        """Results in the order of the tasks."""
        from .sweep_measure import measured

        yield from map(measured, tasks)


class LocalProcesses:
    """`count` worker processes on this machine."""

    def __init__(self, count: int) -> None:
        self._workers = [_Worker() for _ in range(count)]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        for worker in self._workers:
            worker.stop()

    def run(self, tasks: Sequence[Task]) -> Iterator[Result]:
        """Results as they come."""
        todo: queue.SimpleQueue[Task] = queue.SimpleQueue()
        done: queue.SimpleQueue[Result] = queue.SimpleQueue()
        for task in tasks:
            todo.put(task)
        halt = threading.Event()
        threads = [threading.Thread(target=_serve, args=(w, todo, done, halt), daemon=True) for w in self._workers]
        for thread in threads:
            thread.start()
        try:
            for _ in tasks:
                yield done.get()
        finally:
            halt.set()
            for thread in threads:
                thread.join()


def _serve(
    worker: _Worker, todo: queue.SimpleQueue[Task], done: queue.SimpleQueue[Result], halt: threading.Event
) -> None:
    while not halt.is_set():
        try:
            task = todo.get_nowait()
        except queue.Empty:
            return
        done.put(worker.measured(task))


class _Worker:
    """One process, started when first needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._points = 0

    def measured(self, task: Task) -> Result:
        """The result of `task`, or an error once it has taken down ATTEMPTS processes."""
        reason = ""
        for _ in range(ATTEMPTS):
            answer, reason = self._asked(task)
            if answer is not None:
                return answer
        message = f"the worker process {reason} on this point, {ATTEMPTS} times"
        return lost(task, message)

    def stop(self) -> None:
        """Ends the process."""
        process, self._process, self._points = self._process, None, 0
        if process is not None:
            process.kill()
            process.wait()
            for pipe in (process.stdin, process.stdout):
                if pipe is not None:
                    pipe.close()

    def _asked(self, task: Task) -> tuple[Result | None, str]:
        process = self._running()
        assert process.stdin is not None and process.stdout is not None
        timeout_s = float(task["measure"]["timeout_s"])
        late = threading.Event()
        clock = threading.Timer(timeout_s, _kill, (process, late))
        clock.start()
        try:
            process.stdin.write(json.dumps(task) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except BrokenPipeError:
            line = ""
        finally:
            clock.cancel()
        if line.endswith("\n"):
            self._points += 1
            return json.loads(line), ""
        code = process.wait()
        self.stop()
        return None, f"took more than {timeout_s:g} s" if late.is_set() else f"ended with code {code}"

    def _running(self) -> subprocess.Popen[str]:
        if self._points >= POINTS_A_PROCESS:
            self.stop()
        if self._process is None or self._process.poll() is not None:
            self.stop()
            self._process = _started()
        return self._process


def _kill(process: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    process.kill()


def lost(task: Task, message: str) -> Result:
    """The result of a point whose worker gave no answer."""
    return {"key": task["key"], "error": {"type": "ToolError", "message": message, "field": None, "remedy": None}}


def _started() -> subprocess.Popen[str]:
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return subprocess.Popen(
        [sys.executable, "-m", "analoom.flows.campaign_worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, **threads},
    )
