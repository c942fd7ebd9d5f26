"""The record of crossbars trained in place."""

from __future__ import annotations

from analoom.flows.systems.record import FirstShown, Headline, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import glossary, measure, mismatch
from .settings import TrainingAnalysis, TrainingSettings

CROSSBAR = System(
    name="trained_crossbar",
    kind="trained_crossbar",
    pins=("h", "o", "vss"),
    glossary=glossary.CROSSBAR,
    bench=BenchOf[TrainingSettings](TrainingSettings, measure.measure),
    mismatch=AnalysisOf[TrainingAnalysis](TrainingAnalysis, mismatch.statistics),
    shown_first=FirstShown(
        change=("nrmse",), headline=(Headline("nrmse", "error after training by the targets' deviation"),)
    ),
    draws_unasked=lambda cell: False,
)
