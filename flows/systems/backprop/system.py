"""Parts of networks that train themselves as systems."""

from __future__ import annotations

from numpy import float64
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.wiring import Wiring
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.systems.record import FirstShown, Headline, Limits, Resolution, System
from analoom.flows.systems.typed import AnalysisOf, BenchOf

from . import glossary, network_bench
from .amplifiers_bench import measure_back, measure_error
from .network_mismatch import ENGINES, NetworkAnalysis, network_statistics
from .parts_bench import measure_bump, measure_gilbert, measure_sigmoid
from .parts_mismatch import (
    BackAnalysis,
    BumpAnalysis,
    ErrorAnalysis,
    GilbertAnalysis,
    PartStatistics,
    SigmoidAnalysis,
)
from .settings import BackSettings, BumpSettings, ErrorSettings, GilbertSettings, PartSettings, SigmoidSettings
from .training_settings import TrainingSettings
from .units_bench import NeuronSettings, SynapseSettings, measure_neuron, measure_synapse

THINNED = RcOptions(min_c_f=1e-16, min_r_ohm=200.0, up_to_hz=1e8)
"""How wires of a network are reduced for its training. Outputs of the drawn 2-4-1 after five epochs are within 1 mV of
those with couplings down to 10 aF and resistors down to 100 ohm, which take twice the time, and within 1.1 mV of those
with every capacitance and no resistance: a wire carries 100 nA, and rows take microseconds."""
Weights = NDArray[float64] | None


def _of_part(cell: Cell, model: str, settings: PartSettings, weights: Weights) -> PartStatistics:
    return PartStatistics(cell, model, settings)


GILBERT = System(
    name="backprop",
    kind="gilbert",
    pins=("xp", "xn", "wp", "wn", "op", "on", "bias"),
    glossary=glossary.GILBERT,
    bench=BenchOf[GilbertSettings](GilbertSettings, measure_gilbert),
    mismatch=AnalysisOf[GilbertAnalysis](GilbertAnalysis, _of_part),
    judged_by_ngspice=("gain_error", "offset_x", "offset_w", "offset_current"),
    limits=Limits(("gain_error",)),
    resolution=Resolution("gain_error"),
    shown_first=FirstShown(
        change=("full_scale",),
        sigma=("offset_w",),
        headline=(Headline("offset_w", "random offset of the lower inputs, one sigma"),),
    ),
)

SIGMOID = System(
    name="backprop",
    kind="diff_sigmoid",
    pins=("xp", "xn", "yp", "yn", "bias"),
    glossary=glossary.SIGMOID,
    bench=BenchOf[SigmoidSettings](SigmoidSettings, measure_sigmoid),
    mismatch=AnalysisOf[SigmoidAnalysis](SigmoidAnalysis, _of_part),
    judged_by_ngspice=("offset", "gain_error"),
    limits=Limits(("gain_error",)),
    resolution=Resolution("gain_error"),
    shown_first=FirstShown(
        change=("bandwidth",),
        sigma=("offset",),
        headline=(Headline("offset", "random offset at the input, one sigma"),),
    ),
)

BUMP = System(
    name="backprop",
    kind="bump",
    pins=("xp", "xn", "out", "bias"),
    glossary=glossary.BUMP,
    bench=BenchOf[BumpSettings](BumpSettings, measure_bump),
    mismatch=AnalysisOf[BumpAnalysis](BumpAnalysis, _of_part),
    judged_by_ngspice=("peak_error", "centre"),
    limits=Limits(("peak_error",)),
    resolution=Resolution("peak_error"),
    shown_first=FirstShown(
        change=("peak",),
        sigma=("centre",),
        headline=(Headline("peak_error", "random error of the peak, one sigma"),),
    ),
)

ERROR = System(
    name="backprop",
    kind="backprop_error",
    pins=("np", "nn", "tp", "tn", "ep", "en", "gp", "gn", "bias"),
    glossary=glossary.ERROR,
    bench=BenchOf[ErrorSettings](ErrorSettings, measure_error),
    mismatch=AnalysisOf[ErrorAnalysis](ErrorAnalysis, _of_part),
    judged_by_ngspice=("offset_e", "offset_g", "gain_error_e", "gain_error_g"),
    limits=Limits(("gain_error_e", "gain_error_g")),
    resolution=Resolution("gain_error_e"),
    shown_first=FirstShown(
        change=("bandwidth_e",),
        sigma=("offset_e",),
        headline=(Headline("offset_e", "random error that is read where there is none, one sigma"),),
    ),
)

BACK = System(
    name="backprop",
    kind="backprop_back",
    pins=("w", "ep", "en", "wr", "bias"),
    glossary=glossary.BACK,
    bench=BenchOf[BackSettings](BackSettings, measure_back),
    mismatch=AnalysisOf[BackAnalysis](BackAnalysis, _of_part),
    judged_by_ngspice=("gain_error", "offset_g", "offset_w", "offset"),
    limits=Limits(("gain_error",)),
    resolution=Resolution("gain_error"),
    shown_first=FirstShown(
        change=("bandwidth",),
        sigma=("offset_g",),
        headline=(Headline("offset_g", "random error that is sent back where there is none, one sigma"),),
    ),
)

SYNAPSE = System(
    name="backprop",
    kind="backprop_synapse",
    pins=("xp", "xn", "op", "on", "ep", "en", "w", "wr", "pd", "bias", "learn"),
    glossary=glossary.SYNAPSE,
    bench=BenchOf[SynapseSettings](SynapseSettings, measure_synapse),
    shown_first=FirstShown(
        change=("update_rate",), headline=(Headline("update_rate", "how fast the weight moves by the error given"),)
    ),
)

NEURON = System(
    name="backprop",
    kind="backprop_neuron",
    pins=("np", "nn", "yp", "yn", "pd", "bias", "teach"),
    glossary=glossary.NEURON,
    bench=BenchOf[NeuronSettings](NeuronSettings, measure_neuron),
    shown_first=FirstShown(
        change=("settling",), headline=(Headline("settling", "until outputs and update tails have settled"),)
    ),
)

NETWORK = System(
    name="backprop",
    kind="backprop_network",
    pins=("onep", "onen", "wr", "bias", "teach", "learn"),
    glossary=glossary.NETWORK,
    bench=BenchOf[TrainingSettings](TrainingSettings, network_bench.measure),
    mismatch=AnalysisOf[NetworkAnalysis](NetworkAnalysis, network_statistics),
    engines=ENGINES,
    wiring=Wiring(options=THINNED),
    shown_first=FirstShown(
        change=("margin",), headline=(Headline("margin", "least certain output of all rows after training and hold"),)
    ),
)

RECORDS = {system.kind: system for system in (GILBERT, SIGMOID, BUMP, ERROR, BACK, SYNAPSE, NEURON, NETWORK)}
