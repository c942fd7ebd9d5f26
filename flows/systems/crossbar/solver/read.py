"""Reading whole crossbars: column currents with the resistance of the drawn lines, for batches of inputs and of dies.

`array_reader(cell)` knows the array's read transistors and its lines; `read` solves it for stored voltages, inputs and
threshold shifts. Transistors come from device tables, lines from the extraction (`analoom.flows.pex.crossbar.ladders`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, weave_of
from analoom.cells.model.reading import Reading
from analoom.flows.pex.crossbar.ladders import Ladders, line_ladders
from analoom.flows.systems.synapse.reading import ReadSettings
from analoom.generators.crossbar.matrix import synapse_of
from analoom.pdk.corners import Corner
from analoom.pdk.corners import corner as corner_named
from analoom.pdk.errors import InputError

from .cells import Cells, ReadDevice, cells_at, read_devices
from .lines import drawn_lines, ideal_lines
from .newton import solve
from .state import Drive, Network, State

Values = NDArray[np.float64]
LinesOf = Literal["drawn", "ideal"]

SLACK_V = 1e-9


@dataclass(frozen=True)
class ArrayReader:
    """A crossbar ready to be read. `range_v` is (full input, lowest, highest stored voltage) V."""

    cell: Cell
    reading: Reading
    devices: tuple[ReadDevice, ...]
    network: Network
    corner: Corner
    temp_degc: float
    range_v: tuple[float, float, float]

    @property
    def shape(self) -> tuple[int, int]:
        """(rows, cols)."""
        return self.network.shape

    def read(self, stored: Values, inputs: Values, shifts: Values | None = None) -> Values:
        """Column currents out of the array, (cols,) A, or (batch, cols) for `inputs` (batch, rows).

        `stored`: (rows, cols) V. `inputs`: (rows,) or (batch, rows) V, 0 to the full input. `shifts`: rise of the
        threshold of each read transistor, (k, rows, cols) or (rows, cols) V. Raises InputError and ToolError.
        """
        vectors = np.atleast_2d(np.asarray(inputs, float))
        states = self.states(stored, vectors, shifts)
        currents = np.array([state.column_a for state in states])
        return currents if np.ndim(inputs) > 1 else currents[0]

    def read_dies(self, stored: Values, inputs: Values, shifts: Values) -> Values:
        """Column currents of many dies, (dies, batch, cols) A, for `shifts` (dies, k, rows, cols) V."""
        return np.array([self.read(stored, np.atleast_2d(inputs), die) for die in shifts])

    def states(self, stored: Values, vectors: Values, shifts: Values | None = None) -> list[State]:
        """The whole solution, voltages and currents of every cell, for each of `vectors` (batch, rows) V."""
        cells = self.cells(stored, shifts)
        out: list[State] = []
        for inputs in vectors:
            out.append(solve(self.network, cells, self.drive(inputs)))
        return out

    def cells(self, stored: Values, shifts: Values | None = None, margin_v: float = 0.0) -> Cells:
        """The cells at their weights, on lines that go up to `margin_v` beyond the driven voltages.

        Raises InputError for a wrong shape, a NaN and a voltage out of range.
        """
        _, low, high = self.range_v
        held = _checked("weights", stored, self.shape, low, high)
        moved = None if shifts is None else self._checked_shifts(shifts)
        ends_v = self.ends_v[0] - margin_v, self.ends_v[1] + margin_v
        return cells_at(self.devices, self.corner, self.temp_degc, held.ravel(), moved, (low, high), ends_v)

    def drive(self, inputs: Values) -> Drive:
        """Pin voltages of one input vector (rows,) V."""
        full = _checked("inputs", inputs, (self.shape[0],), 0.0, self.range_v[0])
        lines = [self.reading.inputs[read.line] for read in self.devices]
        rows = tuple(line.rest_v + line.sign * full for line in lines)
        return Drive(rows, np.full(self.shape[1], self.reading.column_rest_v))

    @property
    def ends_v(self) -> tuple[float, float]:
        """Lowest and highest voltage that a line is driven to."""
        lines, full = self.reading.inputs.values(), self.range_v[0]
        ends = [self.reading.column_rest_v, *(line.rest_v + s * line.sign * full for line in lines for s in (0, 1))]
        return min(ends), max(ends)

    def _checked_shifts(self, shifts: Values) -> Values:
        given = np.asarray(shifts, float)
        if given.shape == self.shape:
            given = np.broadcast_to(given, (len(self.devices), *self.shape))
        wanted = (len(self.devices), *self.shape)
        return _checked("shifts", given, wanted, -1.0, 1.0).reshape(len(self.devices), -1)


def array_reader(
    cell: Cell,
    corner: str = "tt",
    temp_degc: float = 27.0,
    lines: LinesOf = "drawn",
    ladders: Ladders | None = None,
    settings: ReadSettings | None = None,
) -> ArrayReader:
    """A reader of the crossbar `cell`; `lines` "drawn" takes the resistances of the layout (or `ladders`).

    Raises InputError for a cell that is no crossbar or whose synapse is read in a way that is not known.
    """
    synapse = synapse_of(cell)
    reading = synapse.require_reading()
    devices = read_devices(synapse, reading)
    process = corner_named(corner)
    if lines == "ideal":
        shape = weave_of(cell).shape
        network = Network(tuple(ideal_lines(shape) for _ in devices), ideal_lines(shape[::-1]))
    else:
        network = network_of(reading, devices, ladders or line_ladders(cell, process.wires))
    range_v = (settings or ReadSettings.parse({})).of(reading)
    return ArrayReader(cell, reading, devices, network, process, temp_degc, range_v)


def network_of(reading: Reading, devices: tuple[ReadDevice, ...], ladders: Ladders) -> Network:
    """The resistive lines that the read transistors hang on."""
    return Network(tuple(drawn_lines(ladders[read.line]) for read in devices), drawn_lines(ladders[reading.column]))


def _checked(what: str, given: Values, shape: tuple[int, ...], low: float, high: float) -> Values:
    array = np.asarray(given)
    if array.shape != shape:
        raise InputError(f"{what} have shape {array.shape}, the array asks for {shape}", field=what)
    if array.dtype.kind not in "fiu" or not np.isfinite(array).all():
        raise InputError(f"{what} must be finite real numbers (V)", field=what)
    if array.min() < low - SLACK_V or array.max() > high + SLACK_V:
        found = f"{array.min():.4g} to {array.max():.4g} V"
        raise InputError(f"{what} of {found} leave the range {low:g} to {high:g} V", field=what)
    return array.astype(float)
