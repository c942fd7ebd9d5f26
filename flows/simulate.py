"""Simulation: a cell's testbench by its kind, in either view, and the difference of the two.

`simulate(cell)` measures the circuit; with `view="post"` and the extracted parasitics it measures the drawn cell. The
testbench and its settings depend on the kind alone, so a newly registered cell is measured without further ado.
"""

from __future__ import annotations

import importlib
import io
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, Kind, Spec
from analoom.flows.bench.device_under_test import View, make_dut
from analoom.flows.bench.measured import Curve, Measured, Metric, Table
from analoom.flows.bench.without_model import require_view
from analoom.flows.files.outputs import write_whole
from analoom.pdk.corners import Corner
from analoom.pdk.corners import corner as corner_named
from analoom.pdk.errors import InputError

if TYPE_CHECKING:
    from analoom.flows.bench.operating_point import DevicePoint
    from analoom.flows.pex.extract import Parasitics

_BENCHES = {
    Kind.DEVICE: "transistor.device_bench",
    Kind.PAIR: "transistor.pair_bench",
    Kind.MIRROR: "transistor.mirror_bench",
    Kind.CAPACITOR: "capacitor.bench",
    Kind.SYNAPSE: "synapse.bench",
    Kind.ARRAY: "crossbar.bench",
    Kind.MULTIPLIER: "translinear.bench",
    Kind.MAC: "charge_mac.bench",
}
_COLDEST_DEGC, _HOTTEST_DEGC = -40.0, 125.0


@dataclass(frozen=True)
class SimResult:
    """The measurement of one cell in one view: metrics by name, curves, the operating point of every transistor, and
    the files written."""

    cell: str
    view: str
    corner: str
    temp_degc: float
    metrics: Mapping[str, Metric]
    curves: Mapping[str, Curve]
    settings: Mapping[str, Any]
    files: Mapping[str, str]
    seconds: float
    devices: tuple[DevicePoint, ...] = ()
    parasitics: Mapping[str, Any] = field(default_factory=dict)
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()

    def to_json(self) -> dict[str, Any]:
        """The report of `analoom sim`."""
        metrics = {name: {"value": float(m.value), "unit": m.unit} for name, m in self.metrics.items()}
        plain: tuple[str, ...] = ("cell", "view", "corner", "temp_degc", "settings", "files", "seconds")
        plain += ("parasitics",) if self.parasitics else ()
        devices = {"devices": [point.to_json() for point in self.devices]} if self.devices else {}
        tables = {"tables": [table.to_json() for table in self.tables]} if self.tables else {}
        notes = {"notes": list(self.notes)} if self.notes else {}
        return {**{name: getattr(self, name) for name in plain}, "metrics": metrics, **devices, **tables, **notes}


def simulate(
    cell: Cell,
    view: View = "schematic",
    corner: str = "tt",
    temp_degc: float = 27.0,
    parasitics: Parasitics | None = None,
    weights: NDArray[np.float64] | None = None,
    workdir: Path | None = None,
    settings: Mapping[str, Any] | None = None,
) -> SimResult:
    """Measures `cell` on the testbench of its kind.

    `weights`: stored voltages of an array, (rows, cols) in V, or integers of a multiplier, (outputs, inputs).
    `settings`: fields of the testbench, see `bench_settings`. Netlist and curves are written under `workdir` when it is
    given.
    Raises InputError, SpecError (settings) and ToolError.
    """
    started = time.perf_counter()
    bench = _bench(cell.kind)
    chosen = bench.Settings.parse(dict(settings or {}), prefix="settings.")
    require_view(cell, view)
    process, stored = corner_named(corner), _checked_weights(cell, weights)
    if is_large(cell):
        text, measured = "", _large(cell, view, process, checked_temp(temp_degc), chosen, stored)
    else:
        dut = make_dut(cell, view, process, checked_temp(temp_degc), parasitics)
        text, measured = dut.text, bench.measure(dut, chosen, stored)
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
        parasitics=parasitics.used() if view == "post" and parasitics else {},
    )


