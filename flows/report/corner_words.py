"""What is told of a table over corners, temperatures and supplies, on the terminal and in the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import prod
from typing import Any

from analoom.flows.files.quantity import quantity

Report = Mapping[str, Any]


def rows_of(report: Report) -> tuple[tuple[str, ...], list[tuple[str, ...]]]:
    """Heads and rows: each metric at the nominal point, and its ends over the table, with where they are."""
    heads = ("metric", place_text(report, report["nominal"]), "smallest", "at", "largest", "at")
    return heads, [(name, *corners_row(report, metric)) for name, metric in report["metrics"].items()]


def failures(report: Report) -> list[tuple[str, str]]:
    """The points without a result, and why."""
    return [(place_text(report, one["place"]), one["error"]["message"]) for one in report["failed"]]


def verdict(report: Report) -> str:
    """How many points ran."""
    points, failed = prod(len(axis["values"]) for axis in report["axes"]), len(report["failed"])
    not_all = f", {failed} FAILED" if failed else ""
    return f"{report['cell']}: {report['view']} simulated at {points} points{not_all}, {report['seconds']:.1f} s"


def corners_row(report: Report, metric: Report) -> tuple[str, ...]:
    """The nominal value, the smallest and the largest, each with its place."""
    ends = [metric[end] for end in ("min", "max")]
    told = [(quantity(e["value"], metric["unit"]), place_text(report, e["at"])) if e else ("-", "-") for e in ends]
    return quantity(metric["nominal"], metric["unit"]), *told[0], *told[1]


def place_text(report: Report, place: Sequence[Any]) -> str:
    """`ss, -40 degC, 1.8 V`."""
    units = [axis["unit"] for axis in report["axes"]]
    words = [value if isinstance(value, str) else f"{value:.4g}" for value in place]
    return ", ".join(f"{word} {unit}".strip() for word, unit in zip(words, units, strict=True))
