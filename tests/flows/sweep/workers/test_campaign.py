"""Campaigns: nothing lost, nothing measured twice, workers that die, and Dask giving what one process gives."""

from __future__ import annotations

import resource
import signal
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from analoom.flows.sweep.measure.task import task_of
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.plan.points import points_of
from analoom.flows.sweep.workers.campaign import Campaign, Progress
from analoom.flows.sweep.workers.local import InProcess, LocalProcesses
from analoom.flows.sweep.workers.store import PointStore
from analoom.pdk.errors import InputError

JOB = SweepJob.parse(
    {
        "name": "units",
        "cell": "cap_array",
        "fields": {"weights": [1, 1]},
        "axes": {"unit.w": {"low": 1, "high": 3, "points": 6}},
        "measure": {"mismatch": ["closed", "mc"], "samples": 20},
    }
)


def tasks() -> list[dict[str, Any]]:
    return [task_of(JOB, p) for p in points_of(JOB)[0]]


def told(result: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in result.items() if name != "seconds"}


class Counting(InProcess):
    """Counts what it is asked; `fail` names a key that fails."""

    def __init__(self, fail: str = "") -> None:
        self.asked: list[str] = []
        self.fail = fail

    def run(self, tasks: Sequence[Any]) -> Iterator[dict[str, Any]]:
        for task in tasks:
            self.asked.append(task["key"])
            error = {"error": {"message": "no"}} if task["key"] == self.fail else {"values": {}}
            yield {"key": task["key"], **error}


def test_finished_points_are_not_measured_again_and_failed_ones_are(tmp_path: Path) -> None:
    todo = [{"key": k} for k in ("aa", "bb", "cc", "aa")]
    first, second = Counting(fail="bb"), Counting()
    Campaign(first, PointStore(tmp_path)).run(todo)
    results = Campaign(second, PointStore(tmp_path)).run(todo)
    assert first.asked == ["aa", "bb", "cc"]
    assert second.asked == ["bb"]
    assert set(results) == {"aa", "bb", "cc"}


def test_a_torn_file_counts_as_not_done(tmp_path: Path) -> None:
    store = PointStore(tmp_path)
    store.put({"key": "aabb", "values": {"area_um2": 1}})
    kept = next(tmp_path.rglob("*.json"))
    assert store.get("aabb")
    kept.write_text(kept.read_text()[:10])
    assert store.get("aabb") is None


def test_progress_counts_and_tells_the_time_left(tmp_path: Path) -> None:
    seen: list[Progress] = []
    Campaign(Counting(fail="b"), PointStore(tmp_path), seen.append).run([{"key": k} for k in "abc"])
    assert [(p.done, p.failed) for p in seen] == [(0, 0), (1, 0), (1, 1), (2, 1)]
    assert seen[0].left_s is None and seen[-1].left_s == 0


@pytest.mark.slow
def test_worker_processes_give_what_one_process_gives_even_when_killed(tmp_path: Path) -> None:
    with InProcess() as alone:
        expected = Campaign(alone, PointStore(tmp_path / "alone")).run(tasks())
    with LocalProcesses(1) as workers:
        victims = iter([2])

        def kill(progress: Progress) -> None:
            if progress.done == next(victims, None):
                worker = workers.processes[0]._process
                assert worker is not None
                worker.kill()

        found = Campaign(workers, PointStore(tmp_path / "workers"), kill).run(tasks())
    assert all("values" in result for result in found.values())
    assert {k: told(r) for k, r in found.items()} == {k: told(r) for k, r in expected.items()}


def test_a_worker_with_other_code_says_so() -> None:
    (result,) = InProcess().run([{**tasks()[0], "code": "other"}])
    assert "other code" in result["error"]["message"]


def test_a_full_disk_is_an_error_and_finished_points_stay(tmp_path: Path) -> None:
    before = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    limits = resource.getrlimit(resource.RLIMIT_FSIZE)
    store = PointStore(tmp_path)
    store.put({"key": "kept", "values": {}})
    resource.setrlimit(resource.RLIMIT_FSIZE, (100, limits[1]))
    try:
        with pytest.raises(InputError, match="cannot write"):
            store.put({"key": "big", "values": {"text": "x" * 1000}})
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, limits)
        signal.signal(signal.SIGXFSZ, before)
    assert store.get("kept") and store.get("big") is None
