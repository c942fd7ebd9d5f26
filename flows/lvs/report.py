"""What a comparison of layout and circuit says: per engine what ran, what it counted, and what differs."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from analoom.flows.lvs.compare.counts import NOTHING, Counts
from analoom.pdk.errors import NotCleanError

State = Literal["match", "mismatch", "not run"]

MOST_DIFFERENCES = 40
"""So many differences are spelt out, the others counted."""

MOST_NOTES = 10
"""So many deviations that the PDK allows are spelt out."""


@dataclass(frozen=True)
class EngineReport:
    """One engine's verdict. Counts are of the flattened netlists, parallel devices combined.

    `extraction` says whose netlist of the layout a foreign comparer was given. Of the differences those that are
    `unknown` are devices of either side that LVS does not know; the others are of what could be compared.
    """

    engine: str
    state: State
    tool: str
    version: str | None = None
    layout: Counts = NOTHING
    schematic: Counts = NOTHING
    differences: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    report: Path | None = None
    seconds: float = 0.0
    peak_mb: float = 0.0
    reason: str | None = None
    notes: tuple[str, ...] = ()
    extraction: str | None = None

    @property
    def clean(self) -> bool:
        return self.state == "match"

    def summary(self) -> str:
        """One line: the verdict and what it rests on."""
        if self.state == "not run":
            return f"{self.engine}: not run ({self.reason})"
        if self.clean:
            by = f" (extraction: {self.extraction})" if self.extraction else ""
            return f"{self.engine}: match, {self.layout.devices} devices, {self.layout.nets} nets{by}"
        rest = "; ".join([line for line in self.differences if line not in self.unknown][:3])
        if self.unknown:
            rest = f"{'; '.join(self.unknown[:3])}; {f'in the rest: {rest}' if rest else 'the rest matches'}"
        return f"{self.engine}: mismatch: {rest}; see {self.report}"

    def to_json(self) -> dict[str, Any]:
        """The engine's object of the `lvs` command."""
        sides = {"layout": self.layout, "schematic": self.schematic}
        out: dict[str, Any] = {
            "state": self.state,
            "tool": self.tool,
            "version": self.version,
            **{n: {side: getattr(c, n) for side, c in sides.items()} for n in ("devices", "nets", "pins")},
            "differences": list(self.differences),
            "unknown": list(self.unknown),
            "report": str(self.report) if self.report else None,
            "seconds": round(self.seconds, 3),
            "peak_mb": round(self.peak_mb, 1),
            "notes": list(self.notes),
        }
        out |= {"extraction": self.extraction} if self.extraction else {}
        return {**out, "reason": self.reason} if self.reason else out


@dataclass(frozen=True)
class LvsReport:
    """The verdicts of every engine asked for, by engine name."""

    cell: str
    engines: Mapping[str, EngineReport]

    @property
    def clean(self) -> bool:
        """True when every engine asked for ran and matched."""
        return bool(self.engines) and all(engine.clean for engine in self.engines.values())

    @property
    def differences(self) -> tuple[str, ...]:
        """Every engine's differences."""
        return tuple(line for engine in self.engines.values() for line in engine.differences)

    def require_clean(self) -> LvsReport:
        """The report itself. Raises NotCleanError with the first differences when it is not clean."""
        if not self.clean:
            raise NotCleanError(self.summary(), field=self.cell)
        return self

    def summary(self) -> str:
        """The verdict of each engine, one a line."""
        lines = (engine.summary() for engine in self.engines.values())
        return "\n".join([f"{self.cell}: LVS {'clean' if self.clean else 'not clean'}", *lines])

    def to_json(self) -> dict[str, Any]:
        """The JSON of the `lvs` command."""
        engines = {name: engine.to_json() for name, engine in self.engines.items()}
        return {"cell": self.cell, "clean": self.clean, "engines": engines}


def first_differences(differences: Iterable[str]) -> tuple[str, ...]:
    """Each difference once, the first of them spelt out."""
    return _first(differences, MOST_DIFFERENCES, "differences")


def first_notes(notes: Iterable[str]) -> tuple[str, ...]:
    """Each note once, the first of them spelt out."""
    return _first(notes, MOST_NOTES, "notes")


def _first(lines: Iterable[str], most: int, what: str) -> tuple[str, ...]:
    unique = list(dict.fromkeys(lines))
    more = len(unique) - most
    return (*unique[:most], *([f"and {more} more {what}"] if more > 0 else []))
