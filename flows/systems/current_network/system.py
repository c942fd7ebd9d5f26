"""Somas, synapses, layers and whole current-mode networks as systems."""

from __future__ import annotations

from collections.abc import Mapping

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.systems.record import FirstShown, Headline, Limits, Resolution, Sizes, System, count_in
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import glossary, layer_bench, network_bench, soma_bench, synapse_bench
from .network_mismatch import ERROR, NetworkAnalysis, NetworkStatistics
from .soma_mismatch import SomaAnalysis, SomaStatistics
from .synapse_mismatch import JUDGED, SynapseAnalysis, SynapseStatistics

Weights = NDArray[float64] | None


def _of_soma(cell: Cell, model: str, settings: SomaAnalysis, weights: Weights) -> SomaStatistics:
    return SomaStatistics(cell, model, settings)


def _of_synapse(cell: Cell, model: str, settings: SynapseAnalysis, weights: Weights) -> SynapseStatistics:
    return SynapseStatistics(cell, model, settings)


def _of_network(cell: Cell, model: str, settings: NetworkAnalysis, weights: Weights) -> NetworkStatistics:
    return NetworkStatistics(cell, model, settings)


def _dims(spec: Mapping[str, object]) -> list[int]:
    dims = spec["dims"]
    return [int(str(n)) for n in dims] if isinstance(dims, list | tuple) else []


def _unasked(cell: Cell) -> bool:
    return False


_OUTPUTS = AnalysisOf[NetworkAnalysis](NetworkAnalysis, _of_network)
_SHOWN = Headline(ERROR, "random error of an output by a soma's full current, one sigma")

SOMA = System(
    name="current_network",
    kind="current_soma",
    pins=("iin", "vp", "vn"),
    glossary=glossary.SOMA,
    bench=BenchOf[soma_bench.Settings](soma_bench.Settings, soma_bench.measure),
    mismatch=AnalysisOf[SomaAnalysis](SomaAnalysis, _of_soma),
    judged_by_ngspice=("slope_p_error", "slope_n_error", "ratio_np_error"),
    limits=Limits(("slope_p_error", "slope_n_error")),
    resolution=Resolution("slope_n_error"),
    shown_first=FirstShown(
        change=("settling_up",),
        sigma=("slope_n_error",),
        headline=(Headline("slope_n_error", "random error of a soma's slope, negative paths, one sigma"),),
    ),
)

SYNAPSE = System(
    name="current_network",
    kind="current_synapse",
    pins=("vp", "vn", "wl", "iout"),
    glossary=glossary.SYNAPSE,
    bench=BenchOf[synapse_bench.Settings](synapse_bench.Settings, synapse_bench.measure),
    mismatch=AnalysisOf[SynapseAnalysis](SynapseAnalysis, _of_synapse),
    judged_by_ngspice=tuple(JUDGED),
    limits=Limits(("weight_p_error", "weight_n_error")),
    resolution=Resolution("weight_n_error"),
    shown_first=FirstShown(
        change=("level_7",),
        sigma=("weight_n_error",),
        headline=(Headline("weight_n_error", "random error of the largest weight, one sigma"),),
    ),
)

LAYER = System(
    name="current_network",
    kind="current_layer",
    pins=("iin", "iout", "wl"),
    glossary=glossary.LAYER,
    bench=BenchOf[layer_bench.Settings](
        layer_bench.Settings, layer_bench.measure, layer_bench.large, layer_bench.solve
    ),
    mismatch=_OUTPUTS,
    judged_by_ngspice=(ERROR,),
    limits=Limits((ERROR,)),
    resolution=Resolution(ERROR, lambda spec, bits: count_in(spec, "cols")),
    sizes=Sizes("rows x columns", lambda spec, rows, cols: {"rows": rows, "cols": cols}),
    draws_unasked=_unasked,
    shown_first=FirstShown(change=("settling_up",), sigma=(ERROR,), headline=(_SHOWN,)),
)

NETWORK = System(
    name="current_network",
    kind="current_network",
    pins=("in", "bias", "out"),
    glossary=glossary.NETWORK,
    bench=BenchOf[network_bench.Settings](
        network_bench.Settings, network_bench.measure, network_bench.without_latches, network_bench.solve
    ),
    mismatch=_OUTPUTS,
    judged_by_ngspice=(ERROR,),
    limits=Limits((ERROR,)),
    resolution=Resolution(ERROR, lambda spec, bits: _dims(spec)[-1]),
    draws_unasked=_unasked,
    shown_first=FirstShown(change=("decision",), sigma=(ERROR,), headline=(_SHOWN,)),
)

RECORDS = {system.kind: system for system in (SOMA, SYNAPSE, LAYER, NETWORK)}
