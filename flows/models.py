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

from analoom.cells.circuit import Cap, Circuit, Mos
from analoom.pdk.corners import Corner
from analoom.pdk.errors import InputError
from analoom.pdk.install import continuous_models_dir
from analoom.pdk.model_files import DEVICE_FILES, GLOBAL_FILE, LIBRARY_FILE, subcircuit_text

_FORMAT = "2"
_SECTION = "tt"
_HEAD_CHARACTERS = 300
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
        found |= {size_of(d) for d in c.devices}
    return tuple(sorted(found))


def size_of(device: Mos | Cap) -> Size:
    """The size of one device line."""
    model = device.device.model
    return Size(model, device.w_um, device.l_um, device.nf) if isinstance(device, Mos) else Size(model)


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
    bounds = [_bounds_um(text) for text in bins]
    holders = [[k for k, bound in enumerate(bounds) if _holds(bound, size)] for size in sizes]
    for size, found in zip(sizes, holders, strict=True):
        if not found:
            what = f"w = {size.w_um:g} um, l = {size.l_um:g} um, nf = {size.nf}"
            raise InputError(f"{size.model} has no model bin for {what}", field="l")
    kept = sorted({k for found in holders for k in found})
    return "\n".join(_clean(text) for text in (head, *(bins[k] for k in kept), ends))


def _bounds_um(bin_text: str) -> dict[str, float]:
    """lmin, lmax, wmin, wmax of a bin in um; they stand on its first lines."""
    return {name: float(value) * 1e6 for name, value in _BOUND.findall(bin_text[:_HEAD_CHARACTERS])}


def _holds(bound: dict[str, float], size: Size) -> bool:
    """Whether a bin's bounds hold `size`, ends included: bins go by the width of a finger."""
    if len(bound) < 4:
        return True
    slack = 1e-6
    long_enough = bound["lmin"] - slack <= size.l_um <= bound["lmax"] + slack
    return long_enough and bound["wmin"] - slack <= size.w_um / size.nf <= bound["wmax"] + slack


def _write_whole(path: Path, text: str) -> None:
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.stem)
    with os.fdopen(handle, "w") as file:
        file.write(text)
    os.replace(name, path)
