"""Runs an external application: an argument list, a working folder, a time limit; says how long and how much memory."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from analoom.pdk.errors import ToolError

POLL_S = 0.05
"""How often the memory of a running tool is read."""
INTERRUPTIONS = (signal.SIGINT, signal.SIGTERM)
TELL_S = 1.0
"""How often it is told what a running tool is doing."""


@dataclass(frozen=True)
class ToolRun:
    """What a tool did. `peak_mb`: largest resident memory of the process (0 where the system does not say)."""

    returncode: int
    stdout: str
    stderr: str
    seconds: float
    peak_mb: float


@dataclass(frozen=True)
class Watch:
    """How long an application may run, and who is told once a second what it is doing."""

    timeout_s: float = 900.0
    tell: Callable[[str], None] = lambda doing: None

    def with_tell(self, tell: Callable[[str], None]) -> Watch:
        """The same time limit, and `tell` told."""
        return Watch(self.timeout_s, tell)


NO_WATCH = Watch()
"""The usual time limit, and nobody told."""


_running: set[subprocess.Popen[str]] = set()


def end_all() -> None:
    """Ends every application that this process runs, for one that has to end at once itself: asks and waits for none.

    It may be called while `run_tool` waits, in a signal's handler: Popen's own methods would wait for each other.
    """
    for process in list(_running):
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def run_tool(
    argv: Sequence[str],
    cwd: Path,
    watch: Watch | float,
    env: Mapping[str, str] | None = None,
    steps: str = r"(.+)",
) -> ToolRun:
    """Runs `argv` in `cwd` with `env` added to the environment; standard input is empty.

    The process gets a group of its own, which is ended as a whole at the time limit and when we are interrupted.
    `watch` (or a time limit in seconds) is told the last line of output that `steps` matches, by its first group.
    Raises ToolError when the executable is missing and when the time is up.
    """
    watched = watch if isinstance(watch, Watch) else Watch(watch)
    start = time.perf_counter()
    with ExitStack() as ended:
        with interruptions_held():  # none between the start of a process and our knowing of it
            process = _start(argv, cwd, env)
            _running.add(process)
            ended.callback(_running.discard, process)
            ended.callback(_end_group, process)
            stdout, stderr = _Reader(process.stdout, steps), _Reader(process.stderr, steps)
            peak = _PeakMemory(process.pid)
            ended.callback(peak.stop)
        _wait(process, watched, lambda: f"{stdout.step or stderr.step} ({peak.mb:.0f} MB)")
    return ToolRun(process.returncode, stdout.text(), stderr.text(), time.perf_counter() - start, peak.mb)


@contextmanager
def interruptions_held() -> Iterator[None]:
    """SIGINT and SIGTERM of the block come at its end: where an exception in the midst would be lost or do harm."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {which: signal.signal(which, lambda number, _: came.append(number)) for which in INTERRUPTIONS}
    try:
        yield
    finally:
        for which, handler in before.items():
            signal.signal(which, handler)
        for number in came:
            signal.raise_signal(number)


def _wait(process: subprocess.Popen[str], watch: Watch, doing: Callable[[], str]) -> None:
    """Until the process ends; tells what it does every TELL_S. Raises ToolError at the time limit."""
    deadline = time.monotonic() + watch.timeout_s
    while True:
        try:
            process.wait(timeout=max(0.0, min(TELL_S, deadline - time.monotonic())))
            return
        except subprocess.TimeoutExpired:
            if time.monotonic() >= deadline:
                raise _too_slow(str(process.args[0]), watch.timeout_s) from None  # type: ignore[index]
            watch.tell(doing())


def _too_slow(application: str, timeout_s: float) -> ToolError:
    remedy = f"allow more time (--timeout {10 * timeout_s:g})"
    return ToolError(f"{application}: stopped after {timeout_s:g} s", field=application, remedy=remedy)


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
        process.wait()


class _Reader:
    """Collects what a process writes to one of its streams; `step` is the last thing it was seen to do."""

    def __init__(self, stream: IO[str] | None, steps: str) -> None:
        self.step = ""
        self._stream, self._steps, self._lines = stream, re.compile(steps), list[str]()
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def text(self) -> str:
        """All of it, once the process has ended."""
        self._thread.join()
        return "".join(self._lines)

    def _read(self) -> None:
        for line in self._stream or ():
            self._lines.append(line)
            found = self._steps.search(line)
            if found:
                self.step = found.group(1).strip()


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
