"""Current DACs, biases with and without a reference of their own, and ramps as systems."""

from __future__ import annotations

from dataclasses import replace

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.wiring import Wiring
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.systems.record import FirstShown, Headline, Limits, Resolution, System, count_in
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import bias_bench, dac_bench, glossary, ptat_bench, ramp_bench
from .bias_mismatch import BiasAnalysis, BiasStatistics
from .dac_mismatch import DacAnalysis, DacStatistics
from .ptat_mismatch import PtatAnalysis, PtatStatistics
from .ramp_mismatch import RampAnalysis, RampStatistics

Weights = NDArray[float64] | None
THINNED = RcOptions(min_c_f=1e-18, min_r_ohm=20.0, up_to_hz=1e8)
"""Many small currents at once: resistors below move none of them by a thousandth of an LSB."""


def _of_dac(cell: Cell, model: str, settings: DacAnalysis, weights: Weights) -> DacStatistics:
    return DacStatistics(cell, model, settings)


def _of_bias(cell: Cell, model: str, settings: BiasAnalysis, weights: Weights) -> BiasStatistics:
    return BiasStatistics(cell, model, settings)


def _of_ptat(cell: Cell, model: str, settings: PtatAnalysis, weights: Weights) -> PtatStatistics:
    return PtatStatistics(cell, model, settings)


def _of_ramp(cell: Cell, model: str, settings: RampAnalysis, weights: Weights) -> RampStatistics:
    return RampStatistics(cell, model, settings)


def _codes(spec: object, bits: int) -> int:
    return int(2**bits)


CURRENT_DAC = System(
    name="current_source",
    kind="current_dac",
    pins=("in", "out", "c"),
    glossary=glossary.CURRENT_DAC,
    bench=BenchOf[dac_bench.Settings](dac_bench.Settings, dac_bench.measure),
    wiring=Wiring(direct=THINNED),
    mismatch=AnalysisOf[DacAnalysis](DacAnalysis, _of_dac),
    judged_by_ngspice=("gain_error", "dnl", "inl"),
    limits=Limits(("gain_error",)),
    resolution=Resolution("inl", _codes),
    shown_first=FirstShown(
        change=("settling",),
        sigma=("inl",),
        headline=(Headline("inl", "random error of the least certain code, one sigma"),),
    ),
)

BIAS = System(
    name="current_source",
    kind="bias",
    pins=("in", "n", "p"),
    glossary=glossary.BIAS,
    bench=BenchOf[bias_bench.Settings](bias_bench.Settings, bias_bench.measure),
    wiring=Wiring(direct=THINNED),
    mismatch=AnalysisOf[BiasAnalysis](BiasAnalysis, _of_bias),
    judged_by_ngspice=("gain_error",),
    limits=Limits(("gain_error",)),
    resolution=Resolution("gain_error", lambda spec, bits: count_in(spec, "sinks") + count_in(spec, "sources")),
    shown_first=FirstShown(
        change=("gain_error",),
        sigma=("gain_error",),
        headline=(Headline("gain_error", "random error of the least certain current, one sigma"),),
    ),
)

PTAT_BIAS = replace(
    BIAS,
    kind="ptat_bias",
    pins=("r", "n", "p"),
    glossary=glossary.PTAT_BIAS,
    bench=BenchOf[ptat_bench.Settings](ptat_bench.Settings, ptat_bench.measure),
    mismatch=AnalysisOf[PtatAnalysis](PtatAnalysis, _of_ptat),
)

RAMP = System(
    name="current_source",
    kind="ramp",
    pins=("in", "ramp", "rest", "en", "enb"),
    glossary=glossary.RAMP,
    bench=BenchOf[ramp_bench.Settings](ramp_bench.Settings, ramp_bench.measure),
    mismatch=AnalysisOf[RampAnalysis](RampAnalysis, _of_ramp),
    judged_by_ngspice=("slope_error",),
    limits=Limits(("slope_error",)),
    resolution=Resolution("slope_error"),
    shown_first=FirstShown(
        change=("slope",),
        sigma=("slope_error",),
        headline=(Headline("slope_error", "random error of the slope, one sigma"),),
    ),
)

RECORDS = {system.kind: system for system in (CURRENT_DAC, BIAS, PTAT_BIAS, RAMP)}
