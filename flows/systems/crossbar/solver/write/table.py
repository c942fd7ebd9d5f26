"""The write transistor of a synapse as a table of current and charges, for transients: sampled once from ngspice.

Axes: gate `v_g`, the mean `v_mid` of drain and source, and `v_ds`, all in V, bulk at 0 (a write transistor is an n
device on the common bulk). Drain and source are alike, so that half of `v_ds` is sampled and the other half mirrored:
tables are smooth where the current turns. Charges are those of a terminal with all it drags along: channel, overlaps,
junctions; they are integrated from the capacitances of an AC analysis at every point of the grid, so that they return
what they were given. A voltage outside the grid is an error.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import astuple, dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, NdBSpline, make_interp_spline

from analoom.cells.model.circuit import Mos
from analoom.flows.files.outputs import write_whole
from analoom.flows.netlists.model_variants import size_of
from analoom.flows.netlists.models import cache_dir, trimmed_library
from analoom.flows.systems.crossbar.solver.device_sampling import unit_line
from analoom.flows.systems.crossbar.solver.device_table import FLOOR_A, thermal_v
from analoom.pdk.corners import Corner
from analoom.pdk.errors import InputError

from .sampling import sample_device

Values = NDArray[np.float64]

GATE_STEP_V, END_STEP_V = 0.05, 0.1
SMALL_DS_V = (1e-3, 0.015, 0.03, 0.05, 0.075)
"""Below the first whole step: the current saturates within some kT/q."""
_FORMAT = "3"
_PARITY = np.array([1.0, 1.0, 1.0, -1.0])
_TO_TERMINALS = np.array([[1.0, 0.0, 0.0], [0.0, 0.5, 0.5], [0.0, 0.5, -0.5]])


@dataclass(frozen=True)
class WriteRange:
    """Bounds in V of the gate, and of drain and source."""

    v_g: tuple[float, float]
    v_ends: tuple[float, float]

    @property
    def axes(self) -> tuple[Values, Values, Values]:
        """Sampled v_g, v_mid and v_ds (its positive half)."""
        span = self.v_ends[1] - self.v_ends[0]
        count = round(span / END_STEP_V) + 1
        ds = np.array([*SMALL_DS_V, *np.linspace(0, span, count)[1:]])
        gates = np.linspace(*self.v_g, round((self.v_g[1] - self.v_g[0]) / GATE_STEP_V) + 1)
        return gates, np.linspace(*self.v_ends, count), ds


@dataclass(frozen=True)
class WriteTable:
    """`log_i` (gates, mid, ds): ln of current over tanh(v_ds / (2 U_T)). `charge_c` (3, gates, mid, ds) C: of the gate,
    of both ends together, and of the drain less the source."""

    range: WriteRange
    thermal_v: float
    log_i: Values
    charge_c: Values

    @cached_property
    def _spline(self) -> NdBSpline:
        """log_i and the three charges together, (..., 4), over v_g, v_mid and all of v_ds."""
        gates, mid, ds = self.range.axes
        half = np.stack([self.log_i, *self.charge_c], axis=-1)
        mirrored = half[:, :, ::-1] * _PARITY
        return _spline((gates, mid, np.concatenate([-ds[::-1], ds])), np.concatenate([mirrored, half], axis=2))

    def at(self, v: Values) -> tuple[Values, Values, Values, Values]:
        """Of voltages `v` (n, 3) of gate, drain, source: current drain to source (n,) A, its slopes (n, 3) S, charges
        (n, 3) C, and capacitances (n, 3, 3) F by [terminal, voltage]. Raises InputError out of range."""
        self.require_inside(v)
        point = np.stack([v[:, 0], (v[:, 1] + v[:, 2]) / 2, v[:, 1] - v[:, 2]], axis=1)
        value = self._spline(point)
        slope = np.stack([self._spline(point, nu=nu) for nu in ((1, 0, 0), (0, 1, 0), (0, 0, 1))], axis=1)
        i, by = self._current(point[:, 2], value[:, 0], slope[:, :, 0])
        capacitance = np.einsum("tq,nvq->ntv", _TO_TERMINALS, slope[:, :, 1:])
        return i, _by_terminals(by), value[:, 1:] @ _TO_TERMINALS.T, _by_terminals(capacitance)

    def charges(self, v: Values) -> Values:
        """The charges alone, (n, 3) C."""
        self.require_inside(v)
        point = np.stack([v[:, 0], (v[:, 1] + v[:, 2]) / 2, v[:, 1] - v[:, 2]], axis=1)
        return np.asarray(self._spline(point)[:, 1:] @ _TO_TERMINALS.T, dtype=np.float64)

    def _current(self, ds: Values, log_i: Values, slope: Values) -> tuple[Values, Values]:
        """Current and its slopes by v_g, v_mid, v_ds."""
        turn, strength = np.tanh(ds / (2 * self.thermal_v)), np.exp(log_i)
        by = (turn * strength)[:, None] * slope
        by[:, 2] += strength * (1 - turn**2) / (2 * self.thermal_v)
        return turn * strength, by

    def held(self, v: Values) -> Values:
        """`v` (n, 3) brought into the range: an iterate may leave it where the solution does not."""
        out = v.copy()
        out[:, 0] = np.clip(v[:, 0], *self.range.v_g)
        out[:, 1:] = np.clip(v[:, 1:], *self.range.v_ends)
        return out

    def require_inside(self, v: Values) -> None:
        """Raises InputError when one of `v` (n, 3) lies out of range."""
        for name, found, (low, high) in (
            ("gate", v[:, 0], self.range.v_g),
            ("drain or source", v[:, 1:], self.range.v_ends),
        ):
            if not (found.min() >= low - 1e-9 and found.max() <= high + 1e-9):
                said = f"write transistor: {name} of {found.min():.4g} to {found.max():.4g} V"
                raise InputError(f"{said} leaves the sampled range {low:.4g} to {high:.4g} V", field="table")


def write_table(device: Mos, corner: Corner, temp_degc: float, over: WriteRange) -> WriteTable:
    """The table of an n transistor, from the cache when it was sampled before. Raises InputError for a p device."""
    if device.device.is_p:
        raise InputError(f"{device.name} is a p device: rows are written through n devices", field="synapse")
    path = cache_dir() / f"write_{_key(device, corner, temp_degc, over)}.npz"
    if not path.exists():
        current, capacitance = sample_device(device, corner, temp_degc, *over.axes)
        turn = np.tanh(over.axes[2] / (2 * thermal_v(temp_degc)))
        log_i, charge = np.log(FLOOR_A + np.abs(current) / turn), _charges(over.axes, capacitance)
        held = io.BytesIO()
        np.savez(held, log_i=log_i, charge_c=charge)
        write_whole(path, held.getvalue())
    with np.load(path) as kept:
        return WriteTable(over, thermal_v(temp_degc), kept["log_i"], kept["charge_c"])


def _key(device: Mos, corner: Corner, temp_degc: float, over: WriteRange) -> str:
    library = trimmed_library([size_of(device)], corner)
    line = unit_line(device, "x", dict.fromkeys(device.device.terminals, "n"))
    parts = (_FORMAT, library.name, line, device.m, temp_degc, astuple(over), GATE_STEP_V, END_STEP_V, SMALL_DS_V)
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]


def _charges(axes: tuple[Values, Values, Values], c: Values) -> Values:
    """Charges (3, gates, mid, ds) of gate, both ends, and their difference, whose slopes are the capacitances `c`
    [moved, terminal, gates, mid, ds]."""
    gates, mid, ds = axes
    by_gate = CubicSpline(gates, c[0], axis=1).antiderivative()(gates)
    off = c[:, :, 0]
    no_ds = CubicSpline(ds, off[1] + off[2], axis=2)(0.0)
    along_mid = CubicSpline(mid, no_ds, axis=1).antiderivative()(mid)
    rising = CubicSpline(ds, (off[1] - off[2]) / 2, axis=2).antiderivative()
    along_ds = rising(ds) - rising(0.0)[:, :, None]
    gate, drain, source = by_gate + (along_mid[:, :, None] + along_ds)[:, None]
    return np.array([gate, drain + source, drain - source])


def _spline(axes: tuple[Values, Values, Values], values: Values) -> NdBSpline:
    """Cubic spline through `values` (gates, mid, ds, quantities)."""
    knots, coefficients = [], values
    for axis, x in enumerate(axes):
        piece = make_interp_spline(x, coefficients, k=3, axis=axis)
        knots.append(piece.t)
        coefficients = np.moveaxis(piece.c, 0, axis)
    return NdBSpline(tuple(knots), coefficients, 3)


def _by_terminals(by: Values) -> Values:
    """Slopes by v_g, v_mid, v_ds (the last axis) as slopes by gate, drain and source."""
    return np.stack([by[..., 0], by[..., 1] / 2 + by[..., 2], by[..., 1] / 2 - by[..., 2]], axis=-1)
