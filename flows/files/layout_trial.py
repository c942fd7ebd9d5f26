"""Whether klayout's reader comes to an end with a file: on some damaged OASIS files it does not, and cannot be stopped.

A child process reads the file first, and is ended when it takes too long. Plain GDS needs none: its reader ends.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import klayout.db as kdb

GDS_HEADER = b"\x00\x06\x00\x02"
TRIAL_S, TRIAL_S_PER_MB = 20.0, 2.0
"""Sound files take 0.02 s a MB."""


def unreadable(path: Path) -> str:
    """Why the file at `path` cannot be read in this process; empty where nothing speaks against it."""
    with path.open("rb") as stream:
        if stream.read(len(GDS_HEADER)) == GDS_HEADER:
            return ""
    limit_s = TRIAL_S + TRIAL_S_PER_MB * path.stat().st_size / 1e6
    ended = _tried(path, limit_s)
    if ended is None:
        return f"the reader came to no end in {limit_s:.0f} s"
    return f"it ended the reader with signal {os.WTERMSIG(ended)}" if os.WIFSIGNALED(ended) else ""


def _tried(path: Path, limit_s: float) -> int | None:
    """How a child that reads the file ended; None for one that had to be ended."""
    child = os.fork()
    if child == 0:
        try:
            _silence()
            kdb.Layout().read(str(path))
        finally:
            os._exit(0)
    deadline, pause_s = time.monotonic() + limit_s, 0.001
    while time.monotonic() < deadline:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status
        time.sleep(pause_s)
        pause_s = min(2 * pause_s, 0.1)
    os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    return None


def _silence() -> None:
    """What klayout says of the file it says again to the parent."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(nowhere, stream)
