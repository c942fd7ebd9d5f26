"""The record of a cell's system, found by the names that the cell says."""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from typing import Protocol

from analoom.cells.model.cell import Cell
from analoom.pdk.errors import InputError

from .record import Analysis, Bench, System

PACKAGE = "analoom.flows.systems"


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
        raise InputError(f"the system {name} has no kind {kind!r}; it has: {', '.join(known)}", field="kind")
    return known[kind]


def bench_of(system: System) -> Bench:
    """The system's bench. Raises InputError where there is none."""
    if system.bench is None:
        known = ", ".join(s.kind for s in every_system() if s.bench)
        raise InputError(f"there is no testbench for a {system.kind}; there are for: {known}", field="name")
    return system.bench


def analysis_of(system: System) -> Analysis:
    """The system's mismatch analysis. Raises InputError where there is none."""
    if system.mismatch is None:
        raise InputError(f"there are no mismatch metrics for a {system.kind}", field="name")
    return system.mismatch


def every_system() -> Iterator[System]:
    """Every record of every room."""
    for room in _rooms():
        yield from _records(room).values()


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
    module = f"{PACKAGE}.{name}"
    if name not in _rooms():
        raise InputError(f"no system called {name!r}; known: {', '.join(_rooms())}", field="system")
    found: Mapping[str, System] = importlib.import_module(f"{module}.system").RECORDS
    return found
