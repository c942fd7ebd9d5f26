"""The process of a `PointProcess`: tasks come as JSON lines on stdin, results go as JSON lines to stdout.

The end of stdin is the end of whoever asked: it ends the point under way and the applications that it runs, so nothing
outlives a campaign that was killed.
"""

from __future__ import annotations

import json
import os
import queue
import signal
import sys
import threading
from collections.abc import Iterator
from typing import Any

from .doer import do

ENDED = 128 + signal.SIGTERM


def main() -> None:
    """Measures tasks until there are no more."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(ENDED))
    with os.fdopen(os.dup(1), "w") as results:
        os.dup2(2, 1)  # whatever C libraries print must not come between the results
        for task in _tasks():
            results.write(json.dumps(do(task)) + "\n")
            results.flush()


def _tasks() -> Iterator[dict[str, Any]]:
    lines: queue.SimpleQueue[bytes] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(lines,), daemon=True).start()
    while True:
        yield json.loads(lines.get())


def _read(lines: queue.SimpleQueue[bytes]) -> None:
    """Lines of stdin, past Python's own buffer, whose lock would be waited for at the end."""
    rest = b""
    while more := os.read(0, 1 << 16):
        *whole, rest = (rest + more).split(b"\n")
        for line in whole:
            lines.put(line)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    main()
