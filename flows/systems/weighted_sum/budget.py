"""The error of a weighted sum by source: whole units, resistors, their gradient, amplifiers, wires."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.bench.wiring import with_wires
from analoom.flows.statistics.gradient import units_of, values_under_tilt
from analoom.flows.systems.transistor.transistor_response import TEMP_DEGC
from analoom.pdk.corners import corner

from .mismatch import SumStatistics
from .settings import SumAnalysis
from .stand import Stand, by_units, corners, wanted
from .wires import WIRING

Array = NDArray[np.float64]


def budget(
    cell: Cell, model: str, settings: SumAnalysis, weights: Array | None, wires_f: Array | None
) -> dict[str, float]:
    """At the worst corner, by full scale: random errors of `resistors` and `amplifiers` (one sigma), `rounding` of
    units, `gain_and_offset` (finite gain and the offset without mismatch), `gradient`, `wires`."""
    found, full = SumStatistics(cell, model, settings), settings.full_scale
    closed, points = found.closed(), corners(found.spec)
    asked, units = wanted(found.spec, points), by_units(found.spec, points)
    return {
        "resistors": closed["sum_error_resistors"].sigma / full,
        "amplifiers": closed["sum_error_amplifiers"].sigma / full,
        "rounding": float(np.abs(units - asked).max()) / full,
        "gain_and_offset": float(np.abs(found.fixed + asked - units).max()) / full,
        "gradient": gradient_mu(found, settings.gradient_frac_um) / full,
        "wires": _wires_mu(cell, found.stand, points) / full,
    }


def gradient_mu(found: SumStatistics, gradient_frac_um: float) -> float:
    """Largest change of the output at any corner by a tilted sheet resistance, over all directions, MU."""
    group = next(g for instance in found.cell.instances for g in instance.cell.match_groups if g.name == "resistors")
    units = units_of(group)
    relative = values_under_tilt(units, gradient_frac_um) / units.areas
    return float(np.abs(found.changes(relative)).max())


def _wires_mu(cell: Cell, bare: Stand, points: Array) -> float:
    """Largest change of the output at any corner by the wires' extracted resistances, MU."""
    with TemporaryDirectory(prefix="analoom-") as folder:
        wires = with_wires(cell, WIRING, corner("tt").wires, Path(folder))
        wired = Stand(make_dut(cell, "post", corner("tt"), TEMP_DEGC, wires), bare.settings)
        return float(np.abs(wired.outputs_mu(points)[0] - bare.outputs_mu(points)[0]).max())
