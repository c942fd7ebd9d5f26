"""Dask: what one process gives, with a worker killed midway; time limits; schedulers that do not answer or go away."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from analoom.flows.sweep.measure.task import task_of
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.plan.points import points_of
from analoom.flows.sweep.workers.campaign import Campaign, Progress, workers_of
from analoom.flows.sweep.workers.dask import DaskWorkers
from analoom.flows.sweep.workers.local import InProcess
from analoom.flows.sweep.workers.store import PointStore
from analoom.pdk.errors import InputError, ToolError

JOB: dict[str, Any] = {
    "name": "units",
    "cell": "cap_array",
    "fields": {"weights": [1, 1]},
    "axes": {"unit.w": {"low": 1, "high": 3, "points": 6}},
    "measure": {"mismatch": ["closed", "mc"], "samples": 20},
}
THOUSAND = {
    "name": "thousand",
    "cell": "crossbar",
    "sizes": ["4x4"],
    "axes": {
        "synapse.w_read": {"low": 0.42, "high": 5, "points": 50, "spacing": "linear"},
        "synapse.l_read": {"low": 0.15, "high": 2.15, "points": 20, "spacing": "linear"},
    },
    "measure": {"mismatch": ["closed", "mc"], "samples": 50, "drc": ["fast"]},
}


def tasks(job: dict[str, Any]) -> list[dict[str, Any]]:
    sweep = SweepJob.parse(job)
    return [task_of(sweep, p) for p in points_of(sweep)[0]]


def told(results: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {key: {n: v for n, v in result.items() if n != "seconds"} for key, result in results.items()}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def cluster(folder: Path, workers: int) -> Iterator[tuple[str, list[subprocess.Popen[bytes]]]]:
    """The address of a scheduler, and its process followed by those of its workers."""
    address = f"tcp://127.0.0.1:{_free_port()}"
    processes = [_dask("scheduler", "--port", address.rsplit(":")[-1], "--no-dashboard", cwd=folder)]
    try:
        plain = ("--no-nanny", "--nthreads", "1", "--no-dashboard")
        processes += [_dask("worker", address, *plain, cwd=folder) for _ in range(workers)]
        yield address, processes
    finally:
        for process in processes:
            process.kill()
            process.wait()


def _dask(*words: str, cwd: Path) -> subprocess.Popen[bytes]:
    command = [str(Path(sys.executable).parent / "dask"), *words]
    return subprocess.Popen(
        command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=dict(os.environ)
    )


def _until(workers: DaskWorkers, count: int) -> None:
    deadline = time.monotonic() + 60
    while len(workers._client.nthreads()) < count and time.monotonic() < deadline:
        threading.Event().wait(0.2)
    assert len(workers._client.nthreads()) == count


def killer(process: subprocess.Popen[bytes], at: int) -> Callable[[Progress], None]:
    """Kills the process when so many points are done."""

    def tell(progress: Progress) -> None:
        if progress.done == at and process.poll() is None:
            process.kill()

    return tell


def _with_a_worker_killed(folder: Path, job: dict[str, Any], at: int) -> dict[str, dict[str, Any]]:
    with cluster(folder, 2) as (address, processes), DaskWorkers(address) as workers:
        _until(workers, 2)
        found = Campaign(workers, PointStore(folder / "dask"), killer(processes[1], at)).run(tasks(job))
        assert processes[1].poll() is not None
        assert len(workers._client.nthreads()) == 1
        return found


@pytest.mark.slow
def test_a_worker_killed_midway_changes_nothing(tmp_path: Path) -> None:
    found = _with_a_worker_killed(tmp_path, JOB, at=2)
    with InProcess() as alone:
        expected = Campaign(alone, PointStore(tmp_path / "alone")).run(tasks(JOB))
    assert told(found) == told(expected)
    assert all("values" in result for result in found.values())


@pytest.mark.full
def test_a_thousand_points_with_a_worker_killed_midway_are_those_of_one_process(tmp_path: Path) -> None:
    found = _with_a_worker_killed(tmp_path, THOUSAND, at=400)
    with workers_of(1) as alone:
        expected = Campaign(alone, PointStore(tmp_path / "alone")).run(tasks(THOUSAND))
    assert len(found) == 1000
    assert told(found) == told(expected)
    assert all(result["values"]["drc.fast"] == "clean" for result in found.values())


@pytest.mark.slow
def test_a_point_that_takes_too_long_on_a_worker_is_given_up_alone(tmp_path: Path) -> None:
    slow, good = tasks(JOB)[:2]
    slow["measure"] = {**slow["measure"], "timeout_s": 0.001}
    with cluster(tmp_path, 1) as (address, _), DaskWorkers(address) as workers:
        found = Campaign(workers, PointStore(tmp_path / "dask")).run([slow, good])
    assert "took more than 0.001 s" in found[slow["key"]]["error"]["message"]
    assert "values" in found[good["key"]]


@pytest.mark.slow
def test_a_scheduler_that_does_not_answer() -> None:
    with pytest.raises(InputError, match="no scheduler answers"):
        DaskWorkers(f"tcp://127.0.0.1:{_free_port()}", connect_timeout_s=0.5)


@pytest.mark.slow
def test_a_scheduler_without_workers_is_given_up(tmp_path: Path) -> None:
    with (
        cluster(tmp_path, 0) as (address, _),
        DaskWorkers(address, workers_timeout_s=1.5) as workers,
        pytest.raises(ToolError, match=r"no worker for 1\.5 s"),
    ):
        list(workers.run(tasks(JOB)))


@pytest.mark.slow
def test_a_scheduler_that_goes_away_is_told_and_finished_points_stay(tmp_path: Path) -> None:
    store = PointStore(tmp_path / "dask")
    with (
        cluster(tmp_path, 1) as (address, processes),
        DaskWorkers(address) as workers,
        pytest.raises(ToolError, match="is gone"),
    ):
        Campaign(workers, store, killer(processes[0], 2)).run(tasks(JOB))
    assert sum(store.get(task["key"]) is not None for task in tasks(JOB)) >= 2
