"""The folder an application runs in: its files appear among the results whole, or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .application import ToolRun
from .run_folder import draft_folder


@contextmanager
def scratch(workdir: Path, stem: str) -> Iterator[Path]:
    """A folder to run an application in. Its files move into `workdir` when the run ends by itself; else none stays.

    Files `stem.*` of an earlier run go first, so that none is taken for this one's.
    """
    for old in workdir.glob(f"{stem}.*"):
        old.unlink()
    with draft_folder(workdir, ".running-") as folder:
        yield folder
        for path in folder.iterdir():
            os.replace(path, workdir / path.name)


def keep_log(folder: Path, stem: str, run: ToolRun) -> str:
    """Writes and returns what the application said."""
    said = run.stdout + run.stderr
    (folder / f"{stem}.log").write_text(said)
    return said
