"""Mismatch judged by the simulator: many copies of a cell in one netlist, each drawn anew by the model file itself.

Nothing of the closed form is used: the model's own switch turns its own `AGAUSS` terms on, ngspice draws them at every
use, and the operating point is read back. The threshold is the device's `vth` at that point; beside it stands the
constant-current one, the gate voltage at 100 nA W/L interpolated on a sweep.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from analoom.cells.circuit import Mos
from analoom.pdk.corners import corner

from .flat_devices import FlatDevice
from .mismatch_transistor import TransistorStatistics
from .model_variants import size_of, with_variants
from .models import trimmed_library
from .ngspice import Loaded, circuit, deck, reseed
from .transfer import VTH_CURRENT_PER_SQUARE_A, Side

COPIES = 100
"""Cells in one netlist. Measured: 1.6 ms a pair with 100 copies, 3.4 ms with 250 (time grows faster than the count)."""

_SWEEP_V, _SWEEP_STEP_V = 0.3, 0.025
_TEMP_DEGC = 27.0
_LEAST_A = 1e-18

Samples = dict[str, tuple[NDArray[np.float64], str]]


def drawn_by_ngspice(statistics: TransistorStatistics, samples: int, seed: int) -> Samples:
    """Samples (samples,) with unit: `delta_vth` at the operating point, `delta_vth_cc`, `gain_error`."""
    sizes = {size_of(flat.device) for side in statistics.sides for flat in statistics.units(side)}
    library = trimmed_library(sizes, corner("tt"), mismatch=True)
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
    sign = -1.0 if _polarity(statistics) else 1.0
    reseed(seed)
    with circuit(_netlist(statistics, library, copies, sign * statistics.bench.settings["v_ds"])) as loaded:
        loaded.set("vgx", sign * statistics.bench.metrics["v_gs"].value)
        op = loaded.op()
        vth = np.array([[sign * _side_vth(statistics, op, k, s) for s in sides] for k in range(copies)])
        current = np.array([[-sign * op[f"v_{s.drain}_{k}#branch"] for s in sides] for k in range(copies)])
        vth_cc = _constant_current_vth(loaded, statistics, copies, sign)
    return vth, vth_cc, current


def _netlist(statistics: TransistorStatistics, library: Path, copies: int, v_drain: float) -> str:
    """Copies of the sides' units on common gates and sources, each side with a drain source of its own."""
    lines = ["vgx gx 0 0", *(f"v_{d}_{k} {d}_{k} 0 {v_drain}" for d in _drains(statistics) for k in range(copies))]
    for k in range(copies):
        units = [flat for side in statistics.sides for flat in statistics.units(side)]
        lines += [with_variants(_unit_line(statistics, flat, k)) for flat in units]
    models = f'.include "{library}"\n.temp {_TEMP_DEGC:g}'
    return deck("mismatch", models, *lines, *_saved(statistics, copies))


def _drains(statistics: TransistorStatistics) -> list[str]:
    return [s.drain for s in statistics.sides]


def _unit_line(statistics: TransistorStatistics, flat: FlatDevice, copy: int) -> str:
    """A unit's own netlist line for one copy; pins that are neither gate nor drain are at 0 V."""
    gates, drains = {s.gate for s in statistics.sides}, _drains(statistics)
    nets = {t: "gx" if n in gates else f"{n}_{copy}" if n in drains else "0" for t, n in flat.nets.items()}
    return replace(flat.device, name=_unit_name(flat, copy), nets=nets).spice()


def _unit_name(flat: FlatDevice, copy: int) -> str:
    return "_".join([*flat.path, flat.device.name, str(copy)]).lower()


def _vth(flat: FlatDevice, copy: int) -> str:
    """ngspice's name of a unit's threshold."""
    return f"@m.x{_unit_name(flat, copy)}.m{flat.device.device.model}[vth]".lower()


def _saved(statistics: TransistorStatistics, copies: int) -> list[str]:
    units = [f for side in statistics.sides for f in statistics.units(side)]
    lines = [f".save v_{s.drain}_{k}#branch" for k in range(copies) for s in statistics.sides]
    return lines + [f".save {_vth(f, k)}" for k in range(copies) for f in units]


def _side_vth(statistics: TransistorStatistics, op: dict[str, float], copy: int, side: Side) -> float:
    """Threshold (V) of a side at the operating point: its units' `vth`, weighted by their share of W/L."""
    values = [op[_vth(f, copy)] for f in statistics.units(side)]
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


def _polarity(statistics: TransistorStatistics) -> bool:
    device = statistics.units(statistics.sides[0])[0].device
    return isinstance(device, Mos) and device.device.is_p


def _difference(sides: NDArray) -> NDArray:
    return sides[:, 0] - sides[:, 1] if sides.shape[1] == 2 else sides[:, 0]
