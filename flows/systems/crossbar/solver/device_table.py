"""Drain currents of one transistor size as a table, sampled once from ngspice: what stands for the model in an array.

Axes, all counted from the bulk and positive as for an n device: gate `v_g`, the lower of drain and source `v_s`,
`v_ds` >= 0, and `shift`, a rise of the threshold. (V_gs = v_g - v_s and V_bs = -v_s, so these are the usual axes.)
A transistor is symmetric: with drain and source swapped the current is the same, reversed. Stored is
ln(I / (1 - exp(-v_ds / U_T))), which bends little: a cubic spline over `v_g`, Chebyshev polynomials over the rest.
The channel alone is in it: junction leakage is not. A voltage outside the sampled range is an error.
"""

from __future__ import annotations

import hashlib
import io
from dataclasses import astuple, dataclass
from functools import cached_property
from math import ceil

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from analoom.cells.model.circuit import Mos
from analoom.flows.files.outputs import write_whole
from analoom.flows.netlists.model_variants import size_of
from analoom.flows.netlists.models import cache_dir, trimmed_library
from analoom.flows.numerics.chebyshev_basis import basis, basis_and_slope, from_points, points
from analoom.pdk.corners import Corner
from analoom.pdk.errors import InputError, ToolError

from .device_sampling import sweep_device, unit_line

Values = NDArray[np.float64]

GATE_STEP_V = 0.01
SHIFT_NODES, SHIFT_PITCH_V = 5, 0.1
FLOOR_A = 1e-18
"""Added to every current: a transistor that is off for good keeps a logarithm."""

_NODES_AT_LEAST, _LOW_PITCH_V, _DS_PITCH_V = 4, 0.035, 0.024
_BOLTZMANN_OVER_Q, _ZERO_DEGC_K = 8.617333262e-5, 273.15
_FORMAT = "2"


@dataclass(frozen=True)
class TableRange:
    """Bounds in V: gate, lower terminal (both from the bulk), largest v_ds, largest |shift|."""

    v_g: tuple[float, float]
    v_s: tuple[float, float]
    v_ds: float
    shift: float = 0.0


@dataclass(frozen=True)
class DeviceTable:
    """`log_i` holds Chebyshev coefficients (gates, shifts, v_s, v_ds) at the gate voltages `v_g` (gates,) V."""

    range: TableRange
    thermal_v: float
    v_g: Values
    log_i: Values

    @cached_property
    def spline(self) -> Values:
        """Polynomial pieces over the gate voltage, (4, gates - 1, shifts, v_s, v_ds), highest power first."""
        return CubicSpline(self.v_g, self.log_i, axis=0).c

    def at(self, v_g: Values, shift: Values) -> Values:
        """Coefficients over v_s and v_ds of transistors at given gate voltage and shift, (n, v_s, v_ds).

        Raises InputError when one lies outside the range.
        """
        self._inside("gate voltage", v_g, self.range.v_g)
        self._inside("threshold shift", shift, (-self.range.shift, self.range.shift))
        k = np.clip(np.searchsorted(self.v_g, v_g, side="right") - 1, 0, len(self.v_g) - 2)
        x = (v_g - self.v_g[k])[:, None, None, None]
        pieces = self.spline
        value = pieces[0][k]
        for power in (1, 2, 3):
            value *= x
            value += pieces[power][k]
        if value.shape[1] == 1:
            return value[:, 0]
        return np.einsum("ns,nsab->nab", basis(shift, (-self.range.shift, self.range.shift), value.shape[1]), value)

    def current(self, v_g: Values, v_d: Values, v_s: Values, shift: Values | float = 0.0) -> Values:
        """Drain current, (n,) A, of voltages from the bulk; positive from drain to source of an n device."""
        low, v_ds = np.minimum(v_d, v_s), np.abs(v_d - v_s)
        coefficients = self.at(np.asarray(v_g, float), np.broadcast_to(np.asarray(shift, float), np.shape(v_g)))
        value, _, _ = self.channel(coefficients, low, v_ds)
        return np.sign(v_d - v_s) * value

    def channel(self, coefficients: Values, low: Values, v_ds: Values) -> tuple[Values, Values, Values]:
        """(I, dI/dv_s at fixed v_ds, dI/dv_ds), each (n,), of `coefficients` (n, v_s, v_ds). Raises InputError."""
        self._inside("source voltage", low, self.range.v_s)
        self._inside("drain-source voltage", v_ds, (0.0, self.range.v_ds))
        a, da = basis_and_slope(low, self.range.v_s, coefficients.shape[1])
        b, db = basis_and_slope(v_ds, (0.0, self.range.v_ds), coefficients.shape[2])
        rows = np.matmul(coefficients, b[:, :, None])[..., 0]
        log_i, by_low = (a * rows).sum(axis=1), (da * rows).sum(axis=1)
        by_ds = (a * np.matmul(coefficients, db[:, :, None])[..., 0]).sum(axis=1)
        decay = np.exp(-v_ds / self.thermal_v)
        strength = np.exp(log_i)
        i = strength * (1 - decay)
        return i, i * by_low, i * by_ds + strength * decay / self.thermal_v

    def _inside(self, what: str, found: Values, bounds: tuple[float, float]) -> None:
        slack = 1e-9
        if found.size and not (found.min() >= bounds[0] - slack and found.max() <= bounds[1] + slack):
            said = f"{what} of {found.min():.4g} to {found.max():.4g} V"
            raise InputError(f"{said} leaves the sampled range {bounds[0]:.4g} to {bounds[1]:.4g} V", field="table")


