"""Where registered cells come from: the modules of analoom's rooms, and packages with entry points `analoom.cells`."""

from __future__ import annotations

import importlib
import os
import pkgutil
from functools import cache
from importlib.metadata import EntryPoint, entry_points

from .foreign_code import CellsCode

ROOMS = ("analoom.cells", "analoom.generators")
GROUP = "analoom.cells"
"""The entry-point group by which an installed package names a module of cells."""


def import_named(name: str) -> None:
    """Imports the module of the rooms called `name`, where there is one: a module registers under its own name."""
    if module := _modules().get(name):
        importlib.import_module(module)


def import_all() -> None:
    """Imports every module of the rooms, and what installed packages name."""
    for package in ROOMS:
        for module in pkgutil.walk_packages(importlib.import_module(package).__path__, f"{package}."):
            importlib.import_module(module.name)
    import_installed()


def import_installed() -> None:
    """Imports the cells of installed packages. Raises InputError for one that fails."""
    for point in installed():
        with CellsCode(_told(point)):
            point.load()


def installed() -> tuple[EntryPoint, ...]:
    """The entry points of installed packages that name modules of cells."""
    return tuple(entry_points(group=GROUP))


def _told(point: EntryPoint) -> str:
    package = f" of {point.dist.name}" if point.dist else ""
    return f"the entry point {point.name} = {point.value}{package}"


@cache
def _modules() -> dict[str, str]:
    """The modules of the rooms by file name, without importing any; of two with one name the first."""
    found: dict[str, str] = {}
    for package in ROOMS:
        for top in importlib.import_module(package).__path__:
            for folder, _, files in sorted(os.walk(top)):
                inside = os.path.relpath(folder, top).replace(os.sep, ".")
                room = package if inside == "." else f"{package}.{inside}"
                for file in sorted(files):
                    if file.endswith(".py") and file != "__init__.py":
                        found.setdefault(file[:-3], f"{room}.{file[:-3]}")
    return found
