"""The command `sweep`: a job file, of a cell or of networks, run by local processes or a Dask cluster.

Its progress is told on stderr."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from analoom.pdk.errors import InputError

from . import output
from .arguments import Json, Out

if TYPE_CHECKING:
    from rich.console import Console

    from analoom.flows.sweep.workers.campaign import Progress

LINE_S = 10.0
"""How often the points done are told where stderr is no terminal."""

Job = Annotated[
    str | None, typer.Argument(metavar="JOB", help="A YAML job, or a ready one: crossbar, cap_array, pair, ...")
]
Extend = Annotated[
    bool, typer.Option("--extend", help="Go on in a folder whose grid was another one; its points are kept.")
]
Schema = Annotated[bool, typer.Option("--schema", help="Print the JSON schema of a job, and do nothing else.")]
LocalWorkers = Annotated[int | None, typer.Option("--workers", min=1, help="Local processes; one a core by default.")]
Scheduler = Annotated[str | None, typer.Option("--scheduler", help="A Dask scheduler, tcp://HOST:PORT, instead.")]


def sweep(
    job: Job = None,
    workers: LocalWorkers = None,
    scheduler: Scheduler = None,
    out: Out = None,
    extend: Extend = False,
    schema: Schema = False,
    json: Json = False,
) -> int:
    """Measure a grid of specs: area against mismatch, the front, the smallest layouts."""
    if schema:
        return output.finish("schema", _schema(), True)
    report = _swept(job, workers, scheduler, out, extend)
    return output.finish("sweep", report, json)


def _swept(job: str | None, workers: int | None, scheduler: str | None, out: Path | None, extend: bool) -> Any:
    if workers is not None and scheduler is not None:
        raise InputError("--workers are local, --scheduler brings its own", field="workers", remedy="give one of them")
    from analoom.flows.sweep.plan.job_file import read_fields, ready_jobs

    if job is None:
        raise InputError("no job given", field="JOB", remedy=f"a YAML file, or one of {', '.join(ready_jobs())}")
    asked, work = _parsed(read_fields(job))
    with counted(asked.name) as (tell, step):
        return work(asked, out, workers, scheduler, tell, step, extend).to_json()


def _parsed(fields: Mapping[str, Any]) -> tuple[Any, Callable[..., Any]]:
    """The job of `fields`, and what runs it: one that names networks is one of networks."""
    if "networks" in fields:
        from analoom.flows.compile.fronts.job import FrontJob
        from analoom.flows.compile.fronts.run import run_fronts

        return FrontJob.parse(fields), run_fronts
    from analoom.flows.sweep.plan.job import SweepJob
    from analoom.flows.sweep.run import run_sweep

    return SweepJob.parse(fields), run_sweep


def _schema() -> dict[str, Any]:
    """The schema of a job of a cell; under `networks` that of a job of networks."""
    from analoom.flows.compile.fronts.job import FrontJob
    from analoom.flows.sweep.plan.job import SweepJob

    return {**SweepJob.model_json_schema(), "networks": FrontJob.model_json_schema()}


@contextmanager
def counted(name: str, of: str = "points") -> Iterator[tuple[Callable[[Progress], None], Callable[[str], None]]]:
    """What to tell of points, or what else is counted, and of steps: a bar, or lines where stderr is no terminal."""
    from rich.console import Console

    console = Console(stderr=True)
    if output.live():
        with _bar(name, console) as told:
            yield told
    else:
        lines = _Lines(name, console, of)
        yield lines.tell, lines.step


@contextmanager
def _bar(name: str, console: Console) -> Iterator[tuple[Callable[[Progress], None], Callable[[str], None]]]:
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    words = TextColumn("{task.fields[failed]} failed{task.fields[left]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), words, TimeElapsedColumn())
    with Bar(*columns, console=console) as bar:
        line = bar.add_task(name, total=None, failed=0, left="")

        def tell(now: Progress) -> None:
            bar.update(line, total=now.total, completed=now.done + now.failed, failed=now.failed, left=_left(now))

        yield tell, lambda step: bar.update(line, description=f"{name}: {step}")


class _Lines:
    """Lines of a log: each kind of step as it starts, and points every LINE_S."""

    def __init__(self, name: str, console: Console, of: str) -> None:
        self._name, self._console, self._of, self._step = name, console, of, ""
        self._next = time.monotonic()

    def tell(self, now: Progress) -> None:
        done = now.done + now.failed
        if time.monotonic() >= self._next or done == now.total:
            self._say(f"{done} of {now.total} {self._of}, {now.failed} failed{_left(now)}")

    def step(self, step: str) -> None:
        kind = step.partition(":")[0]
        if kind != self._step or time.monotonic() >= self._next:
            self._step = kind
            self._say(step)

    def _say(self, words: str) -> None:
        self._next = time.monotonic() + LINE_S
        self._console.print(f"{self._name}: {words}", markup=False, highlight=False, soft_wrap=True)


def _left(now: Progress) -> str:
    return "" if not now.left_s else f", {now.left_s:.0f} s left"
