"""Comparators as a system: continuous ones and clocked ones."""

from __future__ import annotations

from dataclasses import replace

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.wiring import Wiring
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.systems.record import FirstShown, Headline, Limits, Resolution, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf
from analoom.generators.amplifier.auto_zero import PHASES

from . import clocked_bench, continuous_bench, glossary
from .clocked_mismatch import ClockedAnalysis, ClockedStatistics
from .continuous_mismatch import ContinuousAnalysis, ContinuousStatistics
from .zeroed_mismatch import ZeroedStatistics

SLOW = RcOptions(min_c_f=1e-18, min_r_ohm=20.0, up_to_hz=1e9)
"""Of a continuous comparator, whose currents are of uA: 1,534 resistors become 25."""
FAST = RcOptions(min_c_f=1e-18, min_r_ohm=5.0, up_to_hz=1e10)
"""Of a clocked one, whose time constants are of 40 ps: 2,296 resistors become 164."""


def _continuous(
    cell: Cell, model: str, settings: ContinuousAnalysis, weights: NDArray[float64] | None
) -> ContinuousStatistics:
    of_kind = ZeroedStatistics if set(PHASES) <= set(cell.circuit.ports) else ContinuousStatistics
    return of_kind(cell, model, settings.v_full, settings)


def _clocked(cell: Cell, model: str, settings: ClockedAnalysis, weights: NDArray[float64] | None) -> ClockedStatistics:
    return ClockedStatistics(cell, model, settings.v_full, settings)


CONTINUOUS = System(
    name="comparator",
    kind="comparator",
    pins=("inp", "inn", "out", "bias", "vdd", "vss"),
    glossary=glossary.CONTINUOUS,
    bench=BenchOf[continuous_bench.Settings](continuous_bench.Settings, continuous_bench.measure),
    wiring=Wiring(options=SLOW),
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
    wiring=Wiring(options=FAST),
    mismatch=AnalysisOf[ClockedAnalysis](ClockedAnalysis, _clocked),
    draws_unasked=lambda cell: False,
)

RECORDS = {system.kind: system for system in (CONTINUOUS, CLOCKED)}
