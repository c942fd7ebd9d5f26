"""Mismatch judged by the simulator: many copies of a cell in one netlist, each drawn anew by the model file itself.

Nothing of the closed form's random part is used: the model's own switch turns its own `AGAUSS` terms on, ngspice draws
them at every use, and the operating point is read back at the gate voltage that gives the asked current. The threshold
is the device's `vth` at that point; beside it stands the constant-current one, the gate voltage at 100 nA W/L, and the
offset, the gate voltage at the operating current, both interpolated on a sweep.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Mos
from analoom.flows.files.progress import tracked
from analoom.flows.simulator.ngspice import Loaded, circuit, reseed
from analoom.flows.statistics.protocol import Samples
from analoom.pdk.corners import supply_of

from .transfer import VTH_CURRENT_PER_SQUARE_A, Side
from .unit_copies import copies_netlist, element, polarity_sign, units_library
from .units import TransistorUnits

COPIES = 100
"""Cells in one netlist. Measured: 1.6 ms a pair with 100 copies, 3.4 ms with 250 (time grows faster than the count)."""

_SWEEP_V, _SWEEP_STEP_V = 0.3, 0.025
_LEAST_A = 1e-18
_PAST_SUPPLY_V = 0.7

Array = NDArray[np.float64]


def draw_by_ngspice(statistics: TransistorUnits, samples: int, seed: int) -> Samples:
    """Samples (samples,) with unit: threshold at the operating point, the same at constant current, `gain_error`.

    A pair has its `offset` and, from draws of its own, `mirror_gain_error` beside.
    """
    library = units_library(statistics)
    parts = [_batch(statistics, library, copies, chunk) for copies, chunk in tracked(_batches(samples, seed))]
    vth, vth_cc, v_equal, current = (np.concatenate([p[k] for p in parts]) for k in range(4))
    name = statistics.vth_name
    reference = _reference(statistics, current)
    found: dict[str, tuple[Array, str]] = {
        name: (_difference(vth), "V"),
        f"{name}_cc": (_difference(vth_cc), "V"),
        "gain_error": (current[:, 0] / reference - 1, "frac"),
    }
    if statistics.is_pair:
        found["offset"] = (_difference(v_equal), "V")
        found["mirror_gain_error"] = (_mirrors(statistics, library, samples, seed), "frac")
    if statistics.cell.kind == "mirror":
        found["gain_error"] = found.pop("mirror_gain_error")
    return found


def _reference(statistics: TransistorUnits, current: Array) -> Array | float:
    """What the first side's current is compared with: the second's at the first's W/L, or the nominal current."""
    if not statistics.is_pair:
        return statistics.response.i_op * _units_of_side(statistics)
    one, two = (_squares(statistics, side) for side in statistics.sides)
    return current[:, 1] * one / two


def _units_of_side(statistics: TransistorUnits) -> float:
    """The side's W/L by that of its first unit."""
    side = statistics.sides[0]
    return _squares(statistics, side) * statistics.unit.l_um / (statistics.unit.w_um * statistics.unit.m)


def _mirrors(statistics: TransistorUnits, library: Path, samples: int, seed: int) -> Array:
    """Output by that of the mirror without mismatch (the diode's drain voltage is its gate's), less one, (samples,)."""
    out = []
    for copies, chunk in tracked(_batches(samples, seed + 1)):
        reseed(chunk)
        out.append(_mirror_outputs(statistics, library, copies))
    return np.concatenate(out) / _mirror_outputs(statistics, units_library(statistics, "off"), 1) - 1


def _mirror_outputs(statistics: TransistorUnits, library: Path, copies: int) -> Array:
    """Output currents (A), (copies,), with the operating current forced into the first side."""
    forced_a, drain = statistics.response.i_op * _units_of_side(statistics), statistics.sides[1].drain
    with circuit(copies_netlist(statistics, library, copies, forced_a)) as loaded:
        op = loaded.op()
    return np.array([-polarity_sign(statistics) * op[f"v_{drain}_{k}#branch"] for k in range(copies)])


