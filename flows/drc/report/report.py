"""What a design rule check says: per engine what ran, with which deck, how many rules, and what was found."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal

from analoom.pdk.errors import NotCleanError, ToolError

State = Literal["clean", "violations", "not run"]


@dataclass(frozen=True)
class EngineReport:
    """One engine's verdict. `violations` counts by rule, `locations` holds the first places (um) by rule.

    `texts` says what a broken rule asks, `cells` names by rule the cells that hold what was found, and how often each
    stands in the layout. `nets`: those whose antenna ratios come nearest to a limit or lie farthest past it.
    `reason` says why there is no verdict, or what it leaves out.
    `applies` is False where the check has nothing to say about this layout (density of a cell without boundary).
    """

    engine: str
    state: State
    tool: str
    version: str | None = None
    deck: str | None = None
    rules_run: int = 0
    violations: Mapping[str, int] = field(default_factory=dict)
    locations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)
    cells: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    report: Path | None = None
    seconds: float = 0.0
    peak_mb: float = 0.0
    reason: str | None = None
    notes: tuple[str, ...] = ()
    applies: bool = True
    nets: tuple[Mapping[str, Any], ...] = ()

    @property
    def clean(self) -> bool:
        return self.state == "clean"

    def summary(self) -> str:
        """One line: the verdict and what it rests on."""
        if self.state == "not run":
            return f"{self.engine}: not run ({self.reason})"
        if self.clean:
            return f"{self.engine}: clean, {self.rules_run} rules of {self.deck} by {self.tool} {self.version}"
        first = [f"{rule} x{count}{self._where(rule)}" for rule, count in list(self.violations.items())[:5]]
        more = f" and {len(self.violations) - 5} more" if len(self.violations) > 5 else ""
        found = f"{sum(self.violations.values())} violations: {'; '.join(first)}{more}"
        return f"{self.engine}: {found}{f'; {self.reason}' if self.reason else ''}; see {self.report}"

    def to_json(self) -> dict[str, Any]:
        """The engine's object of the `drc` command."""
        out: dict[str, Any] = {
            "state": self.state,
            "tool": self.tool,
            "version": self.version,
            "deck": self.deck,
            "rules_run": self.rules_run,
            "violations": dict(self.violations),
            "locations": {rule: list(places) for rule, places in self.locations.items()},
            "texts": dict(self.texts),
            "cells": {rule: dict(times) for rule, times in self.cells.items()},
            "report": str(self.report) if self.report else None,
            "seconds": round(self.seconds, 3),
            "peak_mb": round(self.peak_mb, 1),
            "notes": list(self.notes),
        }
        more = {"reason": self.reason, "nets": [dict(net) for net in self.nets]}
        out |= {} if self.applies else {"applies": False}
        return {**out, **{key: value for key, value in more.items() if value}}

    def _where(self, rule: str) -> str:
        shared = [f"{cell}, placed {n} times" for cell, n in self.cells.get(rule, {}).items() if n > 1]
        places = self.locations.get(rule, ())
        return (f" in {shared[0]}," if shared else "") + (f" at {places[0]}" if places else "")


def verdict(engine: str, tool: str, check: Callable[[], EngineReport]) -> EngineReport:
    """What `check` reports; "not run" with the reason when the tool or its deck is missing, or takes too long."""
    try:
        return check()
    except ToolError as error:
        return EngineReport(engine, "not run", tool, reason=error.advice())


@dataclass(frozen=True)
class DrcReport:
    """The verdicts of every engine asked for, by engine name.

    Those in `by_all` were asked for as part of "all" only: one of them that does not apply is "not run" and no fault.
    """

    cell: str
    engines: Mapping[str, EngineReport]
    by_all: frozenset[str] = frozenset()

    @property
    def clean(self) -> bool:
        """True when every engine asked for ran and found nothing."""
        judged = [e for name, e in self.engines.items() if e.applies or name not in self.by_all]
        return bool(judged) and all(engine.clean for engine in judged)

    @property
    def ran(self) -> bool:
        """True when at least one engine gave a verdict."""
        return any(engine.state != "not run" for engine in self.engines.values())

    def require_clean(self) -> DrcReport:
        """The report itself. Raises NotCleanError with the first findings when it is not clean."""
        if not self.clean:
            raise NotCleanError(self.summary(), field=self.cell)
        return self

    def summary(self) -> str:
        """The verdict of each engine, one a line."""
        lines = (engine.summary() for engine in self.engines.values())
        return "\n".join([f"{self.cell}: DRC {'clean' if self.clean else 'not clean'}", *lines])

    def to_json(self) -> dict[str, Any]:
        """The JSON of the `drc` command."""
        engines = {name: engine.to_json() for name, engine in self.engines.items()}
        return {"cell": self.cell, "clean": self.clean, "engines": engines}
