"""Sweeps: the points of a job measured, the Pareto front, the smallest layouts, the table and the page.

    from analoom.flows.sweep import run_sweep
    done = run_sweep(read_job("crossbar"), workers=2)

Finished points are kept in the folder of results, so a sweep that was killed goes on where it was.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from analoom.cells.cell import Kind
from analoom.cells.registry import build, entry
from analoom.pdk.errors import InputError
from analoom.pdk.install import package_version

from .campaign import Campaign, Told, Workers, workers_of
from .outputs import OUT, PACKAGES, made, provenance, write_json, write_whole
from .pareto import front
from .point_store import PointStore
from .search import Found, error_column, find_smallest
from .sweep_job import SweepJob
from .sweep_measure import budget_task, task_of
from .sweep_points import Point, code_version, points_of
from .sweep_table import Row, csv_text, rows_of, units_of, write_parquet

SWEEP_PACKAGES = (*PACKAGES, "pyarrow", "distributed", "plotly")
BUDGETED = (Kind.ARRAY, Kind.PAIR, Kind.CAPACITOR, Kind.MAC)
"""Kinds whose error can be split by source."""


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
    from_store: int = 0
    seconds: float = field(compare=False, default=0.0)

    def to_json(self) -> dict[str, Any]:
        """What `analoom sweep --json` prints."""
        return {
            "job": self.job.name,
            "points": len(self.rows) + len(self.failures),
            "done": len(self.rows),
            "failed": len(self.failures),
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


def run_sweep(
    job: SweepJob,
    folder: Path | None = None,
    workers: int | None = None,
    scheduler: str | None = None,
    tell: Told = lambda progress: None,
    step: Callable[[str], None] = lambda name: None,
) -> SweepReport:
    """Runs `job`; results go to `folder` (by default `out/sweep/<job name>`).

    `workers`: local processes (0: none, by default one a core); `scheduler`: the address of a Dask scheduler instead.
    Raises InputError, SpecError and ToolError; finished points stay in the folder in any case.
    """
    started = time.perf_counter()
    points, refused = points_of(job)
    objectives = objectives_of(job)
    folder = _claimed(folder or OUT / "sweep" / job.name, job)
    with workers_of(workers, scheduler) as hands:
        campaign = Campaign(hands, PointStore(folder / "points"), tell)
        step(f"{len(points)} points")
        results = campaign.run([task_of(job, p) for p in points]) if points else {}
        kept = campaign.found
        rows, units = rows_of(points, results), units_of(results)
        _check_columns(objectives, rows)
        chosen = front(rows, objectives, job.groups)
        budget = _budget(job, [p for p in points if p.key in {rows[i]["key"] for i in chosen}], campaign, step)
        smallest = _smallest(job, hands, campaign.store, folder, step)
    failures = [*(r.to_json() for r in refused), *_failures(points, results)]
    step("table and report")
    report = SweepReport(
        job=job,
        folder=folder,
        rows=rows,
        pareto=chosen,
        failures=failures,
        smallest=smallest,
        budget=budget,
        units=units,
        objectives=objectives,
        files=_written(folder, rows, units, failures),
        from_store=kept,
        seconds=time.perf_counter() - started,
    )
    from .sweep_report import write_sweep_report

    write_sweep_report(report)
    write_json(folder / "sweep.json", report.to_json())
    return report


def objectives_of(job: SweepJob) -> dict[str, Any]:
    """The columns of the front with their senses: the job's, or smallest area and smallest error."""
    return dict(job.objectives) or {"area_um2": "min", error_column(job): "min"}


def _claimed(folder: Path, job: SweepJob) -> Path:
    """The folder of results, marked as this job's. Raises InputError for the results of another job."""
    made(folder)
    mark, said = folder / "job.json", job.model_dump(mode="json")
    if mark.exists():
        try:
            kept = json.loads(mark.read_text())
        except (OSError, ValueError):
            kept = None
        if kept != said:
            other = f" ({kept['name']})" if isinstance(kept, dict) and "name" in kept else ""
            raise InputError(
                f"{folder} holds the results of another job{other}",
                field="out",
                remedy="another --out, or another name",
            )
    else:
        write_json(mark, said)
    return folder


