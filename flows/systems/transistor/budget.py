"""The error of a pair or a mirror by source: random, gradient, and the resistances of its wires."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import Dut, make_dut
from analoom.flows.bench.measured import Measured
from analoom.flows.bench.wiring import Wiring, with_wires
from analoom.flows.statistics.gradient import plane_errors, units_of
from analoom.pdk.corners import corner

from . import mirror_bench, pair_bench
from .mismatch import TransistorStatistics
from .settings import TransistorAnalysis

Array = NDArray[np.float64]
AtPoint = Callable[[Dut, Mapping[str, Any]], Measured]

_ERROR = "gain_error"
_TEMP_DEGC = 27.0


def pair_budget(
    cell: Cell, model: str, settings: TransistorAnalysis, weights: Array | None, wires_f: Array | None
) -> dict[str, float]:
    """Of the gain error of a pair."""

    def at_point(dut: Dut, point: Mapping[str, Any]) -> Measured:
        return pair_bench.measure(dut, pair_bench.Settings.parse(point))

    return _budget(cell, model, settings, at_point)


def mirror_budget(
    cell: Cell, model: str, settings: TransistorAnalysis, weights: Array | None, wires_f: Array | None
) -> dict[str, float]:
    """Of a mirror: the random error of its least certain output and the worst of the others'."""

    def at_point(dut: Dut, point: Mapping[str, Any]) -> Measured:
        return mirror_bench.measure(dut, mirror_bench.Settings.parse(point))

    return _budget(cell, model, settings, at_point)


def _budget(cell: Cell, model: str, settings: TransistorAnalysis, measure: AtPoint) -> dict[str, float]:
    statistics = TransistorStatistics(cell, model, settings)
    spread = statistics.closed()[_ERROR].sigma
    per_volt = statistics.response.sigma_log() / statistics.response.sigma_vth()
    offsets = [plane_errors(units_of(g), settings.gradient_vth)[0] for g in cell.match_groups]
    shift = max((float(np.abs(np.ptp(o, axis=1)).max()) for o in offsets), default=0.0)
    point = {"v_ds": settings.v_ds, "i_square": statistics.point["i_square"]}
    return {"random": spread, "gradient": per_volt * shift, "routing": wire_error(cell, measure, point)}


def wire_error(cell: Cell, measure: AtPoint, point: Mapping[str, Any]) -> float:
    """Largest change of a current ratio by the resistances of the drawn wires, typical corner, a fraction.

    `point`: `v_ds` (V) and `i_square` (A), of the testbench. Extracted and simulated, less the same without wires.
    """
    typical = corner("tt")
    with TemporaryDirectory(prefix="analoom-") as folder:
        wires = with_wires(cell, Wiring(), typical.wires, Path(folder))
        before = measure(make_dut(cell, "schematic", typical, _TEMP_DEGC), point).metrics
        after = measure(make_dut(cell, "post", typical, _TEMP_DEGC, wires), point).metrics
    return max(abs(after[name].value - before[name].value) for name in before if name.startswith(_ERROR))
