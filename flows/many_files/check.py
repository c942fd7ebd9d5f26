"""Checks many layout files, some at a time, each in a process of its own pool.

check_files([Path("a.gds"), Path("b.gds")], DrcOfFile())["clean"]
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass
from math import inf
from multiprocessing import active_children, get_context
from pathlib import Path
from types import FrameType
from typing import Any, Protocol

from analoom.flows.drc.check import run_drc
from analoom.flows.drc.report.report import DrcReport
from analoom.flows.files.application import INTERRUPTIONS, Watch, end_all
from analoom.flows.files.layout_source import LayoutSource, of_file
from analoom.flows.files.outputs import file_folder
from analoom.flows.lvs.check import run_lvs
from analoom.flows.lvs.reference.includes import Reference
from analoom.flows.lvs.report import LvsReport
from analoom.pdk.errors import AnaloomError, ToolError

from . import FILES_AT_ONCE
from .find import netlist_beside
from .folder import keep, require_verdict

Report = dict[str, Any]


class CheckOfFile(Protocol):
    """What is done with each file: a value that can be sent to another process."""

    def __call__(self, file: Path) -> Report: ...


@dataclass(frozen=True)
class DrcOfFile:
    """Design rule check; results land in `root/files/`. `timeout_s` is for other applications."""

    engines: Sequence[str] = ("fast",)
    timeout_s: float = 900.0
    largest_mb: float = inf
    root: Path | None = None

    def __call__(self, file: Path) -> Report:
        """The report of `file`. Raises AnaloomError for one that cannot be read or checked."""
        source, folder = of_file(file, None, self.largest_mb), file_folder(file, self.root)
        return _kept(source, folder, "drc", run_drc(source, self.engines, folder, Watch(self.timeout_s)), file)


@dataclass(frozen=True)
class LvsOfFile:
    """Layout against schematic, `netlist` or the one beside each file; its top is `circuit` or has the top cell's name.

    Netlists may include files of `allow_include`.
    """

    engines: Sequence[str] = ("fast",)
    netlist: Sequence[Path] = ()
    exact: bool = False
    timeout_s: float = 900.0
    largest_mb: float = inf
    root: Path | None = None
    circuit: str | None = None
    allow_include: Sequence[Path] = ()

    def __call__(self, file: Path) -> Report:
        """The report of `file`. Raises AnaloomError for one that cannot be read or compared."""
        source, folder = of_file(file, None, self.largest_mb), file_folder(file, self.root)
        return _kept(
            source, folder, "lvs", self._compared(source, self.netlist or (netlist_beside(file),), folder), file
        )

    def _compared(self, source: LayoutSource, netlist: Sequence[Path], folder: Path) -> LvsReport:
        reference, top = Reference(tuple(netlist), tuple(self.allow_include)), self.circuit or source.top.name
        return run_lvs(source, reference, top, folder, self.engines, Watch(self.timeout_s), self.exact)


def check_files(
    files: Sequence[Path],
    check: CheckOfFile,
    workers: int = FILES_AT_ONCE,
    tell: Callable[[str], None] = lambda step: None,
) -> Report:
    """Every file's report in the order of `files`, with its path; `clean` is true when every one is.

    A file that cannot be read or checked, or whose process dies, has an `error` instead, and the others go on. `tell`
    hears of each as it is done.
    """
    found: dict[Path, Report] = {}
    for file, report in _reports(files, check, workers):
        found[file] = report
        tell(f"{len(found)} of {len(files)}: {file}: {file_verdict(report)}")
    return {"files": [found[file] for file in files], "clean": all(found[file]["clean"] for file in files)}


def file_verdict(report: Report) -> str:
    """One or two words on a file's report."""
    if "error" in report:
        return "not checked"
    return "clean" if report["clean"] else "not clean"


def _reports(files: Sequence[Path], check: CheckOfFile, workers: int) -> Iterator[tuple[Path, Report]]:
    """As they come. A process that dies ends its pool: what is left is then done one by one, which tells the file."""
    left = list(files)
    try:
        for file, report in _in_pool(left, check, workers):
            left.remove(file)
            yield file, report
    except BrokenProcessPool:
        for file in left:
            yield file, _alone(file, check)


def _in_pool(files: Sequence[Path], check: CheckOfFile, workers: int) -> Iterator[tuple[Path, Report]]:
    others = active_children()
    with ProcessPoolExecutor(min(workers, len(files)), get_context("spawn"), initializer=_prepare) as pool:
        with _interruptions_blocked():
            at: dict[Future[Report], Path] = {pool.submit(_report, file, check): file for file in files}
        try:
            for done in as_completed(at):
                yield at[done], done.result()
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in active_children():
                if process not in others:
                    process.terminate()
            raise


def _alone(file: Path, check: CheckOfFile) -> Report:
    try:
        return next(report for _, report in _in_pool([file], check, 1))
    except BrokenProcessPool:
        return _failed(file, ToolError(f"{file}: the process that checked it died", field="file"))


@contextmanager
def _interruptions_blocked() -> Iterator[None]:
    """For what is started inside as well, until it says otherwise."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, INTERRUPTIONS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _prepare() -> None:
    """An interruption ends a worker without a word, and what it runs."""
    for which in INTERRUPTIONS:
        signal.signal(which, _stop)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, INTERRUPTIONS)


def _stop(number: int, frame: FrameType | None) -> None:
    end_all()
    os._exit(128 + number)


def _report(file: Path, check: CheckOfFile) -> Report:
    """In a worker process."""
    try:
        report = require_verdict(check(file))
    except AnaloomError as error:
        return _failed(file, error)
    return {"file": str(file), **report}


def _failed(file: Path, error: AnaloomError) -> Report:
    return {"file": str(file), "clean": False, "error": error.to_json()}


def _kept(source: LayoutSource, folder: Path, step: str, report: DrcReport | LvsReport, file: Path) -> Report:
    return keep(source, folder, step, {**report.to_json(), "folder": str(folder)}, file)
