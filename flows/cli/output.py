"""What the command line prints: one JSON document, or tables that end with one line that says the verdict."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, TextIO

import typer

from analoom.pdk.errors import AnaloomError

if TYPE_CHECKING:
    from rich.console import Console
    from rich.status import Status

_stdout: TextIO | None = None
"""Where the JSON document goes while stdout is lent to stderr; None for human output."""


@contextmanager
def stdout_for(*, json: bool) -> Iterator[None]:
    """With `json`, everything written to stdout but the document goes to stderr, C libraries' words included."""
    global _stdout
    if not json:
        yield
        return
    sys.stdout.flush()
    kept = os.dup(1)
    os.dup2(2, 1)
    try:
        with os.fdopen(os.dup(kept), "w") as _stdout:
            yield
    finally:
        _stdout = None
        sys.stdout.flush()
        os.dup2(kept, 1)
        os.close(kept)


def finish(command: str, report: Any, as_json: bool) -> int:
    """Prints a report and returns the exit code: 0 clean or done, 1 not clean."""
    if as_json:
        _write_json(report)
    else:
        from . import check_tables, tables

        name = f"show_{command}"
        shown: Callable[[Any], None] = getattr(check_tables, name, None) or getattr(tables, name)
        shown(report)
        if isinstance(report, dict) and "folder" in report:
            typer.echo(f"results: {report['folder']}")
    clean = report.get("clean", True) if isinstance(report, dict) else True
    return 0 if clean else 1


def fail(error: AnaloomError) -> int:
    """Says what kept a command from running; exit code 2."""
    if _stdout is not None:
        _write_json({"error": error.to_json()})
    else:
        typer.echo(f"error: {error.message}", err=True)
        if error.remedy:
            typer.echo(f"  try: {error.remedy}", err=True)
    return 2


class Progress:
    """Tells on stderr what is being done: `progress(step)` in a line that stays, `now(doing)` in passing."""

    def __init__(self, what: str, console: Console, status: Status) -> None:
        self._what, self._console, self._status, self._started = what, console, status, time.perf_counter()

    def __call__(self, step: str) -> None:
        self._status.update(_plain(f"{self._what}: {step}"))
        said = f"{self._seconds():6.1f} s  {step}"
        self._console.print(said, style="dim", markup=False, highlight=False)

    def now(self, doing: str) -> None:
        """Shows the time and what is done now, in the place of what was shown before."""
        self._status.update(_plain(f"{self._what}: {self._seconds():.0f} s, {doing}"))

    def _seconds(self) -> float:
        return time.perf_counter() - self._started


@contextmanager
def working(what: str) -> Iterator[Progress]:
    """Shows on stderr that work goes on; yields what takes the steps."""
    from rich.console import Console

    console = Console(stderr=True)
    with console.status(what) as status:
        yield Progress(what, console, status)


@contextmanager
def counting(what: str, total: int) -> Iterator[Callable[[str], None]]:
    """A bar on stderr, and above it a line for each of `total` things as it is done: yields what takes the lines."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, disable=not console.is_terminal) as bar:
        line = bar.add_task(_plain(what), total=total)

        def tell(done: str) -> None:
            console.print(done, style="dim", markup=False, highlight=False, soft_wrap=True)
            bar.advance(line)

        yield tell


def _plain(text: str) -> str:
    """`text` with what rich would take for markup left as it is."""
    from rich.markup import escape

    return escape(text)


def _write_json(report: Any) -> None:
    stream = _stdout or sys.stdout
    json.dump(report, stream, indent=2)
    stream.write("\n")
    stream.flush()
