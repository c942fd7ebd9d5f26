"""The folder of one run of the executable: what its processes note there for the parent that may have to end them.

A process that is killed cannot clean up. Where ANALOOM_RUN names the folder of a run, each draft bears that folder's
name and the place of each is noted there, so that `remove_drafts` finds what the run and its workers left.
"""

from __future__ import annotations

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

RUN_VARIABLE = "ANALOOM_RUN"
_PLACES, _ANSWERED = "drafts", "answered"


@contextmanager
def draft_folder(place: Path, prefix: str) -> Iterator[Path]:
    """A folder in `place` for half-written files, removed with what is left in it when the block ends.

    Raises OSError where none can be made.
    """
    run = os.environ.get(RUN_VARIABLE)
    if run:
        _note(Path(run), place)
        prefix = f"{prefix}{Path(run).name}-"
    with tempfile.TemporaryDirectory(prefix=prefix, dir=place) as folder:
        yield Path(folder)


def remove_drafts(run: Path) -> None:
    """Removes every draft of a run whose processes have all ended."""
    with suppress(FileNotFoundError):
        for place in set((run / _PLACES).read_bytes().split(b"\0")) - {b""}:
            for draft in Path(os.fsdecode(place)).glob(f".*-{run.name}-*"):
                shutil.rmtree(draft, ignore_errors=True)


def answer() -> None:
    """Notes that the JSON document is being printed, which cannot be taken back."""
    if run := os.environ.get(RUN_VARIABLE):
        (Path(run) / _ANSWERED).touch()


def has_answered(run: Path) -> bool:
    """Whether the run's JSON document is being printed, or was."""
    return (run / _ANSWERED).exists()


def _note(run: Path, place: Path) -> None:
    """Adds a line in one piece, as workers write here too."""
    file = os.open(run / _PLACES, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    try:
        os.write(file, os.fsencode(place.resolve()) + b"\0")
    finally:
        os.close(file)
