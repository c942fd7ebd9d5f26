"""Transistors as systems: a single device, a pair, a mirror."""

from __future__ import annotations

from dataclasses import replace

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.statistics.area_scan import area_scan_section
from analoom.flows.statistics.area_use import area_section
from analoom.flows.systems.record import FirstShown, Headline, Limits, Resolution, Sizes, System, count_in
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import device_bench, glossary, mirror_bench, pair_bench
from .budget import mirror_budget, pair_budget
from .mirror_mismatch import MirrorStatistics
from .mismatch import TransistorStatistics
from .settings import TransistorAnalysis


def _statistics(
    cell: Cell, model: str, settings: TransistorAnalysis, weights: NDArray[float64] | None
) -> TransistorStatistics:
    return TransistorStatistics(cell, model, settings)


def _of_mirror(
    cell: Cell, model: str, settings: TransistorAnalysis, weights: NDArray[float64] | None
) -> MirrorStatistics:
    return MirrorStatistics(cell, model, settings)


DEVICE = System(
    name="transistor",
    kind="device",
    pins=("d", "g", "s", "b"),
    glossary=glossary.DEVICE,
    bench=BenchOf[device_bench.Settings](device_bench.Settings, device_bench.measure),
    mismatch=AnalysisOf[TransistorAnalysis](TransistorAnalysis, _statistics),
    scans=(area_scan_section,),
    judged_by_ngspice=("vth", "vth_cc", "gain_error"),
    limits=Limits(("gain_error",)),
    resolution=Resolution("gain_error"),
    shown_first=FirstShown(
        change=("c_g", "f_t"),
        sigma=("gain_error",),
        headline=(Headline("gain_error", "random error of the current, one sigma"),),
    ),
)

PAIR = replace(
    DEVICE,
    kind="pair",
    pins=("d1", "g1", "d2", "g2"),
    glossary=glossary.PAIR,
    bench=BenchOf[pair_bench.Settings](pair_bench.Settings, pair_bench.measure),
    mismatch=AnalysisOf[TransistorAnalysis](TransistorAnalysis, _statistics, pair_budget),
    sections=(area_section,),
    judged_by_ngspice=("delta_vth", "delta_vth_cc", "gain_error", "offset", "mirror_gain_error"),
    limits=Limits(("gain_error", "mirror_gain_error")),
    shown_first=FirstShown(
        change=("c_g1",),
        sigma=("gain_error",),
        headline=(Headline("offset", "random offset of the pair, one sigma"),),
    ),
)

MIRROR = replace(
    PAIR,
    kind="mirror",
    pins=("in", "out"),
    glossary=glossary.MIRROR,
    bench=BenchOf[mirror_bench.Settings](mirror_bench.Settings, mirror_bench.measure),
    mismatch=AnalysisOf[TransistorAnalysis](TransistorAnalysis, _of_mirror, mirror_budget),
    judged_by_ngspice=("delta_vth", "delta_vth_cc", "gain_error", "offset"),
    limits=Limits(("gain_error",)),
    resolution=Resolution("gain_error", lambda spec, bits: count_in(spec, "ratios") - 1),
    sizes=Sizes("outputs x units of each", lambda spec, outputs, units: {"ratios": [units] * (outputs + 1)}),
    shown_first=FirstShown(
        change=("bandwidth",),
        sigma=("gain_error",),
        headline=(Headline("gain_error", "random error of the current copied, one sigma"),),
    ),
)

RECORDS = {system.kind: system for system in (DEVICE, PAIR, MIRROR)}
