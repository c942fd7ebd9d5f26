"""The error of the ratio of two resistors by source: bodies, heads, gradient, wires."""

from __future__ import annotations

from math import hypot
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import View, make_dut
from analoom.flows.bench.wiring import Wiring, with_wires
from analoom.pdk.corners import corner

from .bench import ohms
from .mismatch import ResistorStatistics, gradient_error
from .resistors import resistors_of
from .settings import ResistorAnalysis, Settings

Array = NDArray[np.float64]
ROOM_DEGC = 27.0


def budget(
    cell: Cell, model: str, settings: ResistorAnalysis, weights: Array | None, wires_f: Array | None
) -> dict[str, float]:
    """Of the worst ratio: `random_body` and `random_heads` of its two resistors, `gradient`, and `wires`, the largest
    change of a ratio by extracted resistances. `wires_f` is of no use here. Nothing of a single resistor."""
    found = ResistorStatistics(cell, model, settings)
    if len(found.found.p) < 2:
        return {"random_body": found.unit.body_frac, "random_heads": found.unit.heads_frac}
    worst = max(hypot(*found.sigma_frac[list(pair)]) for pair in found.found.pairs) / found.unit.sigma_frac
    return {
        "random_body": found.unit.body_frac * worst,
        "random_heads": found.unit.heads_frac * worst,
        "gradient": gradient_error(cell, settings.gradient_frac_um),
        "wires": wire_error(cell),
    }


def wire_error(cell: Cell) -> float:
    """Largest change of a ratio of two resistors by the wires' resistances, of the extraction."""
    found, settings = resistors_of(cell), Settings()
    with TemporaryDirectory(prefix="analoom-") as folder:
        wires = with_wires(cell, Wiring(), corner("tt").wires, Path(folder))
        views: tuple[View, View] = ("schematic", "post")
        duts = [make_dut(cell, view, corner("tt"), ROOM_DEGC, wires) for view in views]
    bare, wired = (found.ratio_errors(ohms(dut, found, settings.v, settings.v_middle)) for dut in duts)
    return float(np.abs(wired - bare).max())