def difference(schematic: SimResult, post: SimResult) -> dict[str, Metric]:
    """Post-layout minus schematic, for every metric both have."""
    both = [name for name in schematic.metrics if name in post.metrics]
    return {
        name: Metric(post.metrics[name].value - schematic.metrics[name].value, schematic.metrics[name].unit)
        for name in both
    }


def bench_settings(kind: Kind) -> type[Spec]:
    """The settings of a kind's testbench: a frozen model with defaults, units and bounds. Raises InputError."""
    return _bench(kind).Settings


def can_simulate(kind: Kind) -> bool:
    """Whether there is a testbench for `kind`."""
    return kind in _BENCHES


def is_large(cell: Cell) -> bool:
    """Whether `cell` is left to a solver of our own, which extracts what it needs for the post view."""
    if cell.kind is Kind.MAC:
        from analoom.flows.systems.charge_mac.bench import beyond_ngspice as beyond

        return beyond(cell)
    if cell.kind is not Kind.ARRAY:
        return False
    from analoom.flows.systems.crossbar.solver.bench import beyond_ngspice

    return beyond_ngspice(cell)


def _large(
    cell: Cell, view: View, process: Corner, temp_degc: float, chosen: Any, stored: NDArray[np.float64] | None
) -> Measured:
    if view not in ("schematic", "post"):
        raise InputError(f"no view called {view!r}; known: schematic, post", field="view")
    if cell.kind is Kind.MAC:
        from analoom.flows.systems.charge_mac.bench import measure_large as solved

        return solved(cell, view, process, temp_degc, chosen, stored)
    from analoom.flows.systems.crossbar.solver.bench import measure_large

    return measure_large(cell, view, process, temp_degc, chosen, stored)


def _bench(kind: Kind) -> Any:
    if kind not in _BENCHES:
        known = ", ".join(k.value for k in _BENCHES)
        raise InputError(f"there is no testbench for a {kind.value}; there are for: {known}", field="name")
    return importlib.import_module(f"analoom.flows.systems.{_BENCHES[kind]}")


def checked_temp(temp_degc: float) -> float:
    """The temperature, where the models hold. Raises InputError outside."""
    if not _COLDEST_DEGC <= temp_degc <= _HOTTEST_DEGC:
        bounds = f"{_COLDEST_DEGC:g} to {_HOTTEST_DEGC:g} degC"
        raise InputError(f"temp = {temp_degc:g}: must be {bounds}, where the models hold", field="temp")
    return temp_degc


def _checked_weights(cell: Cell, weights: NDArray[np.float64] | None) -> NDArray[np.float64] | None:
    if weights is None:
        return None
    if cell.kind not in (Kind.ARRAY, Kind.MAC):
        raise InputError(f"a {cell.kind.value} takes no weights; an array does", field="weights")
    array = np.asarray(weights)
    if array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        unit = " (V)" if cell.kind is Kind.ARRAY else ""
        raise InputError(f"weights must be finite real numbers{unit}", field="weights")
    return array.astype(float)


def _written(workdir: Path, stem: str, text: str, measured: Measured) -> dict[str, str]:
    workdir.mkdir(parents=True, exist_ok=True)
    files = {}
    if text:
        files["netlist"] = str(write_whole(workdir / f"{stem}.sim.spice", text))
    for name, curve in measured.curves.items():
        table = _csv((curve.x_label, curve.y_label), (curve.x, curve.y))
        files[name] = str(write_whole(workdir / f"{stem}_{name}.csv", table))
    for name, tap_map in measured.maps.items():
        files[name] = str(write_whole(workdir / f"{stem}_{name}.npy", _npy(tap_map.values)))
    return files


def _npy(values: NDArray[np.float64]) -> bytes:
    held = io.BytesIO()
    np.save(held, values)
    return held.getvalue()


def _csv(header: Sequence[str], columns: Sequence[NDArray[np.float64]]) -> str:
    rows = [",".join(f"{value:.9g}" for value in row) for row in zip(*columns, strict=True)]
    return "\n".join([",".join(f'"{h}"' for h in header), *rows, ""])
