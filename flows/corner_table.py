"""Metrics of a cell over corners and temperatures: every point in a process of its own, all cores at work."""

from __future__ import annotations

import csv
import io
import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from itertools import product
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.registry import build
from analoom.pdk.corners import CORNERS
from analoom.pdk.corners import corner as corner_named

from .dut import View
from .outputs import write_whole
from .simulate import simulate

TEMPS_DEGC = (-40.0, 27.0, 125.0)


@dataclass(frozen=True)
class CornerTable:
    """`values[name]` is (corners, temperatures), NaN where a metric was not given; `units` by name."""

    cell: str
    view: str
    corners: tuple[str, ...]
    temps_degc: tuple[float, ...]
    values: Mapping[str, NDArray[np.float64]]
    units: Mapping[str, str]

    def at(self, name: str, corner: str, temp_degc: float) -> float:
        """One value."""
        return float(self.values[name][self.corners.index(corner), self.temps_degc.index(temp_degc)])

    def write_csv(self, path: Path) -> Path:
        """One line a point: corner, temperature, then every metric with its unit in the header."""
        stream = io.StringIO()
        table = csv.writer(stream, lineterminator="\n")
        table.writerow(["corner", "temp (degC)", *(f"{name} ({self.units[name]})" for name in self.values)])
        for (i, c), (j, t) in product(enumerate(self.corners), enumerate(self.temps_degc)):
            table.writerow([c, f"{t:g}", *(f"{v[i, j]:.9g}" for v in self.values.values())])
        return write_whole(path, stream.getvalue())


def corner_table(
    name: str,
    fields: Mapping[str, Any] | None = None,
    corners: Sequence[str] = tuple(CORNERS),
    temps_degc: Sequence[float] = TEMPS_DEGC,
    settings: Mapping[str, Any] | None = None,
    workers: int | None = None,
) -> CornerTable:
    """The schematic metrics of the registered cell `name` with spec `fields`. Raises what `simulate` raises."""
    for c in corners:
        corner_named(c)
    cell = build(name, dict(fields or {}))
    points = [(name, dict(fields or {}), c, t, dict(settings or {})) for c, t in product(corners, temps_degc)]
    most = min(workers or os.cpu_count() or 1, len(points))
    with ProcessPoolExecutor(most, mp_context=get_context("spawn")) as pool:
        found = list(pool.map(_point, points))
    units = {metric: unit for one in found for metric, (_, unit) in one.items()}
    shape = len(corners), len(temps_degc)
    values = {m: np.array([one.get(m, (np.nan, ""))[0] for one in found]).reshape(shape) for m in units}
    return CornerTable(cell.name, _VIEW, tuple(corners), tuple(temps_degc), values, units)


_VIEW: View = "schematic"


def _point(task: tuple[str, dict[str, Any], str, float, dict[str, Any]]) -> dict[str, tuple[float, str]]:
    name, fields, corner, temp_degc, settings = task
    found = simulate(build(name, fields), _VIEW, corner, temp_degc, settings=settings)
    return {metric: (m.value, m.unit) for metric, m in found.metrics.items()}
