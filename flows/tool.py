"""Runs an external application: an argument list, a working folder, a time limit; says how long and how much memory."""

from __future__ import annotations

import os
import signal
import subprocess
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from analoom.pdk.errors import ToolError

POLL_S = 0.05
"""How often the memory of a running tool is read."""


@dataclass(frozen=True)
class ToolRun:
    """What a tool did. `peak_mb`: largest resident memory of the process (0 where the system does not say)."""

    returncode: int
    stdout: str
    stderr: str
    seconds: float
    peak_mb: float


def run_tool(argv: Sequence[str], cwd: Path, timeout_s: float, env: Mapping[str, str] | None = None) -> ToolRun:
    """Runs `argv` in `cwd` with `env` added to the environment; standard input is empty.

    The process gets a group of its own, which is ended as a whole at the time limit.
    Raises ToolError when the executable is missing and when the time is up.
    """
    start = time.perf_counter()
    process = _start(argv, cwd, env)
    peak = _PeakMemory(process.pid)
    try:
        stdout, stderr = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired:
        raise ToolError(f"{argv[0]}: stopped after {timeout_s:g} s", field=argv[0], remedy="allow more time") from None
    finally:
        _end_group(process)
        peak.stop()
    return ToolRun(process.returncode, stdout, stderr, time.perf_counter() - start, peak.mb)


def _start(argv: Sequence[str], cwd: Path, env: Mapping[str, str] | None) -> subprocess.Popen[str]:
    try:
        return subprocess.Popen(
            list(argv),
            cwd=cwd,
            env={**os.environ, **(env or {})},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            errors="replace",
            start_new_session=True,
        )
    except OSError as error:
        raise ToolError(f"{argv[0]}: cannot be started: {error.strerror}", field=argv[0]) from None


def _end_group(process: subprocess.Popen[str]) -> None:
    """Ends what is still running of the group and collects it."""
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
        process.communicate()


class _PeakMemory:
    """Watches the resident memory of a process from a thread (Linux; elsewhere it reads 0)."""

    def __init__(self, pid: int) -> None:
        self.mb = 0.0
        self._status = Path(f"/proc/{pid}/status")
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def stop(self) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while True:
            self.mb = max(self.mb, self._now_mb())
            if self._ended.wait(POLL_S):
                return

    def _now_mb(self) -> float:
        try:
            lines = self._status.read_text().splitlines()
        except OSError:
            return 0.0
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0.0)
