"""Amplifiers and followers as a system."""

from __future__ import annotations

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.wiring import Wiring
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.statistics.area_scan import area_scan_section
from analoom.flows.systems.record import FirstShown, Headline, Limits, Resolution, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf
from analoom.generators.amplifier.auto_zero import PHASES

from . import bench, glossary
from .mismatch import AmplifierAnalysis, AmplifierStatistics
from .settings import Settings
from .zeroed_mismatch import ZeroedStatistics

DIRECT = RcOptions(min_c_f=1e-18, min_r_ohm=1.0, up_to_hz=1e8)
"""Resistances of ohms act on offsets of uV; on a bandwidth of MHz they do not, and a network of 800 nodes takes minutes
where its capacitances alone take seconds."""


def statistics(
    cell: Cell, model: str, settings: AmplifierAnalysis, weights: NDArray[float64] | None
) -> AmplifierStatistics:
    """The statistics of an amplifier or a follower; of an auto-zeroed amplifier what its phases leave."""
    return (ZeroedStatistics if set(PHASES) <= set(cell.circuit.ports) else AmplifierStatistics)(cell, model, settings)


def budget(
    cell: Cell,
    model: str,
    settings: AmplifierAnalysis,
    weights: NDArray[float64] | None,
    wires_f: NDArray[float64] | None,
) -> dict[str, float]:
    """Random offset by stage, and a threshold plane over the matched devices, by full scale."""
    found = statistics(cell, model, settings, weights)
    closed, full = found.closed(), settings.full_scale
    by_source = {name: closed[f"offset_{name}"].sigma / full for name in found.sources}
    return {**by_source, "gradient": found.gradient_v(settings.gradient_vth) / full}


_MISMATCH = AnalysisOf[AmplifierAnalysis](AmplifierAnalysis, statistics, budget)
_OFFSET = Headline("offset", "random offset at the input, one sigma")

AMPLIFIER = System(
    name="amplifier",
    kind="amplifier",
    pins=("inp", "inn", "out", "bias", "vdd", "vss"),
    glossary=glossary.AMPLIFIER,
    bench=BenchOf[Settings](Settings, bench.measure),
    wiring=Wiring(direct=DIRECT),
    mismatch=_MISMATCH,
    scans=(area_scan_section,),
    judged_by_ngspice=("offset", "offset_error"),
    limits=Limits(("offset_error",)),
    resolution=Resolution("offset_error"),
    shown_first=FirstShown(change=("f_unity", "phase_margin"), sigma=("offset",), headline=(_OFFSET,)),
)

FOLLOWER = System(
    name="amplifier",
    kind="follower",
    pins=("in", "out", "bias", "vdd", "vss"),
    glossary=glossary.FOLLOWER,
    bench=BenchOf[Settings](Settings, bench.measure_follower),
    wiring=Wiring(direct=DIRECT),
    mismatch=_MISMATCH,
    scans=(area_scan_section,),
    judged_by_ngspice=("offset", "offset_error"),
    limits=Limits(("offset_error",)),
    resolution=Resolution("offset_error"),
    shown_first=FirstShown(change=("bandwidth",), sigma=("offset",), headline=(_OFFSET,)),
)

RECORDS = {AMPLIFIER.kind: AMPLIFIER, FOLLOWER.kind: FOLLOWER}
