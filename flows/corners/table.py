"""A cell over corners, temperatures and supplies: every point in a process of its own, all cores at work."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass
from itertools import product
from multiprocessing import get_context
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.model.cell_files import handed_on, load_cells
from analoom.flows.bench.conditions import checked_temp
from analoom.flows.bench.device_under_test import View
from analoom.flows.bench.measured import Curve
from analoom.flows.files.outputs import generator_of
from analoom.flows.files.results_table import Axis, Place, ResultsTable
from analoom.flows.simulate import bench_settings
from analoom.pdk.corners import CORNERS
from analoom.pdk.corners import corner as corner_named
from analoom.pdk.errors import InputError, ToolError, unknown
from analoom.pdk.install import check_pdk_root

from .point import SUPPLY, Found, Point, measure_point

TEMPS_DEGC = (-40.0, 27.0, 125.0)


@dataclass(frozen=True)
class Failure:
    """A point without a result, and why."""

    place: tuple[Place, ...]
    error: dict[str, Any]


@dataclass(frozen=True)
class CornerTable:
    """The metrics of every point as a table, the curves by name and place, and the points that failed."""

    cell: str
    view: View
    table: ResultsTable
    curves: Mapping[str, Mapping[tuple[Place, ...], Curve]]
    failures: tuple[Failure, ...]
    settings: Mapping[str, Any]
    seconds: float

    def at(self, name: str, *place: Place) -> float:
        """One value: corner, temperature (degC) and, where it was varied, supply (V)."""
        return self.table.at(name, *place)


Told = Callable[[str], None]


def corner_table(
    cell: Cell,
    corners: Sequence[str] = tuple(CORNERS),
    temps_degc: Sequence[float] = TEMPS_DEGC,
    supplies_v: Sequence[float] = (),
    view: View = "schematic",
    settings: Mapping[str, Any] | None = None,
    weights: NDArray[np.float64] | None = None,
    workers: int | None = None,
    progress: Told = lambda step: None,
) -> CornerTable:
    """Measures `cell` in every combination; a point that cannot be simulated is NaN in the table and told of.

    Raises InputError and SpecError for what no point could use, before any runs, and ToolError when all points fail
    or PDK_ROOT holds no PDK.
    """
    started = time.perf_counter()
    check_pdk_root()
    chosen = dict(settings or {})
    axes = _axes(cell, corners, temps_degc, supplies_v, chosen)
    places = list(product(*(axis.values for axis in axes)))
    found = _run(cell, view, places, chosen, weights, workers, progress)
    failures = tuple(Failure(place, one) for place, one in found.items() if isinstance(one, dict))
    if len(failures) == len(places):
        raise ToolError(f"no point could be simulated; the first: {failures[0].error['message']}", field="corners")
    results = {place: one for place, one in found.items() if not isinstance(one, dict)}
    told = bench_settings(cell).parse(chosen).model_dump(mode="json", exclude={SUPPLY} if supplies_v else None)
    about = {"cell": cell.name, "view": view, "settings": told}
    curves = {name: {p: held[1][name] for p, held in results.items() if name in held[1]} for name in _curves(results)}
    seconds = time.perf_counter() - started
    return CornerTable(cell.name, view, _table(axes, results, about), curves, failures, told, seconds)


def corner_names(words: Sequence[str]) -> tuple[str, ...]:
    """The corners asked for, "all" spelt out. Raises InputError for one that is not known."""
    for word in (word for word in words if word not in (*CORNERS, "all")):
        raise unknown("corner", word, (*CORNERS, "all"), "corners", "--corners ")
    return tuple(CORNERS) if "all" in words else tuple(words)


def _axes(
    cell: Cell,
    corners: Sequence[str],
    temps_degc: Sequence[float],
    supplies_v: Sequence[float],
    settings: Mapping[str, Any],
) -> tuple[Axis, ...]:
    """The axes, every value on them checked."""
    for name in corners:
        corner_named(name)
    for temp_degc in temps_degc:
        checked_temp(temp_degc)
    bench = bench_settings(cell)
    if supplies_v and SUPPLY not in bench.model_fields:
        raise InputError(f"the testbench of a {cell.kind} has no supply", field="supplies", remedy="no --supplies")
    if supplies_v and SUPPLY in settings:
        raise InputError(
            f"{SUPPLY} is given as a setting and varied too", field="supplies", remedy=f"no --set {SUPPLY}"
        )
    for supply_v in supplies_v or (None,):
        bench.parse({**settings, **({SUPPLY: supply_v} if supply_v is not None else {})}, prefix="settings.")
    axes = [Axis("corner", tuple(corners)), Axis("temp", tuple(temps_degc), "degC")]
    axes += [Axis(SUPPLY, tuple(supplies_v), "V")] if supplies_v else []
    for axis in axes:
        if not axis.values or len(set(axis.values)) < len(axis.values):
            raise InputError(
                f"{axis.name}: at least one value, each once", field=axis.name, remedy="values that differ"
            )
    return tuple(axes)


def _run(
    cell: Cell,
    view: View,
    places: Sequence[tuple[Place, ...]],
    settings: Mapping[str, Any],
    weights: NDArray[np.float64] | None,
    workers: int | None,
    progress: Told,
) -> dict[tuple[Place, ...], Found | dict[str, Any]]:
    """Every point's result or error, in the order of `places`."""
    most = min(workers or os.cpu_count() or 1, len(places))
    spec = cell.spec.model_dump_json()
    found: dict[tuple[Place, ...], Found | dict[str, Any]] = {}
    own_files = handed_on(generator_of(cell))
    with ProcessPoolExecutor(most, get_context("spawn"), initializer=_prepare, initargs=(own_files,)) as pool:
        at = {
            pool.submit(measure_point, Point(generator_of(cell), spec, view, place, settings, weights)): place
            for place in places
        }
        try:
            for done in as_completed(at):
                found[at[done]] = _outcome(done)
                progress(f"{len(found)} of {len(places)}: {', '.join(map(str, at[done]))}")
        finally:
            pool.shutdown(cancel_futures=True)
    return {place: found[place] for place in places}


def _prepare(files: Sequence[str]) -> None:
    """Makes a process know a user's cells."""
    for file in files:
        load_cells(file)


def _outcome(done: Future[Found | dict[str, Any]]) -> Found | dict[str, Any]:
    try:
        return done.result()
    except BrokenProcessPool:
        raise ToolError("a process of the corner table died", field="corners", remedy="fewer --workers") from None


def _table(
    axes: tuple[Axis, ...], results: Mapping[tuple[Place, ...], Found], about: Mapping[str, Any]
) -> ResultsTable:
    units = {name: unit for metrics, _ in results.values() for name, (_, unit) in metrics.items()}
    shape = [len(axis.values) for axis in axes]
    values = {name: np.full(shape, np.nan) for name in units}
    for place, (metrics, _) in results.items():
        for name, (value, _) in metrics.items():
            values[name][tuple(a.values.index(p) for a, p in zip(axes, place, strict=True))] = value
    return ResultsTable(axes, values, units, about)


def _curves(results: Mapping[tuple[Place, ...], Found]) -> list[str]:
    return list(dict.fromkeys(name for _, curves in results.values() for name in curves))
