"""Where results go: `out/<cell>/<spec name>/`, files written whole or not at all, and what they came from."""

from __future__ import annotations

import errno
import hashlib
import json
import os
import platform
import re
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import cell_name, registered
from analoom.pdk.errors import InputError
from analoom.pdk.install import package_version, pdk_sources

from .run_folder import draft_folder

OUT = Path("out")
"""Where results go when nothing else is said, seen from the working folder."""

LONGEST_STEM = 100
TAG_DIGITS = 8
"""Of a file's path in the name of its results' folder, which has room for a long stem."""

PACKAGES = ("analoom", "klayout", "gdsfactory", "numpy", "scipy", "PySpice")
"""The Python packages whose versions decide a result."""


def generator_of(cell: Cell) -> str:
    """The registry name of the generator that drew `cell`. Raises InputError for a cell that none did."""
    of = [n for n, e in registered().items() if e.spec_type is type(cell.spec) and e.kind == cell.kind]
    if not of:
        raise InputError(f"{cell.name} was drawn by no registered generator", field="name", remedy="analoom list")
    return next((name for name in of if cell_name(name, cell.spec) == cell.name), of[0])


def cell_folder(cell: Cell, root: Path | None = None) -> Path:
    """`root/<cell>/<spec name>/` (root: `out` by default), made if absent."""
    return make_folder(Path(root or OUT) / safe_name(generator_of(cell)) / safe_name(cell.name))


def file_folder(path: Path, root: Path | None = None) -> Path:
    """`root/files/<stem>-<tag>/` for the results of a layout file that analoom did not write, made if absent.

    The tag is one of the file's whole path: files of one name keep results of their own.
    """
    stem = re.sub(r"[^A-Za-z0-9_]", "_", path.name.split(".")[0])[:LONGEST_STEM] or "_"
    tag = hashlib.sha256(str(path.resolve()).encode()).hexdigest()[:TAG_DIGITS]
    return make_folder(Path(root or OUT) / "files" / safe_name(f"{stem}-{tag}"))


def make_folder(folder: Path) -> Path:
    """`folder`, made if absent. Raises InputError when that fails or nothing can be written there."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            return folder
    except OSError as error:
        raise unwritable(folder, error) from None


def safe_name(name: str) -> str:
    """`name` if it is one plain path component, refused otherwise."""
    if not re.fullmatch(r"[A-Za-z0-9_][A-Za-z0-9_.-]*", name) or len(name) > 200:
        raise InputError(f"{name!r} cannot name a folder", field="name", remedy="use letters, digits and _")
    return name


def plain_name(name: str) -> str:
    """A cell's name as files and subcircuits may bear it: other characters replaced, no longer than LONGEST_STEM."""
    return re.sub(r"[^A-Za-z0-9_.-]", "_", name)[:LONGEST_STEM]


@contextmanager
def whole_file(path: Path) -> Iterator[Path]:
    """A temporary path of the same suffix that becomes `path` when the block ends well, and vanishes when not.

    Its folder is made if absent.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with draft_folder(path.parent, ".writing-") as folder:
            draft = folder / path.name
            yield draft
            os.replace(draft, path)
    except OSError as error:
        raise unwritable(path, error) from None


def write_whole(path: Path, content: str | bytes) -> Path:
    """Writes `content` to `path` whole or not at all."""
    with whole_file(path) as draft:
        draft.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def write_layout(cell: Cell, path: Path) -> Path:
    """Writes the layout of `cell` to `path`, GDS or OASIS by its suffix, whole or not at all."""
    with whole_file(path) as draft:
        cell.write(draft)
    return path


def write_json(path: Path, value: Any) -> Path:
    """Writes `value` as readable JSON, whole or not at all."""
    return write_whole(path, json.dumps(value, indent=2) + "\n")


def write_step(folder: Path, name: str, report: dict[str, Any]) -> dict[str, Any]:
    """Keeps a step's JSON beside its files, where `analoom report` finds it."""
    write_json(folder / f"{name}.json", report)
    return report


def provenance(seed: int | None = None, tools: Mapping[str, str] | None = None) -> dict[str, Any]:
    """What a result came from: package and PDK versions, the tools that ran, the seed."""
    return {
        "packages": {name: package_version(name) for name in PACKAGES},
        "pdk": pdk_sources(),
        "tools": dict(tools or {}),
        "python": platform.python_version(),
        "platform": platform.platform(),
        "seed": seed,
    }


def unwritable(path: Path, error: OSError) -> InputError:
    """What a failed write is told as."""
    full = error.errno in (errno.ENOSPC, errno.EDQUOT)
    remedy = "make room and run it again" if full else "give a folder you can write to with --out"
    return InputError(f"cannot write {path}: {error.strerror or error}", field="out", remedy=remedy)
