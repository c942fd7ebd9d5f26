"""A tarball with the same bytes whenever the same files go in: names in order, no times, no owners."""

from __future__ import annotations

import gzip
import io
import tarfile
from collections.abc import Mapping
from pathlib import Path

from analoom.flows.files.outputs import write_whole

MODE_FILE = 0o644


def write_tarball(path: Path, files: Mapping[str, bytes]) -> Path:
    """Writes `files` by their paths in it, as `.tar.gz`."""
    held = io.BytesIO()
    with tarfile.open(fileobj=held, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name in sorted(files):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mode, entry.mtime = len(files[name]), MODE_FILE, 0
            tar.addfile(entry, io.BytesIO(files[name]))
    return write_whole(path, gzip.compress(held.getvalue(), mtime=0))


def files_in(path: Path) -> dict[str, bytes]:
    """The plain files of a tarball by their paths."""
    with tarfile.open(path, mode="r:gz") as tar:
        return {entry.name: file.read() for entry in tar if (file := tar.extractfile(entry))}
