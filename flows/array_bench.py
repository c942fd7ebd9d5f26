"""A crossbar on the array solver: what the resistance of its lines does to a read, and arrays beyond ngspice.

Errors are fractions of the full-scale column current. `ir_drop_error` compares the read through the drawn lines with
the read through lines without resistance; `worst_column_error` compares with the ideal product. `read_enob` is
log2(full scale / (rms error sqrt(12))) over the columns, `read_enob_corrected` the same after the best common factor.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from analoom.cells.cell import Cell
from analoom.pdk.corners import Corner

from .array_read import ArrayReader, array_reader
from .crossbar_map import LARGEST_SIMULATED, synapse_of
from .dut import View, make_dut
from .measured import Curve, Measured, Metric, TapMap
from .synapse_bias import ReadSettings
from .synapse_read import ReadMap, read_map

if TYPE_CHECKING:
    from .testbench_crossbar import Settings

Values = NDArray[np.float64]


def beyond_ngspice(cell: Cell) -> bool:
    """Whether an array has too many synapses to be simulated one by one."""
    return int(cell.notes["rows"]) * int(cell.notes["cols"]) > LARGEST_SIMULATED


def measure_large(
    cell: Cell, view: View, corner: Corner, temp_degc: float, settings: Settings, weights: Values | None
) -> Measured:
    """The read of an array beyond ngspice: through ideal lines ("schematic") or through the drawn ones ("post")."""
    from .testbench_crossbar import default_weights, read_metrics

    reader = array_reader(cell, corner.name, temp_degc, "ideal", settings=settings)
    v_read, low, high = reader.range_v
    inputs = v_read * np.random.default_rng(settings.seed).uniform(size=reader.shape[0])
    stored = default_weights(reader.shape, low, high, settings.seed) if weights is None else weights
    ideal = ideal_read(cell, corner, temp_degc, settings)
    currents = reader.read(stored, inputs)
    maps: dict[str, TapMap] = {}
    extra: dict[str, Metric] = {}
    if view == "post":
        drop = ir_drop(cell, corner, temp_degc, settings, stored, inputs, currents, full_scale_a(ideal, inputs))
        extra, maps, currents = dict(drop.metrics), dict(drop.maps), drop.curves["columns"].y
    return Measured({**read_metrics(ideal, stored, inputs, currents), **extra}, _columns(currents), maps)


def ir_drop(
    cell: Cell,
    corner: Corner,
    temp_degc: float,
    settings: ReadSettings,
    stored: Values,
    inputs: Values,
    without_a: Values | None,
    full_a: float,
) -> Measured:
    """The read through the drawn lines against `without_a` (cols,), the read without resistance (solved when None)."""
    reader = array_reader(cell, corner.name, temp_degc, "drawn", settings=settings)
    if without_a is None:
        without_a = array_reader(cell, corner.name, temp_degc, "ideal", settings=settings).read(stored, inputs)
    (state,) = reader.states(stored, inputs[None])
    errors = (state.column_a - without_a) / full_a
    factor = float(state.column_a @ without_a / (without_a @ without_a)) if without_a.any() else 1.0
    maps = _maps(reader, state.rows_v, state.cols_v, inputs)
    metrics = {
        "ir_drop_error": Metric(float(np.abs(errors).max()), "frac"),
        "ir_drop_error_rms": Metric(rms(errors), "frac"),
        "ir_drop_row": Metric(max(float(m.values.max()) for n, m in maps.items() if n != "ir_drop_column"), "V"),
        "ir_drop_column": Metric(float(maps["ir_drop_column"].values.max()), "V"),
    }
    rest = (state.column_a - factor * without_a) / full_a
    for name, error in (("read_enob", rms(errors)), ("read_enob_corrected", rms(rest))):
        if error > 0:
            metrics[name] = Metric(float(-np.log2(error * np.sqrt(12))), "bit")
    return Measured(metrics, _columns(state.column_a), maps)


def ideal_read(cell: Cell, corner: Corner, temp_degc: float, settings: ReadSettings) -> ReadMap:
    """The schematic synapse's factor over the weights."""
    dut = make_dut(synapse_of(cell), "schematic", corner, temp_degc)
    reader = array_reader(cell, corner.name, temp_degc, "ideal", settings=settings)
    return read_map(dut, reader.style, *reader.range_v)


def full_scale_a(ideal: ReadMap, inputs: Values) -> float:
    """Current of a column with every weight at its largest factor and every input full, A."""
    return float(len(inputs) * np.abs(ideal.conductance).max() * ideal.inputs[-1])


def rms(values: Values) -> float:
    """Root of the mean square."""
    return float(np.sqrt(np.mean(values**2)))


def _maps(reader: ArrayReader, rows_v: tuple[Values, ...], cols_v: Values, inputs: Values) -> dict[str, TapMap]:
    drive = reader.drive(inputs)
    names = {read.line: k for k, read in enumerate(reader.devices)}
    maps = {
        f"ir_drop_{line}": TapMap(np.abs(rows_v[k] - drive.rows_v[k][:, None]), f"drop along {line}", "V")
        for line, k in names.items()
    }
    return {**maps, "ir_drop_column": TapMap(np.abs(cols_v - drive.cols_v[None, :]), "drop along the columns", "V")}


def _columns(currents: Values) -> dict[str, Curve]:
    return {"columns": Curve(np.arange(len(currents), dtype=float), currents, "column", "column current (A)")}
