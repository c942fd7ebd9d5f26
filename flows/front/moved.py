"""Modules that were moved: their old paths work until 0.3, with a warning that names the new one."""

from __future__ import annotations

import importlib
import sys
import warnings
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importlib.abc import Loader
else:
    Loader = object  # importlib.abc takes longer to import than all else here

MOVED = {
    "analoom.cells.cell": "analoom.cells.model.cell",
    "analoom.cells.circuit": "analoom.cells.model.circuit",
    "analoom.cells.draw": "analoom.cells.model.drawing",
    "analoom.cells.gdsfactory_pdk": "analoom.flows.gdsfactory",
    "analoom.cells.model.gdsfactory_pdk": "analoom.flows.gdsfactory",
    "analoom.cells.registry": "analoom.cells.model.registry",
    "analoom.generators.centroid_cost": "analoom.generators.matching.cost",
    "analoom.flows.array_read": "analoom.flows.systems.crossbar.solver.read",
    "analoom.flows.build": "analoom.flows.export.build",
    "analoom.flows.picture": "analoom.flows.export.picture",
    "analoom.flows.results_table": "analoom.flows.files.results_table",
    "analoom.flows.sweep_figures": "analoom.flows.sweep.page.figures",
    "analoom.flows.sweep_job": "analoom.flows.sweep.plan.job",
}
"""Old path, new path: one line for each module that a README named and that lies elsewhere now."""


class _Forwarding(Loader):
    """Finds an old path when nothing else does, and gives the module of the new one: the same object, no copy."""

    def __init__(self) -> None:
        self._own: dict[str, ModuleSpec | None] = {}

    def find_spec(
        self, fullname: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if fullname not in MOVED:
            return None
        words = f"{fullname} is now {MOVED[fullname]}; the old path works until analoom 0.3"
        warnings.warn(words, DeprecationWarning, stacklevel=2)  # the import's own frames are not counted
        return ModuleSpec(fullname, self)

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        module = importlib.import_module(MOVED[spec.name])
        self._own[spec.name] = module.__spec__
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Gives the module back the spec of its own that the import has replaced by that of the old path."""
        assert module.__spec__ is not None
        module.__spec__ = self._own.pop(module.__spec__.name)


def follow_moved() -> None:
    """Lets imports find moved modules, after every other way of finding one; once a process."""
    if not any(isinstance(finder, _Forwarding) for finder in sys.meta_path):
        sys.meta_path.append(_Forwarding())
