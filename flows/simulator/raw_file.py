"""ngspice's raw files, binary or ASCII, one plot or several: every vector by name, the numbers read in one go.

Format: lines of text up to `Binary:` or `Values:`, then the points one after the other. Binary: float64, or pairs for
complex. ASCII: the point's index, then its values, complex ones as `re,im`. Source: ngspice manual, "Rawfile format".
"""

from __future__ import annotations

import mmap
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.errors import InputError

_MARK = re.compile(rb"^(Binary|Values):[ \t]*\r?\n", re.M)
_BYTES_READ_FOR_MARK = 1 << 26
_NEXT_PLOT = re.compile(rb"^Title:", re.M)


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


@dataclass(frozen=True)
class _Head:
    """What the text above a plot's numbers states; numbers start at byte `data`."""

    title: str
    plot: str
    names: tuple[str, ...]
    units: tuple[str, ...]
    points: int
    kind: np.dtype
    ascii: bool
    data: int


def read_raw(path: Path) -> RawFile:
    """The first plot of a raw file. Raises InputError for another format and for a file cut short."""
    return read_plots(path, 1)[0]


def read_plots(path: Path, most: int | None = None) -> list[RawFile]:
    """Every plot of a raw file in order, or the first `most`. Raises InputError as `read_raw`."""
    if not path.is_file() or not path.stat().st_size:
        raise InputError(f"{path} is no raw file of ngspice: {'empty' if path.exists() else 'absent'}", field="raw")
    plots: list[RawFile] = []
    with path.open("rb") as stream, mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as held:
        at = 0
        while at < len(held) and (most is None or len(plots) < most):
            head = _head(path, held, at)
            values, at = (_ascii if head.ascii else _binary)(path, held, head)
            plots.append(RawFile(head.title, head.plot, head.names, head.units, values))
    return plots


def _head(path: Path, held: mmap.mmap, start: int) -> _Head:
    mark = _MARK.search(held, start, start + _BYTES_READ_FOR_MARK)
    if mark is None:
        raise InputError(f"{path} is no raw file of ngspice: no numbers after byte {start}", field="raw")
    text = held[start : mark.start()].decode(errors="replace")
    vectors = re.findall(r"^\s+(\d+)\t(\S+)\t(\S+)", text.partition("Variables:")[2], re.M)
    count = _count(text, "Variables", path)
    if len(vectors) != count:
        raise InputError(f"{path} names {len(vectors)} vectors but states {count}", field="raw")
    return _Head(
        title=_field(text, "Title", path),
        plot=_field(text, "Plotname", path),
        names=tuple(v[1] for v in vectors),
        units=tuple(v[2] for v in vectors),
        points=_count(text, "Points", path),
        kind=np.dtype(np.complex128 if "complex" in _field(text, "Flags", path) else np.float64),
        ascii=mark.group(1) == b"Values",
        data=mark.end(),
    )


def _binary(path: Path, held: mmap.mmap, head: _Head) -> tuple[NDArray, int]:
    """The numbers, and where the next plot starts."""
    wanted = len(head.names) * head.points
    found = min(wanted, (len(held) - head.data) // head.kind.itemsize)
    _require(path, found, wanted)
    values = np.fromfile(path, head.kind, wanted, offset=head.data)
    return _columns(values, head), head.data + wanted * head.kind.itemsize


def _ascii(path: Path, held: mmap.mmap, head: _Head) -> tuple[NDArray, int]:
    found = _NEXT_PLOT.search(held, head.data)
    end = found.start() if found else len(held)
    numbers = _numbers(path, held[head.data : end].replace(b",", b" ").split())
    parts = head.kind.itemsize // np.dtype(np.float64).itemsize
    a_point = 1 + len(head.names) * parts
    _require(path, numbers.size, a_point * head.points)
    values = np.ascontiguousarray(numbers.reshape(head.points, a_point)[:, 1:]).view(head.kind)
    return _columns(values, head), end


def _numbers(path: Path, words: list[bytes]) -> NDArray[np.float64]:
    try:
        return np.array(words, dtype=np.float64)
    except ValueError as error:
        raise InputError(f"{path} holds something that is no number: {error}", field="raw") from None


def _columns(values: NDArray, head: _Head) -> NDArray:
    return np.ascontiguousarray(values.reshape(head.points, len(head.names)).T)


def _require(path: Path, found: int, wanted: int) -> None:
    if found != wanted:
        raise InputError(f"{path} is cut short: {found} of {wanted} numbers", field="raw")


def _count(text: str, what: str, path: Path) -> int:
    value = _field(text, f"No. {what}", path)
    if not value.isdigit():
        raise InputError(f"{path}: the raw file's head states {value!r} {what.lower()}", field="raw")
    return int(value)


def _field(text: str, name: str, path: Path) -> str:
    found = re.search(rf"^{re.escape(name)}:\s*(.*)$", text, re.M)
    if found is None:
        raise InputError(f"{path}: the raw file's head has no {name!r}", field="raw")
    return found.group(1).strip()
