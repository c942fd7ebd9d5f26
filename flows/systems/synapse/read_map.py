"""Reading a synapse: column current over stored voltage and input, with the storage node held by an ideal source.

Holding the node makes the operating point that of a written weight; a floating node has none.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from analoom.cells.model.cell import Cell
from analoom.cells.model.reading import Reading
from analoom.flows.bench.device_under_test import Dut, make_dut
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.corners import Corner

from .reading import input_sources, require_current

WEIGHT_POINTS, INPUT_POINTS = 31, 11
Range = tuple[float, float, float]


@dataclass(frozen=True)
class ReadMap:
    """Column current `i` (inputs, weights) A over stored voltages `weights` (weights,) V and `inputs` (inputs,) V."""

    weights: NDArray[np.float64]
    inputs: NDArray[np.float64]
    i: NDArray[np.float64]

    @property
    def conductance(self) -> NDArray[np.float64]:
        """Column current over input at the full input, (weights,) S: the ideal synapse's factor."""
        return self.i[-1] / self.inputs[-1]

    def factor(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """The ideal factor at any stored voltage within the range, S: cubic through the measured points."""
        return CubicSpline(self.weights, self.conductance)(weights)

    def slope(self, weights: NDArray[np.float64]) -> NDArray[np.float64]:
        """Its derivative by the stored voltage, S/V."""
        return CubicSpline(self.weights, self.conductance)(weights, 1)


def ideal_map(synapse: Cell, reading: Reading, corner: Corner, temp_degc: float, range_v: Range) -> ReadMap:
    """The read of the schematic synapse over `range_v` (full input, lowest, highest weight) V: what the ideal is.

    Raises InputError for a reading that gives no current.
    """
    found = read_map(make_dut(synapse, "schematic", corner, temp_degc), reading, *range_v)
    require_current(synapse.name, reading, range_v, float(np.abs(found.i[-1] - found.i[0]).max()))
    return found


def read_map(
    dut: Dut, reading: Reading, v_read: float, low_v: float, high_v: float, points: int = WEIGHT_POINTS
) -> ReadMap:
    """Sweeps stored voltage, over so many `points`, and input of one synapse."""
    w_step, v_step = (high_v - low_v) / (points - 1), v_read / (INPUT_POINTS - 1)
    node = dut.inner(reading.stored)
    lines = [*quiet_sources(dut, reading), *input_sources(reading), f"vw {node} 0 {low_v}"]
    sweep = f"dc vw {low_v} {high_v + w_step / 2} {w_step} vin 0 {v_read + v_step / 2} {v_step}"
    with circuit(dut.deck(*lines)) as loaded:
        result = loaded.run(sweep)
    i = result[f"v_{reading.column}#branch"].reshape(INPUT_POINTS, points)
    return ReadMap(np.linspace(low_v, high_v, points), np.linspace(0, v_read, INPUT_POINTS), i)


def quiet_sources(dut: Dut, reading: Reading, driven: tuple[str, ...] = ()) -> list[str]:
    """A source on every pin that carries no input, at its resting voltage, but for those in `driven`."""
    pins = [p for p in dut.ports if p not in reading.inputs and p not in driven]
    return [f"v_{p} {p} 0 {reading.rest_v[p]}" for p in pins]


def quiet_line_sources(dut: Dut, reading: Reading, driven: tuple[str, ...] = ()) -> list[str]:
    """As `quiet_sources` for an array: pins are judged by their line."""
    rest = reading.rest_v
    lines = {p: reading.line_of(p) for p in dut.ports}
    quiet = [p for p, line in lines.items() if line not in reading.inputs and p not in driven]
    return [f"v_{p} {p} 0 {rest[lines[p]]}" for p in quiet]
