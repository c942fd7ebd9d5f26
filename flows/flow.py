"""The whole flow of a cell: build, DRC, LVS, parasitics, simulation of both views, mismatch, report.

A step that cannot run is "not run" with its reason, the others go on, the report is written and the flow is not clean.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.conditions import checked_temp
from analoom.flows.bench.device_under_test import View
from analoom.flows.bench.mapped_weights import WeightScale, worth_of
from analoom.flows.bench.sim_result import SimResult, difference
from analoom.flows.bench.wiring import by_parts
from analoom.flows.bench.without_model import NO_MISMATCH, NO_SCHEMATIC, has_model
from analoom.flows.drc import check as drc
from analoom.flows.drc.check import drc_cell
from analoom.flows.export.build import build_files
from analoom.flows.files.array_files import ArrayFile
from analoom.flows.files.layout_source import of_cell
from analoom.flows.files.outputs import cell_folder, make_folder, provenance, write_json, write_step, write_whole
from analoom.flows.files.settings_folder import given_files, settings_folder
from analoom.flows.lvs import check as lvs
from analoom.flows.lvs.check import lvs_cell
from analoom.flows.pex.crossbar.heat import array_maps, write_array_map
from analoom.flows.pex.crossbar.ladders import line_ladders
from analoom.flows.pex.heat import capacitance_map, resistance_map, write_heat
from analoom.flows.pex.parasitics.record import Parasitics
from analoom.flows.pex.symmetry import symmetry, wires, wires_csv
from analoom.flows.report.page import write_report
from analoom.flows.systems.lookup import system_of
from analoom.pdk.corners import corner as corner_named
from analoom.pdk.errors import AnaloomError
from analoom.pdk.install import check_pdk_root

from .mismatch import FEW, USUAL_ENGINE, mismatch
from .mismatch_scans import with_scans
from .post_layout import lumped, with_wires, without_resistances
from .post_layout_split import split
from .simulate import checked_weights, is_large, simulate

Progress = Callable[[str], None]
"""Told the name of each step as it starts."""


@dataclass(frozen=True)
class FlowOptions:
    """What the flow runs with. `temp_degc` in degrees Celsius; `weights`: stored voltages of an array."""

    drc_engines: tuple[str, ...] = ("fast", "klayout", "magic")
    lvs_engines: tuple[str, ...] = ("fast", "netgen")
    corner: str = "tt"
    temp_degc: float = 27.0
    samples: int = 1000
    seed: int = 1
    weights: ArrayFile | None = field(default=None, compare=False)

    def folder_in(self, main: Path) -> Path:
        """Where results go: `main` by default, a folder in it for another corner, temperature, draw or weights."""
        return make_folder(settings_folder(main, self._choices(), FlowOptions()._choices(), bare=("corner",)))

    def _choices(self) -> dict[str, Any]:
        """What results depend on, but for the engines."""
        chosen = {"corner": self.corner, "temp": self.temp_degc, "samples": self.samples, "seed": self.seed}
        return {**chosen, "weights": self.weights}


@dataclass(frozen=True)
class FlowReport:
    """What every step said, as its JSON."""

    cell: str
    clean: bool
    steps: Mapping[str, Any]
    report: Path
    given: Mapping[str, Any] = field(default_factory=dict)
    seconds: float = field(compare=False, default=0.0)

    def to_json(self) -> dict[str, Any]:
        """What `analoom flow --json` prints."""
        whole = {"cell": self.cell, "clean": self.clean, **self.steps, **self.given}
        return {**whole, "report": str(self.report), "seconds": round(self.seconds, 3)}


@dataclass
class _Run:
    """A flow under way: the parasitics are extracted once, and used only for a layout that matches its circuit.

    `parasitics` are lumped; `network` has the resistances too, of cells that are not too large for it. `failed`: why
    each step, or a part of it, could not run.
    """

    cell: Cell
    folder: Path
    options: FlowOptions
    parasitics: Parasitics | None = None
    network: Parasitics | None = None
    matches: bool = False
    worth: WeightScale | None = None
    failed: dict[str, str] = field(default_factory=dict)

    @property
    def stored(self) -> NDArray[np.float64] | None:
        """The weights that an array is simulated with; None for those of its kind."""
        return self.options.weights.values if self.options.weights else None

    def not_run(self, step: str, error: AnaloomError) -> str:
        """Keeps why a step failed, and returns it."""
        self.failed[step] = error.advice()
        return self.failed[step]

    def no_post(self) -> str | None:
        """Why there is no post-layout view; None when there is one."""
        for step in ("lvs", "pex"):
            if step in self.failed:
                return f"{step} was not run"
        return None if self.matches else "the layout does not match its circuit"


def run_flow(
    cell: Cell, root: Path | None = None, options: FlowOptions | None = None, progress: Progress = lambda step: None
) -> FlowReport:
    """Takes `cell` through every flow; files go to `root/<cell>/<spec name>/` (root: `out` by default).

    Raises InputError for options that no step could run with, ToolError for a PDK_ROOT that holds no PDK; a step that
    fails is in the report as not run.
    """
    started = time.perf_counter()
    chosen = _checked(cell, options or FlowOptions())
    run = _Run(cell, chosen.folder_in(cell_folder(cell, root)), chosen, worth=_worth(chosen))
    steps: dict[str, Any] = {}
    for name, step in _STEPS.items():
        progress(name)
        steps[name] = write_step(run.folder, name, _report_of(run, name, step))
    given = given_files({"weights": chosen.weights})
    write_json(run.folder / "provenance.json", {**provenance(chosen.seed, _tools(steps)), **given})
    progress("report")

    page = write_report(run.folder)
    clean = bool(not run.failed and steps["drc"]["clean"] and steps["lvs"]["clean"])
    return FlowReport(cell.name, clean, steps, page, given, time.perf_counter() - started)


def _worth(options: FlowOptions) -> WeightScale | None:
    return worth_of(options.weights) if options.weights else None


def _checked(cell: Cell, options: FlowOptions) -> FlowOptions:
    """The options, when they can be run with. Raises InputError, and ToolError for a PDK_ROOT that holds no PDK."""
    check_pdk_root()
    drc.engine_names(options.drc_engines)
    lvs.engine_names(options.lvs_engines)
    corner_named(options.corner)
    checked_temp(options.temp_degc)
    checked_weights(cell, system_of(cell), options.weights.values if options.weights else None)
    return options


def _report_of(run: _Run, name: str, step: Callable[[_Run], dict[str, Any]]) -> dict[str, Any]:
    """A step's JSON, or why it was not run."""
    reason = _without(run.cell, name)
    if reason:
        return {"not_run": reason}
    try:
        return step(run)
    except AnaloomError as error:
        named = {"cell": run.cell.name} if name == "build" else {}
        return {**named, "not_run": run.not_run(name, error)}


