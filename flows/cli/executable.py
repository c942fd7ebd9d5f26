"""The executable `analoom`: the command line in a child process, which its parent ends when a signal comes.

Python's own handlers wait until C code returns (klayout, ngspice: for minutes), threads do too while it holds Python's
lock, and an exception raised in a callback of ngspice is lost. So a child does the work, in a session of its own that
no Ctrl-C reaches, and the parent only waits. On a signal it ends the child and all that it started, whatever they do,
and removes their drafts (`analoom.flows.files.run_folder`).
"""

from __future__ import annotations

import gc
import json
import os
import select
import shutil
import signal
import sys
import tempfile
import threading
import time
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from analoom.flows.files.run_folder import RUN_VARIABLE, has_answered, remove_drafts
from analoom.pdk.errors import AnaloomError, InputError, Interrupted, ToolError

if TYPE_CHECKING:
    from psutil import Process

ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
GRACE_S = 0.5
"""A child that prints its document gets so long to end by itself, and processes that were killed to be gone."""
POLL_S = 0.005
YOUNG = 20_000
"""Objects made before those lost in circles are looked for: by Python's own 700 a start does so 159 times in vain."""
SHOW_CURSOR = b"\r\x1b[K\x1b[?25h"
"""To a terminal: the line of a spinner or a bar cleared, and the cursor that it hid shown again."""


def main() -> None:
    """Runs the command line and exits with its code, or with 128 + the number of the signal that ended it."""
    waited = {signal.SIGCHLD, signal.SIGTSTP, *(which for which in ENDING if signal.getsignal(which) != signal.SIG_IGN)}
    before = signal.pthread_sigmask(signal.SIG_BLOCK, waited)
    signal.signal(signal.SIGCHLD, lambda *_: None)  # what is ignored may not be waited for
    try:
        run = Path(tempfile.mkdtemp(prefix="analoom-"))
    except OSError as error:
        remedy = "make room, or name another folder in TMPDIR"
        sys.exit(_tell(InputError(f"no folder for temporary files: {error.strerror}", remedy=remedy), 2))
    ours, theirs = os.pipe()
    gc.freeze()  # else the child's first collection copies what it shares with us
    child = os.fork()
    if not child:
        os.close(theirs)
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        _work(run, ours)
    try:
        code = _watched(child, run, waited)
    finally:
        shutil.rmtree(run, ignore_errors=True)
    os._exit(code)  # nothing is left to do, and Python's own end takes some milliseconds


def _work(run: Path, parent: int) -> None:
    """The command line itself, in the child; never returns."""
    os.setsid()
    os.environ.update({RUN_VARIABLE: str(run), "TMPDIR": str(run)})
    tempfile.tempdir = None
    gc.set_threshold(YOUNG)
    threading.Thread(target=_end_with, args=(parent,), daemon=True).start()
    from .main import main as work

    work()


def _end_with(parent: int) -> None:
    """Ends this process and those below it once the parent, that holds the other end of the pipe, was killed."""
    os.read(parent, 1)
    for process in _stopped(os.getpid(), itself=False):
        _send(process, signal.SIGKILL)
    os._exit(128 + signal.SIGKILL)


def _watched(child: int, run: Path, waited: set[signal.Signals]) -> int:
    """Waits for the child or for a signal; the exit code."""
    while True:
        came = signal.sigwait(waited)
        if came == signal.SIGTSTP:
            _pause(child)
            continue
        status = _status(child, GRACE_S if came in ENDING and has_answered(run) else 0)
        if status is not None:
            return _ended_by(os.WTERMSIG(status), run) if os.WIFSIGNALED(status) else os.WEXITSTATUS(status)
        if came in ENDING:
            _end(child)
            return _cleared(run, Interrupted(), 128 + came)


def _status(child: int, patience_s: float) -> int | None:
    """How the child ended, None when it goes on."""
    deadline = time.monotonic() + patience_s
    while True:
        done, status = os.waitpid(child, os.WNOHANG)
        if done or time.monotonic() >= deadline:
            return status if done else None
        time.sleep(POLL_S)


def _ended_by(number: int, run: Path) -> int:
    """Clears up after a child that a signal ended, such as a crash in a C library: it could not run."""
    which = signal.Signals(number)
    remedy = "the memory may not suffice" if which == signal.SIGKILL else None
    return _cleared(run, ToolError(f"the process was ended by {which.name}", remedy=remedy), 2)


def _cleared(run: Path, error: AnaloomError, code: int) -> int:
    """Removes the drafts of a run and tells why there is no result, where none was printed; `code`."""
    remove_drafts(run)
    return code if has_answered(run) else _tell(error, code)


def _end(child: int) -> None:
    """Ends the child and all below it, and waits until none can write any more."""
    below = _stopped(child)
    for process in below:
        _send(process, signal.SIGKILL)
    os.waitpid(child, 0)
    deadline = time.monotonic() + GRACE_S
    while time.monotonic() < deadline and not all(map(_gone, below)):
        time.sleep(POLL_S)


def _pause(child: int) -> None:
    """Ctrl-Z: everything stands until a shell's `fg` or `bg`."""
    stopped = _stopped(child)
    os.kill(os.getpid(), signal.SIGSTOP)
    for process in stopped:
        _send(process, signal.SIGCONT)


def _stopped(top: int, itself: bool = True) -> list[Process]:
    """The process `top` and all below it, made to stand still first, so that none starts another meanwhile."""
    import psutil

    whole = psutil.Process(top)
    held: list[Process] = []
    while more := [p for p in (*([whole] if itself else []), *whole.children(recursive=True)) if p not in held]:
        for process in more:
            _send(process, signal.SIGSTOP)
        held += more
    return held


def _gone(process: Process) -> bool:
    """Whether it has ended; nobody may have asked for its exit code yet."""
    import psutil

    try:
        return process.status() == psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return True


def _send(process: Process, which: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(process.pid, which)


def _tell(error: AnaloomError, code: int) -> int:
    """Says in one line, or with --json in one document, why there is no result; returns `code`."""
    document = "--json" in sys.argv
    said = json.dumps({"error": error.to_json()}, indent=2) if document else f"error: {error.advice()}"
    if os.isatty(2):
        _write(2, SHOW_CURSOR)
    _write(1 if document else 2, f"{said}\n".encode())
    return code


def _write(stream: int, said: bytes) -> None:
    """Writes where somebody reads; a full pipe would be waited for."""
    with suppress(OSError):
        if select.select([], [stream], [], GRACE_S)[1]:
            os.write(stream, said)
