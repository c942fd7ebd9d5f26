"""Checks that are done once: what each found is kept beside its reports, by the hash of all that it was made from.

A run that was killed goes on where it was; a check that could not run is tried again.
"""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from analoom.flows.files.code_version import code_version
from analoom.flows.files.outputs import make_folder, write_json
from analoom.pdk.applications import TOOLS, look_for

from .outcome import Outcome

OUTCOME = "outcome.json"


def key_of(name: str, made_from: Mapping[str, Any]) -> str:
    """The hash of a check's name, of all that it is made from, of the code and of the tools on this machine."""
    found = {tool: look_for(tool) for tool in TOOLS}
    tools = {tool: known.version for tool, known in found.items() if known}
    said = json.dumps([name, made_from, code_version(), tools], sort_keys=True)
    return hashlib.sha256(said.encode()).hexdigest()


@dataclass(frozen=True)
class Steps:
    """`folder` holds the checks of this run, one folder each; `before` those of an earlier one that was finished."""

    folder: Path
    before: Path

    def done(self, name: str, made_from: Mapping[str, Any], work: Callable[[Path], Outcome]) -> Outcome:
        """What `work` finds in the folder it is given, or found before."""
        key, place = key_of(name, made_from), self.folder / name
        for kept in (place, self.before / name):
            outcome = _kept(kept / OUTCOME, key)
            if outcome is not None:
                if kept != place:
                    shutil.rmtree(place, ignore_errors=True)
                    shutil.copytree(kept, place)
                return outcome
        shutil.rmtree(place, ignore_errors=True)
        outcome = work(make_folder(place))
        write_json(place / OUTCOME, {"key": key, **outcome.to_json()})
        return outcome


def _kept(path: Path, key: str) -> Outcome | None:
    """The outcome kept there for this key, if it is one that counts."""
    try:
        kept = json.loads(path.read_text())
        found = Outcome.from_json({k: v for k, v in kept.items() if k != "key"}) if kept["key"] == key else None
    except (OSError, ValueError, TypeError, KeyError, AttributeError):
        return None
    return found if found is not None and (found.state != "not run" or not found.applies) else None
