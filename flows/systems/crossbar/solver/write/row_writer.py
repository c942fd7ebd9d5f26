"""A row of a drawn crossbar, made ready to be written on the array solver, and the figures of a write."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.reading import Reading
from analoom.flows.bench.measured import Metric
from analoom.flows.pex.crossbar.ladders import Ladders
from analoom.flows.systems.crossbar.solver.lines import Lines, drawn_lines
from analoom.flows.systems.crossbar.solver.read import ArrayReader
from analoom.flows.systems.synapse.write import SETTLED_V
from analoom.generators.crossbar.matrix import synapse_of
from analoom.pdk.errors import InputError

from .drive import EDGE_S, WriteDrive
from .state import WriteTrace, WrittenRow
from .stored_charge import stored_charge, write_device
from .table import WriteRange, WriteTable, write_table

Values = NDArray[np.float64]

GATE_HEADROOM_V, END_HEADROOM_V, ROUNDED_TO_V = 0.4, 0.2, 0.1
"""How far beyond the driven voltages a gate (all bit lines couple to a long word line) and an end of a transistor may
be pushed; ranges are whole tenths of a volt."""


@dataclass(frozen=True)
class WireCapacitance:
    """Capacitances of the row's and the bit lines' wires, F: see `WrittenRow`; `stored_f` (rows, cols) of the stored
    nodes' wires to all but their bit line, in the written row also without their word line."""

    word_f: Values
    bits_f: Values
    word_bit_f: Values
    word_stored_f: Values
    bit_stored_f: Values
    stored_f: Values


def wire_capacitance(ladders: Ladders, row: int, reading: Reading) -> WireCapacitance:
    """The extracted capacitances around row `row`."""
    word, bits, inner, node = ladders[reading.word], ladders[reading.bit], ladders.inner_f, reading.stored
    if node not in inner:
        raise InputError(f"the extraction shows no net {node!r} inside the synapses", field="synapse")
    none = np.zeros_like(word.total_f)
    word_bit, word_stored = (word.to_f.get(name, none)[row] for name in (reading.bit, node))
    bit_stored = bits.to_f.get(node, none.T)
    to_rest = bits.total_f - bit_stored
    to_rest[:, row] -= bits.to_f.get(reading.word, none.T)[:, row]
    stored = inner[node] - bit_stored.T
    stored[row] -= word_stored
    return WireCapacitance(
        word.total_f[row] - word_bit - word_stored, to_rest, word_bit, word_stored, bit_stored, stored
    )


def written_row(reader: ArrayReader, ladders: Ladders, row: int, stored_v: Values, drive: WriteDrive) -> WrittenRow:
    """Row `row` of the array, with `stored_v` (rows, cols) V in it. Raises InputError for a row that is not there."""
    rows, cols = reader.shape
    if not 0 <= row < rows:
        raise InputError(f"row {row}: the array has rows 0 to {rows - 1}", field="row")
    if stored_v.shape != (rows, cols) or drive.levels_v.shape != (cols,):
        raise InputError(f"a write of {cols} columns got {drive.levels_v.shape} levels", field="weights")
    synapse, reading = synapse_of(reader.cell), reader.reading
    ends = _range(stored_v, drive)
    table = write_table(write_device(synapse), reader.corner, reader.temp_degc, ends)
    wires = wire_capacitance(ladders, row, reading)
    held = stored_charge(synapse, reading, reader.corner, reader.temp_degc, ends.v_ends, wires.stored_f[row])
    off_bit, off_stored = _switched_off(table, drive, stored_v)
    total = held.devices_f(stored_v) + wires.stored_f + off_stored
    follow = (wires.bit_stored_f / (wires.bit_stored_f + total.T)).copy()
    bits_f = wires.bits_f + off_bit.T + wires.bit_stored_f * (1 - follow)
    follow[:, row], bits_f[:, row] = 0.0, wires.bits_f[:, row]
    return WrittenRow(
        row,
        _one_line(drawn_lines(ladders[reading.word]), row),
        drawn_lines(ladders[reading.bit]),
        wires.word_f,
        bits_f,
        wires.word_bit_f,
        wires.word_stored_f,
        wires.bit_stored_f[:, row],
        follow,
        table,
        held,
    )


def write_figures(trace: WriteTrace, drive: WriteDrive) -> dict[str, Metric]:
    """`row_write_error` (V): the largest miss when the word line falls; `row_pedestal` (V): the mean step after that;
    `row_settling` (s): from the word line's rise until the last cell is within 1 mV; `write_disturb_peak` (V): the
    furthest that a node of another row is pushed meanwhile."""
    before, after = trace.at(drive.falls_s), trace.at(drive.falls_s + EDGE_S + 0.2 * drive.t_write_s)
    metrics = {
        "row_write_error": Metric(float(np.abs(before - drive.levels_v).max()), "V"),
        "row_pedestal": Metric(float((after - before).mean()), "V"),
        "write_disturb_peak": Metric(float(trace.disturb_v.max()), "V"),
    }
    settled = trace.settled_s(drive.levels_v, SETTLED_V, drive.falls_s)
    if np.isfinite(settled).all():
        metrics["row_settling"] = Metric(float(settled.max() - drive.word_s[0]), "s")
    return metrics


def levels_in_turn(cols: int, low_v: float, high_v: float) -> Values:
    """The two levels from column to column, (cols,) V: the first is high."""
    return np.where(np.arange(cols) % 2 == 0, high_v, low_v)


def _switched_off(table: WriteTable, drive: WriteDrive, stored_v: Values) -> tuple[Values, Values]:
    """Capacitance (rows, cols) F of bit line and of stored node at a write transistor that is off: the mean of a bit
    line at rest and at its level."""
    bit, node = [], []
    for share in (0.0, 1.0):
        levels = np.broadcast_to(share * drive.levels_v, stored_v.shape)
        points = np.stack([np.zeros(stored_v.size), levels.ravel(), stored_v.ravel()], axis=1)
        c = table.at(points)[3]
        bit.append(c[:, 1, 1])
        node.append(c[:, 2, 2])
    return np.mean(bit, axis=0).reshape(stored_v.shape), np.mean(node, axis=0).reshape(stored_v.shape)


def _range(stored_v: Values, drive: WriteDrive) -> WriteRange:
    ends = [0.0, *(float(f) for v in (stored_v, drive.levels_v) for f in (v.min(), v.max()))]
    return WriteRange(_rounded(0.0, drive.v_on, GATE_HEADROOM_V), _rounded(min(ends), max(ends), END_HEADROOM_V))


def _rounded(low: float, high: float, margin: float) -> tuple[float, float]:
    outer = np.floor((low - margin) / ROUNDED_TO_V + 1e-6), np.ceil((high + margin) / ROUNDED_TO_V - 1e-6)
    return round(float(outer[0] * ROUNDED_TO_V), 6), round(float(outer[1] * ROUNDED_TO_V), 6)


def _one_line(lines: Lines, k: int) -> Lines:
    return Lines(lines.end_s[k : k + 1], lines.segment_s[k : k + 1], lines.tap_ohm[k : k + 1])
