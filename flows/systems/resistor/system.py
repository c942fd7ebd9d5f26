"""Matched resistors as a system."""

from __future__ import annotations

from analoom.flows.statistics.area_use import area_section
from analoom.flows.systems.record import FirstShown, Headline, Limits, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import bench, glossary
from .budget import budget
from .mismatch import statistics
from .settings import ResistorAnalysis, Settings

RESISTOR = System(
    name="resistor",
    kind="resistor",
    pins=("p", "n", "b"),
    glossary=glossary.RESISTOR,
    bench=BenchOf[Settings](Settings, bench.measure),
    mismatch=AnalysisOf[ResistorAnalysis](ResistorAnalysis, statistics, budget),
    sections=(area_section,),
    judged_by_ngspice=("ratio_error",),
    limits=Limits(("ratio_error",), not_normal=("ratio_error",)),
    shown_first=FirstShown(
        change=("ratio_error", "r_p1"),
        sigma=("ratio_error", "r_p1"),
        headline=(
            Headline("ratio_error", "error of the ratio of the two resistors that match least"),
            Headline("r_p1", "value of the first resistor"),
        ),
    ),
)

RECORDS = {RESISTOR.kind: RESISTOR}
