"""Read settling of a crossbar: its columns over time after the inputs step, with the capacitance of the drawn lines.

Every tap of a row and a column holds the extracted capacitance of its stretch of line and that of the transistors on
it. Steps of time are implicit (`analoom.flows.numerics.implicit_steps`). Couplings between lines count as capacitance
to ground, as between a line that moves and one that is held.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.numerics.implicit_steps import adaptive
from analoom.flows.pex.crossbar.ladders import Ladder, Ladders
from analoom.flows.simulator.ngspice import Loaded, circuit
from analoom.flows.systems.synapse.read_map import quiet_sources
from analoom.generators.crossbar.matrix import synapse_of
from analoom.pdk.errors import InputError

from .newton import solve
from .read import ArrayReader
from .state import Drive, Network, State, Storage, at_rest, within

Values = NDArray[np.float64]

WEIGHT_POINTS = 13
OVERSHOOT_FRAC = 0.5
"""How far beyond the driven voltages the charges of the cells may push a tap, of the full input."""

_AC_HZ = 1e6


@dataclass(frozen=True)
class TapCapacitance:
    """Capacitance at every tap: rows[k] and cols, (rows, cols) F. `col_by_row_f[k]`: what a cell's column terminal
    takes for a move of its row, `row_by_col_f[k]` the other way."""

    rows_f: tuple[Values, ...]
    cols_f: Values
    col_by_row_f: tuple[Values, ...]
    row_by_col_f: tuple[Values, ...]


@dataclass(frozen=True)
class Settling:
    """Column currents over time: `t` (points,) s, `columns_a` (points, cols) A out of the pins, and the end's."""

    t: Values
    columns_a: Values
    final_a: Values
    refused_steps: int

    def settled(self, fraction: float) -> bool:
        """Whether every column ends within `fraction` of the largest final current."""
        return bool(self._off(fraction)[-1] <= 1)

    def time_to(self, fraction: float) -> float:
        """After which time every column stays within `fraction` of the largest final current, decaying exponentially
        between points. Raises InputError when it is later than the end."""
        if not self.settled(fraction):
            raise InputError(f"no column settles to {fraction:g} within {self.t[-1]:.3g} s", field="duration")
        off = self._off(fraction)
        late = np.flatnonzero(off > 1)
        if not late.size:
            return 0.0
        k = int(late[-1])
        share = np.log(off[k]) / np.log(off[k] / max(off[k + 1], 1e-12))
        return float(self.t[k] + share * (self.t[k + 1] - self.t[k]))

    def _off(self, fraction: float) -> Values:
        """The column farthest off at each time, over `fraction` of the largest final current, (points,)."""
        return np.asarray(np.abs(self.columns_a - self.final_a).max(axis=1) / (fraction * np.abs(self.final_a).max()))


def read_settling(
    reader: ArrayReader,
    taps: TapCapacitance,
    stored: Values,
    inputs: Values,
    duration_s: float,
    tolerance_v: float = 1e-5,
    edge_s: float = 0.0,
) -> Settling:
    """Inputs (rows,) V rise from rest within `edge_s` (at once when 0); the tap that errs most in a step of time errs
    by `tolerance_v` at most."""
    over_v = OVERSHOOT_FRAC * reader.range_v[0]
    cells, full = reader.cells(stored, margin_v=over_v), reader.drive(inputs)
    final = solve(reader.network, cells, full)
    low, high = reader.ends_v
    bounds = low - over_v, high + over_v
    start = at_rest(reader.network, reader.drive(np.zeros_like(inputs)))

    def step(state: State, t_s: float, h_s: float) -> State:
        storage = _storage(taps, h_s, within(state, bounds))
        share = min((t_s + h_s) / edge_s, 1.0) if edge_s else 1.0
        return solve(reader.network, cells, reader.drive(share * inputs), state, storage, bounds)

    t, states, refused = adaptive(step, start, duration_s, tolerance_v, (edge_s,))
    columns = np.array([_column_pins(reader.network, full, s) for s in states])
    return Settling(t, columns, final.column_a, refused)


def _storage(taps: TapCapacitance, h_s: float, before: State) -> Storage:
    rows, over, back = (tuple(c / h_s for c in cs) for cs in (taps.rows_f, taps.col_by_row_f, taps.row_by_col_f))
    return Storage(rows, taps.cols_f / h_s, over, back, before)


def tap_capacitance(reader: ArrayReader, ladders: Ladders, stored: Values) -> TapCapacitance:
    """Capacitance at the taps: the extracted lines, and what a schematic synapse with the weight of each cell of
    `stored` (rows, cols) V shows at its pins, by ngspice."""
    weights, found = pin_capacitance(reader)
    device = {pins: CubicSpline(weights, c)(stored) for pins, c in found.items()}
    names, column = [read.line for read in reader.devices], reader.reading.column
    return TapCapacitance(
        tuple(_of(ladders[name]) + device[name, name] for name in names),
        _of(ladders[column]).T + device[column, column],
        tuple(device[column, name] for name in names),
        tuple(device[name, column] for name in names),
    )


def pin_capacitance(reader: ArrayReader) -> tuple[Values, dict[tuple[str, str], Values]]:
    """Weights (n,) V, and capacitances (n,) F of the schematic synapse's column and inputs by (pin, pin that moves),
    at half the input: at rest the models' charge changes sides (its partition is 0 to 100 %)."""
    synapse = synapse_of(reader.cell)
    dut = make_dut(synapse, "schematic", reader.corner, reader.temp_degc)
    reading = reader.reading
    lines = [*quiet_sources(dut, reading), f"vw {dut.inner(reading.stored)} 0 0"]
    half_v = reader.range_v[0] / 2
    lines += [f"v_{p} {p} 0 {line.rest_v + line.sign * half_v}" for p, line in reading.inputs.items()]
    weights, pins = np.linspace(*reader.range_v[1:], WEIGHT_POINTS), (reading.column, *reading.inputs)
    found: dict[tuple[str, str], list[float]] = {(pin, moved): [] for pin in pins for moved in pins}
    with circuit(dut.deck(*lines)) as loaded:
        for weight in weights:
            loaded.set("vw", float(weight))
            for moved in pins:
                for pin, c_f in zip(pins, _seen_f(loaded, moved, pins), strict=True):
                    found[pin, moved].append(c_f)
    return weights, {key: np.array(values) for key, values in found.items()}


def _seen_f(loaded: Loaded, moved: str, pins: Sequence[str]) -> list[float]:
    loaded.alter(f"v_{moved}", "acmag", 1)
    seen = loaded.run(f"ac lin 1 {_AC_HZ} {_AC_HZ}")
    loaded.alter(f"v_{moved}", "acmag", 0)
    return [-complex(seen[f"v_{pin}#branch"][0]).imag / (2 * np.pi * _AC_HZ) for pin in pins]


def _of(ladder: Ladder) -> Values:
    return np.asarray(ladder.total_f, float)


def _column_pins(network: Network, drive: Drive, state: State) -> Values:
    """Current into each column's pin, (cols,) A: what flows through the resistance at its end."""
    return network.cols.end_s * (state.cols_v[0] - drive.cols_v)
