"""Trimmed model libraries: only the devices and the size bins a circuit uses, cut from the installed continuous models.

A full library loads in 0.6 s and 165 MB, a trimmed one in about 10 ms. Files are made on demand, kept under
`$XDG_CACHE_HOME/analoom` (else `~/.cache/analoom`), named by a hash of all they were made from, and written whole:
several processes may ask for the same one at once. Transistors stand in it size by size
(`analoom.flows.netlists.model_variants`). `tests/flows/netlists/test_models.py` compares operating points with the full
library's.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections.abc import Iterable, Sequence
from functools import cache
from pathlib import Path

from analoom.cells.model.circuit import Circuit
from analoom.flows.files.outputs import write_whole
from analoom.pdk.corners import Corner
from analoom.pdk.errors import InputError
from analoom.pdk.install import continuous_models_dir
from analoom.pdk.model_files import DEVICE_FILES, GLOBAL_FILE, LIBRARY_FILE, is_resistor, resistor_parameters

from .model_variants import Size, size_of, variant_text, without_comments

_FORMAT = "6"
_SECTION = "tt"
_POLY_TO_SILICON = Size("sky130_fd_pr__model__parasitic__cap_p2ps")
"""The capacitance that models of poly resistors call."""


def sizes_of(circuit: Circuit) -> tuple[Size, ...]:
    """Every size in `circuit` and below, sorted, each once."""
    found: set[Size] = set()
    for c in (*circuit.children(), circuit):
        found |= {size_of(d) for d in c.devices}
    return tuple(sorted(found))


def trimmed_library(sizes: Iterable[Size], corner: Corner, *, mismatch: bool = False) -> Path:
    """A file to `.include` with the models of `sizes` at `corner`; `mismatch` turns the models' own random draws on.

    Raises InputError for a model the library lacks and for a size without a bin.
    """
    wanted = tuple(sorted(set(sizes)))
    path = cache_dir() / f"models_{_digest(wanted, corner, mismatch)}.spice"
    if not path.exists():
        write_whole(path, _library_text(wanted, corner, mismatch))
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
    parameters = [without_comments((folder / name).read_text()) for name in corner.parameter_files]
    devices = [variant_text(size) for size in sizes]
    head = f"* analoom: models at corner {corner.name}, mismatch {mismatch}, cut from {folder}"
    globals_ = without_comments((folder / GLOBAL_FILE).read_text())
    if any(is_resistor(size.model) for size in sizes):
        devices = [resistor_parameters(), variant_text(_POLY_TO_SILICON), *devices]
    return "\n".join([head, _switches(folder, mismatch), *parameters, globals_, *devices, ""])


def _switches(folder: Path, mismatch: bool) -> str:
    """The `.param` lines of the library's own typical section."""
    section = f"{_SECTION}_mm" if mismatch else _SECTION
    text = (folder / LIBRARY_FILE).read_text()
    body = re.search(rf"^\.lib {section}\n(.*?)^\.endl", text, re.M | re.S)
    if body is None:
        raise InputError(f"{folder / LIBRARY_FILE} has no section {section}", field="models")
    return "\n".join(line for line in body.group(1).splitlines() if line.startswith(".param"))
