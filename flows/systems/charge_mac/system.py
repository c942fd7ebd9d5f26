"""The charge-domain multiply-accumulate unit as a system."""

from __future__ import annotations

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.wiring import Wiring
from analoom.flows.systems.record import FirstShown, Headline, Limits, Resolution, System, count_in
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import glossary
from .bench import beyond_ngspice, measure, measure_large
from .budget import mac_budget
from .cycle import Settings
from .mismatch import MacAnalysis, MacStatistics


def _statistics(cell: Cell, model: str, settings: MacAnalysis, weights: NDArray[float64] | None) -> MacStatistics:
    return MacStatistics(cell, weights, model, settings)


def _budget(
    cell: Cell,
    model: str,
    settings: MacAnalysis,
    weights: NDArray[float64] | None,
    wires_f: NDArray[float64] | None,
) -> dict[str, float]:
    return mac_budget(cell, _statistics(cell, model, settings, weights), settings.gradient_frac_um)


CHARGE_MAC = System(
    name="charge_mac",
    kind="mac",
    pins=(),
    renamed={"inl": "inl_max", "enob": "sum_enob"},
    glossary=glossary.CHARGE_MAC,
    weights_unit="",
    bench=BenchOf[Settings](Settings, measure, beyond_ngspice, measure_large),
    wiring=Wiring(
        capacitances_only="wires without resistance in ngspice, up to 32 weight bits: there it is hundredths of what "
        "the switches have that they lead to; larger arrays settle through it in the charge solver"
    ),
    mismatch=AnalysisOf[MacAnalysis](MacAnalysis, _statistics, _budget),
    judged_by_ngspice=("output_error", "weight_inl", "weight_dnl"),
    limits=Limits(("output_error",)),
    resolution=Resolution("output_error", lambda spec, bits: count_in(spec, "outputs")),
    shown_first=FirstShown(
        change=("gain",),
        sigma=("output_error",),
        headline=(Headline("enob", "effective bits of one output, by random mismatch"),),
    ),
)

RECORDS = {CHARGE_MAC.kind: CHARGE_MAC}
