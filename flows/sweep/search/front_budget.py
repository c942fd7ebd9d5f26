"""The error budget along the front of a sweep: an even selection of its points, each error split by its sources."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from analoom.cells.model.registry import entry
from analoom.flows.error_budget import has_budget
from analoom.flows.sweep.measure.task import budget_task, task_of
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.plan.points import Point
from analoom.flows.sweep.table.pareto import evenly
from analoom.flows.sweep.workers.campaign import Campaign

from .search import Found, found_point


def budget_of(job: SweepJob, found: Found, campaign: Campaign) -> dict[str, float]:
    """The errors by source (fractions) of a layout found; empty for kinds whose error cannot be split."""
    if not has_budget(entry(job.cell)):
        return {}
    task = budget_task(task_of(job, found_point(job, found.fields, found.bits)))
    values = campaign.run([task])[task["key"]].get("values", {})
    return {name: value for name, value in values.items() if name != "area_um2"}


def front_budget(job: SweepJob, points: Sequence[Point], campaign: Campaign) -> list[dict[str, Any]]:
    """Index, area and errors by source (fractions) of up to `budget_points` of the points of a front, by area.

    Nothing for kinds whose error cannot be split. A point that fails here is left out: it is on the front already.
    """
    if not has_budget(entry(job.cell)):
        return []
    tasks = {p.index: budget_task(task_of(job, p)) for p in evenly(points, job.budget_points)}
    results = campaign.run(list(tasks.values())) if tasks else {}
    done = {index: results[task["key"]] for index, task in tasks.items() if "values" in results[task["key"]]}
    return sorted(({"index": i, **r["values"]} for i, r in done.items()), key=lambda row: row["area_um2"])
