"""The command `sweep`: a job file run by local processes or a Dask cluster, with its progress on stderr."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from analoom.pdk.errors import InputError

from . import cli_output as output
from .cli_arguments import Json, Out

if TYPE_CHECKING:
    from .campaign import Progress

Job = Annotated[
    str | None, typer.Argument(metavar="JOB", help="A YAML job, or a ready one: crossbar, cap_array, pair, ...")
]
Schema = Annotated[bool, typer.Option("--schema", help="Print the JSON schema of a job, and do nothing else.")]
LocalWorkers = Annotated[int | None, typer.Option("--workers", min=1, help="Local processes; one a core by default.")]
Scheduler = Annotated[str | None, typer.Option("--scheduler", help="A Dask scheduler, tcp://HOST:PORT, instead.")]


def sweep(
    job: Job = None,
    workers: LocalWorkers = None,
    scheduler: Scheduler = None,
    out: Out = None,
    schema: Schema = False,
    json: Json = False,
) -> int:
    """Measure a grid of specs: area against mismatch, the front, the smallest layouts."""
    if schema:
        from .sweep_job import SweepJob

        return output.finish("schema", SweepJob.model_json_schema(), True)
    return _run(job, workers, scheduler, out, json)


def _run(job: str | None, workers: int | None, scheduler: str | None, out: Path | None, json: bool) -> int:
    if workers is not None and scheduler is not None:
        raise InputError("--workers are local, --scheduler brings its own", field="workers", remedy="give one of them")
    from .job_file import read_job, ready_jobs
    from .sweep import run_sweep

    if job is None:
        raise InputError("no job given", field="JOB", remedy=f"a YAML file, or one of {', '.join(ready_jobs())}")
    asked = read_job(job)
    with _progress(asked.name) as (tell, step):
        report = run_sweep(asked, out, workers, scheduler, tell, step).to_json()
    return output.finish("sweep", report, json)


@contextmanager
def _progress(name: str) -> Iterator[tuple[Callable[[Progress], None], Callable[[str], None]]]:
    """A bar with points done, failed and the time left; yields what to tell of points and of steps."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    words = TextColumn("{task.fields[failed]} failed, {task.fields[left]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), words, TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True)) as bar:
        line = bar.add_task(name, total=None, failed=0, left="")

        def tell(now: Progress) -> None:
            left = "" if now.left_s is None else f"{now.left_s:.0f} s left"
            bar.update(line, total=now.total, completed=now.done + now.failed, failed=now.failed, left=left)

        yield tell, lambda step: bar.update(line, description=f"{name}: {step}")
