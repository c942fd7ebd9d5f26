"""The layout file as a part of the page, so that one file can be mailed; a large one as a zip beside it."""

from __future__ import annotations

import base64
import zipfile
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from analoom.flows.files.outputs import whole_file

LARGEST_MB = 5.0
"""A larger file is not embedded."""


@dataclass(frozen=True)
class Download:
    """A link: the name that the file is saved by, its address, and how it is told."""

    name: str
    address: str
    words: str


def gds_download(gds: Path, folder: Path) -> Download:
    """The file as a data: address, or the address of a zip of it, which is written into `folder`."""
    mb = gds.stat().st_size / 1e6
    if mb <= LARGEST_MB:
        address = "data:application/octet-stream;base64," + base64.b64encode(gds.read_bytes()).decode()
        return Download(gds.name, address, f"{gds.name}, {_size(mb)}, in this page")
    packed = _zipped(gds, folder / f"{gds.stem}.zip")
    words = f"{packed.name}, {_size(packed.stat().st_size / 1e6)}, beside this page: {gds.name} has {_size(mb)}"
    return Download(packed.name, quote(packed.name), words)


def _zipped(gds: Path, path: Path) -> Path:
    """A zip with the one file in it, the same bytes each time."""
    with whole_file(path) as draft, zipfile.ZipFile(draft, "w", zipfile.ZIP_DEFLATED) as packed:
        packed.writestr(zipfile.ZipInfo(gds.name), gds.read_bytes(), zipfile.ZIP_DEFLATED)
    return path


def _size(mb: float) -> str:
    return f"{mb:.1f} MB" if mb >= 1 else f"{1e3 * mb:.1f} kB"
