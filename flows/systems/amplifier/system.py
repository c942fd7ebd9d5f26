"""Amplifiers and followers as a system."""

from __future__ import annotations

from analoom.flows.bench.wiring import Wiring
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.statistics.area_scan import area_scan_section
from analoom.flows.systems.record import FirstShown, Headline, Limits, Resolution, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import bench, glossary
from .mismatch import AmplifierAnalysis, budget, statistics
from .settings import Settings

DIRECT = RcOptions(min_c_f=1e-18, min_r_ohm=1.0, up_to_hz=1e8)
"""Resistances of ohms act on offsets of uV; on a bandwidth of MHz they do not, and a network of 800 nodes takes minutes
where its capacitances alone take seconds."""

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
