"""Simulation: a cell's testbench, of its system, in either view.

`simulate(cell)` measures the circuit; with `view="post"` and the extracted parasitics it measures the drawn cell. The
testbench and its settings come from the record of the cell's system, so a newly registered cell is measured without
further ado.
"""

from __future__ import annotations

import io
import time
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, Spec
from analoom.flows.bench.conditions import checked_temp
from analoom.flows.bench.device_under_test import View, make_dut
from analoom.flows.bench.glossary import meanings
from analoom.flows.bench.mapped_weights import WeightScale
from analoom.flows.bench.measured import Measured, Sheet
from analoom.flows.bench.sim_result import SimResult
from analoom.flows.bench.without_model import require_view
from analoom.flows.files.outputs import write_whole
from analoom.flows.report.pictures import png_of
from analoom.flows.systems.lookup import Belongs, bench_of, require_pins, system_of
from analoom.flows.systems.record import System
from analoom.pdk.corners import corner as corner_named
from analoom.pdk.errors import InputError, unknown

if TYPE_CHECKING:
    from analoom.flows.pex.parasitics.record import Parasitics


def simulate(
    cell: Cell,
    view: View = "schematic",
    corner: str = "tt",
    temp_degc: float = 27.0,
    parasitics: Parasitics | None = None,
    weights: NDArray[np.float64] | None = None,
    workdir: Path | None = None,
    settings: Mapping[str, Any] | None = None,
    worth: WeightScale | None = None,
) -> SimResult:
    """Measures `cell` on the testbench of its kind.

    `weights`: stored voltages of an array, (rows, cols) in V, or integers of a multiplier, (outputs, inputs).
    `worth`: what the currents of mapped weights are worth; the results are then told beside W x.
    `settings`: fields of the testbench, see `bench_settings`. Netlist and curves are written under `workdir` when it is
    given.
    Raises InputError, SpecError (settings) and ToolError.
    """
    started = time.perf_counter()
    system = system_of(cell)
    bench = bench_of(system)
    chosen = bench.settings.parse(dict(settings or {}), prefix="settings.")
    require_view(cell, view)
    require_pins(cell, system)
    process, stored = corner_named(corner), checked_weights(cell, system, weights)
    if bench.beyond_ngspice(cell):
        _require_known(view)
        text, measured = "", bench.solve(cell, view, process, checked_temp(temp_degc), chosen, stored)
    else:
        dut = make_dut(cell, view, process, checked_temp(temp_degc), parasitics)
        text, measured = dut.text, bench.measure(dut, chosen, stored)
    measured = worth.told(measured) if worth else measured
    files = _written(workdir, f"{cell.name}_{view}", text, measured) if workdir else {}
    return SimResult(
        cell=cell.name,
        view=view,
        corner=corner,
        temp_degc=temp_degc,
        metrics=measured.metrics,
        curves=measured.curves,
        settings=chosen.model_dump(mode="json"),
        files=files,
        seconds=time.perf_counter() - started,
        devices=measured.devices,
        tables=measured.tables,
        notes=measured.notes,
        meanings=meanings(system.glossary, measured.metrics),
        sheets=measured.sheets,
        parasitics=parasitics.used() if view == "post" and parasitics else {},
    )


def bench_settings(cell: Belongs) -> type[Spec]:
    """The settings of a cell's testbench: a frozen model with defaults, units and bounds. Raises InputError."""
    return bench_of(system_of(cell)).settings


def is_large(cell: Cell) -> bool:
    """Whether `cell` is left to a solver of ours, which extracts what it needs for the post view."""
    bench = system_of(cell).bench
    return bench is not None and bench.beyond_ngspice(cell)


def checked_weights(cell: Cell, system: System, weights: NDArray[np.float64] | None) -> NDArray[np.float64] | None:
    """Stored weights as floats. Raises InputError where the kind takes none, and for what are no real numbers."""
    if weights is None:
        return None
    if system.weights_unit is None:
        raise InputError(
            f"a {cell.kind} takes no weights; an array does", field="weights", remedy="the command without --weights"
        )
    array = np.asarray(weights)
    if array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        unit = f" ({system.weights_unit})" if system.weights_unit else ""
        raise InputError(f"weights must be finite real numbers{unit}", field="weights")
    return array.astype(float)


def _require_known(view: str) -> None:
    if view not in ("schematic", "post"):
        raise unknown("view", view, ("schematic", "post"), "view", "--view ")


def _written(workdir: Path, stem: str, text: str, measured: Measured) -> dict[str, str]:
    workdir.mkdir(parents=True, exist_ok=True)
    files = {}
    if text:
        files["netlist"] = str(write_whole(workdir / f"{stem}.sim.spice", text))
    for name, curve in measured.curves.items():
        table = Sheet((curve.x_label, curve.y_label), (curve.x, curve.y)).csv()
        files[name] = str(write_whole(workdir / f"{stem}_{name}.csv", table))
    for name, tap_map in measured.maps.items():
        files[name] = str(write_whole(workdir / f"{stem}_{name}.npy", _npy(tap_map.values)))
    for name, sheet in measured.sheets.items():
        files[name] = str(write_whole(workdir / f"{stem}_{name}.csv", sheet.csv()))
    for name, picture in measured.pictures.items():
        files[f"{name}_png"] = str(write_whole(workdir / f"{stem}_{name}.png", png_of(picture)))
    return files


def _npy(values: NDArray[np.float64]) -> bytes:
    held = io.BytesIO()
    np.save(held, values)
    return held.getvalue()
