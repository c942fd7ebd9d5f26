"""ngspice's binary raw files: every vector by name, read in one go.

Format: lines of text up to `Binary:`, then float64 (or pairs for complex), point by point. Source: ngspice manual,
"Binary rawfile format".
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.errors import InputError

_MARK = b"Binary:\n"
_HEAD_BYTES = 1 << 24


@dataclass(frozen=True)
class RawFile:
    """One plot: `names` and `units` of its vectors and `values` (vectors, points), float64 or complex128."""

    title: str
    plot: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    values: NDArray

    def __getitem__(self, name: str) -> NDArray:
        if name not in self.names:
            raise InputError(f"the raw file has no vector {name!r}; it has: {', '.join(self.names[:8])}", field="raw")
        return self.values[self.names.index(name)]


def read_raw(path: Path) -> RawFile:
    """The first plot of a binary raw file. Raises InputError for another format and for a file cut short."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    end = head.find(_MARK)
    if end < 0:
        raise InputError(f"{path} is no binary raw file of ngspice", field="raw", remedy="unset filetype=ascii")
    text = head[:end].decode()
    vectors = re.findall(r"^\s+(\d+)\t(\S+)\t(\S+)", text.partition("Variables:")[2], re.M)
    kind = np.dtype(np.complex128 if "complex" in _field(text, "Flags", path) else np.float64)
    count, points = (int(_field(text, f"No. {what}", path)) for what in ("Variables", "Points"))
    if len(vectors) != count:
        raise InputError(f"{path} names {len(vectors)} vectors but states {count}", field="raw")
    values = np.fromfile(path, kind, count * points, offset=end + len(_MARK))
    if values.size != count * points:
        raise InputError(f"{path} is cut short: {values.size} of {count * points} numbers", field="raw")
    names, units = tuple(v[1] for v in vectors), tuple(v[2] for v in vectors)
    columns = np.ascontiguousarray(values.reshape(points, count).T)
    return RawFile(_field(text, "Title", path), _field(text, "Plotname", path), names, units, columns)


def _field(text: str, name: str, path: Path) -> str:
    found = re.search(rf"^{re.escape(name)}:\s*(.*)$", text, re.M)
    if found is None:
        raise InputError(f"{path}: the raw file's head has no {name!r}", field="raw")
    return found.group(1).strip()
