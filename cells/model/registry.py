"""The registry: `@register(SpecType, system=..., examples=[...])` is all a newcomer writes, in a module anywhere."""

from __future__ import annotations

import hashlib
import json
import os
import re
import sys
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analoom.pdk.errors import InputError, nearest

from .cell import Cell, Spec
from .discovery import ROOMS, import_all, import_named
from .drawing import discard, library
from .foreign_code import CellsCode

NAME_LENGTH = 60
"""Longest readable cell name; longer ones get a hash. GDS readers of 32-character days are gone, LEF readers cope."""

SYSTEMS = {
    **dict.fromkeys(("device", "pair", "mirror"), "transistor"),
    "capacitor": "capacitor",
    "switch": "switch",
    "synapse": "synapse",
    "array": "crossbar",
    "multiplier": "translinear",
    "mac": "charge_mac",
}
"""The system of each kind, for cells registered by their kind alone, as until 0.2."""


@dataclass(frozen=True)
class Entry:
    """A registered generator. `build(spec)` returns the same Cell for the same spec.

    `module` is the name of the module that it stands in, `origin` its file (the module's name where it has none).
    """

    name: str
    system: str
    kind: str
    spec_type: type[Spec]
    draw: Callable[[Any], Cell]
    summary: str
    examples: tuple[Mapping[str, Any], ...]
    module: str
    origin: str

    @property
    def ours(self) -> bool:
        """Whether it is one of analoom's own cells."""
        return self.module.startswith(tuple(f"{room}." for room in ROOMS))

    def build(self, spec: Spec) -> Cell:
        """The cell of `spec`, drawn once a process."""
        key = cell_name(self.name, spec)
        if key not in _CELLS:
            try:
                _CELLS[key] = self._named(self._drawn(spec))
            except BaseException:
                discard(key)
                raise
        return _CELLS[key]

    def _drawn(self, spec: Spec) -> Cell:
        if self.ours:
            return self.draw(spec)
        with CellsCode(self.origin, drawing=True):
            return self.draw(spec)

    def _named(self, cell: Cell) -> Cell:
        """The cell with its entry's system and kind, where its own are empty."""
        return replace(cell, system=cell.system or self.system, kind=cell.kind or self.kind)

    def schema(self) -> dict[str, Any]:
        """JSON schema of the spec, with units and defaults."""
        return self.spec_type.model_json_schema()


_ENTRIES: dict[str, Entry] = {}
_CELLS: dict[str, Cell] = {}


def register(
    spec_type: type[Spec], *, system: str = "", kind: str = "macro", examples: Sequence[Mapping[str, Any]] = ()
) -> Callable[[Callable[[Any], Cell]], Callable[[Any], Cell]]:
    """Registers a generator `def name(spec: SpecType) -> Cell` under its function name.

    `system` names the kind of system, `kind` what the cell is within it; of a `kind` alone, today's system is taken.
    Raises InputError for a name that a cell of another file has. A module imported again takes its own place; a file
    imported under a second name changes nothing.
    """

    def wrap(draw: Callable[[Any], Cell]) -> Callable[[Any], Cell]:
        name, module = draw.__name__, draw.__module__
        belongs, summary = system or SYSTEMS.get(kind, ""), (draw.__doc__ or "").strip().partition("\n")[0]
        new = Entry(name, belongs, str(kind), spec_type, draw, summary, ({}, *examples), module, _origin(module))
        return _placed(new).build

    return wrap


def registered() -> dict[str, Entry]:
    """The generators registered so far, by name; imports nothing."""
    return dict(sorted(_ENTRIES.items()))


def entries() -> dict[str, Entry]:
    """Every registered generator by name (imports all of analoom.cells, analoom.generators and installed packages)."""
    import_all()
    return registered()


def find(name: str) -> Entry | None:
    """The generator called `name`, if there is one; imports the module of that name, and all only if it is not there.

    The module is imported even if another file has registered the name, so that both are told of.
    """
    import_named(name)
    if name not in _ENTRIES:
        import_all()
    return _ENTRIES.get(name)


def entry(name: str) -> Entry:
    """The generator called `name`. Raises InputError listing the known names."""
    if found := find(name):
        return found
    near = nearest(name, _ENTRIES)
    hint = f"did you mean {near}? " if near else ""
    words = f"no cell called {name!r}; {hint}known: {', '.join(registered())}"
    raise InputError(words, field="name", remedy=f"analoom list {near}" if near else "analoom list")


def build(name: str, fields: Mapping[str, Any] | None = None, **more: Any) -> Cell:
    """Draws the cell `name` with the given spec fields, as a mapping, as keywords or both.

    Raises SpecError or InputError.
    """
    found = entry(name)
    return found.build(found.spec_type.parse({**(fields or {}), **more}))


def _origin(module: str) -> str:
    file = getattr(sys.modules.get(module), "__file__", None)
    return os.path.realpath(file) if file else module


def _placed(new: Entry) -> Entry:
    """The entry that has the name of `new` from now on."""
    known = _ENTRIES.get(new.name)
    if known is not None and known.origin != new.origin:
        words = f"two cells are called {new.name}: one in {known.origin}, one in {new.origin}"
        raise InputError(words, field="name", remedy="rename one of them")
    if known is not None and known.module != new.module:
        return known
    if known is not None:
        _forget(known)
    _ENTRIES[new.name] = new
    return new


def _forget(entry: Entry) -> None:
    """Lets go of what `entry` has drawn, under names that no new drawing takes; whoever holds such a cell keeps it."""
    for key in [key for key, cell in _CELLS.items() if type(cell.spec) is entry.spec_type and cell.kind == entry.kind]:
        layout = _CELLS.pop(key).layout
        library().rename_cell(layout.cell_index(), f"{key}${layout.cell_index()}")


def cell_name(generator: str, spec: Spec) -> str:
    """A name unique to generator and spec: readable when short (`matched_pair_w4_l1`), else with a hash."""
    given = {k: v for k, v in spec.model_dump(mode="json").items() if v != _default(spec, k)}
    words = [f"{k}{_word(v)}" for k, v in given.items()]
    name = "_".join([generator, *words])
    if len(name) <= NAME_LENGTH and re.fullmatch(r"[A-Za-z0-9_]+", name) and not _nested(given):
        return name
    digest = hashlib.sha256(json.dumps(given, sort_keys=True).encode()).hexdigest()[:10]
    return f"{generator}_{digest}"


def _default(spec: Spec, field: str) -> Any:
    default = type(spec).model_fields[field].get_default(call_default_factory=True)
    return default.model_dump(mode="json") if isinstance(default, Spec) else default


def _nested(given: Mapping[str, Any]) -> bool:
    return any(isinstance(v, dict | list | tuple) for v in given.values())


def _word(value: Any) -> str:
    if isinstance(value, bool):
        return "1" if value else "0"
    text = f"{value:g}" if isinstance(value, float) else str(value)
    return text.replace(".", "p").replace("-", "n")
