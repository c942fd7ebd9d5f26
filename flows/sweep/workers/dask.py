"""Dask workers of a campaign: an existing cluster, reached by the address of its scheduler.

Each thread of a worker hands its points to a process of its own beside the worker: a point that hangs or crashes is
given up there, and threads don't wait for each other.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from typing import Any, Self

from analoom.flows.files.extras import DASK
from analoom.pdk.errors import InputError, ToolError

from .process import PointProcess, Result, Task, lost_result

CONNECT_TIMEOUT_S = 10.0
WORKERS_TIMEOUT_S = 120.0
"""A scheduler without any worker for so long is given up."""
IN_FLIGHT_A_THREAD = 4
"""Points handed out ahead of the results, per thread of the cluster."""
POLL_S = 0.005
COUNT_S = 1.0
"""How often the workers are counted while nothing comes."""

_OWN = threading.local()


def measure_beside(task: Task) -> Result:
    """The task measured in the process of this thread of a Dask worker; the process ends with the worker."""
    if not hasattr(_OWN, "process"):
        _OWN.process = PointProcess()
    process: PointProcess = _OWN.process
    return process.measure(task)


class DaskWorkers:
    """The workers of the scheduler at `address` ("tcp://host:8786").

    Raises InputError when it does not answer, ToolError without distributed.
    """

    def __init__(
        self, address: str, connect_timeout_s: float = CONNECT_TIMEOUT_S, workers_timeout_s: float = WORKERS_TIMEOUT_S
    ) -> None:
        DASK.require()
        self._client = _connected(address, connect_timeout_s)
        self.address, self._workers_timeout_s = address, workers_timeout_s

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def run(self, tasks: Sequence[Task]) -> Iterator[Result]:
        """Results as they come; a point whose worker dies goes to another one.

        Raises ToolError when the scheduler is gone, and when it has no worker for too long.
        """
        from distributed import as_completed

        waiting = list(reversed(tasks))
        running: dict[str, Task] = {}
        flow = as_completed([], loop=self._client.loop)
        self._hand_out(waiting, running, flow)
        while running:
            future = self._next(flow)
            task = running.pop(future.key)
            self._hand_out(waiting, running, flow)
            yield self._result(future, task)

    def _hand_out(self, waiting: list[Task], running: dict[str, Task], flow: Any) -> None:
        threads = self._threads() if waiting else 0
        while waiting and len(running) < IN_FLIGHT_A_THREAD * max(threads, 1):
            task = waiting.pop()
            future = self._client.submit(measure_beside, dict(task), key=f"analoom-{task['key']}", pure=False)
            running[future.key] = task
            flow.add(future)

    def _next(self, flow: Any) -> Any:
        seen = counted = time.monotonic()
        while not flow.has_ready():
            time.sleep(POLL_S)
            now = time.monotonic()
            if now - counted < COUNT_S:
                continue
            counted = now
            if self._threads():
                seen = now
            elif now - seen > self._workers_timeout_s:
                raise self._without_workers()
        return next(flow)

    def _threads(self) -> int:
        try:
            return sum(self._client.nthreads().values())
        except OSError:
            raise self._gone() from None

    def _gone(self) -> ToolError:
        remedy = "run it again: finished points are kept"
        return ToolError(f"the scheduler at {self.address} is gone", field="scheduler", remedy=remedy)

    def _without_workers(self) -> ToolError:
        message = f"the scheduler at {self.address} has had no worker for {self._workers_timeout_s:g} s"
        remedy = f"start one (dask worker {self.address}) and run it again: finished points are kept"
        return ToolError(message, field="scheduler", remedy=remedy)

    def _result(self, future: Any, task: Task) -> Result:
        if future.status in ("cancelled", "lost"):
            raise self._gone()
        if future.status == "error":
            return lost_result(task, f"the worker failed on this point: {future.exception()!r}")
        try:
            result: Result = future.result()
        except OSError:  # the scheduler went between the point's end and its result's way here
            raise self._gone() from None
        future.release()
        return result


def _connected(address: str, timeout_s: float) -> Any:
    from distributed import Client

    try:
        return Client(address, timeout=timeout_s, set_as_default=False)
    except (OSError, ValueError) as error:
        said = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise InputError(
            f"no scheduler answers at {address}: {said}", field="scheduler", remedy="start one: dask scheduler"
        ) from None
