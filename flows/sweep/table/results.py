"""The folder of a sweep's results: whose it is, and the table with all that is told of it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analoom.flows.files.code_version import code_version
from analoom.flows.files.extras import PARQUET
from analoom.flows.files.outputs import PACKAGES, make_folder, write_json, write_whole
from analoom.flows.sweep.plan.points import Point
from analoom.flows.sweep.workers.process import Result
from analoom.pdk.errors import InputError
from analoom.pdk.install import package_version

from .table import Row, csv_text, write_parquet

SWEEP_PACKAGES = (*PACKAGES, "pyarrow", "distributed", "plotly")


def claimed(folder: Path, said: Mapping[str, Any], grid: Sequence[str], owner: Sequence[str], extend: bool) -> Path:
    """The folder of results, marked as the job's whose fields are `said`.

    A job with other values of `grid` is another one, and `extend` lets it in where those of `owner` are the same.
    Raises InputError for the results of another job.
    """
    make_folder(folder)
    mark = folder / "job.json"
    if mark.exists():
        try:
            kept = json.loads(mark.read_text())
        except (OSError, ValueError):
            kept = {}
        other = [name for name in grid if not isinstance(kept, dict) or kept.get(name) != said[name]]
        if other and not (extend and not set(owner) & set(other)):
            raise _of_another(folder, kept if isinstance(kept, dict) else {}, other, owner)
    write_json(mark, dict(said))
    return folder


def _of_another(folder: Path, kept: Mapping[str, Any], other: Sequence[str], owner: Sequence[str]) -> InputError:
    whose = f" {kept['name']!r}" if "name" in other and "name" in kept else ""
    where = f"; it differs in {', '.join(other)}" if kept else ""
    remedy = "another --out" if set(owner) & set(other) else "another --out, or --extend to keep its points"
    return InputError(f"{folder} holds the results of another job{whose}{where}", field="out", remedy=remedy)


def failures_of(points: Sequence[Point], results: Mapping[str, Result]) -> list[dict[str, Any]]:
    """The points that failed, each with its error."""
    failed = [p for p in points if "error" in results[p.key]]
    return [{"index": p.index, "key": p.key, **p.shown, "error": results[p.key]["error"]} for p in failed]


def check_columns(objectives: Mapping[str, Any], rows: Sequence[Row]) -> None:
    """Raises InputError for an objective that no row has."""
    for name in objectives:
        if rows and not any(name in row for row in rows):
            known = ", ".join(k for k, v in rows[0].items() if isinstance(v, int | float))
            remedy = "objectives of the columns that there are; no point is measured again"
            raise InputError(f"no column {name}; there are: {known}", field=f"objectives.{name}", remedy=remedy)


def written(
    folder: Path,
    about: Mapping[str, Any],
    rows: Sequence[Row],
    units: Mapping[str, str],
    failures: Sequence[Mapping[str, Any]],
) -> dict[str, Path]:
    """Writes the tables, the failures and the provenance, `about` and more; files by name, the page to come too."""
    packages = {name: package_version(name) for name in SWEEP_PACKAGES}
    whole = {**about, "code": code_version(), "packages": packages}
    write_json(folder / "provenance.json", whole)
    write_json(folder / "failed.json", list(failures))
    files = {"csv": write_whole(folder / "table.csv", csv_text(rows)), "html": folder / "report.html"}
    parquet = folder / "table.parquet"
    if PARQUET.ok:
        return {"parquet": write_parquet(rows, parquet, units, whole), **files}
    parquet.unlink(missing_ok=True)  # of a run before this one
    return files


def left_out(files: Mapping[str, Path]) -> tuple[str, ...]:
    """What is said of tables that were not written."""
    return () if "parquet" in files else (PARQUET.left_out("Parquet"),)
