"""Sweeps: the points of a job measured, the Pareto front, the smallest layouts, the table and the page.

    from analoom.flows.sweep.plan.job_file import read_job
    from analoom.flows.sweep.run import run_sweep

    done = run_sweep(read_job("crossbar"), workers=2)

Finished points are kept in the folder of results, so a sweep that was killed goes on where it was.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from analoom.flows.files.code_version import code_version
from analoom.flows.files.extras import PARQUET
from analoom.flows.files.outputs import OUT, PACKAGES, make_folder, provenance, write_json, write_whole
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
from analoom.flows.sweep.table.pareto import front
from analoom.flows.sweep.table.report import SweepReport
from analoom.flows.sweep.table.table import Row, csv_text, rows_of, sound, units_of, write_parquet
from analoom.flows.sweep.workers.campaign import Campaign, Tell, Workers, workers_of
from analoom.flows.sweep.workers.process import Result
from analoom.flows.sweep.workers.store import PointStore
from analoom.pdk.errors import InputError
from analoom.pdk.install import package_version

SWEEP_PACKAGES = (*PACKAGES, "pyarrow", "distributed", "plotly")
GRID = ("name", "cell", "fields", "axes", "sizes", "bits", "measure")
"""What makes a job another one; its front and its search may change, and the points stay."""

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
    folder = _claimed(folder or OUT / "sweep" / job.name, job, extend)
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
    units = {**units_of_fields(job.cell, job.varied), **units_of(results)}
    rows, objectives = rows_of(points, results), objectives_of(job)
    failures = [*(r.to_json() for r in refused), *_failures(points, results)]
    files = _written(job, folder, rows, units, failures)
    _check_columns(objectives, rows)
    chosen = front([row if sound(row) else {} for row in rows], objectives, job.groups)
    report = SweepReport(job, folder, rows, chosen, failures, (), (), units, objectives, files)
    notes = () if "parquet" in files else (PARQUET.left_out("Parquet"),)
    return replace(report, notes=notes, from_store=campaign.found)


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


def _claimed(folder: Path, job: SweepJob, extend: bool) -> Path:
    """The folder of results, marked as this job's. Raises InputError for the results of another job."""
    make_folder(folder)
    mark, said = folder / "job.json", job.model_dump(mode="json")
    if mark.exists():
        try:
            kept = json.loads(mark.read_text())
        except (OSError, ValueError):
            kept = {}
        _check_owner(folder, kept if isinstance(kept, dict) else {}, said, extend)
    write_json(mark, said)
    return folder


def _check_owner(folder: Path, kept: Mapping[str, Any], said: Mapping[str, Any], extend: bool) -> None:
    other = [name for name in GRID if kept.get(name) != said[name]]
    if not other or (extend and not {"name", "cell"} & set(other)):
        return
    whose = f" {kept['name']!r}" if "name" in other and "name" in kept else ""
    where = f"; it differs in {', '.join(other)}" if kept else ""
    remedy = "another --out" if {"name", "cell"} & set(other) else "another --out, or --extend to keep its points"
    raise InputError(f"{folder} holds the results of another job{whose}{where}", field="out", remedy=remedy)


def _failures(points: Sequence[Point], results: Mapping[str, Result]) -> list[dict[str, Any]]:
    failed = [p for p in points if "error" in results[p.key]]
    return [{"index": p.index, "key": p.key, **p.shown, "error": results[p.key]["error"]} for p in failed]


def _check_columns(objectives: Mapping[str, Any], rows: Sequence[Row]) -> None:
    for name in objectives:
        if rows and not any(name in row for row in rows):
            known = ", ".join(k for k, v in rows[0].items() if isinstance(v, int | float))
            raise InputError(f"no column {name}; there are: {known}", field=f"objectives.{name}")


def _written(
    job: SweepJob, folder: Path, rows: Sequence[Row], units: Mapping[str, str], failures: Sequence[Mapping[str, Any]]
) -> dict[str, Path]:
    about = {**provenance(job.measure.seed), "code": code_version(), "job": job.model_dump(mode="json")}
    about["packages"] = {name: package_version(name) for name in SWEEP_PACKAGES}
    write_json(folder / "provenance.json", about)
    write_json(folder / "failed.json", list(failures))
    files = {"csv": write_whole(folder / "table.csv", csv_text(rows)), "html": folder / "report.html"}
    parquet = folder / "table.parquet"
    if PARQUET.ok:
        return {"parquet": write_parquet(rows, parquet, units, about), **files}
    parquet.unlink(missing_ok=True)  # of a run before this one
    return files
