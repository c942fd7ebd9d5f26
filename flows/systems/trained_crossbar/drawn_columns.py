"""A training whose clamps, nudges and amplifiers are drawn cells: their laws and spreads as simulated, for the solver.

bench = with_clamp(with_nudge(TrainingBench(), build("column_nudge")), build("column_clamp"), "binned")
trainer = die_of(bench, 0, "binned")
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import curve_fit

from analoom.cells.in_place.column_amplifier import column_amplifier
from analoom.cells.in_place.column_clamp import column_clamp
from analoom.cells.in_place.column_nudge import column_nudge
from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import Dut, make_dut
from analoom.flows.bench.measured import Curve, Measured
from analoom.generators.trained_crossbar.blocks import AMPLIFIER, CLAMP, NUDGE
from analoom.generators.trained_crossbar.spec import TrainedCrossbarSpec
from analoom.pdk.corners import VDD_V
from analoom.pdk.corners import corner as corner_named

from .amplifier.bench import measure_amplifier
from .amplifier.mismatch import AmplifierStatistics
from .amplifier.settings import AmplifierAnalysis, AmplifierSettings
from .clamp_bench import measure_clamp
from .column_mismatch import ColumnStatistics
from .column_settings import ClampAnalysis, ClampSettings, NudgeAnalysis, NudgeSettings
from .nudge_bench import measure_nudge
from .solver.bench import TrainingBench
from .solver.training import TEMP_DEGC

Array = NDArray[np.float64]
LEAST_A, MOST_A = 1e-9, 1e-5
"""Currents over which a clamp's law is fitted: what a column asks."""


def with_clamp(
    bench: TrainingBench,
    cell: Cell,
    model: str | None = None,
    corner: str = "tt",
    temp_degc: float = TEMP_DEGC,
) -> TrainingBench:
    """`bench` with a clamp's law, and its spread by the family `model`, none without one."""
    measured = measure_clamp(_dut(cell, corner, temp_degc), ClampSettings())
    slope, width, place = softplus(measured.curves["current"])
    sigmas = {} if model is None else _sigmas(ColumnStatistics(cell, model, ClampAnalysis()))
    errors = {"clamp_offset": place, "clamp_offset_sigma": sigmas.get("knee", 0.0)}
    return _changed(bench, {"clamp": slope, "clamp_v": width}, errors)


def with_nudge(
    bench: TrainingBench,
    cell: Cell,
    model: str | None = None,
    corner: str = "tt",
    temp_degc: float = TEMP_DEGC,
) -> TrainingBench:
    """`bench` with a nudge's law, and its spread by the family `model`, none without one."""
    found = _values(measure_nudge(_dut(cell, corner, temp_degc), NudgeSettings()))
    sigmas = {} if model is None else _sigmas(ColumnStatistics(cell, model, NudgeAnalysis()))
    errors = {"nudge_offset": -found["offset"], "nudge_limit": found["power"] / VDD_V}
    errors |= {"nudge_offset_sigma": sigmas.get("offset", 0.0), "nudge_gain_sigma": sigmas.get("gm_error", 0.0)}
    return _changed(bench, {"nudge": found["gm"]}, errors)


def with_amplifier(
    bench: TrainingBench,
    cell: Cell,
    model: str | None = None,
    corner: str = "tt",
    temp_degc: float = TEMP_DEGC,
) -> TrainingBench:
    """`bench` with an amplifier's law, and its spread by the family `model`, none without one.

    Its upright output is the column itself. The resistance of the inverted one stands in series with both.
    """
    found = _values(measure_amplifier(_dut(cell, corner, temp_degc), AmplifierSettings()))
    sigmas = {} if model is None else _sigmas(AmplifierStatistics(cell, model, AmplifierAnalysis()))
    errors = {
        "amplifier_wire": True,
        "amplifier_gain": (1.0, found["gain"]),
        "amplifier_offset": (0.0, found["offset"]),
        "amplifier_copy": (1.0, found["copy_ratio"]),
        "amplifier_resistance": found["output_resistance"],
        "amplifier_input": found["input_conductance"],
        "amplifier_current": found["input_current"],
        "amplifier_gain_sigma": sigmas.get("gain_error", 0.0),
        "amplifier_offset_sigma": sigmas.get("offset", 0.0),
        "amplifier_copy_sigma": sigmas.get("copy_error", 0.0),
        "amplifier_current_sigma": sigmas.get("input_current", 0.0),
    }
    return _changed(bench, {}, errors)


def as_drawn(
    bench: TrainingBench, spec: TrainedCrossbarSpec, model: str | None, corner: str, temp_degc: float
) -> TrainingBench:
    """`bench` with all blocks that a crossbar draws; a load is as large as it is meant to be."""
    for name, change, cell in (
        ("clamp", with_clamp, lambda: column_clamp(CLAMP)),
        ("nudge", with_nudge, lambda: column_nudge(NUDGE)),
        ("amplifier", with_amplifier, lambda: column_amplifier(AMPLIFIER)),
    ):
        if name in spec.drawn:
            bench = change(bench, cell(), model, corner, temp_degc)
    return bench


def softplus(current: Curve) -> tuple[float, float, float]:
    """(S, V, V): slope, width and place of the law slope * width * ln(1 + exp(-(v - place)/width)) that is nearest to a
    clamp's current over its column, by logarithms between LEAST_A and MOST_A."""
    asked = (current.y > LEAST_A) & (current.y < MOST_A)

    def law(at: Array, slope: float, width: float, place: float) -> Array:
        return np.asarray(np.log(slope * width * np.logaddexp(0.0, -(at - place) / width)))

    best, _ = curve_fit(law, current.x[asked], np.log(current.y[asked]), p0=(3e-3, 1e-3, -2e-3))
    slope, width, place = map(float, best)
    return slope, width, place


def _dut(cell: Cell, corner: str, temp_degc: float) -> Dut:
    return make_dut(cell, "schematic", corner_named(corner), temp_degc)


def _values(measured: Measured) -> dict[str, float]:
    return {name: metric.value for name, metric in measured.metrics.items()}


def _sigmas(statistics: ColumnStatistics | AmplifierStatistics) -> dict[str, float]:
    return {name: spread.sigma for name, spread in statistics.closed().items()}


def _changed(bench: TrainingBench, fields: Mapping[str, float], errors: Mapping[str, object]) -> TrainingBench:
    return bench.model_copy(update={**fields, "errors": bench.errors.model_copy(update=errors)})
