"""The chip of a network drawn, checked and extracted; each step's report is kept beside its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from analoom.cells.model.cell import Cell
from analoom.flows.drc.check import drc_cell
from analoom.flows.export.build import build_files
from analoom.flows.files.outputs import make_folder, write_step
from analoom.flows.lvs.check import lvs_cell
from analoom.flows.post_layout import lumped
from analoom.pdk.errors import AnaloomError

from .kept import Kept
from .options import CompileOptions

GOOD = {"drc": "clean", "lvs": "match"}
CHECKS = tuple(GOOD)
Reports = dict[str, dict[str, Any]]
"""`build`, `drc`, `lvs` and, where it was asked for, `pex`; a step that could not run says why as `not_run`."""


def sign_off(cell: Cell, folder: Path, options: CompileOptions, kept: Kept, step: Callable[[str], None]) -> Reports:
    """Takes `cell` through every engine asked for; files go to `folder`. What was done before is not done again."""
    make_folder(folder)
    engines = {"drc": options.drc_engines, "lvs": options.lvs_engines}
    works: dict[str, Callable[[], Mapping[str, Any]]] = {
        "build": lambda: build_files(cell, folder, options.seed).to_json(),
        "drc": lambda: drc_cell(cell, folder, options.drc_engines).to_json(),
        "lvs": lambda: lvs_cell(cell, folder, options.lvs_engines).to_json(),
    }
    if options.extract:
        works["pex"] = lambda: lumped(cell, folder, "tt").to_json()
    found: Reports = {}
    for name, work in works.items():
        step(name)
        how = {"cell": cell.name, "spec": cell.spec.model_dump(mode="json"), "engines": engines.get(name)}
        found[name] = write_step(folder, name, kept.done(name, how, partial(_report_of, work)))
    return found


def sign_off_all(
    cells: Sequence[Cell], folder: Path, options: CompileOptions, kept: Kept, step: Callable[[str], None]
) -> Reports:
    """The same of all cells of a network, each once, as one; several have folders and files by their own names."""
    if len(cells) == 1:
        return sign_off(cells[0], folder, options, kept, step)
    unlike = {cell.name: cell for cell in cells}
    each = {name: sign_off(cell, folder / name, options, kept, step) for name, cell in unlike.items()}
    count = Counter(cell.name for cell in cells)
    area_um2 = sum(n * each[name]["build"].get("area_um2", 0.0) for name, n in count.items())
    files = {f"{name}.{kind}": path for name, of in each.items() for kind, path in of["build"].get("files", {}).items()}
    return {"build": {"area_um2": area_um2, "files": files}, **{check: _together(each, check) for check in CHECKS}}


def _together(each: Mapping[str, Reports], check: str) -> dict[str, Any]:
    """A check of several cells: clean where all are, each engine in the first of its states that is not good."""
    cells = {name: of[check] for name, of in each.items()}
    reports = list(cells.values())
    found: dict[str, Any] = {"clean": all(report.get("clean") for report in reports), "cells": cells}
    failed = next((report["not_run"] for report in reports if "not_run" in report), None)
    if failed is not None:
        return {**found, "not_run": failed}
    engines: dict[str, Any] = {}
    for report in reports:
        for engine, run in report["engines"].items():
            if engines.get(engine, {}).get("state", GOOD[check]) == GOOD[check]:
                engines[engine] = run
    return {**found, "engines": engines}


def is_clean(reports: Mapping[str, Mapping[str, Any]]) -> bool:
    """Whether all of it ran, and found nothing."""
    ran = not any("not_run" in report for report in reports.values())
    return ran and all(signed_off(reports).values())


def signed_off(reports: Mapping[str, Mapping[str, Any]]) -> dict[str, bool]:
    """Whether each check is clean, as its own report says."""
    return {name: bool(reports[name].get("clean")) for name in CHECKS}


def verdicts(reports: Mapping[str, Mapping[str, Any]]) -> dict[str, dict[str, str]]:
    """The state of each engine, by check; `not run` with the reason where a check could not."""
    return {name: _states(reports[name]) for name in CHECKS}


def _states(report: Mapping[str, Any]) -> dict[str, str]:
    if "not_run" in report:
        return {"not run": str(report["not_run"])}
    return {engine: str(run["state"]) for engine, run in report["engines"].items()}


def _report_of(work: Callable[[], Mapping[str, Any]]) -> dict[str, Any]:
    try:
        return dict(work())
    except AnaloomError as error:
        return {"not_run": error.advice()}
