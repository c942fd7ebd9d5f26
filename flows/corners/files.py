"""A corner table as files and as the report of `analoom sim --corners`: CSV, and Parquet, of metrics and of curves."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np

from analoom.flows.files.extras import PARQUET
from analoom.flows.files.outputs import write_json, write_whole
from analoom.flows.files.results_table import Axis, Place, csv_of, heading, name_and_unit, plain, write_columns
from analoom.pdk.corners import THICK_SUPPLY, THIN_SUPPLY, VDD_V

from .point import SUPPLY
from .table import CornerTable

NOMINAL = {"temp": 27.0, SUPPLY: VDD_V}


def write_corners(found: CornerTable, folder: Path, given: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Writes everything into `folder` and returns the report, which lies there too as `corners_<view>.json`.

    `given`: what the report says besides, of the files that it was made with.
    """
    stem = f"{found.cell}_{found.view}_corners"
    files = {"metrics_csv": found.table.write_csv(folder / f"{stem}.csv")}
    files |= _parquet("metrics", folder / f"{stem}.parquet", found.table.write_parquet)
    for name in found.curves:
        files |= _write_curve(found, name, folder / f"{stem}_{name}")
    report = {**_report(found, {name: str(path) for name, path in files.items()}), **(given or {})}
    write_json(folder / f"corners_{found.view}.json", report)
    return report


def _report(found: CornerTable, files: dict[str, str]) -> dict[str, Any]:
    nominal = tuple(_nominal(axis) for axis in found.table.axes)
    metrics = {
        name: {
            "unit": found.table.units[name],
            "nominal": plain(np.array(found.at(name, *nominal))),
            **_extremes(found, name),
            "values": plain(values),
        }
        for name, values in found.table.values.items()
    }
    return {
        "cell": found.cell,
        "view": found.view,
        "clean": not found.failures,
        "axes": [{"name": axis.name, "unit": axis.unit, "values": list(axis.values)} for axis in found.table.axes],
        "nominal": list(nominal),
        "metrics": metrics,
        "failed": [{"place": list(one.place), "error": one.error} for one in found.failures],
        "settings": dict(found.settings),
        "files": files,
        "notes": [] if PARQUET.ok else [PARQUET.left_out("Parquet")],
        "seconds": round(found.seconds, 3),
    }


def _nominal(axis: Axis) -> Place:
    """The value nearest to a typical chip at room temperature and nominal supply."""
    numbers = [value for value in axis.values if not isinstance(value, str)]
    if not numbers:
        return "tt" if "tt" in axis.values else axis.values[0]
    nominal = NOMINAL[axis.name]
    if axis.name == SUPPLY and min(numbers) > THIN_SUPPLY.highest_v:
        nominal = THICK_SUPPLY.nominal_v
    return min(numbers, key=lambda value: abs(value - nominal))


def _extremes(found: CornerTable, name: str) -> dict[str, Any]:
    """The smallest and the largest value, and where they are."""
    flat, places = found.table.values[name].ravel(), list(found.table.places())
    if not np.isfinite(flat).any():
        return {"min": None, "max": None}
    ends = {"min": int(np.nanargmin(flat)), "max": int(np.nanargmax(flat))}
    return {end: {"value": float(flat[k]), "at": list(places[k])} for end, k in ends.items()}


def _write_curve(found: CornerTable, name: str, stem: Path) -> dict[str, Path]:
    """One curve of all points in long form: the place, then x and y."""
    curves, axes = found.curves[name], found.table.axes
    labels = next((curve.x_label, curve.y_label) for curve in curves.values())
    (x, x_unit), (y, y_unit) = (name_and_unit(label) for label in labels)
    rows = [(*place, *point) for place, c in curves.items() for point in zip(c.x, c.y, strict=True)]
    heads = [*(axis.head for axis in axes), heading(x, x_unit), heading(y, y_unit)]
    words = [[v if isinstance(v, str) else f"{v:.9g}" for v in row] for row in rows]
    units = {**{axis.name: axis.unit for axis in axes}, x: x_unit, y: y_unit}
    columns = dict(zip(units, map(list, zip(*rows, strict=True)), strict=True))
    told = {"about": dict(found.table.about), "curve": name}
    written = {f"{name}_csv": write_whole(stem.with_name(f"{stem.name}.csv"), csv_of(heads, words))}
    parquet = stem.with_name(f"{stem.name}.parquet")
    return written | _parquet(name, parquet, lambda path: write_columns(path, columns, units, told))


def _parquet(name: str, path: Path, write: Callable[[Path], Path]) -> dict[str, Path]:
    """The Parquet file where pyarrow is installed; where not, none, and none of a run before either."""
    if PARQUET.ok:
        return {f"{name}_parquet": write(path)}
    path.unlink(missing_ok=True)
    return {}
