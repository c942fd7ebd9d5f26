"""Read settling of a crossbar: its columns over time after the inputs step, with the capacitance of the drawn lines.

Every tap of a row and a column holds the extracted capacitance of its stretch of line and that of the transistors on
it. Steps of time are implicit (backward Euler), one whole and two halves: their difference is the error, which sets
the next step, and the two are combined to second order. Couplings between lines count as capacitance to ground, as
between a line that moves and one that is held.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.errors import InputError, ToolError

from .array_cells import Cells
from .array_read import ArrayReader
from .array_solver import Drive, Network, State, Storage, at_rest, solve, within
from .crossbar_map import synapse_of
from .dut import make_dut
from .ngspice import circuit
from .pex_ladder import Ladder, Ladders
from .synapse_bias import COLUMN, storage_node
from .synapse_read import quiet_sources

Values = NDArray[np.float64]

SAFETY, LARGEST_GROWTH, SMALLEST_CUT = 0.8, 4.0, 0.2
MOST_STEPS = 5000
_AC_HZ = 1e6


@dataclass(frozen=True)
class TapCapacitance:
    """Capacitance at every tap: rows[k] and cols, (rows, cols) F."""

    rows_f: tuple[Values, ...]
    cols_f: Values


@dataclass(frozen=True)
class Settling:
    """Column currents over time: `t` (points,) s, `columns_a` (points, cols) A out of the pins, and the end's."""

    t: Values
    columns_a: Values
    final_a: Values
    refused_steps: int

    def time_to(self, fraction: float) -> float:
        """After which time every column stays within `fraction` of the largest final current. Raises InputError."""
        off = np.abs(self.columns_a - self.final_a).max(axis=1) > fraction * np.abs(self.final_a).max()
        late = np.flatnonzero(off)
        if late.size and late[-1] == len(self.t) - 1:
            raise InputError(f"no column settles to {fraction:g} within {self.t[-1]:.3g} s", field="duration")
        return float(self.t[late[-1] + 1]) if late.size else 0.0


def read_settling(
    reader: ArrayReader,
    taps: TapCapacitance,
    stored: Values,
    inputs: Values,
    duration_s: float,
    tolerance_v: float = 1e-5,
) -> Settling:
    """Inputs (rows,) V step from rest at t = 0; the tap that errs most in a step errs by `tolerance_v` at most."""
    cells, drive = reader.cells(stored), reader.drive(inputs)
    network = reader.network
    final = solve(network, cells, drive)
    start = at_rest(network, replace(drive, rows_v=tuple(np.full_like(v, reader.style.rest_v) for v in drive.rows_v)))

    def step(state: State, h_s: float) -> State:
        storage = Storage(tuple(c / h_s for c in taps.rows_f), taps.cols_f / h_s, within(state, drive))
        return solve(network, cells, drive, state, storage)

    t, states, refused = adaptive(step, start, duration_s, tolerance_v)
    return Settling(t, np.array([_column_pins(network, drive, s) for s in states]), final.column_a, refused)


def adaptive(
    step: Callable[[State, float], State], start: State, duration_s: float, tolerance_v: float
) -> tuple[Values, list[State], int]:
    """Times, states and refused steps of an integration whose every step errs by `tolerance_v` at most."""
    t, h, state, refused = 0.0, duration_s / 1000, start, 0
    times, states = [0.0], [start]
    for _ in range(MOST_STEPS):
        h = min(h, duration_s - t)
        whole, half = step(state, h), step(step(state, h / 2), h / 2)
        error = max(_distance(whole, half), 1e-30)
        change = SAFETY * (tolerance_v / error) ** 0.5
        if error <= tolerance_v:
            t, state = t + h, _combined(whole, half)
            times.append(t)
            states.append(state)
            if t >= duration_s * (1 - 1e-12):
                return np.array(times), states, refused
        else:
            refused += 1
        h *= min(max(change, SMALLEST_CUT), LARGEST_GROWTH)
    said = f"the transient reached {t:.4g} s of {duration_s:.4g} s in {MOST_STEPS} steps; the step is {h:.3g} s"
    raise ToolError(said, field="array solver", remedy="a larger tolerance")


def tap_capacitance(reader: ArrayReader, ladders: Ladders) -> TapCapacitance:
    """Capacitance at the taps: the extracted lines, and what one schematic synapse shows at its pins, by ngspice."""
    device = pin_capacitance(reader)
    rows = tuple(_of(ladders[read.line]) + device[read.line] for read in reader.devices)
    return TapCapacitance(rows, _of(ladders[COLUMN]).T + device[COLUMN])


def pin_capacitance(reader: ArrayReader) -> dict[str, float]:
    """Capacitance (F) of the schematic synapse at its column and input pins, at half the weights, inputs at rest."""
    synapse = synapse_of(reader.cell)
    dut = make_dut(synapse, "schematic", reader.corner, reader.temp_degc)
    style = reader.style
    lines = [*quiet_sources(dut, style), f"vw {dut.inner(storage_node(synapse))} 0 {sum(reader.range_v[1:]) / 2}"]
    lines += [f"v_{line} {line} 0 {style.rest_v}" for line in style.inputs]
    found = {}
    with circuit(dut.deck(*lines)) as loaded:
        for pin in (COLUMN, *style.inputs):
            loaded.command(f"alter v_{pin} acmag = 1")
            seen = complex(loaded.run(f"ac lin 1 {_AC_HZ} {_AC_HZ}")[f"v_{pin}#branch"][0])
            loaded.command(f"alter v_{pin} acmag = 0")
            found[pin] = -seen.imag / (2 * np.pi * _AC_HZ)
    return found


def _of(ladder: Ladder) -> Values:
    return np.asarray(ladder.total_f, float)


def _column_pins(network: Network, drive: Drive, state: State) -> Values:
    """Current into each column's pin, (cols,) A: what flows through the resistance at its end."""
    return network.cols.end_s * (state.cols_v[0] - drive.cols_v)


def _distance(one: State, other: State) -> float:
    gaps = [np.abs(a - b).max() for a, b in zip(one.rows_v, other.rows_v, strict=True)]
    return float(max(*gaps, np.abs(one.cols_v - other.cols_v).max()))


def _combined(whole: State, half: State) -> State:
    """Richardson's combination of one backward Euler step and two halves: second order."""
    rows = tuple(2 * b - a for a, b in zip(whole.rows_v, half.rows_v, strict=True))
    return State(rows, 2 * half.cols_v - whole.cols_v, half.i, half.steps)


__all__ = ["Cells", "Settling", "TapCapacitance", "adaptive", "pin_capacitance", "read_settling", "tap_capacitance"]
