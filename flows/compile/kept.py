"""Steps that are done once: the JSON of each kept by what it was made from, so that a run that was killed goes on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from analoom.flows.files.code_version import code_version
from analoom.flows.sweep.workers.store import PointStore


def key_of(name: str, made_from: Mapping[str, Any]) -> str:
    """A step's key: its name, all that it is made from, and the code."""
    said = json.dumps([name, made_from, code_version()], sort_keys=True, default=list)
    return hashlib.sha256(said.encode()).hexdigest()[:24]


@dataclass(frozen=True)
class Kept:
    """The store of a run's steps."""

    store: PointStore

    def done(self, name: str, made_from: Mapping[str, Any], work: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
        """What `work` gives, or gave before; a step that could not run, or an engine of it, is not kept."""
        key = key_of(name, made_from)
        before = self.store.get(key)
        if before is not None and _files_are_there(before["values"]):
            return dict(before["values"])
        values = dict(work())
        if _ran(values):
            self.store.put({"key": key, "values": values})
        return values


def _ran(values: Mapping[str, Any]) -> bool:
    """Whether the step and all of its engines gave a verdict, or had nothing to say."""
    engines = values.get("engines", {}).values()
    return "not_run" not in values and all(e["state"] != "not run" or not e.get("applies", True) for e in engines)


def _files_are_there(values: Mapping[str, Any]) -> bool:
    from pathlib import Path

    return all(Path(path).is_file() for path in values.get("files", {}).values())
