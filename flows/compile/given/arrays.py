"""Named arrays from a .npz or a .safetensors file: real finite numbers, as float64 or integers, and nothing else."""

from __future__ import annotations

import hashlib
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.errors import InputError, SpecError

from .pickles import refuse_pickle

Reader = Callable[[Path, str], Mapping[str, NDArray[Any]]]
"""Of a file, and the field that gave it, the arrays."""
LARGEST_BYTES = 2**30
"""What the arrays of a file may take in memory, all together."""
ACTIVATION = "activation"
"""The one text a file may carry: what stands between its layers."""


@dataclass(frozen=True)
class ArraysFile:
    """The arrays of a file by name, the file's checksum, and its word on what stands between layers, if any."""

    path: Path
    arrays: Mapping[str, NDArray[Any]]
    sha256: str
    activation: str | None = None

    def to_json(self) -> dict[str, str]:
        """As it stands in the reports of what was made with it."""
        return {"path": str(self.path), "sha256": self.sha256}


def read_arrays(
    path: Path,
    field: str,
    kinds: tuple[str, ...] = (".npz", ".safetensors"),
    others: Mapping[str, Reader] | None = None,
) -> ArraysFile:
    """The arrays of a file of one of `kinds`; `others` read those that are neither .npz nor .safetensors.

    Raises InputError for a file that is none, SpecError for its values.
    """
    if not path.is_file():
        raise InputError(f"cannot read {path}: no such file", field=field, remedy=f"a {' or '.join(kinds)} file")
    refuse_pickle(path, field)
    if path.suffix.lower() not in kinds:
        raise InputError(f"{path}: must end in {' or '.join(kinds)}", field=field, remedy="numpy.savez, for one")
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        _check_size(path, path.stat().st_size, field)
    arrays, activation = reader(path, field) if reader else ((others or {})[path.suffix.lower()](path, field), None)
    checked = {name: _checked(name, values) for name, values in arrays.items()}
    return ArraysFile(path, checked, hashlib.sha256(path.read_bytes()).hexdigest(), activation)


def _of_npz(path: Path, field: str) -> tuple[dict[str, NDArray[Any]], str | None]:
    try:
        with zipfile.ZipFile(path) as packed:
            _check_size(path, sum(member.file_size for member in packed.infolist()), field)
        with np.load(path, allow_pickle=False) as kept:
            arrays = {name: kept[name] for name in kept.files}
    except (zipfile.BadZipFile, zlib.error, ValueError, EOFError, OSError) as error:
        said = f"{path} is no .npz file of plain arrays: {error}"
        raise InputError(said, field=field, remedy="numpy.savez with arrays of numbers") from None
    told = arrays.pop(ACTIVATION, None)
    return arrays, None if told is None else str(told)


def _of_safetensors(path: Path, field: str) -> tuple[dict[str, NDArray[Any]], str | None]:
    from safetensors import SafetensorError, safe_open

    try:
        _check_size(path, path.stat().st_size, field)
        with safe_open(path, framework="numpy") as kept:
            for name in kept.keys():  # noqa: SIM118 (no mapping)
                _check_stored(name, kept.get_slice(name).get_dtype())
            arrays = {name: kept.get_tensor(name) for name in kept.keys()}  # noqa: SIM118
            return arrays, (kept.metadata() or {}).get(ACTIVATION)
    except SafetensorError as error:
        raise InputError(f"{path} is no safetensors file: {error}", field=field, remedy="write it again") from None


READERS = {".npz": _of_npz, ".safetensors": _of_safetensors}


def _check_size(path: Path, size: int, field: str) -> None:
    if size > LARGEST_BYTES:
        said = f"{path} takes {size / 2**20:.0f} MB in memory, {LARGEST_BYTES // 2**20} MB at most are read"
        raise InputError(said, field=field, remedy="a smaller network or data set")


def _check_stored(name: str, kind: str) -> None:
    """Raises SpecError for a number format that NumPy does not have."""
    if kind not in ("F64", "F32", "F16", "I64", "I32", "I16", "I8", "U64", "U32", "U16", "U8"):
        raise SpecError(name, kind, "F32, F64, F16 or whole numbers", instead="the tensor as float32")


def _checked(name: str, values: NDArray[Any]) -> NDArray[Any]:
    """Raises SpecError for anything but real finite numbers."""
    if values.dtype.kind not in "fiu":
        raise SpecError(name, str(values.dtype), "real numbers", instead=f"{name} as float32")
    if values.dtype.kind == "f" and not np.isfinite(values).all():
        bad = float(values[~np.isfinite(values)].flat[0])
        raise SpecError(name, bad, "finite, as all of its values", instead="a network that was trained to an end")
    return values.astype(np.float64) if values.dtype.kind == "f" else values
