"""How fast a drawn crossbar settles, on the array solver: columns after a step of the inputs, a row being written."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.measured import Metric
from analoom.flows.pex.crossbar.ladders import Ladders, line_ladders
from analoom.flows.systems.crossbar.solver.read import ArrayReader, array_reader
from analoom.flows.systems.crossbar.solver.transient import TapCapacitance, read_settling, tap_capacitance
from analoom.flows.systems.crossbar.solver.write.drive import WriteDrive
from analoom.flows.systems.crossbar.solver.write.row_write import write_row
from analoom.flows.systems.crossbar.solver.write.row_writer import levels_in_turn, write_figures, written_row
from analoom.flows.systems.synapse.reading import ReadSettings
from analoom.pdk.corners import Corner
from analoom.pdk.errors import InputError

Values = NDArray[np.float64]

SETTLED_FRAC, TOLERANCE_FRAC = 0.01, 2e-4
"""Settled is within 1 % of the largest current; a step of time errs by 0.02 % of the full input at most."""
FIRST_S, TIME_CONSTANTS, TRIES = 1e-11, 5.0, 6


def settling_metrics(
    cell: Cell,
    corner: Corner,
    temp_degc: float,
    settings: ReadSettings,
    stored: Values,
    inputs: Values,
    v_on: float,
    t_write_s: float,
) -> dict[str, Metric]:
    """`read_settling` (s) after a step of the inputs, and the figures of writing row 0 (see `write_figures`)."""
    ladders = line_ladders(cell, corner.wires)
    reader = array_reader(cell, corner.name, temp_degc, ladders=ladders, settings=settings)
    _, low, high = reader.range_v
    drive = WriteDrive(levels_in_turn(reader.shape[1], low, min(high, 1.0)), v_on, t_write_s)
    trace = write_row(written_row(reader, ladders, 0, stored, drive), drive, stored[0])
    settled_s = time_to_settle_s(reader, ladders, stored, inputs)
    return {"read_settling": Metric(settled_s, "s"), **write_figures(trace, drive)}


def time_to_settle_s(reader: ArrayReader, ladders: Ladders, stored: Values, inputs: Values) -> float:
    """Until every column stays within 1 % of the largest final current after the inputs (rows,) V stepped, s."""
    taps = tap_capacitance(reader, ladders, stored)
    duration_s, tolerance_v = (
        max(FIRST_S, TIME_CONSTANTS * slowest_line_s(reader, taps)),
        TOLERANCE_FRAC * reader.range_v[0],
    )
    for _ in range(TRIES):
        trace = read_settling(reader, taps, stored, inputs, duration_s, tolerance_v)
        if trace.settled(SETTLED_FRAC):
            return trace.time_to(SETTLED_FRAC)
        duration_s *= 3
    raise InputError(f"no column settles within {duration_s / 3:.3g} s", field="settings.settling")


def slowest_line_s(reader: ArrayReader, taps: TapCapacitance) -> float:
    """Largest resistance times capacitance of a row or column, s."""
    lines = [*reader.network.rows, reader.network.cols]
    farads = [c.sum(axis=1) for c in (*taps.rows_f, taps.cols_f.T)]
    return max(float((line.ohm * f).max()) for line, f in zip(lines, farads, strict=True))