def _batches(samples: int, seed: int) -> Iterator[tuple[int, int]]:
    """(copies, seed) of each netlist."""
    count = -(-samples // COPIES)
    seeds = np.random.SeedSequence(seed).generate_state(count) % (2**31 - 1) + 1
    for k in range(count):
        yield min(COPIES, samples - k * COPIES), int(seeds[k])


def _batch(statistics: TransistorUnits, library: Path, copies: int, seed: int) -> tuple[Array, ...]:
    """Thresholds at the operating point and at constant current, gate voltages at the operating current, and currents.

    Each (copies, sides).
    """
    sides, sign, point = statistics.sides, polarity_sign(statistics), statistics.response
    reseed(seed)
    with circuit(copies_netlist(statistics, library, copies)) as loaded:
        loaded.set("vgx", sign * point.v_op)
        op = loaded.op()
        vth = np.array([[sign * _side_vth(statistics, op, k, s) for s in sides] for k in range(copies)])
        current = np.array([[-sign * op[f"v_{s.drain}_{k}#branch"] for s in sides] for k in range(copies)])
        vth_cc, v_equal = _gate_voltages(loaded, statistics, copies, sign)
    return vth, vth_cc, v_equal, current


def _side_vth(statistics: TransistorUnits, op: dict[str, float], copy: int, side: Side) -> float:
    """Threshold (V) of a side at the operating point: its units' `vth`, weighted by their share of W/L."""
    values = [op[f"@{element(f, copy)}[vth]"] for f in statistics.units(side)]
    return float(np.dot(values, statistics.shares(side)))


def _gate_voltages(loaded: Loaded, statistics: TransistorUnits, copies: int, sign: float) -> tuple[Array, Array]:
    """Gate voltages (V) at 100 nA W/L and at the operating current of each side, (copies, sides) each."""
    point = statistics.response
    squares_of_unit = statistics.unit.w_um * statistics.unit.m / statistics.unit.l_um
    targets_a = VTH_CURRENT_PER_SQUARE_A, point.i_op / squares_of_unit
    centres = [
        float(np.interp(np.log(t * squares_of_unit), np.maximum.accumulate(point.log_i), point.v)) for t in targets_a
    ]
    most_v = supply_of(statistics.unit.device).nominal_v + _PAST_SUPPLY_V
    low, high = min(centres) - _SWEEP_V, min(max(centres) + _SWEEP_V, most_v)
    result = loaded.run(f"dc vgx {sign * low} {sign * high} {sign * _SWEEP_STEP_V}")
    v = sign * result["v-sweep"]
    out = np.empty((2, copies, len(statistics.sides)))
    for column, side in enumerate(statistics.sides):
        log_targets = np.log(np.array(targets_a) * _squares(statistics, side))
        for k in range(copies):
            log_i = np.log(np.maximum(-sign * result[f"v_{side.drain}_{k}#branch"], _LEAST_A))
            out[:, k, column] = [_crossing(v, log_i, target) for target in log_targets]
    return out[0], out[1]


def _crossing(v: Array, log_i: Array, target: float) -> float:
    """Where the rising `log_i` passes `target`: cubic through the four points around it, as v(log i)."""
    k = int(np.clip(np.searchsorted(log_i, target), 2, len(v) - 2))
    x, y = log_i[k - 2 : k + 2], v[k - 2 : k + 2]
    terms = [y[i] * np.prod([(target - x[j]) / (x[i] - x[j]) for j in range(4) if j != i]) for i in range(4)]
    return float(sum(terms))


def _squares(statistics: TransistorUnits, side: Side) -> float:
    devices = [f.device for f in statistics.units(side)]
    return sum(d.w_um * d.m / d.l_um for d in devices if isinstance(d, Mos))


def _difference(sides: Array) -> Array:
    return sides[:, 0] - sides[:, 1] if sides.shape[1] == 2 else sides[:, 0]
