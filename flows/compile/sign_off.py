"""The chip of a network drawn, checked and extracted; each step's report is kept beside its files."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from analoom.cells.model.cell import Cell
from analoom.flows.drc import check as drc
from analoom.flows.drc.check import drc_cell
from analoom.flows.export.build import build_files
from analoom.flows.files.application import Watch
from analoom.flows.files.outputs import make_folder, write_step
from analoom.flows.lvs import check as lvs
from analoom.flows.lvs.check import lvs_cell
from analoom.flows.post_layout import lumped
from analoom.pdk.errors import AnaloomError

from .kept import Kept
from .options import CompileOptions

GOOD = {"drc": "clean", "lvs": "match"}
CHECKS = tuple(GOOD)
NOT_DRAWN = "the network was not drawn, as --no-draw asks"
Reports = dict[str, dict[str, Any]]
"""`build`, `drc`, `lvs` and, where it was asked for, `pex`; a step that could not run says why as `not_run`."""


def sign_off(cell: Cell, folder: Path, options: CompileOptions, kept: Kept, step: Callable[[str], None]) -> Reports:
    """Takes `cell` through every engine asked for; files go to `folder`. What was done before is not done again, engine
    by engine; one that was "not run", for want of time or of a tool, is tried again."""
    make_folder(folder)
    watch = Watch(options.tools_timeout_s)

    def done(name: str, work: Callable[[], Mapping[str, Any]], engine: str | None = None) -> dict[str, Any]:
        step(f"{name}, {engine}" if engine else name)
        how = {"cell": cell.name, "spec": cell.spec.model_dump(mode="json"), "engine": engine}
        return kept.done(name, how, partial(_report_of, work))

    def drc_by(engine: str) -> dict[str, Any]:
        return done("drc", lambda: drc_cell(cell, folder, (engine,), watch).to_json(), engine)

    def lvs_by(engine: str) -> dict[str, Any]:
        return done("lvs", lambda: lvs_cell(cell, folder, (engine,), watch).to_json(), engine)

    found: Reports = {"build": done("build", lambda: build_files(cell, folder, options.seed).to_json())}
    found["drc"] = _checked("drc", options.drc_engines, drc.engine_names(options.drc_engines), drc_by)
    found["lvs"] = _checked("lvs", options.lvs_engines, lvs.engine_names(options.lvs_engines), lvs_by)
    if options.extract:
        found["pex"] = done("pex", lambda: lumped(cell, folder, "tt").to_json())
    return {name: write_step(folder, name, report) for name, report in found.items()}


def _checked(
    check: str, asked: Sequence[str], names: Sequence[str], by: Callable[[str], dict[str, Any]]
) -> dict[str, Any]:
    """The report of all engines of a check, `by` each alone; one that does not apply is no fault, unless asked for by
    its name."""
    reports = [by(name) for name in names]
    failed = next((report for report in reports if "not_run" in report), None)
    if failed is not None:
        return failed
    engines = {name: run for report in reports for name, run in report["engines"].items()}
    judged = [run for name, run in engines.items() if name in asked or run.get("applies", True)]
    clean = bool(judged) and all(run["state"] == GOOD[check] for run in judged)
    return {**reports[0], "clean": clean, "engines": engines}


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


def not_drawn(options: CompileOptions, area_um2: float | None) -> Reports:
    """The same of a network that was not drawn: no engine ran. Its area is that of the floorplan, if that tells it."""
    asked = {"drc": drc.engine_names(options.drc_engines), "lvs": lvs.engine_names(options.lvs_engines)}
    run = {"state": "not run", "reason": NOT_DRAWN}
    checks = {check: {"clean": False, "engines": dict.fromkeys(names, run)} for check, names in asked.items()}
    return {"build": {} if area_um2 is None else {"area_um2": area_um2}, **checks}


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
