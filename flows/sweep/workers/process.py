"""A process that measures points one by one: given up when it takes too long, replaced when it dies or grows old.

What goes wrong in a point (a crash in a C library, an endless loop) ends this process and not the campaign.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
from collections import deque
from collections.abc import Mapping
from contextlib import suppress
from typing import IO, Any

Task = Mapping[str, Any]
Result = dict[str, Any]

POINTS_A_PROCESS = 250
"""A process is replaced after so many points, as the layout library of a process only grows."""

ATTEMPTS = 3
"""Processes that may die on a point before it counts as failed. One that takes too long is not tried again."""

GRACE_S = 5.0
"""A process asked to end gets so long to end the applications that it runs."""

LAST_WORDS = 40
"""Lines kept of what a process said before it died."""


class PointProcess:
    """One process, started when first needed."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[str] | None = None
        self._said: _LastWords | None = None
        self._points = 0
        self._ended = False

    def measure(self, task: Task) -> Result:
        """The result of `task`, or an error once it took too long or has taken down ATTEMPTS processes."""
        reason = ""
        for _ in range(ATTEMPTS):
            try:
                answer, reason, again = self._asked(task)
            except OSError as error:
                return lost_result(task, f"no process could be started for this point: {error.strerror}")
            if answer is not None:
                return answer
            if not again or self._ended:
                return lost_result(task, f"the process {reason} on this point")
        return lost_result(task, f"the process {reason} on this point, {ATTEMPTS} times")

    def end(self) -> None:
        """Ends the process, from any thread; a point under way is lost, and no other process is started."""
        self._ended = True
        if self._process is not None:
            _end(self._process)

    def _asked(self, task: Task) -> tuple[Result | None, str, bool]:
        """The answer, or None with the reason and whether another try makes sense."""
        process = self._running()
        late = threading.Event()
        timeout_s = float(task["measure"]["timeout_s"])
        clock = threading.Timer(timeout_s, _give_up, (process, late))
        clock.start()
        try:
            line = _exchange(process, json.dumps(task))
        finally:
            clock.cancel()
        if line.endswith("\n"):
            self._points += 1
            return json.loads(line), "", False
        reason = f"took more than {timeout_s:g} s" if late.is_set() else self._how_it_died(process)
        self._dropped()
        return None, reason, not late.is_set()

    def _running(self) -> subprocess.Popen[str]:
        if self._points >= POINTS_A_PROCESS or (self._process is not None and self._process.poll() is not None):
            self._dropped()
        if self._process is None:
            self._process = _started()
            self._said = _LastWords(self._process.stderr)
        return self._process

    def _dropped(self) -> None:
        process, self._process, self._points = self._process, None, 0
        if process is not None:
            _end(process)
            for pipe in (process.stdin, process.stdout):
                with suppress(BrokenPipeError):  # stdin may still hold a line that a dead process never read
                    if pipe is not None:
                        pipe.close()

    def _how_it_died(self, process: subprocess.Popen[str]) -> str:
        word = self._said.last() if self._said else ""
        return f"ended with code {process.wait()}" + (f" ({word})" if word else "")


class _LastWords:
    """Reads what a process says on stderr, and keeps the end of it."""

    def __init__(self, stream: IO[str] | None) -> None:
        self._stream, self._lines = stream, deque[str](maxlen=LAST_WORDS)
        self._thread = threading.Thread(target=self._read, daemon=True)
        self._thread.start()

    def last(self) -> str:
        """The last line that says something, once the process has died."""
        self._thread.join(GRACE_S)
        return next((line.strip() for line in reversed(self._lines) if line.strip()), "")

    def _read(self) -> None:
        if self._stream is not None:
            with self._stream:
                self._lines.extend(self._stream)


def lost_result(task: Task, message: str) -> Result:
    """The result of a point whose worker gave no answer."""
    return {"key": task["key"], "error": {"type": "ToolError", "message": message, "field": None, "remedy": None}}


def _exchange(process: subprocess.Popen[str], line: str) -> str:
    """Hands over a line and waits for one; "" from a process that died."""
    assert process.stdin is not None and process.stdout is not None
    try:
        process.stdin.write(line + "\n")
        process.stdin.flush()
        return process.stdout.readline()
    except BrokenPipeError:
        return ""


def _give_up(process: subprocess.Popen[str], late: threading.Event) -> None:
    late.set()
    _end(process)


def _end(process: subprocess.Popen[str]) -> None:
    """Asks the process to end, and kills it when it does not."""
    if process.poll() is None:
        process.terminate()
        try:
            process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _started() -> subprocess.Popen[str]:
    threads = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    return subprocess.Popen(
        [sys.executable, "-m", "analoom.flows.sweep.workers.worker"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        errors="replace",
        env={**os.environ, **threads},
        start_new_session=True,  # Ctrl-C is for the campaign, which ends its processes itself
    )
