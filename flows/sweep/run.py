"""Sweeps: the points of a job measured, the Pareto front, the smallest layouts, the table and the page.

    from analoom.flows.sweep.plan.job_file import read_job
    from analoom.flows.sweep.run import run_sweep

    done = run_sweep(read_job("crossbar"), workers=2)

Finished points are kept in the folder of results, so a sweep that was killed goes on where it was.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from analoom.flows.files.outputs import OUT, provenance, write_json
from analoom.flows.listing import units_of_fields
from analoom.flows.sweep.measure.task import task_of
from analoom.flows.sweep.page.page import write_sweep_report
from analoom.flows.sweep.page.pictures import pictures, rows_pictured
from analoom.flows.sweep.plan.job import SweepJob
from analoom.flows.sweep.plan.points import Point, Refused, points_of
from analoom.flows.sweep.search.found import found_point
from analoom.flows.sweep.search.front_budget import front_bits, front_budget
from analoom.flows.sweep.search.judged import judged_column, with_room
from analoom.flows.sweep.search.smallest import smallest_layouts
from analoom.flows.sweep.table.report import SweepReport
from analoom.flows.sweep.table.results import claimed
from analoom.flows.sweep.table.tabled import tabled
from analoom.flows.sweep.workers.campaign import Campaign, Tell, Workers, workers_of
from analoom.flows.sweep.workers.store import PointStore

GRID = ("name", "cell", "fields", "axes", "sizes", "bits", "measure")
"""What makes a job another one; its front and its search may change, and the points stay."""
OWNER = ("name", "cell")
"""What of it no folder may change."""

Step = Callable[[str], None]
"""Tell the name of each step as it starts."""


def run_sweep(
    job: SweepJob,
    folder: Path | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    tell: Tell = lambda progress: None,
    step: Step = lambda name: None,
    extend: bool = False,
) -> SweepReport:
    """Runs `job`; results go to `folder` (by default `out/sweep/<job name>`).

    `workers`: local processes (0: none, by default one a core); `scheduler`: the address of a Dask scheduler instead.
    `extend`: take a folder of the same cell whose grid was another one; what it holds of this grid is not measured
    again. Raises InputError, SpecError and ToolError; finished points stay in the folder in any case.
    """
    started = time.perf_counter()
    points, refused = points_of(job)
    objectives_of(job)
    folder = claimed(folder or OUT / "sweep" / job.name, job.model_dump(mode="json"), GRID, OWNER, extend)
    with workers_of(workers, scheduler) as hands:
        report = _measured(job, folder, hands, points, refused, tell, step)
        quiet = Campaign(hands, PointStore(folder / "points"))
        step("error budget along the front")
        on_front = {report.rows[i]["index"] for i in report.pareto}
        shown = [p for p in points if p.index in on_front]
        budget, bits = front_budget(job, shown, quiet), front_bits(job, shown, quiet)
        smallest = smallest_layouts(job, quiet, folder, step)
        step("pictures")
        pictures = _pictures(job, report, points, smallest, quiet)
    step("page")
    seconds = time.perf_counter() - started
    report = replace(report, budget=budget, bits=bits, smallest=smallest, pictures=pictures, seconds=seconds)
    write_sweep_report(report)
    write_json(folder / "sweep.json", report.to_json())
    return report


def _measured(
    job: SweepJob,
    folder: Path,
    hands: Workers,
    points: Sequence[Point],
    refused: Sequence[Refused],
    tell: Tell,
    step: Step,
) -> SweepReport:
    """The grid measured, its table and its front."""
    campaign = Campaign(hands, PointStore(folder / "points"), tell)
    step(f"{len(points)} points")
    results = campaign.run([task_of(job, p) for p in points]) if points else {}
    if points and not job.criterion.plain:
        results = with_room(job, points, results, campaign, 1)
    units, objectives = units_of_fields(job.cell, job.varied), objectives_of(job)
    about = {**provenance(job.measure.seed), "job": job.model_dump(mode="json")}
    report = tabled(job, folder, points, refused, results, units, about, objectives)
    judged = judged_column(job) if len(objectives) == 1 else ""
    return replace(report, judged=judged, from_store=campaign.found)


def _pictures(
    job: SweepJob,
    report: SweepReport,
    points: Sequence[Point],
    smallest: Sequence[Mapping[str, Any]],
    campaign: Campaign,
) -> dict[str, str]:
    """Pictures by key of the points shown and of the smallest layouts."""
    wanted = {report.rows[i]["key"] for i in rows_pictured(len(report.rows), report.pareto)}
    tasks = {p.key: task_of(job, p) for p in points if p.key in wanted}
    tasks |= {s["key"]: task_of(job, found_point(job, s["fields"], s["bits"])) for s in smallest}
    return pictures(list(tasks.values()), campaign)


def objectives_of(job: SweepJob) -> dict[str, Any]:
    """The columns of the front with their senses: the job's, or smallest area and what the criterion judges."""
    return dict(job.objectives) or {"area_um2": "min", judged_column(job): "min"}
