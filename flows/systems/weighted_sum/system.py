"""Weighted sums as a system."""

from __future__ import annotations

from analoom.flows.systems.record import FirstShown, Headline, Limits, Resolution, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import bench, glossary
from .budget import budget
from .mismatch import statistics
from .settings import Settings, SumAnalysis
from .wires import WIRING

WEIGHTED_SUM = System(
    name="weighted_sum",
    kind="weighted_sum",
    pins=("in", "mid", "out", "bias", "vdd", "vss"),
    beside={"translinear": "multiplies: a product of currents, by logarithm and antilogarithm"},
    glossary=glossary.WEIGHTED_SUM,
    bench=BenchOf[Settings](Settings, bench.measure),
    wiring=WIRING,
    mismatch=AnalysisOf[SumAnalysis](SumAnalysis, statistics, budget),
    judged_by_ngspice=("sum_error", "constant"),
    limits=Limits(("sum_error_frac",)),
    resolution=Resolution("sum_error_frac"),
    shown_first=FirstShown(
        change=("coefficient_error", "phase_margin"),
        sigma=("sum_error",),
        headline=(
            Headline("sum_error", "random error of the sum at the worst corner, one sigma"),
            Headline("max_error", "largest error over the range of the inputs"),
        ),
    ),
)

RECORDS = {WEIGHTED_SUM.kind: WEIGHTED_SUM}
