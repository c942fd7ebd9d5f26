"""The record of a receiver: everything that `export` knows of one shuttle or tool that a cell is handed over to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from analoom.cells.model.cell import Cell, Spec
from analoom.flows.fields import field_rows
from analoom.flows.signoff.outcome import Outcome, State
from analoom.pdk.errors import SpecError


class NoSettings(Spec):
    """Of a receiver that has nothing to choose."""


@dataclass(frozen=True)
class Check:
    """What was checked of the files: `detail` says what was found, how much was looked at, or why it was not run."""

    state: State
    detail: str

    def to_json(self) -> dict[str, str]:
        """Its entry in the report."""
        return {"state": self.state, "detail": self.detail}


@dataclass(frozen=True)
class Written:
    """What was written for a receiver: the files by what they are, and the checks by name."""

    files: Mapping[str, Path]
    checks: Mapping[str, Check]


class Write(Protocol):
    """Writes a cell for a receiver into a folder that is empty, and checks what it wrote.

    Raises SpecError or InputError for what the receiver does not take: before anything is drawn where that can be told.
    """

    def __call__(self, cell: Cell, settings: Spec, folder: Path, step: Callable[[str], None]) -> Written: ...


@dataclass(frozen=True)
class Receiver:
    """One that takes a cell: `settings` are what `--set` takes, `words` say what it gets."""

    name: str
    words: str
    write: Write
    settings: type[Spec] = NoSettings

    def chosen(self, fields: Mapping[str, Any]) -> Spec:
        """The settings with these fields. Raises SpecError for one that is not known or out of its bounds."""
        try:
            return self.settings.parse(dict(fields))
        except SpecError as error:
            raise error.under("settings") from None

    def to_json(self) -> dict[str, Any]:
        """What `analoom export --to NAME --settings --json` prints: by setting its unit, range, default and meaning."""
        rows = field_rows(self.settings.model_json_schema())
        return {"to": self.name, "words": self.words, "settings": {row["name"]: row for row in rows}}


def checks_of(outcomes: Mapping[str, Outcome]) -> dict[str, Check]:
    """What a sign-off's checks found, those that apply."""
    return {name: Check(found.state, found.detail) for name, found in outcomes.items() if found.applies}


def passed(detail: str) -> Check:
    """A check that found nothing."""
    return Check("passed", detail)


def failed(detail: str) -> Check:
    """A check that found something."""
    return Check("failed", detail)


def not_run(reason: str) -> Check:
    """A check that could not be made, which is never a clean one."""
    return Check("not run", reason)
