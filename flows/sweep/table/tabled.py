"""What was measured of all points of a job as a report: rows with their units, the files, the front."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analoom.flows.sweep.plan.asked import Asked
from analoom.flows.sweep.plan.points import Point, Refused
from analoom.flows.sweep.workers.process import Result

from .pareto import front
from .report import SweepReport
from .results import check_columns, failures_of, left_out, written
from .table import Row, rows_of, sound, units_of


def tabled(
    job: Asked,
    folder: Path,
    points: Sequence[Point],
    refused: Sequence[Refused],
    results: Mapping[str, Result],
    units: Mapping[str, str],
    about: Mapping[str, Any],
    objectives: Mapping[str, Any],
) -> SweepReport:
    """Writes the table; `units` are those of what is varied, `about` is told with it.

    Raises InputError for an objective that no row has.
    """
    rows, units = rows_of(points, results), {**units, **units_of(results)}
    failures = [*(r.to_json() for r in refused), *failures_of(points, results)]
    files = written(folder, about, rows, units, failures)
    check_columns(objectives, rows)
    chosen = sound_front(rows, objectives, job.groups)
    return SweepReport(job, folder, rows, chosen, failures, (), (), units, objectives, files, notes=left_out(files))


def sound_front(rows: Sequence[Row], objectives: Mapping[str, Any], groups: Sequence[str]) -> list[int]:
    """The front of the rows that nothing speaks against, as indices into all of them."""
    return front([row if sound(row) else {} for row in rows], objectives, groups)
