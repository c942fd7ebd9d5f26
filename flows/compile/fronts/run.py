"""Networks over targets and sizes: every point judged on dies, a front each network and target, a table and a page.

    from analoom.flows.compile.fronts.run import run_fronts

    done = run_fronts(FrontJob.parse({...}), workers=2)

Finished points are kept in the folder of results, so a run that was killed goes on where it was.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from analoom.flows.compile.targets.lookup import target_of
from analoom.flows.fields import field_rows
from analoom.flows.files.outputs import OUT, provenance, write_json
from analoom.flows.listing import units_of_fields
from analoom.flows.sweep.page.page import write_sweep_report
from analoom.flows.sweep.page.pictures import pictures, rows_pictured
from analoom.flows.sweep.run import Step
from analoom.flows.sweep.table.report import SweepReport
from analoom.flows.sweep.table.results import claimed
from analoom.flows.sweep.table.table import Row
from analoom.flows.sweep.table.tabled import sound_front, tabled
from analoom.flows.sweep.workers.campaign import Campaign, Tell, workers_of
from analoom.flows.sweep.workers.store import PointStore

from .job import NETWORK, TARGET, FrontJob
from .points import points_of, read_given

GRID = ("name", "networks", "data", "targets", "measure")
"""What makes a job another one; its fronts may change, and the points stay."""
OWNER = ("name", "data")
"""What of it no folder may change."""


def run_fronts(
    job: FrontJob,
    folder: Path | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    tell: Tell = lambda progress: None,
    step: Step = lambda name: None,
    extend: bool = False,
) -> SweepReport:
    """Runs `job`; results go to `folder` (by default `out/sweep/<job name>`), with workers as `run_sweep` has them.

    Raises InputError, SpecError and ToolError; finished points stay in the folder in any case.
    """
    started = time.perf_counter()
    given = read_given(job)
    points, refused, tasks = points_of(job, given)
    folder = claimed(folder or OUT / "sweep" / job.name, job.model_dump(mode="json"), GRID, OWNER, extend)
    with workers_of(workers, scheduler) as hands:
        campaign = Campaign(hands, PointStore(folder / "points"), tell)
        step(f"{len(points)} points")
        results = campaign.run(list(tasks.values()))
        about = {**provenance(job.measure.seed), "job": job.model_dump(mode="json"), "given": dict(given.files)}
        report = tabled(job, folder, points, refused, results, _units(job), about, job.senses)
        notes = (*report.notes, *_not_told(job, report.rows), *_best_of_all(job, report.rows))
        report = replace(report, notes=notes, from_store=campaign.found)
        step("pictures")
        report = replace(report, pictures=_pictures(job, report, tasks, Campaign(hands, PointStore(folder / "points"))))
    step("page")
    report = replace(report, seconds=time.perf_counter() - started)
    write_sweep_report(report)
    write_json(folder / "sweep.json", report.to_json())
    return report


def _pictures(
    job: FrontJob, report: SweepReport, tasks: Mapping[str, Mapping[str, Any]], campaign: Campaign
) -> dict[str, str]:
    """Pictures by key of the points shown; none where nothing is drawn."""
    if not job.measure.draw:
        return {}
    shown = [report.rows[i]["key"] for i in rows_pictured(len(report.rows), report.pareto)]
    return pictures([tasks[key] for key in shown], campaign)


def _units(job: FrontJob) -> dict[str, str]:
    """The units of the fields that are varied, by the cells' own schemas."""
    found: dict[str, str] = {}
    for name, fields in job.targets.items():
        target = target_of(name)
        own = field_rows(target.spec_type.model_json_schema()) if target.spec_type else []
        found |= units_of_fields(target.cell, tuple(fields))
        found |= {row["name"]: row["unit"] for row in own if row["name"] in fields and row["unit"]}
    return found


def _not_told(job: FrontJob, rows: Sequence[Row]) -> list[str]:
    """Says of which points an objective is not known: no front has them."""
    found = []
    for name in job.senses:
        without = sorted({f"{row[NETWORK]} on {row[TARGET]}" for row in rows if row.get(name) is None})
        if without:
            found.append(f"{name} is not known, and no front made, for {', '.join(without)}")
    return found


def _best_of_all(job: FrontJob, rows: Sequence[Row]) -> list[str]:
    """Says which targets hold the front of a network when all of them compete."""
    best = sound_front(rows, job.senses, (NETWORK,))
    found: dict[str, dict[str, int]] = {}
    for i in best:
        of = found.setdefault(rows[i][NETWORK], {})
        of[rows[i][TARGET]] = of.get(rows[i][TARGET], 0) + 1
    return [
        f"where all targets compete for {network}, the front has "
        + ", ".join(f"{count} of {name}" for name, count in of.items())
        for network, of in found.items()
    ]
