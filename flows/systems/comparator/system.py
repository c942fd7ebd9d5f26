"""Comparators as a system: continuous ones and clocked ones."""

from __future__ import annotations

from dataclasses import replace

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.systems.record import FirstShown, Headline, Limits, Resolution, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import clocked_bench, continuous_bench, glossary
from .clocked_mismatch import ClockedAnalysis, ClockedStatistics
from .continuous_mismatch import ContinuousAnalysis, ContinuousStatistics


def _continuous(
    cell: Cell, model: str, settings: ContinuousAnalysis, weights: NDArray[float64] | None
) -> ContinuousStatistics:
    return ContinuousStatistics(cell, model, settings.v_full, settings)


def _clocked(cell: Cell, model: str, settings: ClockedAnalysis, weights: NDArray[float64] | None) -> ClockedStatistics:
    return ClockedStatistics(cell, model, settings.v_full, settings)


CONTINUOUS = System(
    name="comparator",
    kind="comparator",
    pins=("inp", "inn", "out", "bias", "vdd", "vss"),
    glossary=glossary.CONTINUOUS,
    bench=BenchOf[continuous_bench.Settings](continuous_bench.Settings, continuous_bench.measure),
    mismatch=AnalysisOf[ContinuousAnalysis](ContinuousAnalysis, _continuous),
    judged_by_ngspice=("offset",),
    limits=Limits(("offset_error",)),
    resolution=Resolution("offset_error"),
    shown_first=FirstShown(
        change=("delay_up",),
        sigma=("offset",),
        headline=(Headline("offset", "random offset of the comparator, one sigma"),),
    ),
)

CLOCKED = replace(
    CONTINUOUS,
    kind="clocked_comparator",
    pins=("inp", "inn", "clk", "q", "qb", "rp", "rn", "vdd", "vss"),
    glossary=glossary.CLOCKED,
    bench=BenchOf[clocked_bench.Settings](clocked_bench.Settings, clocked_bench.measure),
    mismatch=AnalysisOf[ClockedAnalysis](ClockedAnalysis, _clocked),
    draws_unasked=lambda cell: False,
)

RECORDS = {system.kind: system for system in (CONTINUOUS, CLOCKED)}
