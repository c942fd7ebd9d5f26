"""The registry: `@register(SpecType, system=..., examples=[...])` is all a newcomer writes."""

from __future__ import annotations

import difflib
import hashlib
import importlib
import json
import pkgutil
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from analoom.pdk.errors import InputError

from .cell import Cell, Spec
from .drawing import discard

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
    """A registered generator. `build(spec)` returns the same Cell for the same spec."""

    name: str
    system: str
    kind: str
    spec_type: type[Spec]
    draw: Callable[[Any], Cell]
    summary: str
    examples: tuple[Mapping[str, Any], ...]

    def build(self, spec: Spec) -> Cell:
        """The cell of `spec`, drawn once a process."""
        key = cell_name(self.name, spec)
        if key not in _CELLS:
            try:
                _CELLS[key] = self._named(self.draw(spec))
            except BaseException:
                discard(key)
                raise
        return _CELLS[key]

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
    Raises ValueError for a module outside `analoom.*` (it would register twice) and for a name taken already.
    """

    def wrap(draw: Callable[[Any], Cell]) -> Callable[[Any], Cell]:
        if not draw.__module__.startswith("analoom."):
            raise ValueError(f"{draw.__module__}: import it as analoom.{draw.__module__}")
        if draw.__name__ in _ENTRIES:
            raise ValueError(f"{draw.__name__} is registered already")
        summary = (draw.__doc__ or "").strip().splitlines()[0]
        belongs = system or SYSTEMS.get(kind, "")
        entry = Entry(draw.__name__, belongs, str(kind), spec_type, draw, summary, ({}, *examples))
        _ENTRIES[entry.name] = entry
        return entry.build

    return wrap


def entries() -> dict[str, Entry]:
    """Every registered generator by name (imports all of analoom.cells and analoom.generators)."""
    for package in ("analoom.cells", "analoom.generators"):
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            if not module.name.endswith(".gdsfactory_pdk"):
                importlib.import_module(module.name)
    return dict(sorted(_ENTRIES.items()))


def entry(name: str) -> Entry:
    """The generator called `name`. Raises InputError listing the known names."""
    known = entries()
    if name not in known:
        near = difflib.get_close_matches(name, known, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        words = f"no cell called {name!r}; {hint}known: {', '.join(known)}"
        raise InputError(words, field="name", remedy="analoom list")
    return known[name]


def build(name: str, fields: Mapping[str, Any] | None = None) -> Cell:
    """Draws the cell `name` with the given spec fields. Raises SpecError or InputError."""
    found = entry(name)
    return found.build(found.spec_type.parse(fields or {}))


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
