"""Files that hold a pickle, or may: none is opened, as reading a pickle runs whatever program it holds."""

from __future__ import annotations

import zipfile
from pathlib import Path

from analoom.pdk.errors import InputError

SUFFIXES = (".pt", ".pth", ".pkl", ".pickle", ".ckpt", ".bin", ".joblib")
REMEDY = 'safetensors.torch.save_file(model.state_dict(), "NET.safetensors"), or numpy.savez of w1, b1, ...'
_FIRST_BYTES = b"\x80"
"""A pickle of protocol 2 or later begins with this."""


def refuse_pickle(path: Path, field: str) -> None:
    """Raises InputError for a pickle by its suffix, its first byte, or its members where it is a zip file."""
    why = _why(path)
    if why:
        said = f"{path} {why}: reading a pickle runs whatever program it holds, so none is read"
        raise InputError(said, field=field, remedy=REMEDY)


def _why(path: Path) -> str | None:
    if path.suffix.lower() in SUFFIXES:
        return f"is a {path.suffix.lower()} file"
    with path.open("rb") as stream:
        if stream.read(1) == _FIRST_BYTES and path.suffix.lower() != ".safetensors":
            return "begins as a pickle"
    inside = [name for name in _members(path) if name.endswith(".pkl")]
    return f"holds the pickle {inside[0]}" if inside else None


def _members(path: Path) -> list[str]:
    try:
        with zipfile.ZipFile(path) as packed:
            return packed.namelist()
    except zipfile.BadZipFile:
        return []