def device_table(device: Mos, corner: Corner, temp_degc: float, over: TableRange) -> DeviceTable:
    """The table of one transistor size (its `m` copies together), from the cache when it was sampled before.

    Raises InputError for a size without a model bin and ToolError when ngspice fails.
    """
    path = cache_dir() / f"table_{_key(device, corner, temp_degc, over)}.npz"
    if not path.exists():
        table = _sampled(device, corner, temp_degc, over)
        held = io.BytesIO()
        np.savez(held, v_g=table.v_g, log_i=table.log_i)
        write_whole(path, held.getvalue())
    with np.load(path) as kept:
        return DeviceTable(over, thermal_v(temp_degc), kept["v_g"], kept["log_i"])


def _key(device: Mos, corner: Corner, temp_degc: float, over: TableRange) -> str:
    library = trimmed_library([size_of(device)], corner)
    parts = (_FORMAT, library.name, unit_line(device, "x", dict.fromkeys(device.device.terminals, "n")), temp_degc)
    grid = (GATE_STEP_V, SHIFT_PITCH_V, _LOW_PITCH_V, _DS_PITCH_V)
    return hashlib.sha256(repr((*parts, astuple(over), *grid)).encode()).hexdigest()[:20]


def thermal_v(temp_degc: float) -> float:
    """kT/q, V."""
    return _BOLTZMANN_OVER_Q * (temp_degc + _ZERO_DEGC_K)


def _sampled(device: Mos, corner: Corner, temp_degc: float, over: TableRange) -> DeviceTable:
    nodes = _nodes(over)
    v_g = np.linspace(*over.v_g, max(ceil((over.v_g[1] - over.v_g[0]) / GATE_STEP_V), 4) + 1)
    current = sweep_device(device, corner, temp_degc, v_g, nodes)
    if not np.isfinite(current).all() or not current.max() > FLOOR_A:
        raise ToolError(f"ngspice gave {device.name} no current to tabulate", field="ngspice")
    thermal = thermal_v(temp_degc)
    log_i = np.log(FLOOR_A + current / (1 - np.exp(-nodes[2] / thermal)))
    for axis, count in enumerate(map(len, nodes), start=1):
        log_i = np.moveaxis(np.tensordot(from_points(count), log_i, axes=(1, axis)), 0, axis)
    return DeviceTable(over, thermal, v_g, log_i)


def _nodes(over: TableRange) -> tuple[Values, Values, Values]:
    """Sampled shifts, lower voltages and drain-source voltages (V): Chebyshev points of each range."""
    count = SHIFT_NODES + ceil(2 * over.shift / SHIFT_PITCH_V) if over.shift else 1
    shifts = points((-over.shift, over.shift), count)
    low, ds = _count(over.v_s[1] - over.v_s[0], _LOW_PITCH_V), _count(over.v_ds, _DS_PITCH_V)
    return shifts, points(over.v_s, low), points((0.0, over.v_ds), ds)


def _count(span_v: float, pitch_v: float) -> int:
    return _NODES_AT_LEAST + ceil(span_v / pitch_v)