def _without(cell: Cell, step: str) -> str | None:
    """Why a step is left out for a kind of cells; None where it is not."""
    system = system_of(cell)
    if step == "sim" and system.bench is None:
        return f"there is no testbench for a {cell.kind}"
    if step == "mismatch" and system.mismatch is None:
        return f"there are no mismatch metrics for a {cell.kind}"
    if step == "mismatch" and USUAL_ENGINE not in system.engines:
        return f"that of a {cell.kind} takes long: analoom mismatch --engine {system.engines[0]} --samples {FEW}"
    return None


def _tools(steps: Mapping[str, Any]) -> dict[str, str]:
    """Every engine that ran, with its tool's version and its deck."""
    runs = {f"{step} {name}": run for step in ("drc", "lvs") for name, run in steps[step].get("engines", {}).items()}
    told = {name: (run["tool"], run.get("version"), run.get("deck")) for name, run in runs.items()}
    return {name: ", ".join(word for word in words if word) for name, words in told.items()}


def _build(run: _Run) -> dict[str, Any]:
    return build_files(run.cell, run.folder, run.options.seed).to_json()


def _drc(run: _Run) -> dict[str, Any]:
    return drc_cell(run.cell, run.folder, run.options.drc_engines).to_json()


def _lvs(run: _Run) -> dict[str, Any]:
    report = lvs_cell(run.cell, run.folder, run.options.lvs_engines)
    run.matches = report.clean
    return report.to_json()


