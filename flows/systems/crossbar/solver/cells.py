"""The reading transistors of a crossbar, all at once: currents and slopes from device tables at every cell's weight.

A read transistor has its gate on the storage node, one end on the column and the other on an input line of the row.
Cells are numbered row by row; `k` numbers the transistors of one synapse.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.cells.model.reading import Reading
from analoom.pdk.corners import Corner
from analoom.pdk.errors import InputError

from .device_table import DeviceTable, TableRange, device_table

Values = NDArray[np.float64]

GATE_MARGIN_V = 0.02
_CHUNK = 4096


@dataclass(frozen=True)
class ReadDevice:
    """One read transistor of the synapse: the input line it hangs on, its bulk's voltage and its polarity's sign."""

    device: Mos
    line: str
    bulk_v: float

    @property
    def sign(self) -> float:
        return -1.0 if self.device.device.is_p else 1.0


@dataclass(frozen=True)
class Cells:
    """Every cell's read transistor `k` at its weight: coefficients (n, v_s, v_ds) of `tables[k]`."""

    devices: tuple[ReadDevice, ...]
    tables: tuple[DeviceTable, ...]
    coefficients: tuple[Values, ...]

    def current(self, k: int, row_v: Values, col_v: Values) -> tuple[Values, Values, Values]:
        """(i, di/d row_v, di/d col_v), each (n,): current from column to row through transistor `k` of each cell."""
        out = np.empty((3, len(row_v)))
        for start in range(0, len(row_v), _CHUNK):
            part = slice(start, start + _CHUNK)
            out[:, part] = self._chunk(k, self.coefficients[k][part], row_v[part], col_v[part])
        return out[0], out[1], out[2]

    def _chunk(self, k: int, coefficients: Values, row_v: Values, col_v: Values) -> tuple[Values, Values, Values]:
        read = self.devices[k]
        row, col = read.sign * (row_v - read.bulk_v), read.sign * (col_v - read.bulk_v)
        forward = col >= row
        i, by_low, by_ds = self.tables[k].channel(coefficients, np.minimum(row, col), np.abs(col - row))
        by_row, by_col = by_low - by_ds, by_ds
        flow = np.where(forward, i, -i) * read.sign
        return flow, np.where(forward, by_row, -by_col), np.where(forward, by_col, -by_row)


def read_devices(synapse: Cell, reading: Reading) -> tuple[ReadDevice, ...]:
    """The read transistors of a synapse. Raises InputError when it is read in a way the array solver does not know."""
    node, column = reading.stored, reading.column
    found = []
    for device in synapse.circuit.devices:
        ends = {device.nets[t] for t in ("d", "s")} if isinstance(device, Mos) else set(device.nets.values())
        if not ends & {column, *reading.inputs}:
            continue
        lines = ends - {column}
        if (
            not isinstance(device, Mos)
            or device.nets["g"] != node
            or len(lines) != 1
            or not lines <= set(reading.inputs)
        ):
            said = f"{synapse.name}: {device.name} does not read {node} from an input line into {column}"
            raise InputError(said, field="synapse", remedy="simulate it with ngspice")
        bulk = device.nets["b"]
        if bulk not in reading.supplies_v:
            raise InputError(f"{synapse.name}: the bulk of {device.name} is no supply", field="synapse")
        found.append(ReadDevice(device, lines.pop(), reading.supplies_v[bulk]))
    if not found or synapse.circuit.instances:
        raise InputError(f"{synapse.name} has no read transistor of its own", field="synapse")
    return tuple(found)


def why_not_solved(synapse: Cell) -> str | None:
    """Why arrays of a synapse are not for the array solver; None when they are."""
    try:
        read_devices(synapse, synapse.require_reading())
    except InputError as error:
        return error.message
    return None


def cells_at(
    devices: tuple[ReadDevice, ...],
    corner: Corner,
    temp_degc: float,
    stored: Values,
    shifts: Values | None,
    gates_v: tuple[float, float],
    ends_v: tuple[float, float],
) -> Cells:
    """The cells with `stored` (n,) V and threshold `shifts` (k, n) V or None.

    `gates_v` bounds the stored voltages, `ends_v` the voltages of rows and columns.
    """
    most = 0.0 if shifts is None else float(np.ceil(np.abs(shifts).max() * 20) / 20)
    tables, coefficients = [], []
    for k, read in enumerate(devices):
        over = _range(read, gates_v, ends_v, most)
        table = device_table(read.device, corner, temp_degc, over)
        shift = np.zeros(len(stored)) if shifts is None else shifts[k]
        gate = read.sign * (stored - read.bulk_v)
        parts = [slice(s, s + _CHUNK) for s in range(0, len(stored), _CHUNK)]
        coefficients.append(np.concatenate([table.at(gate[p], shift[p]) for p in parts]))
        tables.append(table)
    return Cells(devices, tuple(tables), tuple(coefficients))


def _range(read: ReadDevice, gates_v: tuple[float, float], ends_v: tuple[float, float], shift: float) -> TableRange:
    gates = sorted(read.sign * (v - read.bulk_v) for v in gates_v)
    ends = sorted(read.sign * (v - read.bulk_v) for v in ends_v)
    rounded = (round(gates[0] - GATE_MARGIN_V, 3), round(gates[1] + GATE_MARGIN_V, 3))
    low, high = round(ends[0], 6), round(ends[1], 6)
    return TableRange(rounded, (low, high), round(high - low, 6), shift)
