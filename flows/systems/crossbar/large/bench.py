"""A crossbar on the array solver: what the resistance of its lines does to a read, and arrays beyond ngspice.

Errors are fractions of the full-scale column current. `ir_drop_error` compares the read through the drawn lines with
the read through lines without resistance; `column_error_max` compares with the ideal product. `read_enob` is
log2(full scale / (rms error sqrt(12))) over the columns, `read_enob_corrected` the same after the best common factor.
Both and the error are given for smaller corners of the array too, as curves over size.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, weave_of
from analoom.flows.bench.device_under_test import View
from analoom.flows.bench.measured import Curve, Measured, Metric, TapMap
from analoom.flows.systems.crossbar.read.errors import ReadErrors, read_errors
from analoom.flows.systems.crossbar.read.metrics import full_read, full_scale_a, read_metrics, read_sheets
from analoom.flows.systems.crossbar.read.settings import CrossbarSettings
from analoom.flows.systems.crossbar.solver.read import ArrayReader, array_reader
from analoom.flows.systems.synapse.read_map import ReadMap, ideal_map
from analoom.flows.systems.synapse.reading import ReadSettings
from analoom.flows.systems.synapse.weights import default_weights
from analoom.generators.crossbar.matrix import LARGEST_SIMULATED, synapse_of
from analoom.pdk.corners import Corner

from .settling import settling_metrics
from .sizes import OfSize, by_size, curves_of

Values = NDArray[np.float64]


def beyond_ngspice(cell: Cell) -> bool:
    """Whether an array has too many synapses to be simulated one by one."""
    return weave_of(cell).count > LARGEST_SIMULATED


def measure_large(
    cell: Cell, view: View, corner: Corner, temp_degc: float, settings: CrossbarSettings, weights: Values | None
) -> Measured:
    """The read of an array beyond ngspice: through ideal lines ("schematic") or through the drawn ones ("post")."""
    reader = array_reader(cell, corner.name, temp_degc, "ideal", settings=settings)
    v_read, low, high = reader.range_v
    inputs = v_read * np.random.default_rng(settings.seed).uniform(size=reader.shape[0])
    stored = default_weights(reader.shape, low, high, settings.seed) if weights is None else weights
    ideal = ideal_read(cell, corner, temp_degc, settings)
    currents = reader.read(stored, inputs)
    if view != "post":
        sheets = read_sheets(ideal, stored, inputs, currents)
        return Measured(read_metrics(ideal, stored, inputs, currents), _columns(currents), sheets=sheets)
    full_a = full_scale_a(ideal, inputs)
    drawn = array_reader(cell, corner.name, temp_degc, "drawn", settings=settings)
    drop = lines_on_the_solver(cell, corner, temp_degc, settings, stored, inputs, currents, full_a)
    through_a = drop.curves["columns"].y
    found = read_metrics(ideal, stored, inputs, through_a, drawn_full_scale_a(drawn, ideal))
    sheets = read_sheets(ideal, stored, inputs, through_a)
    return Measured({**found, **drop.metrics}, drop.curves, drop.maps, sheets=sheets)


def lines_on_the_solver(
    cell: Cell,
    corner: Corner,
    temp_degc: float,
    settings: CrossbarSettings,
    stored: Values,
    inputs: Values,
    without_a: Values | None,
    full_a: float,
) -> Measured:
    """`ir_drop` and, when asked for, settling (see `array_settling`)."""
    drop = ir_drop(cell, corner, temp_degc, settings, stored, inputs, without_a, full_a)
    if not settings.settling:
        return drop
    on, write_s = settings.v_write_on, settings.t_write
    timed = settling_metrics(cell, corner, temp_degc, settings, stored, inputs, on, write_s)
    return Measured({**drop.metrics, **timed}, drop.curves, drop.maps)


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
    errors = read_errors(state.column_a, without_a, full_a)
    maps = _maps(reader, state.rows_v, state.cols_v, inputs)
    smaller = by_size(cell, corner, temp_degc, settings, stored, inputs, full_a / len(inputs))
    sizes = [*smaller, OfSize(*reader.shape, errors)]
    metrics = {
        **error_metrics(errors),
        "ir_drop_row": Metric(max(float(m.values.max()) for n, m in maps.items() if n != "ir_drop_column"), "V"),
        "ir_drop_column": Metric(float(maps["ir_drop_column"].values.max()), "V"),
    }
    return Measured(metrics, {**_columns(state.column_a), **curves_of(sizes)}, maps)


def error_metrics(errors: ReadErrors) -> dict[str, Metric]:
    """Errors for want of ideal lines, and the effective bits they leave; none where there is no error."""
    metrics = {
        "ir_drop_error": Metric(errors.worst, "frac"),
        "ir_drop_error_rms": Metric(errors.rms, "frac"),
    }
    bits = {"read_enob": errors.enob, "read_enob_corrected": errors.enob_corrected}
    return {**metrics, **{name: Metric(value, "bit") for name, value in bits.items() if np.isfinite(value)}}


def drawn_full_scale_a(reader: ArrayReader, ideal: ReadMap) -> float:
    """The largest column current of an array that `reader` reads with all weights and inputs full, A."""
    return float(np.abs(reader.read(*full_read(ideal, reader.shape))).max())


def ideal_read(cell: Cell, corner: Corner, temp_degc: float, settings: ReadSettings) -> ReadMap:
    """The schematic synapse's factor over the weights."""
    synapse = synapse_of(cell)
    reading = synapse.require_reading()
    return ideal_map(synapse, reading, corner, temp_degc, settings.of(reading))


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
