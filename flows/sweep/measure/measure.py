"""One point of a sweep: drawn and measured. Tasks and results are plain JSON, so any process anywhere can do it."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar

from analoom.cells.model.cell import Cell
from analoom.cells.model.cell_files import load_cells
from analoom.cells.model.registry import build
from analoom.flows.drc.check import drc_cell
from analoom.flows.error_budget import error_budget
from analoom.flows.files.application import Watch
from analoom.flows.files.code_version import code_version
from analoom.flows.lvs.check import lvs_cell
from analoom.flows.mismatch import mismatch_settings, sigmas
from analoom.flows.post_layout import simulate_view
from analoom.flows.resolution import Judged, needed
from analoom.flows.statistics.criterion import Criterion
from analoom.flows.sweep.plan.job import Measures
from analoom.flows.sweep.plan.mismatch_settings import job_settings, judged_settings
from analoom.flows.systems.lookup import system_of
from analoom.flows.virtual_dies import proof
from analoom.pdk.errors import AnaloomError, InputError

from .picture import draw_picture
from .task import ROOM, ROOM_BITS

T = TypeVar("T")


def measure_point(task: Mapping[str, Any]) -> dict[str, Any]:
    """The task's point drawn and measured: `values` and `units` by column, or `error` for one that cannot be.

    `part` asks for its error budget or its picture instead.
    """
    started = time.perf_counter()
    try:
        for file in task.get("cells", ()):
            load_cells(file)
        _check_code(task)
        measure = Measures.parse(task["measure"])
        found = _PARTS[task.get("part", "all")](task, measure)
    except AnaloomError as error:
        found = {"error": error.to_json()}
    return {"key": task["key"], **found, "seconds": round(time.perf_counter() - started, 4)}


def _check_code(task: Mapping[str, Any]) -> None:
    if task["code"] != code_version():
        raise InputError("this worker has other code or other models", remedy="install the same analoom everywhere")


def _columns(task: Mapping[str, Any], measure: Measures) -> dict[str, Any]:
    cell = build(task["cell"], task["spec"])
    values, units = _drawn(cell)
    with tempfile.TemporaryDirectory(prefix="analoom-point-") as folder:
        for part in (_mismatch, _drc, _lvs, _simulation):
            more, of = part(cell, measure, Path(folder))
            values |= more
            units |= of
    return {"values": values, "units": units}


def _budget(task: Mapping[str, Any], measure: Measures) -> dict[str, Any]:
    cell = build(task["cell"], task["spec"])
    drop = {"ir_drop": True} if "ir_drop" in mismatch_settings(cell).model_fields else {}
    sources = error_budget(cell, measure.model, {**drop, **measure.settings}, measure.stored)
    return {"values": {"area_um2": cell.area_um2, **sources}, "units": dict.fromkeys(sources, "frac")}


def _room(task: Mapping[str, Any], measure: Measures) -> dict[str, Any]:
    width, unit, bits = needed(_judged(task, measure))
    return {"values": {ROOM: width, ROOM_BITS: bits}, "units": {ROOM: unit, ROOM_BITS: "bit"}}


def _dies(task: Mapping[str, Any], measure: Measures) -> dict[str, Any]:
    return {"values": proof(_judged(task, measure), **task["how"])}


def _judged(task: Mapping[str, Any], measure: Measures) -> Judged:
    cell, asked = build(task["cell"], task["spec"]), task["judged"]
    criterion = Criterion(**asked["criterion"])
    settings = judged_settings(cell, measure, criterion.sources == "all")
    return Judged(cell, measure.model, settings, asked["metric"], criterion, asked["outputs"], measure.stored)


def _picture(task: Mapping[str, Any], measure: Measures) -> dict[str, Any]:
    return draw_picture(build(task["cell"], task["spec"]))


_PARTS: Mapping[str, Callable[[Mapping[str, Any], Measures], dict[str, Any]]] = {
    "all": _columns,
    "budget": _budget,
    "room": _room,
    "dies": _dies,
    "picture": _picture,
}

Columns = tuple[dict[str, Any], dict[str, str]]
"""Values and units by column."""


def _drawn(cell: Cell) -> Columns:
    box = cell.bbox_nm
    values = {
        "area_um2": round(cell.area_um2, 6),
        "width_um": box.width() / 1e3,
        "height_um": box.height() / 1e3,
        "devices": cell.circuit.device_count(),
    }
    return values, {"area_um2": "um2", "width_um": "um", "height_um": "um", "devices": ""}


def _mismatch(cell: Cell, measure: Measures, folder: Path) -> Columns:
    values: dict[str, Any] = {}
    units: dict[str, str] = {}
    if not measure.mismatch:
        return values, units
    settings = job_settings(cell, measure)
    found = sigmas(cell, measure.model, measure.mismatch, measure.samples, measure.seed, settings, measure.stored)
    for engine, metrics in found.items():
        for name, found_one in metrics.items():
            column = f"{engine}.{name}"
            values[column], units[column] = found_one.value, found_one.unit
            if engine != "closed" and found_one.ci95:
                values |= {f"{column}.low": found_one.ci95[0], f"{column}.high": found_one.ci95[1]}
                units |= {f"{column}.low": found_one.unit, f"{column}.high": found_one.unit}
    return values, units


def _drc(cell: Cell, measure: Measures, folder: Path) -> Columns:
    watch = Watch(measure.tools_timeout_s)
    engines = drc_cell(cell, folder, measure.drc, watch).to_json()["engines"] if measure.drc else {}
    return {f"drc.{name}": run["state"] for name, run in engines.items()}, {}


def _lvs(cell: Cell, measure: Measures, folder: Path) -> Columns:
    watch = Watch(measure.tools_timeout_s)
    engines = lvs_cell(cell, folder, measure.lvs, watch).to_json()["engines"] if measure.lvs else {}
    return {f"lvs.{name}": run["state"] for name, run in engines.items()}, {}


def _simulation(cell: Cell, measure: Measures, folder: Path) -> Columns:
    values: dict[str, Any] = {}
    units: dict[str, str] = {}
    for view in measure.simulate:
        given = (measure.temp_degc, measure.stored)
        found = {c: simulate_view(cell, view, folder, c, *given).metrics for c in measure.corners}
        for name, metric in found[measure.corners[0]].items():
            by_corner: dict[str, float] = {c: float(metrics[name].value) for c, metrics in found.items()}
            if len(by_corner) > 1:
                by_corner |= {"least": min(by_corner.values()), "most": max(by_corner.values())}
            values |= {f"{view}.{c}.{name}": value for c, value in by_corner.items()}
            units |= {f"{view}.{c}.{name}": metric.unit for c in by_corner}
    return _with_old_names(values, system_of(cell).renamed), _with_old_names(units, system_of(cell).renamed)


def _with_old_names(columns: Mapping[str, T], renamed: Mapping[str, str]) -> dict[str, T]:
    """Columns of a simulation, and after them those of renamed metrics again by the old names."""
    former = {new: old for old, new in renamed.items()}
    parts = [name.rpartition(".") for name in columns]
    return {**columns, **{f"{at}.{former[new]}": columns[f"{at}.{new}"] for at, _, new in parts if new in former}}
