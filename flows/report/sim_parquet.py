"""One simulation as Parquet: its metrics as one row, each curve as a table over its x axis, units in the metadata."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from analoom.flows.bench.measured import Curve
from analoom.flows.bench.sim_result import SimResult
from analoom.flows.files.results_table import Axis, ResultsTable, name_and_unit


def tables_of(found: SimResult) -> dict[str, ResultsTable]:
    """`metrics`, a table without axes, and one table a curve, over its x axis."""
    about = {"cell": found.cell, "view": found.view, "corner": found.corner, "temp_degc": found.temp_degc}
    about |= {"settings": dict(found.settings)}
    values = {name: np.array(metric.value) for name, metric in found.metrics.items()}
    units = {name: metric.unit for name, metric in found.metrics.items()}
    curves = {name: _curve(curve, {**about, "curve": name}) for name, curve in found.curves.items()}
    return {"metrics": ResultsTable((), values, units, about), **curves}


def write_tables(found: SimResult, folder: Path) -> dict[str, str]:
    """Writes each table as `<cell>_<view>_<name>.parquet`; returns the paths under `<name>_parquet`."""
    stem = f"{found.cell}_{found.view}"
    return {
        f"{name}_parquet": str(table.write_parquet(folder / f"{stem}_{name}.parquet"))
        for name, table in tables_of(found).items()
    }


def _curve(curve: Curve, about: dict[str, object]) -> ResultsTable:
    (x, x_unit), (y, y_unit) = name_and_unit(curve.x_label), name_and_unit(curve.y_label)
    return ResultsTable((Axis(x, tuple(map(float, curve.x)), x_unit),), {y: np.asarray(curve.y)}, {y: y_unit}, about)
