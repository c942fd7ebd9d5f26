"""The amplifier of a hidden column as a system."""

from __future__ import annotations

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.systems.record import FirstShown, Headline, Limits, Resolution, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from .bench import measure_amplifier
from .glossary import AMPLIFIER as MEANINGS
from .mismatch import AmplifierStatistics
from .settings import AmplifierAnalysis, AmplifierSettings


def _of_amplifier(
    cell: Cell, model: str, settings: AmplifierAnalysis, weights: NDArray[float64] | None
) -> AmplifierStatistics:
    return AmplifierStatistics(cell, model, settings)


AMPLIFIER = System(
    name="trained_crossbar",
    kind="column_amplifier",
    pins=("in", "rest", "outn", "bias"),
    glossary=MEANINGS,
    bench=BenchOf[AmplifierSettings](AmplifierSettings, measure_amplifier),
    mismatch=AnalysisOf[AmplifierAnalysis](AmplifierAnalysis, _of_amplifier),
    judged_by_ngspice=("offset", "gain_error", "copy_error", "input_current"),
    limits=Limits(("copy_error",)),
    resolution=Resolution("copy_error"),
    shown_first=FirstShown(
        change=("bandwidth",),
        sigma=("input_current",),
        headline=(Headline("input_current", "random current that it takes from its column, one sigma"),),
    ),
)
