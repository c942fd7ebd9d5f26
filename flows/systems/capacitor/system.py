"""Unit capacitors and capacitor arrays as a system."""

from __future__ import annotations

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.area_use import area_section
from analoom.flows.statistics.drawn_placement import placement_section
from analoom.flows.systems.record import FirstShown, Limits, Resolution, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import bench
from .balance import balance
from .budget import budget
from .mismatch import CapacitorStatistics
from .sections import wired_sections
from .settings import CapacitorAnalysis


def _statistics(
    cell: Cell, model: str, settings: CapacitorAnalysis, weights: NDArray[float64] | None
) -> CapacitorStatistics:
    return CapacitorStatistics(cell, model, settings)


CAPACITOR = System(
    name="capacitor",
    kind="capacitor",
    pins=("top",),
    bench=BenchOf[bench.Settings](bench.Settings, bench.measure),
    renamed=bench.RENAMED,
    mismatch=AnalysisOf[CapacitorAnalysis](CapacitorAnalysis, _statistics, budget),
    sections=(area_section, placement_section, wired_sections),
    judged_by_ngspice=("ratio_error", "inl", "dnl"),
    limits=Limits(("ratio_error",), not_normal=("ratio_error",)),
    resolution=Resolution("inl", lambda spec, bits: 2**bits),
    balance=balance,
    shown_first=FirstShown(change=("ratio_error",), sigma=("ratio_error",)),
)

RECORDS = {CAPACITOR.kind: CAPACITOR}
