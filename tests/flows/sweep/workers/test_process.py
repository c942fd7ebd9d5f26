"""Processes that measure points: time limits, crashes told in their last words, nothing left running."""

from __future__ import annotations

import json
import os
import select
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from analoom.flows.sweep.measure.task import task_of
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.plan.points import points_of
from analoom.flows.sweep.workers import process as point_process
from analoom.flows.sweep.workers.local import LocalProcesses
from analoom.flows.sweep.workers.process import PointProcess

JOB = {
    "name": "x",
    "cell": "cap_array",
    "fields": {"weights": [1, 1]},
    "axes": {"unit.w": [1.0, 1.5]},
    "measure": {"drc": ["magic"], "timeout_s": 100, "tools_timeout_s": 60},
}


def tasks() -> list[dict[str, Any]]:
    job = SweepJob.parse(JOB)
    return [task_of(job, p) for p in points_of(job)[0]]


@pytest.fixture
def lasting_magic(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A Magic that never ends; it writes its number to a file."""
    number = tmp_path / "number"
    script = tmp_path / "magic"
    script.write_text(f'#!/bin/sh\n[ "$1" = --version ] && echo 8.3.500 && exit\necho $$ > {number}\nexec sleep 1000\n')
    script.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")
    return number


def _gone(number: Path) -> bool:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        state = Path(f"/proc/{number.read_text().strip()}/stat")
        if not state.exists() or state.read_text().rsplit(")")[1].split()[0] == "Z":
            return True
        time.sleep(0.05)
    return False


@pytest.mark.slow
def test_results_go_to_stdout_a_line_each() -> None:
    task = tasks()[0]
    asked = json.dumps({**task, "measure": {**task["measure"], "drc": []}}) + "\n"
    command = [sys.executable, "-m", "analoom.flows.sweep.workers.worker"]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdin is not None and worker.stdout is not None
        worker.stdin.write(asked)
        worker.stdin.flush()
        told, _, _ = select.select([worker.stdout], [], [], 60)
        assert told and json.loads(worker.stdout.readline())["key"] == task["key"]
        worker.stdin.close()


@pytest.mark.slow
def test_a_point_that_takes_too_long_is_given_up_once_and_its_application_ends(lasting_magic: Path) -> None:
    process, (first, late) = PointProcess(), tasks()
    process.measure({**first, "measure": {**first["measure"], "drc": [], "timeout_s": 100}})  # it has started
    result = process.measure({**late, "measure": {**late["measure"], "timeout_s": 4}})
    process.end()
    assert "took more than 4 s on this point" in result["error"]["message"]
    assert "times" not in result["error"]["message"]
    assert _gone(lasting_magic)


@pytest.mark.slow
def test_an_application_that_takes_too_long_leaves_the_point_not_clean(lasting_magic: Path) -> None:
    task = tasks()[0]
    process = PointProcess()
    result = process.measure({**task, "measure": {**task["measure"], "timeout_s": 30, "tools_timeout_s": 0.5}})
    process.end()
    assert result["values"]["drc.magic"] == "not run"
    assert result["values"]["area_um2"] > 0


@pytest.mark.slow
def test_a_campaign_that_is_left_ends_what_is_under_way(lasting_magic: Path) -> None:
    with LocalProcesses(1) as workers:
        results = workers.run([{**t, "measure": {**t["measure"], "timeout_s": 100}} for t in tasks()])
        _interrupt_when(lasting_magic)
        with pytest.raises(KeyboardInterrupt):
            next(results)
    assert _gone(lasting_magic)


def _interrupt_when(path: Path) -> None:
    """Ctrl-C once `path` exists."""
    script = f"while [ ! -s {path} ]; do sleep 0.05; done; kill -INT {os.getpid()}"
    subprocess.Popen(["sh", "-c", script])


@pytest.mark.slow
def test_a_campaign_that_is_killed_leaves_no_application(lasting_magic: Path, tmp_path: Path) -> None:
    (tmp_path / "job.yaml").write_text(str({**JOB, "measure": {"drc": ["magic"]}}))
    exe = Path(sys.executable).parent / "analoom"
    words = [str(exe), "sweep", "job.yaml", "--workers", "1"]
    campaign = subprocess.Popen(words, cwd=tmp_path, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    deadline = time.monotonic() + 60
    while not (lasting_magic.exists() and lasting_magic.read_text().strip()) and time.monotonic() < deadline:
        time.sleep(0.05)
    campaign.send_signal(signal.SIGKILL)
    campaign.wait()
    assert _gone(lasting_magic)


@pytest.mark.full
def test_a_crash_is_told_in_the_last_words_of_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(point_process, "ATTEMPTS", 2)
    process = PointProcess()
    good, bad = tasks()[0], tasks()[1]
    good["measure"] = {**good["measure"], "drc": []}
    del bad["cell"]
    result = process.measure(bad)
    assert "2 times" in result["error"]["message"] and "KeyError: 'cell'" in result["error"]["message"]
    assert "values" in process.measure(good), "the next point gets a new process"
    process.end()


def test_a_process_that_dies_before_it_reads_its_point_is_told_as_any_other(monkeypatch: pytest.MonkeyPatch) -> None:
    def dead() -> subprocess.Popen[str]:
        pipe = subprocess.PIPE
        process = subprocess.Popen([sys.executable, "-c", ""], stdin=pipe, stdout=pipe, stderr=pipe, text=True)
        process.wait()
        monkeypatch.setattr(process, "poll", lambda: None)  # as one that dies a moment after it was looked at
        return process

    monkeypatch.setattr(point_process, "_started", dead)
    monkeypatch.setattr(point_process, "_end", lambda process: None)
    assert "ended with code 0 on this point, 3 times" in PointProcess().measure(tasks()[0])["error"]["message"]
