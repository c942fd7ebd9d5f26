"""Latches and their arrays as a system."""

from __future__ import annotations

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.memory.latch import latch
from analoom.cells.model.cell import Cell
from analoom.flows.bench.wiring import Wiring
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.systems.record import FirstShown, Headline, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf
from analoom.generators.memory.spec import LatchArraySpec
from analoom.pdk.errors import InputError

from . import array_bench, bench, glossary
from .copies import METRICS
from .mismatch import MemoryAnalysis, MemoryStatistics
from .settings import LatchSettings

JUDGED = (*METRICS, *(f"{m.removesuffix('_margin')}_{end}" for m in METRICS for end in ("fail", "sigmas")))


def _of_latch(cell: Cell, model: str, settings: MemoryAnalysis, weights: NDArray[float64] | None) -> MemoryStatistics:
    return MemoryStatistics(cell, 1, model, settings)


def _of_array(cell: Cell, model: str, settings: MemoryAnalysis, weights: NDArray[float64] | None) -> MemoryStatistics:
    spec = cell.spec
    if not isinstance(spec, LatchArraySpec):
        raise InputError(f"{cell.name} is no array of latches", field="name")
    return MemoryStatistics(latch(spec.latch), spec.rows * spec.cols, model, settings)


def _few_draws(cell: Cell) -> bool:
    """Samples are not drawn unasked: linear ones say no more than the formula."""
    return False


WITH_RESISTANCES = 256
"""Devices of an array whose lines have their resistances in ngspice: 4 x 4 latches with their drivers are 216."""

LATCH = System(
    name="memory",
    kind="latch",
    pins=("wl", "bl", "blb", "q", "qb", "vdd", "vss"),
    glossary=glossary.LATCH,
    bench=BenchOf[LatchSettings](LatchSettings, bench.measure),
    mismatch=AnalysisOf[MemoryAnalysis](MemoryAnalysis, _of_latch),
    judged_by_ngspice=JUDGED,
    shown_first=FirstShown(
        change=("write_time",),
        sigma=("read_margin",),
        headline=(Headline("read_sigmas", "margin of a latch that is read, in sigmas"),),
    ),
    draws_unasked=_few_draws,
)

MEMORY = System(
    name="memory",
    kind="memory",
    pins=("bl", "blb", "vdd", "vss"),
    glossary=glossary.ARRAY,
    bench=BenchOf[array_bench.ArraySettings](array_bench.ArraySettings, array_bench.measure),
    wiring=Wiring(
        capacitances_only=f"wires without resistance, as of all arrays of more than {WITH_RESISTANCES} devices: with "
        "it a write of 4 x 4 latches takes 4 % longer and a read 3 %, and the transient three times as long",
        resistances_up_to=WITH_RESISTANCES,
        options=RcOptions(min_c_f=1e-18, min_r_ohm=20.0, up_to_hz=1e9),
    ),
    mismatch=AnalysisOf[MemoryAnalysis](MemoryAnalysis, _of_array),
    judged_by_ngspice=JUDGED,
    shown_first=FirstShown(
        change=("write_time",),
        sigma=("read_margin",),
        headline=(Headline("read_fail_die", "share of dies with a latch that loses its bit as it is read"),),
    ),
    draws_unasked=_few_draws,
)

RECORDS = {LATCH.kind: LATCH, MEMORY.kind: MEMORY}
