"""What the command line prints: one JSON document, or tables that end with one line that says the verdict."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import typer

from analoom.flows.files.progress import heard_by
from analoom.flows.files.run_folder import answer
from analoom.pdk.errors import AnaloomError

if TYPE_CHECKING:
    from rich.progress import Progress as Bar

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


def finish(command: str, report: Any, as_json: bool, folder: Path | None = None) -> int:
    """Prints a report and returns the exit code: 0 clean or done, 1 not clean.

    `folder`: where the results lie, of reports that do not say it themselves (`folder`).
    """
    if as_json:
        _write_json(report)
    else:
        from . import check_tables, compile_tables, export_tables, tables

        name = f"show_{command}"
        rooms = (check_tables, compile_tables, export_tables, tables)
        shown: Callable[[Any], None] = next(getattr(room, name) for room in rooms if hasattr(room, name))
        shown(report)
        where = folder or (report.get("folder") if isinstance(report, dict) else None)
        if where is not None:
            typer.echo(f"results: {where}", err=True)
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
    """Tells on stderr what is being done: `progress(step)` in a line that stays; the rest beside the bar, if any."""

    def __init__(self, what: str, bar: Bar | None = None) -> None:
        self._what, self._bar, self._started = what, bar, time.perf_counter()
        self._line = None if bar is None else bar.add_task(what, total=None)

    def __call__(self, step: str) -> None:
        said = f"{time.perf_counter() - self._started:6.1f} s  {step}"
        if self._bar is None:
            typer.echo(said, err=True)
        else:
            self.now(step)
            self._bar.console.print(said, style="dim", markup=False, highlight=False)

    def now(self, doing: str) -> None:
        """Shows what is done now, in the place of what was shown before."""
        if self._bar is not None and self._line is not None:
            self._bar.update(self._line, description=f"{self._what}: {doing}")

    def share(self, done: int, total: int) -> None:
        """Shows how many parts are done, of how many."""
        if self._bar is not None and self._line is not None:
            self._bar.update(self._line, completed=done, total=total)


def live() -> bool:
    """Whether bars are drawn: on a terminal, and not with --json."""
    return _stdout is None and sys.stderr.isatty()


@contextmanager
def working(what: str) -> Iterator[Progress]:
    """Shows on stderr that work goes on, and how far it is (`tracked`); yields what takes the steps."""
    if not live():
        yield Progress(what)
        return
    from rich.console import Console
    from rich.progress import BarColumn, SpinnerColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(), TimeElapsedColumn())
    with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
        progress = Progress(what, bar)
        with heard_by(progress.share):
            yield progress


@contextmanager
def counting(what: str, total: int) -> Iterator[Callable[[str], None]]:
    """A bar on stderr, and above it a line for each of `total` things as it is done: yields what takes the lines."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeElapsedColumn
    from rich.progress import Progress as Bar

    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Bar(*columns, console=console, disable=not live()) as bar:
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
    stream, document = _stdout or sys.stdout, json.dumps(report, indent=2)
    answer()
    stream.write(f"{document}\n")
    stream.flush()
