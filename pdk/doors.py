"""Doors of a room: names that its package exports, each imported when first asked for (PEP 562).

An eager export would load the whole room, and what it rests on, for the first name.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from typing import Any


def doors(package: str, modules: Mapping[str, str]) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of `package`; `modules` gives the names (blanks between) that each module holds.

    Modules are seen from the package: `{".check": "drc_cell run_drc"}`. A name may not be that of a module of the
    package, which would be returned in its place once it is imported.
    """
    module_of = {name: module for module, names in modules.items() for name in names.split()}

    def door(name: str) -> Any:
        if name not in module_of:
            raise AttributeError(f"module {package!r} has no attribute {name!r}", name=name, obj=sys.modules[package])
        found = getattr(importlib.import_module(module_of[name], package), name)
        setattr(sys.modules[package], name, found)
        return found

    return door, lambda: sorted({*vars(sys.modules[package]), *module_of})
