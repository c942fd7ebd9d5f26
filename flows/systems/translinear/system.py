"""The translinear current multiplier as a system."""

from __future__ import annotations

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.wiring import Wiring
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.statistics.area_scan import area_scan_section
from analoom.flows.systems.record import FirstShown, Headline, Limits, Resolution, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import bench, glossary
from .mismatch import TranslinearAnalysis, TranslinearStatistics

THINNED = RcOptions(min_c_f=1e-18, min_r_ohm=20.0, up_to_hz=1e8)
"""Its many currents are of nA and its bandwidth of MHz: 5,000 resistors become 100, and the gain of JNW_SV moves by
1.4e-5."""


def _statistics(
    cell: Cell, model: str, settings: TranslinearAnalysis, weights: NDArray[float64] | None
) -> TranslinearStatistics:
    return TranslinearStatistics(cell, model, settings)


def _budget(
    cell: Cell,
    model: str,
    settings: TranslinearAnalysis,
    weights: NDArray[float64] | None,
    wires_f: NDArray[float64] | None,
) -> dict[str, float]:
    return TranslinearStatistics(cell, model, settings).by_source()


TRANSLINEAR = System(
    name="translinear",
    kind="multiplier",
    pins=("ib", "ip", "in", "op", "on"),
    beside={"weighted_sum": "adds: a weighted sum of voltages"},
    glossary=glossary.TRANSLINEAR,
    bench=BenchOf[bench.Settings](bench.Settings, bench.measure),
    wiring=Wiring(direct=THINNED),
    mismatch=AnalysisOf[TranslinearAnalysis](TranslinearAnalysis, _statistics, _budget),
    scans=(area_scan_section,),
    judged_by_ngspice=("gain_error", "offset"),
    limits=Limits(("gain_error",)),
    resolution=Resolution("gain_error"),
    shown_first=FirstShown(
        change=("bandwidth",),
        sigma=("gain_error",),
        headline=(Headline("gain_error", "random error of the product, one sigma"),),
    ),
)

RECORDS = {TRANSLINEAR.kind: TRANSLINEAR}