def _pex(run: _Run) -> dict[str, Any]:
    run.parasitics = lumped(run.cell, run.folder, run.options.corner)
    reason = run.no_post() or without_resistances(run.cell)
    known = run.parasitics
    if reason is None:
        if is_large(run.cell):
            known = replace(known, mode="rc")
        else:
            known = run.network = with_wires(run.cell, run.folder, run.options.corner, run.parasitics)
    found = symmetry(run.cell, known)
    table = write_whole(run.folder / "symmetry.csv", wires_csv(wires(run.cell, known)[0]))
    alike = {**found, "table": str(table), **({"r_not_given": reason} if reason else {})}
    both = {"distributed": run.network.used()} if run.network else {}
    return {**run.parasitics.to_json(), **both, "symmetry": alike, **_heat(run)}


def _heat(run: _Run) -> dict[str, Any]:
    """The pictures of the layout by resistance and by capacitance, as `heat`: path by what they show."""
    if run.parasitics is None:
        return {}

    wires = corner_named(run.options.corner).wires
    if by_parts(run.cell):
        pixels = array_maps(line_ladders(run.cell, wires))
        return {"heat": {n: str(write_array_map(x, run.folder / f"heat_{n}.png")) for n, x in pixels.items()}}

    source = of_cell(run.cell)
    maps = {"resistance": resistance_map(source, wires), "capacitance": capacitance_map(source, run.parasitics)}
    return {"heat": {name: str(write_heat(heat, run.folder / f"heat_{name}.png")) for name, heat in maps.items()}}


def _sim(run: _Run) -> dict[str, Any]:
    if not has_model(run.cell):
        reason = run.no_post()
        return (
            {"not_run": reason} if reason else {"post": _post(run).to_json(), "not_run": f"schematic: {NO_SCHEMATIC}"}
        )
    before = _simulated(run, "schematic")
    if reason := run.no_post():
        return {"schematic": before.to_json(), "not_run": f"post: {reason}"}
    try:
        after = _post(run)
    except AnaloomError as error:
        return {"schematic": before.to_json(), "not_run": f"post: {run.not_run('sim', error)}"}
    views = {"schematic": before.to_json(), "post": after.to_json(), "difference": difference(before, after)}
    if run.network is None or run.parasitics is None:
        return {
            **views,
            "split_not_run": without_resistances(run.cell) or "an array beyond ngspice has its lines' resistances only",
        }
    return {**views, "split": split(run.cell, before, after, run.parasitics, run.network, run.stored, run.worth)}


def _post(run: _Run) -> SimResult:
    return _simulated(run, "post", run.network or run.parasitics)


def _simulated(run: _Run, view: View, parasitics: Parasitics | None = None) -> SimResult:
    corner, temp_degc = run.options.corner, run.options.temp_degc
    return simulate(run.cell, view, corner, temp_degc, parasitics, run.stored, run.folder, worth=run.worth)


def _mismatch(run: _Run) -> dict[str, Any]:
    if not has_model(run.cell):
        return {"cell": run.cell.name, "not_run": NO_MISMATCH}
    options = run.options
    report = mismatch(run.cell, samples=options.samples, seed=options.seed, workdir=run.folder, weights=run.stored)
    return with_scans(run.cell, report, run.stored)


_STEPS: dict[str, Callable[[_Run], dict[str, Any]]] = {
    "build": _build,
    "drc": _drc,
    "lvs": _lvs,
    "pex": _pex,
    "sim": _sim,
    "mismatch": _mismatch,
}
