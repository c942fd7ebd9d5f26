"""Along the front of a sweep, for an even selection of its points: each error split by its sources, and the bits that
the criterion leaves, by random errors alone and about gradients, IR drop and wires."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from analoom.cells.model.registry import entry
from analoom.flows.error_budget import has_budget
from analoom.flows.statistics.criterion import Sources
from analoom.flows.sweep.measure.task import ROOM_BITS, budget_task, task_of
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.plan.points import Point
from analoom.flows.sweep.table.pareto import evenly
from analoom.flows.sweep.workers.campaign import Campaign

from .found import Found, found_point
from .judged import is_judged, rooms_of


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


def front_bits(job: SweepJob, points: Sequence[Point], campaign: Campaign) -> dict[int, dict[str, float]]:
    """Bits that the criterion leaves, by index of up to `budget_points` of the points of a front.

    `bits.random` by random errors alone; `bits.all` about what gradients, IR drop and wires make, for kinds of which
    that is known. Nothing where no mismatch is measured, or none of it decides about bits. A point that fails here is
    left out.
    """
    if not is_judged(job):
        return {}
    known: tuple[Sources, ...] = ("random", "all") if has_budget(entry(job.cell)) else ("random",)
    chosen, found = evenly(points, job.budget_points), dict[int, dict[str, float]]()
    for sources in known:
        rooms = rooms_of(job, chosen, campaign, 1, replace(job.criterion, sources=sources))
        for point in chosen:
            bits = rooms[point.key].get("values", {}).get(ROOM_BITS)
            if bits is not None:
                found.setdefault(point.index, {})[f"bits.{sources}"] = bits
    return found


def about_fixed(job: SweepJob, found: Found, campaign: Campaign) -> dict[str, Any]:
    """Of a layout found by random errors alone: whether gradients, IR drop and wires leave it good, and its bits.

    Empty for kinds of which that is not known, and where the search counts them anyway.
    """
    if job.criterion.sources == "all" or not has_budget(entry(job.cell)):
        return {}
    point = found_point(job, found.fields, found.bits)
    room = rooms_of(job, [point], campaign, found.bits, replace(job.criterion, sources="all"))[point.key]
    if "error" in room or room["values"][ROOM_BITS] is None:
        return {}
    bits = room["values"][ROOM_BITS]
    return {"with_fixed": {"bits": bits, "met": bits >= found.bits}}
