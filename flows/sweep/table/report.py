"""The record of a finished sweep: its rows, front, failures, smallest layouts and files, and its JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analoom.flows.sweep.plan.job import SweepJob

from .table import Row, sound


@dataclass(frozen=True)
class SweepReport:
    """What a sweep brought: rows and front (indices into the rows), failed points, smallest layouts, files."""

    job: SweepJob
    folder: Path
    rows: Sequence[Row]
    pareto: Sequence[int]
    failures: Sequence[Mapping[str, Any]]
    smallest: Sequence[Mapping[str, Any]]
    budget: Sequence[Mapping[str, Any]]
    units: Mapping[str, str]
    objectives: Mapping[str, Any]
    files: Mapping[str, Path]
    pictures: Mapping[str, str] = field(compare=False, default_factory=dict)
    from_store: int = 0
    seconds: float = field(compare=False, default=0.0)

    @property
    def not_clean(self) -> int:
        """Points with a check that found something or did not run; the front is without them."""
        return sum(not sound(row) for row in self.rows)

    @property
    def clean(self) -> bool:
        """Whether every point that can be drawn was measured and is clean, and every layout asked for was found and is.

        Points left out by `skip_undrawable` do not count.
        """
        found = all(s["met"] and s["clean"] is not False for s in self.smallest)
        return found and not self.not_clean and not any("key" in failure for failure in self.failures)

    def to_json(self) -> dict[str, Any]:
        """What `analoom sweep --json` prints."""
        return {
            "job": self.job.name,
            "clean": self.clean,
            "points": len(self.rows) + len(self.failures),
            "done": len(self.rows),
            "failed": len(self.failures),
            "not_clean": self.not_clean,
            "from_store": self.from_store,
            "table": str(self.files["parquet"]),
            "csv": str(self.files["csv"]),
            "varied": list(self.job.varied),
            "objectives": dict(self.objectives),
            "pareto": [self.rows[i] for i in self.pareto],
            "failures": list(self.failures),
            "smallest": list(self.smallest),
            "budget": list(self.budget),
            "report": str(self.files["html"]),
            "seconds": round(self.seconds, 3),
        }
