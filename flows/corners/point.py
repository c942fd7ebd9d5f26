"""One point of a corner table, simulated in a process of its own."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.bench.device_under_test import View
from analoom.flows.bench.measured import Curve
from analoom.flows.files.results_table import Place
from analoom.flows.post_layout import with_wires
from analoom.flows.simulate import is_large, simulate
from analoom.pdk.corners import corner as corner_named
from analoom.pdk.errors import AnaloomError

if TYPE_CHECKING:
    from analoom.flows.pex.parasitics.record import Parasitics

SUPPLY = "vdd"
"""The setting of a testbench that is its supply."""

Found = tuple[dict[str, tuple[float, str]], dict[str, Curve]]
"""Value and unit of each metric, and the curves."""


@dataclass(frozen=True)
class Point:
    """A cell by generator and spec (JSON), its view, its place (corner, temperature, supply), and the testbench."""

    generator: str
    spec: str
    view: View
    place: tuple[Place, ...]
    settings: Mapping[str, Any]
    weights: NDArray[np.float64] | None


def measure_point(point: Point) -> Found | dict[str, Any]:
    """What `simulate` says of one point, or what kept it from it, as JSON: not every error survives the way back."""
    try:
        return _simulated(point)
    except AnaloomError as error:
        return error.to_json()


def _simulated(point: Point) -> Found:
    cell = build(point.generator, json.loads(point.spec))
    corner, temp_degc, *supply_v = point.place
    settings = {**point.settings, **({SUPPLY: supply_v[0]} if supply_v else {})}
    lumped = _parasitics(cell, str(corner)) if point.view == "post" and not is_large(cell) else None
    found = simulate(cell, point.view, str(corner), float(temp_degc), lumped, point.weights, settings=settings)
    return {name: (m.value, m.unit) for name, m in found.metrics.items()}, dict(found.curves)


_KEPT: dict[tuple[str, str], Parasitics] = {}
"""Parasitics by cell and table of wires: extracted once a process."""


def _parasitics(cell: Cell, corner: str) -> Parasitics:
    key = cell.name, corner_named(corner).wires
    if key not in _KEPT:
        with tempfile.TemporaryDirectory() as folder:
            _KEPT[key] = with_wires(cell, Path(folder), corner)
    return _KEPT[key]
