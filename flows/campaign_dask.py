"""Dask workers of a campaign: an existing cluster, reached by the address of its scheduler."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Self

from analoom.pdk.errors import InputError, ToolError

from .campaign_local import Result, Task, lost
from .sweep_measure import measured

CONNECT_TIMEOUT_S = 10
IN_FLIGHT_A_THREAD = 4
"""Points handed out ahead of the results, per thread of the cluster."""


class DaskWorkers:
    """The workers of the scheduler at `address` ("tcp://host:8786"). Raises InputError when it does not answer."""

    def __init__(self, address: str, connect_timeout_s: float = CONNECT_TIMEOUT_S) -> None:
        self._client = _connected(address, connect_timeout_s)
        self.address = address

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def run(self, tasks: Sequence[Task]) -> Iterator[Result]:
        """Results as they come; a point whose worker dies goes to another one."""
        from distributed import as_completed

        waiting = list(reversed(tasks))
        running: dict[str, Task] = {}
        flow = as_completed([], loop=self._client.loop)
        self._hand_out(waiting, running, flow)
        while running:
            future = next(flow)
            task = running.pop(future.key)
            self._hand_out(waiting, running, flow)
            yield self._result(future, task)

    def _hand_out(self, waiting: list[Task], running: dict[str, Task], flow: Any) -> None:
        threads = self._threads() if waiting else 0
        while waiting and len(running) < IN_FLIGHT_A_THREAD * max(threads, 1):
            task = waiting.pop()
            future = self._client.submit(measured, dict(task), key=f"analoom-{task['key']}", pure=False)
            running[future.key] = task
            flow.add(future)

    def _threads(self) -> int:
        try:
            return sum(self._client.nthreads().values())
        except OSError:
            raise self._gone() from None

    def _gone(self) -> ToolError:
        remedy = "run it again: finished points are kept"
        return ToolError(f"the scheduler at {self.address} is gone", field="scheduler", remedy=remedy)

    def _result(self, future: Any, task: Task) -> Result:
        if future.status in ("cancelled", "lost"):
            raise self._gone()
        if future.status == "error":
            return lost(task, f"the worker failed on this point: {future.exception()!r}")
        result: Result = future.result()
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
