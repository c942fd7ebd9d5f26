"""A folder that is written whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from analoom.pdk.errors import InputError

from .outputs import make_folder, unwritable
from .run_folder import draft_folder


@contextmanager
def whole_folder(folder: Path, mark: str) -> Iterator[Path]:
    """A temporary folder that becomes `folder` when the block ends well, and vanishes when not.

    What `folder` held before is replaced if the file `mark` is in it, which tells a folder that was written so. Raises
    InputError for one that holds anything else: no file of the user's is ever removed.
    """
    folder = Path(folder)
    _check(folder, mark)
    make_folder(folder.parent)
    with draft_folder(folder.parent, ".writing-") as place:
        draft, before = place / "new", place / "before"
        draft.mkdir()
        yield draft
        try:
            if folder.exists():
                os.replace(folder, before)
            os.replace(draft, folder)
        except OSError as error:
            raise unwritable(folder, error) from None


def _check(folder: Path, mark: str) -> None:
    if not folder.exists():
        return
    if folder.is_dir() and ((folder / mark).is_file() or not any(folder.iterdir())):
        return
    said = f"{folder} is there, and was not written by an earlier export"
    raise InputError(said, field="out", remedy="--out a folder that is not there yet")