def _budget(
    job: SweepJob, points: Sequence[Point], campaign: Campaign, step: Callable[[str], None]
) -> list[dict[str, Any]]:
    """Errors by source of an even selection of the front; nothing for kinds without a budget."""
    if not points or not job.budget_points or entry(job.cell).kind not in BUDGETED:
        return []
    step("error budget along the front")
    most = min(job.budget_points, len(points))
    chosen = [points[round(k * (len(points) - 1) / max(most - 1, 1))] for k in range(most)]
    tasks = {p.index: budget_task(task_of(job, p)) for p in chosen}
    quiet = Campaign(campaign.workers, campaign.store)
    results = quiet.run(list(tasks.values()))
    done = {index: results[task["key"]] for index, task in tasks.items() if "values" in results[task["key"]]}
    return sorted(({"index": i, **r["values"]} for i, r in done.items()), key=lambda row: row["area_um2"])


def _smallest(
    job: SweepJob, hands: Workers, store: PointStore, folder: Path, step: Callable[[str], None]
) -> list[dict[str, Any]]:
    """The smallest layouts asked for, drawn into folders of their own and checked."""
    out = []
    for bits in job.search.bits if job.search else ():
        step(f"smallest layout for {bits} bits")
        found = find_smallest(job, Campaign(hands, store), bits)
        out.append({**found.to_json(), **_signed_off(job, found, folder)})
    return out


def _signed_off(job: SweepJob, found: Found, folder: Path) -> dict[str, Any]:
    """Files and verdicts of a layout found."""
    from .build import build_files
    from .drc import drc_cell
    from .flow import FlowOptions
    from .lvs import lvs_cell
    from .search import spec_found

    place = made(folder / f"smallest_{found.bits}_bits")
    cell = build(job.cell, spec_found(job, found))
    files = build_files(cell, place).to_json()
    if job.search is None or not job.search.sign_off or not found.met:
        return {"files": files["files"], "clean": None}
    drc = drc_cell(cell, place, FlowOptions.drc_engines).to_json()
    lvs = lvs_cell(cell, place, FlowOptions.lvs_engines).to_json()
    write_json(place / "drc.json", drc)
    write_json(place / "lvs.json", lvs)
    verdicts = {
        f"{kind} {name}": run["state"] for kind, r in (("drc", drc), ("lvs", lvs)) for name, run in r["engines"].items()
    }
    return {"files": files["files"], "clean": bool(drc["clean"] and lvs["clean"]), "verdicts": verdicts}


def _failures(points: Sequence[Point], results: Mapping[str, Any]) -> list[dict[str, Any]]:
    failed = [p for p in points if "error" in results[p.key]]
    return [{"index": p.index, **p.shown, "error": results[p.key]["error"]} for p in failed]


def _check_columns(objectives: Mapping[str, Any], rows: Sequence[Row]) -> None:
    for name in objectives:
        if rows and not any(name in row for row in rows):
            known = ", ".join(k for k, v in rows[0].items() if isinstance(v, int | float))
            raise InputError(f"no column {name}; there are: {known}", field=f"objectives.{name}")


def _written(
    folder: Path, rows: Sequence[Row], units: Mapping[str, str], failures: Sequence[Mapping[str, Any]]
) -> dict[str, Path]:
    about = {**provenance(), "code": code_version()}
    about["packages"] = {name: package_version(name) for name in SWEEP_PACKAGES}
    write_json(folder / "provenance.json", about)
    write_json(folder / "failed.json", list(failures))
    return {
        "parquet": write_parquet(rows, folder / "table.parquet", units, about),
        "csv": write_whole(folder / "table.csv", csv_text(rows)),
        "html": folder / "report.html",
    }
