"""The folder an application runs in: its files appear among the results whole, or not at all."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .application import ToolRun


@contextmanager
def scratch(workdir: Path, stem: str) -> Iterator[Path]:
    """A folder to run an application in. Its files move into `workdir` when the run ends by itself; else none stays.

    Files `stem.*` of an earlier run go first, so that none is taken for this one's.
    """
    for old in workdir.glob(f"{stem}.*"):
        old.unlink()
    with tempfile.TemporaryDirectory(prefix=".running-", dir=workdir) as folder:
        yield Path(folder)
        for path in Path(folder).iterdir():
            os.replace(path, workdir / path.name)


def keep_log(folder: Path, stem: str, run: ToolRun) -> str:
    """Writes and returns what the application said."""
    said = run.stdout + run.stderr
    (folder / f"{stem}.log").write_text(said)
    return said
