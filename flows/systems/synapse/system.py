"""A synapse as a system."""

from __future__ import annotations

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.area_scan import area_scan_section
from analoom.flows.statistics.sections import Asked
from analoom.flows.systems.record import FirstShown, Headline, Limits, Resolution, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import bench, glossary
from .mismatch import SynapseStatistics
from .settings import ReadAnalysis
from .size_scan import size_scan


def _statistics(cell: Cell, model: str, settings: ReadAnalysis, weights: NDArray[float64] | None) -> SynapseStatistics:
    return SynapseStatistics(cell, weights, model, settings)


def _sizes(cell: Cell, asked: Asked) -> dict[str, object]:
    return size_scan(cell, asked)


SYNAPSE = System(
    name="synapse",
    kind="synapse",
    pins=("col",),
    glossary=glossary.SYNAPSE,
    bench=BenchOf[bench.Settings](bench.Settings, bench.measure),
    mismatch=AnalysisOf[ReadAnalysis](ReadAnalysis, _statistics),
    scans=(area_scan_section, _sizes),
    judged_by_ngspice=(
        "cell_gain_error",
        "column_gain_error",
        "worst_column_error",
        "column_error",
        "product_error",
        "enob",
    ),
    limits=Limits(("cell_gain_error", "column_gain_error", "worst_column_error"), not_normal=("worst_column_error",)),
    resolution=Resolution("cell_gain_error"),
    shown_first=FirstShown(
        change=("write_pedestal",),
        sigma=("cell_gain_error",),
        headline=(Headline("cell_gain_error", "random error of one synapse's gain, one sigma"),),
    ),
)

RECORDS = {SYNAPSE.kind: SYNAPSE}
