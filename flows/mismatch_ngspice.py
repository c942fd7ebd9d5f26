"""Mismatch judged by the simulator: many copies of a cell in one netlist, each drawn anew by the model file itself.

Nothing of the closed form is used: the model's own switch turns its own `AGAUSS` terms on, ngspice draws them at every
use, and the operating point is read back. The threshold is the device's `vth` at that point; beside it stands the
constant-current one, the gate voltage at 100 nA W/L interpolated on a sweep.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.cells.circuit import Mos

from .mismatch_transistor import TransistorStatistics
from .ngspice import Loaded, circuit, reseed
from .transfer import VTH_CURRENT_PER_SQUARE_A, Side
from .unit_copies import copies_netlist, element, polarity_sign, units_library

COPIES = 100
"""Cells in one netlist. Measured: 1.6 ms a pair with 100 copies, 3.4 ms with 250 (time grows faster than the count)."""

_SWEEP_V, _SWEEP_STEP_V = 0.3, 0.025
_LEAST_A = 1e-18

Samples = dict[str, tuple[NDArray[np.float64], str]]


def drawn_by_ngspice(statistics: TransistorStatistics, samples: int, seed: int) -> Samples:
    """Samples (samples,) with unit: `delta_vth` at the operating point, `delta_vth_cc`, `gain_error`."""
    library = units_library(statistics, mismatch=True)
    parts = [_batch(statistics, library, copies, chunk) for copies, chunk in _batches(samples, seed)]
    vth, vth_cc, current = (np.concatenate([p[k] for p in parts]) for k in range(3))
    name = statistics.vth_name
    gain = current[:, 0] / (current[:, 1] if current.shape[1] == 2 else np.median(current[:, 0])) - 1
    return {name: (_difference(vth), "V"), f"{name}_cc": (_difference(vth_cc), "V"), "gain_error": (gain, "frac")}


def _batches(samples: int, seed: int) -> Iterator[tuple[int, int]]:
    """(copies, seed) of each netlist."""
    count = -(-samples // COPIES)
    seeds = np.random.SeedSequence(seed).generate_state(count) % (2**31 - 1) + 1
    for k in range(count):
        yield min(COPIES, samples - k * COPIES), int(seeds[k])


def _batch(statistics: TransistorStatistics, library: Path, copies: int, seed: int) -> tuple[NDArray, NDArray, NDArray]:
    """Thresholds at the operating point, constant-current thresholds and currents, each (copies, sides)."""
    sides = statistics.sides
    sign = polarity_sign(statistics)
    reseed(seed)
    with circuit(copies_netlist(statistics, library, copies)) as loaded:
        loaded.set("vgx", sign * statistics.bench.metrics["v_gs"].value)
        op = loaded.op()
        vth = np.array([[sign * _side_vth(statistics, op, k, s) for s in sides] for k in range(copies)])
        current = np.array([[-sign * op[f"v_{s.drain}_{k}#branch"] for s in sides] for k in range(copies)])
        vth_cc = _constant_current_vth(loaded, statistics, copies, sign)
    return vth, vth_cc, current


def _side_vth(statistics: TransistorStatistics, op: dict[str, float], copy: int, side: Side) -> float:
    """Threshold (V) of a side at the operating point: its units' `vth`, weighted by their share of W/L."""
    values = [op[f"@{element(f, copy)}[vth]"] for f in statistics.units(side)]
    return float(np.dot(values, statistics.shares(side)))


def _constant_current_vth(loaded: Loaded, statistics: TransistorStatistics, copies: int, sign: float) -> NDArray:
    """Gate voltage (V) at 100 nA W/L of each side, (copies, sides)."""
    centre = statistics.bench.metrics["vth"].value
    low, high = centre - _SWEEP_V, centre + _SWEEP_V
    result = loaded.run(f"dc vgx {sign * low} {sign * high} {sign * _SWEEP_STEP_V}")
    v = sign * result["v-sweep"]
    out = np.empty((copies, len(statistics.sides)))
    for column, side in enumerate(statistics.sides):
        log_target = np.log(VTH_CURRENT_PER_SQUARE_A * _squares(statistics, side))
        for k in range(copies):
            log_i = np.log(np.maximum(-sign * result[f"v_{side.drain}_{k}#branch"], _LEAST_A))
            out[k, column] = _crossing(v, log_i, log_target)
    return out


def _crossing(v: NDArray, log_i: NDArray, target: float) -> float:
    """Where the rising `log_i` passes `target`: cubic through the four points around it, as v(log i)."""
    k = int(np.clip(np.searchsorted(log_i, target), 2, len(v) - 2))
    x, y = log_i[k - 2 : k + 2], v[k - 2 : k + 2]
    terms = [y[i] * np.prod([(target - x[j]) / (x[i] - x[j]) for j in range(4) if j != i]) for i in range(4)]
    return float(sum(terms))


def _squares(statistics: TransistorStatistics, side: Side) -> float:
    devices = [f.device for f in statistics.units(side)]
    return sum(d.w_um * d.m / d.l_um for d in devices if isinstance(d, Mos))


def _difference(sides: NDArray) -> NDArray:
    return sides[:, 0] - sides[:, 1] if sides.shape[1] == 2 else sides[:, 0]
