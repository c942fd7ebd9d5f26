"""Trimmed model libraries: only the devices and the size bins a circuit uses, cut from the installed continuous models.

A full library loads in 0.6 s and 165 MB, a trimmed one in about 10 ms. Files are made on demand, kept under
`$XDG_CACHE_HOME/analoom` (else `~/.cache/analoom`), named by a hash of all they were made from, and written whole:
several processes may ask for the same one at once. Nothing is cut inside a device: `tests/flows/test_models.py`
compares an operating point with the full library's, digit by digit.
"""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from analoom.cells.circuit import Circuit, Mos
from analoom.pdk.corners import Corner
from analoom.pdk.errors import InputError
from analoom.pdk.install import continuous_models_dir
from analoom.pdk.model_files import DEVICE_FILES, GLOBAL_FILE, LIBRARY_FILE, subcircuit_text

_FORMAT = "1"
_SECTION = "tt"
_BOUND = re.compile(r"\b(lmin|lmax|wmin|wmax)\s*=\s*([0-9.eE+-]+)")


@dataclass(frozen=True, order=True)
class Size:
    """One size of one model in use: total width and length in um (0 for a capacitor: no bins), and fingers."""

    model: str
    w_um: float = 0.0
    l_um: float = 0.0
    nf: int = 1


def sizes_of(circuit: Circuit) -> tuple[Size, ...]:
    """Every size in `circuit` and below, sorted, each once."""
    found: set[Size] = set()
    for c in (*circuit.children(), circuit):
        for d in c.devices:
            found.add(Size(d.device.model, d.w_um, d.l_um, d.nf) if isinstance(d, Mos) else Size(d.device.model))
    return tuple(sorted(found))


def trimmed_library(sizes: Iterable[Size], corner: Corner, *, mismatch: bool = False) -> Path:
    """A file to `.include` with the models of `sizes` at `corner`; `mismatch` turns the models' own random draws on.

    Raises InputError for a model the library lacks and for a size without a bin.
    """
    wanted = tuple(sorted(set(sizes)))
    path = cache_dir() / f"models_{_digest(wanted, corner, mismatch)}.spice"
    if not path.exists():
        _write_whole(path, _library_text(wanted, corner, mismatch))
    return path


def cache_dir() -> Path:
    """The folder of made libraries, created when absent."""
    root = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    path = Path(root) / "analoom"
    path.mkdir(parents=True, exist_ok=True)
    return path


def _digest(sizes: Sequence[Size], corner: Corner, mismatch: bool) -> str:
    names = [*DEVICE_FILES, GLOBAL_FILE, LIBRARY_FILE, *corner.parameter_files]
    parts = [_FORMAT, repr(sizes), str(mismatch), *(_fingerprint(continuous_models_dir() / name) for name in names)]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:20]


@cache
def _fingerprint(path: Path) -> str:
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _library_text(sizes: Sequence[Size], corner: Corner, mismatch: bool) -> str:
    folder = continuous_models_dir()
    parameters = [_clean((folder / name).read_text()) for name in corner.parameter_files]
    devices = [
        _device_text(model, [s for s in sizes if s.model == model]) for model in sorted({s.model for s in sizes})
    ]
    head = f"* analoom: models at corner {corner.name}, mismatch {mismatch}, cut from {folder}"
    globals_ = _clean((folder / GLOBAL_FILE).read_text())
    return "\n".join([head, _switches(folder, mismatch), *parameters, globals_, *devices, ""])


def _switches(folder: Path, mismatch: bool) -> str:
    """The `.param` lines of the library's own typical section."""
    section = f"{_SECTION}_mm" if mismatch else _SECTION
    text = (folder / LIBRARY_FILE).read_text()
    body = re.search(rf"^\.lib {section}\n(.*?)^\.endl", text, re.M | re.S)
    if body is None:
        raise InputError(f"{folder / LIBRARY_FILE} has no section {section}", field="models")
    return "\n".join(line for line in body.group(1).splitlines() if line.startswith(".param"))


def _clean(text: str) -> str:
    return "\n".join(line for line in text.splitlines() if line.strip() and not line.startswith("*"))


def _device_text(model: str, sizes: Sequence[Size]) -> str:
    head, *bins = re.split(r"^(?=\.model )", subcircuit_text(model), flags=re.M)
    if not bins:
        return _clean(head)
    bins[-1], ends = re.split(r"^(?=\.ends)", bins[-1], flags=re.M)
    kept = [text for text in bins if any(_holds(text, s) for s in sizes)]
    for s in sizes:
        if not any(_holds(text, s) for text in bins):
            raise InputError(
                f"{s.model} has no model bin for w = {s.w_um:g}, l = {s.l_um:g} um, nf = {s.nf}", field="l"
            )
    return "\n".join(_clean(text) for text in (head, *kept, ends))


def _holds(bin_text: str, size: Size) -> bool:
    """Whether a bin's bounds (metres, ends included) hold `size`, by total width or by width of a finger."""
    bound = {k: float(v) * 1e6 for k, v in _BOUND.findall(bin_text)}
    if not {"lmin", "lmax", "wmin", "wmax"} <= bound.keys():
        return True
    slack = 1e-6
    long_enough = bound["lmin"] - slack <= size.l_um <= bound["lmax"] + slack
    widths = (size.w_um, size.w_um / size.nf)
    return long_enough and any(bound["wmin"] - slack <= w <= bound["wmax"] + slack for w in widths)


def _write_whole(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    os.replace(name, path)
