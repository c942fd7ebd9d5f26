"""The statements of a reference: its files one after the other, includes and library sections opened in their places.

A netlist from elsewhere names no file of this machine: what it includes lies in its own folder, or in one that the user
allows, or is a file of the PDK, which is taken as installed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from analoom.pdk.errors import InputError

from .lines import Line, file_statements
from .pdk_files import cell_library, installed_as, installed_cells, is_model_file

DEEPEST_INCLUDE = 16
ALLOW = "--allow-include"
WORD = re.compile(r"\"([^\"]*)\"|'([^']*)'|(\S+)")


@dataclass(frozen=True)
class Reference:
    """Netlist files: the first holds or includes the top, the others add subcircuits. `allowed`: folders whose files
    they may include, besides their own."""

    files: tuple[Path, ...]
    allowed: tuple[Path, ...] = ()


Netlists = Path | Sequence[Path] | Reference


def reference_of(netlists: Netlists) -> Reference:
    """One file, several, or what is a reference already."""
    if isinstance(netlists, Reference):
        return netlists
    return Reference((netlists,) if isinstance(netlists, Path) else tuple(netlists))


class Opener:
    """Opens the files of a reference. `notes` say which of the PDK's files were taken as installed."""

    def __init__(self, reference: Reference) -> None:
        self.notes: list[str] = []
        self._reference = reference
        self._taken: set[str] = set()

    def statements(self) -> Iterator[Line]:
        """Those of all files. Raises InputError with file and line."""
        for path in self._reference.files:
            if not path.is_file():
                raise InputError(f"{path}: no such netlist", field="netlist")
            yield from self._file(path, (), None)

    def cell(self, name: str) -> list[Line]:
        """The statements of a standard cell that is defined nowhere, as installed; none where there is no such cell."""
        library = cell_library(f"{name}.spice") if "__" in name else None
        cells = installed_cells(library) if library else None
        if library is None or cells is None:
            return []
        if library not in self._taken:
            self._taken.add(library)
            self.notes.append(f"{library}: cells that no netlist defines are taken from {installed_as()}")
        path = cells if isinstance(cells, Path) else cells.get(name)
        return list(self._file(path, (), None)) if path else []

    def _file(self, path: Path, above: tuple[Path, ...], section: str | None) -> Iterator[Line]:
        """Those of one file, included by the files `above`; of a library the `section` asked for."""
        control: Line | None = None
        lines = list(file_statements(path, skip_title=not above))
        for line in _in_section(lines, section):
            if line.first == ".end" and not above and control is None:
                return
            if line.first == ".control":
                control = line
            if control is None and line.first in (".include", ".inc", ".lib"):
                yield from self._included(line, (*above, path.resolve()))
            elif control is None and line.first not in (".title", ".end"):
                yield line
            if line.first == ".endc":
                control = None
        if control is not None:
            raise control.refused(".control without .endc")

    def _included(self, line: Line, above: tuple[Path, ...]) -> Iterator[Line]:
        words = ["".join(found) for found in WORD.findall(line.text)][1:3]
        name = words[0] if words else ""
        library = cell_library(name)
        if is_model_file(name):
            self._note(line, name, f"the models of {installed_as()}, which LVS knows by name; no file was opened")
        elif library is not None and not self._may_open(line, name, above):
            yield from self._standard_cells(line, name, library, above)
        else:
            yield from self._own(line, name, above, words[1] if len(words) == 2 and line.first == ".lib" else None)

    def _own(self, line: Line, name: str, above: tuple[Path, ...], section: str | None) -> Iterator[Line]:
        path, folder = line.file.parent / name, above[0].parent
        if not self._allows(path, folder):
            remedy = f"{ALLOW} {path.parent}, or copy the file there"
            raise line.refused(f"{name[:80]} lies outside {folder}", remedy)
        if not name or not _is_file(path):
            raise line.refused(f"no such file to include: {name[:80] or 'none named'}")
        if path.resolve() in above or len(above) > DEEPEST_INCLUDE:
            raise line.refused(f"{name} includes itself, or is nested deeper than {DEEPEST_INCLUDE}")
        yield from self._file(path, above, section)

    def _standard_cells(self, line: Line, name: str, library: str, above: tuple[Path, ...]) -> Iterator[Line]:
        installed = installed_cells(library)
        if installed is None:
            raise line.refused(f"{name[:80]}: {library} is not installed here", f"set PDK_ROOT, or {ALLOW} its folder")
        self._note(line, name, f"the {library} of {installed_as()}")
        self._taken.add(library)
        if isinstance(installed, Path):
            yield from self._file(installed, above, None)

    def _note(self, line: Line, name: str, taken_as: str) -> None:
        self.notes.append(f"{line.place}: {name} is taken as {taken_as}")

    def _may_open(self, line: Line, name: str, above: tuple[Path, ...]) -> bool:
        path = line.file.parent / name
        return self._allows(path, above[0].parent) and _is_file(path)

    def _allows(self, path: Path, folder: Path) -> bool:
        try:
            real = path.resolve()
        except OSError:
            return False
        return any(real.is_relative_to(place.resolve()) for place in (folder, *self._reference.allowed))


def _in_section(lines: list[Line], section: str | None) -> Iterator[Line]:
    """What is read of a file: without a `section` all but library sections, else the one asked for."""
    sections = any(line.first == ".endl" for line in lines)
    inside: str | None = None
    found = section is None
    for line in lines:
        if line.first == ".lib" and sections and len(line.words) == 2:
            inside = line.words[1].lower()
            found = found or inside == (section or "").lower()
        elif line.first == ".endl":
            inside = None
        elif inside == (section.lower() if section else None):
            yield line
    if not found and lines:
        raise lines[0].refused(f"the file has no section {section}")


def _is_file(path: Path) -> bool:
    try:
        return path.is_file()
    except OSError:
        return False
