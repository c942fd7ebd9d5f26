"""The blocks that train a crossbar in place, as systems."""

from __future__ import annotations

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.systems.record import FirstShown, Headline, Limits, Resolution, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import glossary
from .amplifier.record import AMPLIFIER
from .clamp_bench import measure_clamp
from .column_mismatch import ColumnStatistics
from .column_settings import ClampAnalysis, ClampSettings, NudgeAnalysis, NudgeSettings
from .nudge_bench import measure_nudge

Weights = NDArray[float64] | None


def _of_column(cell: Cell, model: str, settings: ClampAnalysis | NudgeAnalysis, weights: Weights) -> ColumnStatistics:
    return ColumnStatistics(cell, model, settings)


CLAMP = System(
    name="trained_crossbar",
    kind="column_clamp",
    pins=("col", "rest", "bias"),
    glossary=glossary.CLAMP,
    bench=BenchOf[ClampSettings](ClampSettings, measure_clamp),
    mismatch=AnalysisOf[ClampAnalysis](ClampAnalysis, _of_column),
    judged_by_ngspice=("knee", "pull_level"),
    shown_first=FirstShown(
        change=("settling",), sigma=("knee",), headline=(Headline("knee", "random shift of the knee, one sigma"),)
    ),
)

NUDGE = System(
    name="trained_crossbar",
    kind="column_nudge",
    pins=("col", "target", "on", "bias"),
    glossary=glossary.NUDGE,
    bench=BenchOf[NudgeSettings](NudgeSettings, measure_nudge),
    mismatch=AnalysisOf[NudgeAnalysis](NudgeAnalysis, _of_column),
    judged_by_ngspice=("offset", "gm_error"),
    limits=Limits(("gm_error",)),
    resolution=Resolution("gm_error"),
    shown_first=FirstShown(
        change=("settling",), sigma=("offset",), headline=(Headline("offset", "random offset, one sigma"),)
    ),
)

BLOCKS = (CLAMP, NUDGE, AMPLIFIER)
