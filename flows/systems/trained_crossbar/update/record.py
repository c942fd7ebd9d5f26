"""What moves the weights of a column, as a system."""

from __future__ import annotations

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.wiring import Wiring
from analoom.flows.systems.record import FirstShown, Headline, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import glossary
from .bench import measure_update
from .mismatch import UpdateStatistics
from .settings import UpdateAnalysis, UpdateSettings


def _of_update(cell: Cell, model: str, settings: UpdateAnalysis, weights: NDArray[float64] | None) -> UpdateStatistics:
    return UpdateStatistics(cell, model, settings)


UPDATE = System(
    name="trained_crossbar",
    kind="column_update",
    pins=("col", "rest", "high", "xp", "xn", "az", "azb", "null", "nullb", "up_p", "park_p", "up_n", "park_n", "bl"),
    glossary=glossary.UPDATE,
    bench=BenchOf[UpdateSettings](UpdateSettings, measure_update),
    mismatch=AnalysisOf[UpdateAnalysis](UpdateAnalysis, _of_update),
    wiring=Wiring(capacitances_only="resistances are left out of a sample: analoom pex --mode rc extracts them"),
    judged_by_ngspice=("offset", "gain_error"),
    shown_first=FirstShown(
        change=("charge_gain",),
        sigma=("offset",),
        headline=(Headline("offset", "random offset of the column's move, one sigma"),),
    ),
)
