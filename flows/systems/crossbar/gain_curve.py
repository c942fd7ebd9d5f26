"""What a stored voltage is worth: the gain of a synapse over its weight range, and the voltage of a wanted gain.

The gain is the column current over the input at the full input, S, as ngspice reads the schematic synapse.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.systems.crossbar.solver.cells import cells_at, why_not_solved
from analoom.flows.systems.crossbar.solver.read import array_reader
from analoom.flows.systems.synapse.read_map import ReadMap, read_map
from analoom.flows.systems.synapse.reading import ReadSettings, require_current
from analoom.generators.crossbar.matrix import synapse_of
from analoom.pdk.corners import Corner
from analoom.pdk.errors import InputError

Values = NDArray[np.float64]
Read = Callable[[Values], Values]

CURVE_POINTS = 601
"""Voltages of the measured curve: straight lines between them are off by less than 1e-5 of the largest gain."""
NO_GAIN_FRAC = 1e-6
"""Gains below this share of the largest are none: leakage, of either sign."""


@dataclass(frozen=True)
class GainCurve:
    """Gains `gain_s` (points,) S, rising or falling all along, at stored voltages `stored_v` (points,) V."""

    stored_v: Values
    gain_s: Values
    v_read: float

    @property
    def signed(self) -> bool:
        """Whether the synapse's own current passes through zero, so that one column holds weights of both signs."""
        least = NO_GAIN_FRAC * np.abs(self.gain_s).max()
        return bool(self.gain_s.min() < -least and self.gain_s.max() > least)

    @property
    def full_s(self) -> float:
        """The gain of the largest weight, S: of a signed synapse the gain that it reaches with both signs, of a pair
        the largest difference of its columns."""
        low, high = float(self.gain_s.min()), float(self.gain_s.max())
        return min(high, -low) if self.signed else high - low

    def voltages(self, gains_s: Values) -> Values:
        """The stored voltages of gains within the curve's, V."""
        order = np.argsort(self.gain_s, kind="stable")
        return np.interp(gains_s, self.gain_s[order], self.stored_v[order])


def gain_curve(cell: Cell, corner: Corner, temp_degc: float, settings: ReadSettings) -> GainCurve:
    """The curve of an array's synapse. Raises InputError for one that gives no current, or turns around."""
    synapse = synapse_of(cell)
    reading = synapse.require_reading()
    range_v = settings.of(reading)
    found = read_map(make_dut(synapse, "schematic", corner, temp_degc), reading, *range_v, points=CURVE_POINTS)
    require_current(synapse.name, reading, range_v, float(np.abs(found.i[-1] - found.i[0]).max()))
    _require_one_way(synapse.name, found)
    return GainCurve(found.weights, found.conductance, range_v[0])


def _require_one_way(synapse: str, found: ReadMap) -> None:
    steps, least = np.diff(found.conductance), NO_GAIN_FRAC * np.abs(found.conductance).max()
    if (steps > least).any() and (steps < -least).any():
        said = f"{synapse}: its gain rises and falls from {found.weights[0]:g} to {found.weights[-1]:g} V"
        raise InputError(
            f"{said}, so a gain is of several voltages", field="synapse", remedy="--set weight_low=, weight_high="
        )


def read_back(cell: Cell, corner: Corner, temp_degc: float, settings: ReadSettings) -> Read:
    """What gives the gains (S) of stored voltages (V), on lines without resistance: not by the curve that `voltages`
    inverts but by the array solver's device tables; for synapses that it cannot read by the bench's ideal curve."""
    synapse = synapse_of(cell)
    if why_not_solved(synapse) is None:
        return _by_device_tables(cell, corner, temp_degc, settings)
    reading = synapse.require_reading()
    return read_map(make_dut(synapse, "schematic", corner, temp_degc), reading, *settings.of(reading)).factor


def _by_device_tables(cell: Cell, corner: Corner, temp_degc: float, settings: ReadSettings) -> Read:
    reader = array_reader(cell, corner.name, temp_degc, "ideal", settings=settings)
    v_read, low, high = reader.range_v
    lines = [reader.reading.inputs[device.line] for device in reader.devices]

    def gains(stored_v: Values) -> Values:
        held = stored_v.ravel()
        cells = cells_at(reader.devices, corner, temp_degc, held, None, (low, high), reader.ends_v)
        column = np.full(held.size, reader.reading.column_rest_v)
        through = (
            cells.current(k, np.full(held.size, line.rest_v + line.sign * v_read), column)[0]
            for k, line in enumerate(lines)
        )
        return -np.sum(list(through), axis=0).reshape(stored_v.shape) / v_read

    return gains
