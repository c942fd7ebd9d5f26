"""By which code and on which models a result was made, as one short hash."""

from __future__ import annotations

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from analoom.cells.model.cell_files import foreign_sources
from analoom.pdk.install import models_dir, package_version, pdk_sources, wire_tables_dir

from .outputs import PACKAGES


def code_version() -> str:
    """A hash of analoom's own files, the versions of what it rests on, the model files, and a user's files of cells."""
    foreign = foreign_sources()
    said = json.dumps([_own_version(), sorted(foreign.values())])
    return hashlib.sha256(said.encode()).hexdigest()[:16] if foreign else _own_version()


@cache
def _own_version() -> str:
    digest = hashlib.sha256()
    ours = Path(__file__).resolve().parents[2]
    for package in ("pdk", "cells", "generators", "flows"):
        _add_folder(digest, ours / package, "*.py")
    versions = {name: package_version(name) for name in PACKAGES if name != "analoom"}
    digest.update(json.dumps([versions, pdk_sources()], sort_keys=True).encode())
    for folder in (models_dir(), wire_tables_dir()):
        _add_folder(digest, folder, "*.spice")
    return digest.hexdigest()[:16]


def _add_folder(digest: Any, folder: Path, pattern: str) -> None:
    for path in sorted(folder.rglob(pattern)):
        digest.update(str(path.relative_to(folder)).encode())
        digest.update(path.read_bytes())
