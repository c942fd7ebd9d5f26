"""The demo: a matched pair, a capacitor array and a crossbar, each taken through the whole flow, side by side."""

from __future__ import annotations

import multiprocessing
import time
from collections.abc import Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from pathlib import Path
from queue import Empty
from typing import Any

from analoom.cells.model.registry import build
from analoom.flows.files.outputs import OUT, make_folder
from analoom.flows.report.page import write_joint_report
from analoom.flows.report.summary import HEADS, summary_row
from analoom.pdk.install import check_pdk_root

from .flow import FlowReport, Progress, run_flow

CELLS: tuple[tuple[str, Mapping[str, Any]], ...] = (
    ("crossbar", {"rows": 16, "cols": 16, "synapse": {"cell": "synapse_2t1c"}}),
    ("matched_pair", {"device": "nfet_01v8", "w": 4, "l": 1, "pattern": "abba"}),
    ("cap_array", {"weights": [1, 1, 2, 4, 8, 16, 32]}),
)
"""Registry names and spec fields; the longest first."""
WORKERS = 2
PAGE = "demo.html"
_POLL_S = 0.2


def run_demo(root: Path | None = None, progress: Progress = lambda step: None) -> dict[str, Any]:
    """Takes every demo cell through the flow, two at a time.

    Returns the flows' JSON by cell under `cells`, the closing table under `summary`, and the joint page's path.
    Raises ToolError for a PDK_ROOT that holds no PDK.
    """
    check_pdk_root()
    started, root = time.perf_counter(), make_folder(Path(root or OUT))
    reports = [report.to_json() for report in _run_all(root, progress)]
    summary = {"heads": HEADS, "rows": [summary_row(report) for report in reports]}
    page = write_joint_report(reports, root / PAGE, "analoom demo", summary)
    return {
        "clean": all(report["clean"] for report in reports),
        "cells": {report["cell"]: report for report in reports},
        "summary": summary,
        "report": str(page),
        "seconds": round(time.perf_counter() - started, 3),
    }


def _run_all(root: Path, progress: Progress) -> list[FlowReport]:
    context = multiprocessing.get_context("spawn")
    steps: multiprocessing.Queue[str] = context.Queue()
    with ProcessPoolExecutor(WORKERS, context, initializer=_listen, initargs=(steps,)) as pool:
        jobs = [pool.submit(_one, name, dict(fields), root) for name, fields in CELLS]
        _tell_until_done(jobs, steps, progress)
        return [job.result() for job in jobs]


def _tell_until_done(jobs: list[Future[FlowReport]], steps: multiprocessing.Queue[str], progress: Progress) -> None:
    """Passes the workers' steps on until every job has ended, or one has failed."""
    waiting = set(jobs)
    while waiting:
        done, waiting = wait(waiting, timeout=_POLL_S, return_when=FIRST_COMPLETED)
        for job in done:
            job.result()
        while _tell_one(steps, progress):
            pass


def _tell_one(steps: multiprocessing.Queue[str], progress: Progress) -> bool:
    try:
        progress(steps.get_nowait())
    except Empty:
        return False
    return True


_steps: multiprocessing.Queue[str] | None = None


def _listen(steps: multiprocessing.Queue[str]) -> None:
    global _steps
    _steps = steps


def _one(name: str, fields: dict[str, Any], root: Path) -> FlowReport:
    """One cell through the flow, in a worker process."""
    cell = build(name, fields)
    return run_flow(cell, root, progress=lambda step: _steps.put(f"{cell.name}: {step}") if _steps else None)
