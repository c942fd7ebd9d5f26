"""The record of a finished sweep: its rows, front, failures, smallest layouts and files, and its JSON."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analoom.flows.sweep.plan.asked import Asked

from .table import Row, sound


@dataclass(frozen=True)
class SweepReport:
    """What a sweep brought: rows and front (indices into the rows), failed points, smallest layouts, files.

    `judged`: the column that a front of one objective is shown by.
    """

    job: Asked
    folder: Path
    rows: Sequence[Row]
    pareto: Sequence[int]
    failures: Sequence[Mapping[str, Any]]
    smallest: Sequence[Mapping[str, Any]]
    budget: Sequence[Mapping[str, Any]]
    units: Mapping[str, str]
    objectives: Mapping[str, Any]
    files: Mapping[str, Path]
    bits: Mapping[int, Mapping[str, float]] = field(default_factory=dict)
    pictures: Mapping[str, str] = field(compare=False, default_factory=dict)
    judged: str = ""
    notes: Sequence[str] = ()
    from_store: int = 0
    seconds: float = field(compare=False, default=0.0)

    @property
    def table(self) -> Path:
        """The table with every column: Parquet where it was written, else CSV."""
        return self.files.get("parquet", self.files["csv"])

    @property
    def front(self) -> list[Row]:
        """The rows of the front, those judged with the bits that the criterion leaves."""
        return [{**self.rows[i], **self.bits.get(self.rows[i]["index"], {})} for i in self.pareto]

    @property
    def front_words(self) -> str:
        """What gradients, IR drop and wires leave of the front; "" where that is not known."""
        both = [bits for bits in self.bits.values() if "bits.all" in bits and "bits.random" in bits]
        if not both:
            return ""
        random, left = (_span([bits[name] for bits in both]) for name in ("bits.random", "bits.all"))
        words = f"{len(both)} points of the front have {random} bits by random mismatch alone, {left} with gradients, "
        asked = self.job.least_bits
        bad = sum(bits["bits.all"] < asked <= bits["bits.random"] for bits in both) if asked else 0
        lost = f"; {bad} of them lose their {asked} bits by that" if bad else ""
        return f"{words}IR drop and wires{lost}"

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
            "table": str(self.table),
            "csv": str(self.files["csv"]),
            "varied": list(self.job.varied),
            "units": dict(self.units),
            "objectives": dict(self.objectives),
            "criterion": self.job.criterion_words,
            "pareto": self.front,
            "front": self.front_words,
            "failures": list(self.failures),
            "smallest": list(self.smallest),
            "budget": list(self.budget),
            "report": str(self.files["html"]),
            "notes": list(self.notes),
            "seconds": round(self.seconds, 3),
        }


def _span(values: Sequence[float]) -> str:
    low, high = (f"{end(values):.1f}" for end in (min, max))
    return low if low == high else f"{low} to {high}"
