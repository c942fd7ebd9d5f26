"""By what a job judges its points: the sigma of one output, or the room that a criterion of more needs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from analoom.cells.model.registry import entry
from analoom.flows.error_budget import has_budget
from analoom.flows.statistics.criterion import Criterion
from analoom.flows.sweep.measure.task import ROOM, how_judged, room_task, task_of
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.plan.points import Point
from analoom.flows.sweep.workers.campaign import Campaign
from analoom.flows.sweep.workers.process import Result
from analoom.flows.systems.lookup import system_of
from analoom.pdk.errors import InputError


def is_judged(job: SweepJob) -> bool:
    """Whether a measured mismatch error decides about the bits of the job's cells."""
    return bool(job.measure.mismatch) and _deciding(job) is not None


def _deciding(job: SweepJob) -> str | None:
    resolution = system_of(entry(job.cell)).resolution
    if job.search and job.search.metric:
        return job.search.metric
    return resolution.error if resolution else None


def error_column(job: SweepJob) -> str:
    """The column of the error that counts: the closed form where it is measured, else the draws'."""
    generator = entry(job.cell)
    resolution, named = system_of(generator).resolution, _deciding(job)
    if named is None or not job.measure.mismatch:
        raise InputError(
            f"there is no mismatch error to judge {job.cell} by ({generator.kind})",
            field="measure.mismatch",
            remedy="measure the mismatch, or name the columns of the front in `objectives`",
        )
    if resolution and named in resolution.maxima:
        raise InputError(
            f"{named} is a maximum over outputs already: the criterion wants the sigma of one output",
            field="search.metric",
            remedy=f"metric: {resolution.error}, with outputs: all where all of a die are meant",
        )
    return f"{'closed' if 'closed' in job.measure.mismatch else 'mc'}.{named}"


def judged_column(job: SweepJob) -> str:
    """The column that the front is judged by: the sigma of one output, or the room that a criterion of more needs."""
    column = error_column(job)
    if job.criterion.sources == "all" and not has_budget(entry(job.cell)):
        raise InputError(
            f"nothing tells what gradients and wires do to {job.cell}", field="search.errors", remedy="errors: random"
        )
    return column if job.criterion.plain else ROOM


def how_judged_of(job: SweepJob, point: Point, bits: int, criterion: Criterion) -> dict[str, Any]:
    """How a point is judged for `bits` by a criterion."""
    resolution = system_of(entry(job.cell)).resolution
    outputs = resolution.outputs(point.spec, bits) if resolution else 1
    return how_judged(error_column(job).partition(".")[2], outputs, criterion)


def error_lsb(job: SweepJob, result: Mapping[str, Any], bits: int) -> tuple[float, float]:
    """(sigmas of one output that the room needed holds, that room in LSB) of a measured point."""
    criterion = job.criterion
    sigma, unit = _column(error_column(job), result)
    width = criterion.sigmas * sigma if criterion.plain else _column(ROOM, result)[0]
    z = width / sigma if sigma and not criterion.plain else criterion.sigmas
    return z, width * (2**bits if unit == "frac" else 1)


def with_room(
    job: SweepJob, points: Sequence[Point], results: Mapping[str, Result], campaign: Campaign, bits: int
) -> dict[str, Result]:
    """Results of points with the room that the job's criterion needs as column ROOM, or its error."""
    rooms = rooms_of(job, [p for p in points if "values" in results[p.key]], campaign, bits, job.criterion)
    return {**results, **{key: _joined(results[key], room) for key, room in rooms.items()}}


def rooms_of(
    job: SweepJob, points: Sequence[Point], campaign: Campaign, bits: int, criterion: Criterion
) -> dict[str, Result]:
    """The room that a criterion needs, by the keys of the points."""
    tasks = {p.key: room_task(task_of(job, p), how_judged_of(job, p, bits, criterion)) for p in points}
    results = campaign.run(list(tasks.values())) if tasks else {}
    return {key: results[task["key"]] for key, task in tasks.items()}


def _joined(result: Result, room: Result) -> Result:
    if "error" in room:
        return {"key": result["key"], "error": room["error"]}
    return {**result, "values": result["values"] | room["values"], "units": result["units"] | room["units"]}


def _column(column: str, result: Mapping[str, Any]) -> tuple[float, str]:
    """A measured error and its unit. Raises InputError for one that is not there, or says nothing of bits."""
    if column not in result["values"]:
        known = ", ".join(name for name in result["values"] if "." in name)
        raise InputError(f"no column {column}; measured are: {known}", field="search.metric")
    value, unit = result["values"][column], result["units"][column]
    if unit not in ("frac", "LSB"):
        raise InputError(f"{column} is in {unit}: bits want a fraction of full scale, or LSB", field="search.metric")
    return value, unit
