"""The numbers that the compiled steps of training take: device tables of both transistors, bounds."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.flows.systems.crossbar.solver.device_table import DeviceTable, TableRange, device_table, thermal_v
from analoom.pdk.corners import Corner

from .bench import TrainingBench
from .pair import REST_V, Pair

Array = NDArray[np.float64]
StepArrays = tuple[Array, Array, NDArray[np.int64], Array]
"""Pieces of both transistors, transistors, numbers of terms, bounds: as `currents` names them."""

GATE_MARGIN_V = 0.02

LEAST_TERM = 1e-5
"""Terms of a table that together change no current of LEAST_A or more by more than this part of it are left out."""
LEAST_A = 1e-10


def step_arrays(bench: TrainingBench, pair: Pair, most_shift_v: float, corner: Corner, temp_degc: float) -> StepArrays:
    """Of a bench, for thresholds shifted by at most `most_shift_v`."""
    tables = [_table(bench, pair, k, most_shift_v, corner, temp_degc) for k in range(2)]
    sizes = np.max([_terms(t.log_i[:, 0]) for t in tables], axis=0)
    splines = [np.moveaxis(t.spline[..., : sizes[0], : sizes[1]], 0, 2) for t in tables]
    pieces = [s.reshape(*s.shape[:3], -1) for s in splines]
    gates = max(len(p) for p in pieces)
    filled = np.array([np.concatenate([p, np.repeat(p[-1:], gates - len(p), axis=0)]) for p in pieces])
    devices = [
        [d.sign, d.bulk_v - REST_V, t.v_g[0], t.v_g[1] - t.v_g[0], base - REST_V, sign, t.range.shift]
        for d, t, base, sign in zip(pair.devices, tables, pair.gates_v, pair.signs, strict=True)
    ]
    over = tables[0].range
    bounds = [*over.v_s, 0.0, over.v_ds, thermal_v(temp_degc), float(bench.device == "linear"), bench.ends_v]
    return filled, np.array(devices), sizes, np.array([*bounds, max(bench.gain, 1.0)])


def _table(
    bench: TrainingBench, pair: Pair, k: int, most_shift_v: float, corner: Corner, temp_degc: float
) -> DeviceTable:
    """Of one transistor: gates over the weights' range, ends as far as the bench lets them go."""
    read = pair.devices[k]
    ends = [read.sign * (REST_V + s * bench.ends_v - read.bulk_v) for s in (-1, 1)]
    gates = [pair.gates_v[k] + pair.signs[k] * w for w in pair.weights_v]
    at = sorted(read.sign * (v - read.bulk_v) for v in gates)
    low, high = round(min(ends), 6), round(max(ends), 6)
    gates_v = round(at[0] - GATE_MARGIN_V, 3), round(at[1] + GATE_MARGIN_V, 3)
    over = TableRange(gates_v, (low, high), round(high - low, 6), round(most_shift_v, 6))
    return device_table(read.device, corner, temp_degc, over)


def _terms(log_i: Array) -> tuple[int, int]:
    """How many Chebyshev terms over source and drain-source voltage, (gates, s, d), matter to a current."""
    size = np.abs(log_i[log_i[:, 0, 0] > np.log(LEAST_A)])
    rows, columns = size.sum(axis=2).max(axis=0), size.sum(axis=1).max(axis=0)
    least = [int(np.flatnonzero(np.cumsum(part[::-1])[::-1] > LEAST_TERM)[-1]) + 1 for part in (rows, columns)]
    return max(least[0], 2), max(least[1], 2)
