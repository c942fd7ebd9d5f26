"""Currents of one transistor of the current-mode network as curves, sampled from ngspice in a family of models.

Voltages are counted from the source, positive as for an n device, the body on the source but for `body`. Stored is
ln(I / (1 - exp(-v_ds / U_T))), which bends little over both axes. What a random parameter does is kept as the gate
voltage that does the same: z sigmas of it act as a rise of the threshold by z (a + b z) V, a and b by gate voltage.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.model_variants import size_of
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.mismatch_library import line_with_shifts, mismatch_library
from analoom.flows.systems.crossbar.solver.device_table import thermal_v
from analoom.pdk.corners import VDD_V
from analoom.pdk.devices import MOS
from analoom.pdk.mismatch.terms import random_terms

GATE_STEP_V, GATE_TOP_V = 0.02, 1.4
DS_STEP_V, DS_LEAST_V = 0.05, 1e-3
SATURATED_V = 0.9
"""Drain-source voltage at which shifts and the body's part are sampled."""
BODY_V = 0.01
"""How far the source is lifted off the body to find the body's part."""
REACH = 2.0
"""Sigmas at which a random parameter is sampled, either way."""
FLOOR_A = 1e-18
TIGHT = ".option reltol=1e-5 abstol=1e-16"

Array = NDArray[np.float64]


@dataclass(frozen=True)
class UnitCurves:
    """`log_i` (gates, v_ds), `shift` (parameters, 2, gates) V, a and b, `body` (gates,) 1/V: fall of ln(I) by a rise of
    the source above the body, gate and drain held."""

    log_i: Array
    shift: Array
    body: Array
    thermal_v: float
    terms: tuple[str, ...]
    sigmas: tuple[float, ...]


@dataclass(frozen=True)
class _Case:
    """One transistor to sample: its drain and source (V), and its parameters' shifts."""

    drain_v: float
    source_v: float
    shifts: Mapping[str, float]


@cache
def unit_curves(kind: str, w_um: float, l_um: float, family: str, corner_name: str, temp_degc: float) -> UnitCurves:
    """The curves of a MOS device by the name of its kind. Raises InputError for the binned family off the corner tt."""
    device = Mos("u", MOS[kind], w_um, l_um, dict.fromkeys("dgsb", "0"))
    sigmas = random_terms(device.device, w_um, l_um, 1, 1, family)
    at_drain = [_Case(v, 0.0, {}) for v in drain_voltages()]
    shifted = [_Case(SATURATED_V, 0.0, {n: k * REACH * s}) for n, s in sigmas.items() for k in (1, -1)]
    body = [_Case(SATURATED_V, 0.0, {}), _Case(SATURATED_V, BODY_V, {})]
    log_i = np.log(np.maximum(_swept(device, [*at_drain, *shifted, *body], family, corner_name, temp_degc), FLOOR_A))
    n, thermal = len(at_drain), thermal_v(temp_degc)
    flat = log_i[:, :n] - np.log1p(-np.exp(-drain_voltages() / thermal))
    rises = [_rise(log_i[:, -2], log_i[:, n + 2 * k : n + 2 * k + 2]) for k in range(len(sigmas))]
    slope = (log_i[:, -2] - log_i[:, -1]) / BODY_V
    return UnitCurves(flat, np.array(rises), slope, thermal, tuple(sigmas), tuple(sigmas.values()))


def gate_voltages() -> Array:
    """Sampled gate voltages, (gates,) V."""
    return np.arange(round(GATE_TOP_V / GATE_STEP_V) + 1, dtype=np.float64) * GATE_STEP_V


def curve_at(curve: Array, v: Array) -> Array:
    """A curve over gate voltages at `v` (V)."""
    return np.interp(v, gate_voltages(), curve)


def slope_at(curve: Array, v: Array) -> Array:
    """Its slope there, 1/V."""
    return curve_at(np.gradient(curve, gate_voltages()), v)


def drain_voltages() -> Array:
    """Sampled drain-source voltages, (v_ds,) V; the first stands for none at all."""
    steps = np.arange(round(VDD_V / DS_STEP_V) + 1, dtype=np.float64)
    return np.maximum(steps * DS_STEP_V, DS_LEAST_V)


def _rise(plain: Array, shifted: Array) -> Array:
    """a and b (2, gates) of the gate voltage that z sigmas cost, z (a + b z): from ln(I) without and at +-REACH."""
    v, rising = gate_voltages(), np.maximum.accumulate(plain)
    keep = np.concatenate([[True], np.diff(rising) > 0])
    up, down = (v - np.interp(shifted[:, k], rising[keep], v[keep]) for k in (0, 1))
    inside = (shifted.min(axis=1) > rising[0]) & (shifted.max(axis=1) < rising[-1])
    found = (up - down) / (2 * REACH), (up + down) / (2 * REACH**2)
    return np.array([np.interp(v, v[inside], part[inside]) for part in found])


def _swept(device: Mos, cases: Sequence[_Case], family: str, corner_name: str, temp_degc: float) -> Array:
    """Drain currents (gates, cases), A."""
    sign = -1.0 if device.device.is_p else 1.0
    lines = ["vgx gx 0 0"]
    for k, case in enumerate(cases):
        placed = replace(device, name=f"u{k}", nets={"d": f"d{k}", "g": "gx", "s": f"s{k}", "b": "0"})
        lines += [line_with_shifts(placed, dict(case.shifts)), f".save vd{k}#branch"]
        lines += [f"vd{k} d{k} 0 {sign * float(case.drain_v)!r}", f"vs{k} s{k} 0 {sign * case.source_v!r}"]
    models = f'.include "{library_of(device, family, corner_name)}"\n{TIGHT}\n.temp {temp_degc:g}'
    with circuit(deck("units", models, *lines)) as loaded:
        found = loaded.run(f"dc vgx 0 {sign * (GATE_TOP_V + GATE_STEP_V / 2)!r} {sign * GATE_STEP_V!r}")
    return -sign * np.array([found[f"vd{k}#branch"] for k in range(len(cases))]).T[: len(gate_voltages())]


def library_of(device: Mos, family: str, corner_name: str) -> str:
    """The models with their random parameters laid open. Raises InputError for the binned family off the corner tt."""
    return str(mismatch_library([size_of(device)], family, "given", corner_name))
