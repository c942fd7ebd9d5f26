"""Which layout files are meant: files as they are named, folders searched; and the netlist that lies beside one."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from analoom.flows.files.outputs import OUT
from analoom.pdk.errors import InputError

LAYOUT_SUFFIXES = (".gds", ".gds.gz", ".gdsii", ".oas", ".oas.gz", ".oasis")
NETLIST_SUFFIXES = (".spice", ".cdl", ".sp")
"""In this order, where several lie beside a layout."""


def layout_files(names: Iterable[str | Path], results: Path = OUT) -> list[Path]:
    """The files named, each once, and those in the folders named and below, by name; not hidden ones, nor `results`.

    Raises InputError for a folder without any, and for a name that is neither a folder nor ends as a layout does.
    """
    found: dict[Path, Path] = {}
    for file in (file for name in names for file in _meant(Path(name), results)):
        found.setdefault(file.resolve(), file)
    return list(found.values())


def netlist_beside(layout: Path) -> Path:
    """`adc.spice`, `adc.cdl` or `adc.sp` beside `adc.gds`. Raises InputError where there is none."""
    stem = layout.name[: -len(_suffix(layout))] if _suffix(layout) else layout.stem
    beside = [layout.with_name(stem + suffix) for suffix in NETLIST_SUFFIXES]
    found = next((path for path in beside if path.is_file()), None)
    if found is None:
        names = ", ".join(path.name for path in beside)
        raise InputError(f"{layout}: no netlist beside it ({names})", field="netlist", remedy="--netlist REF.spice")
    return found


def is_layout(path: Path) -> bool:
    """Whether the name of `path` ends as a layout's does."""
    return bool(_suffix(path))


def _meant(path: Path, results: Path) -> Iterator[Path]:
    if path.is_dir():
        inside = sorted(file for file in path.rglob("*") if is_layout(file) and _is_input(file, path, results))
        if not inside:
            raise InputError(f"{path}: no layout in this folder", field="file", remedy="GDS or OASIS files")
        yield from inside
    elif is_layout(path) or path.is_file():
        yield path
    else:
        what = f"{path}: neither a layout file nor a folder; of several, all must be"
        raise InputError(what, field="file", remedy="check cells by name one at a time")


def _is_input(file: Path, folder: Path, results: Path) -> bool:
    """Whether `file` is one of the user's: neither hidden nor written by an earlier check into a folder below."""
    below = file.relative_to(folder)
    ours = results.resolve().is_relative_to(folder.resolve()) and file.resolve().is_relative_to(results.resolve())
    return file.is_file() and not ours and not any(part.startswith(".") for part in below.parts)


def _suffix(path: Path) -> str:
    return next((s for s in sorted(LAYOUT_SUFFIXES, key=len, reverse=True) if path.name.lower().endswith(s)), "")
