"""The record of a cell's system, found by the names that the cell says."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Protocol

from analoom.cells.model.cell import Cell
from analoom.pdk.errors import InputError, nearest, unknown

from .record import Analysis, Balanced, Bench, MapWeights, ReadMany, Sizes, System

PACKAGE = "analoom.flows.systems"
_ADDED: dict[str, dict[str, System]] = {}
"""Systems of users' own files, by name and kind."""


class Belongs(Protocol):
    """A cell, or a registered generator: what says its system and kind."""

    @property
    def system(self) -> str: ...

    @property
    def kind(self) -> str: ...


def system_of(cell: Belongs) -> System:
    """The record of `cell`. Raises InputError for a system that is not known, or a kind that it has not."""
    return record(cell.system, cell.kind)


def record(name: str, kind: str) -> System:
    """The record of the kind `kind` in the system `name`; an empty one for a cell that belongs to none ("")."""
    if not name:
        return System(kind=kind)
    known = _records(name)
    if kind not in known:
        said = f"the system {name} has no kind {kind!r}; it has: {', '.join(known)}"
        raise InputError(said, field="kind", remedy=f"kind={nearest(kind, known) or next(iter(known))}")
    return known[kind]


def add_system(system: System) -> System:
    """Makes a record of a user's own known, in the file that registers its cells: workers load that file too.

    Raises InputError for a name that is no identifier, and for a kind that a system of analoom has.
    """
    if not system.name.isidentifier():
        raise InputError(f"a system is called by a Python name, not {system.name!r}", field="system")
    if system.name in _rooms() and system.kind in _in_room(system.name):
        raise InputError(f"analoom has the kind {system.kind!r} in its system {system.name}", field="kind")
    _ADDED.setdefault(system.name, {})[system.kind] = system
    return system


def bench_of(system: System) -> Bench:
    """The system's bench. Raises InputError where there is none."""
    if system.bench is None:
        known = ", ".join(s.kind for s in every_system() if s.bench)
        raise InputError(f"there is no testbench for a {system.kind}; there are for: {known}", field="name")
    return system.bench


def analysis_of(system: System) -> Analysis:
    """The system's mismatch analysis. Raises InputError where there is none."""
    if system.mismatch is None:
        known = ", ".join(s.kind for s in every_system() if s.mismatch)
        raise InputError(f"there are no mismatch metrics for a {system.kind}; there are for: {known}", field="name")
    return system.mismatch


def reader_of(cell: Belongs) -> ReadMany:
    """What reads a cell many times. Raises InputError where its system has no such thing."""
    found = system_of(cell).read_many
    if found is None:
        said = f"a {cell.kind} takes no inputs or shifts; an array does"
        raise InputError(said, field="inputs", remedy="the command without --inputs and --shifts")
    return found


def balance_of(cell: Belongs) -> Callable[[Cell, Path], Balanced]:
    """What levels a cell's wiring. Raises InputError where its system has no such thing."""
    found = system_of(cell).balance
    if found is None:
        raise InputError(f"the wiring of a {cell.kind} cannot be balanced; that of a capacitor array can", field="name")
    return found


def mapper_of(cell: Belongs) -> tuple[MapWeights, Sizes]:
    """What maps trained weights to a cell, and which fields its size sets. Raises InputError where its system has no
    such thing."""
    system = system_of(cell)
    if system.map_weights is None or system.sizes is None:
        said = f"a {cell.kind} takes no trained weights; an array does"
        raise InputError(said, field="cell", remedy="--cell crossbar")
    return system.map_weights, system.sizes


def every_system() -> Iterator[System]:
    """Every record of every room."""
    for name in sorted({*_rooms(), *_ADDED}):
        yield from _records(name).values()


def require_pins(cell: Cell, system: System) -> None:
    """Raises InputError for a cell that lacks a pin of its kind."""
    lines = {pin.rstrip("0123456789") for pin in cell.circuit.ports} | set(cell.circuit.ports)
    if missing := [pin for pin in system.pins if pin not in lines]:
        has, wanted = ", ".join(cell.circuit.ports), ", ".join(system.pins)
        said = f"a {system.kind} cell needs the pins {wanted}; {cell.name} has {has}: no {', '.join(missing)}"
        raise InputError(said, field="name")


def _rooms() -> list[str]:
    rooms = pkgutil.iter_modules(importlib.import_module(PACKAGE).__path__)
    return sorted(room.name for room in rooms if room.ispkg)


def _records(name: str) -> Mapping[str, System]:
    known = sorted({*_rooms(), *_ADDED})
    if name not in known:
        raise unknown("system", name, known, "system")
    return {**(_in_room(name) if name in _rooms() else {}), **_ADDED.get(name, {})}


def _in_room(name: str) -> Mapping[str, System]:
    found: Mapping[str, System] = importlib.import_module(f"{PACKAGE}.{name}.system").RECORDS
    return found
