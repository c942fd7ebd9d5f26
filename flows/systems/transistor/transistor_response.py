"""What a transistor's random parameters do to its current and threshold, simulated at an operating point.

One netlist holds the cell's unit many times: once as it is, and for every random parameter at shifts from -7 to +7 of
its own sigmas. Each shift is made in the model's own parameter, so that what else it moves is moved too (in
pfet_01v8_lvt a threshold shift changes the current by a fifth less than gm/ID says). A second netlist forces the
operating current into each of them as a diode: there drain follows gate, and its output conductance takes a part of
the shift (6 % in a pfet_01v8_lvt of 0.5 um in weak inversion).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.model_variants import size_of
from analoom.flows.numerics.uniform_table import UniformTable
from analoom.flows.simulator.ngspice import circuit, deck
from analoom.flows.statistics.mismatch_library import line_with_shifts, mismatch_library
from analoom.pdk.corners import supply_of
from analoom.pdk.errors import InputError

from .settings import checked_voltage

REACH, POINTS = 7.0, 15
TEMP_DEGC = 27.0
_STEP_V = 0.005
_NODES = 32
_FINE, _FINE_SWEEP = 1401, 7201

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Response:
    """At gate voltage `v_op` (V), current `i_op` (A): ln(I/I_op) and the threshold's change (V) by parameter.

    `z` (points,) in sigmas of one unit; `log_ratio` and `vth` (points,) by parameter; `v` and `log_i` the gate sweep.
    `diode` (points,) is the change (V) by parameter of the gate of a diode that I_op is forced into, `v_diode` the gate
    without change.
    """

    v: Array
    log_i: Array
    v_op: float
    i_op: float
    gm_id: float
    z: Array
    log_ratio: Mapping[str, Array]
    vth: Mapping[str, Array]
    v_diode: float
    diode: Mapping[str, Array]

    def slope(self, of: Mapping[str, Array]) -> dict[str, float]:
        """d/dz at zero by parameter."""
        return {name: float(CubicSpline(self.z, values)(0.0, 1)) for name, values in of.items()}

    def sigma_log(self, scale: float = 1.0) -> float:
        """First-order sigma of ln(I) of one side whose sigmas are `scale` times a unit's."""
        return scale * float(np.sqrt(sum(s**2 for s in self.slope(self.log_ratio).values())))

    def sigma_vth(self, scale: float = 1.0) -> float:
        """First-order sigma of the threshold, V."""
        return scale * float(np.sqrt(sum(s**2 for s in self.slope(self.vth).values())))

    def sigma_diode(self, scale: float = 1.0) -> float:
        """First-order sigma of the gate of a diode with the operating current forced into it, V."""
        return scale * float(np.sqrt(sum(s**2 for s in self.slope(self.diode).values())))

    def moment(self, power: float, scale: float = 1.0) -> float:
        """E[(I/I_op)^power] for normal draws: Gauss-Hermite along the simulated response, parameters independent."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
        held = np.abs(nodes * scale) <= REACH
        product = 1.0
        for values in self.log_ratio.values():
            h = CubicSpline(self.z, values)(nodes[held] * scale)
            product *= float(weights[held] @ np.exp(power * h) / weights[held].sum())
        return product

    def gate_shift(self, log_ratio: Array) -> Array:
        """The gate voltage change (V) that would do to the current what `log_ratio` says, along the sweep."""
        return self._gate_of_log(log_ratio)

    def along_gate(self, gate: Array) -> Array:
        """ln of the current at `gate` (V) by that at the nominal diode's; ends hold beyond the sweep."""
        return self._log_of_gate(gate)

    def drawn(self, z: Mapping[str, Array]) -> Array:
        """(3, ...): ln(I/I_op), threshold change (V) and diode's change (V) at drawn `z` (any shape) by parameter."""
        return np.sum([self._parts[name](values) for name, values in z.items()], axis=0)

    @cached_property
    def _parts(self) -> dict[str, UniformTable]:
        def curves(name: str) -> UniformTable:
            values = np.array([self.log_ratio[name], self.vth[name], self.diode[name]])
            return UniformTable.of(CubicSpline(self.z, values, axis=1), -REACH, REACH, _FINE)

        return {name: curves(name) for name in self.log_ratio}

    @cached_property
    def _gate_of_log(self) -> UniformTable:
        rising = np.concatenate([[True], np.diff(np.maximum.accumulate(self.log_i)) > 0])
        log_ratio, v = self.log_i[rising] - np.log(self.i_op), self.v[rising] - self.v_op
        ends = float(log_ratio[0]), float(log_ratio[-1])
        return UniformTable.of(lambda x: np.interp(x, log_ratio, v), *ends, _FINE_SWEEP)

    @cached_property
    def _log_of_gate(self) -> UniformTable:
        curve, ends = CubicSpline(self.v, self.log_i), (float(self.v[0]), float(self.v[-1]))
        return UniformTable.of(lambda v: curve(v) - curve(self.v_diode), *ends, _FINE_SWEEP)


def response(unit: Mos, sigmas: Mapping[str, float], model: str, v_ds: float, target: tuple[str, float]) -> Response:
    """Simulates `unit`; `target` is ("i_square", A) or ("gm_id", 1/V). Raises InputError when it is out of reach."""
    sign, supply = -1.0 if unit.device.is_p else 1.0, supply_of(unit.device)
    checked_voltage("v_ds", v_ds, supply.highest_v, unit.device)
    z = np.linspace(-REACH, REACH, POINTS)
    cases = [{}, *({name: float(k * sigma)} for name, sigma in sigmas.items() for k in z)]
    with circuit(_netlist(unit, cases, model, sign * v_ds)) as loaded:
        swept = loaded.run(f"dc vgx 0 {sign * supply.nominal_v} {sign * _STEP_V}")
        v, i = sign * swept["v-sweep"], -sign * swept["vd_0#branch"]
        log_i = np.log(np.maximum(i, 1e-18))
        v_op = _operating_point(v, log_i, unit, target)
        loaded.set("vgx", sign * v_op)
        op = loaded.op()
    current = np.array([-sign * op[f"vd_{k}#branch"] for k in range(len(cases))])
    if current.min() <= 0:
        raise InputError("the current vanishes within 7 sigma of the operating point", field="settings.i_square")
    vth = np.array([sign * op[f"@m.xu{k}.m{unit.device.model}[vth]"] for k in range(len(cases))])
    v_diode = _diodes(unit, cases, model, sign * float(current[0]))
    parts = {name: slice(1 + k * POINTS, 1 + (k + 1) * POINTS) for k, name in enumerate(sigmas)}
    return Response(
        v,
        log_i,
        v_op,
        float(current[0]),
        float(CubicSpline(v, log_i)(v_op, 1)),
        z,
        {name: np.log(current[part] / current[0]) for name, part in parts.items()},
        {name: vth[part] - vth[0] for name, part in parts.items()},
        float(v_diode[0]),
        {name: v_diode[part] - v_diode[0] for name, part in parts.items()},
    )


def _diodes(unit: Mos, cases: list[dict[str, float]], model: str, forced_a: float) -> Array:
    """Gate voltages (V, positive for p too) of diodes with `forced_a` (A) in each, (cases,)."""
    lines = []
    for k, case in enumerate(cases):
        nets = {"d": f"d_{k}", "g": f"d_{k}", "s": "0", "b": "0"}
        lines += [line_with_shifts(replace(unit, name=f"u{k}", nets=nets), case), f"i_{k} 0 d_{k} {forced_a:.12g}"]
        lines.append(f".save v(d_{k})")
    with circuit(_deck(unit, model, lines)) as loaded:
        op = loaded.op()
    return np.sign(forced_a) * np.array([op[f"d_{k}"] for k in range(len(cases))])


def _netlist(unit: Mos, cases: list[dict[str, float]], model: str, v_drain: float) -> str:
    lines = ["vgx gx 0 0"]
    for k, case in enumerate(cases):
        nets = {"d": f"d_{k}", "g": "gx", "s": "0", "b": "0"}
        lines += [line_with_shifts(replace(unit, name=f"u{k}", nets=nets), case), f"vd_{k} d_{k} 0 {v_drain}"]
        lines += [f".save vd_{k}#branch", f".save @m.xu{k}.m{unit.device.model}[vth]"]
    return _deck(unit, model, lines)


def _deck(unit: Mos, model: str, lines: list[str]) -> str:
    library = mismatch_library([size_of(unit)], model, "given")
    return deck("response", f'.include "{library}"\n.temp {TEMP_DEGC:g}', *lines)


def _operating_point(v: Array, log_i: Array, unit: Mos, target: tuple[str, float]) -> float:
    """The gate voltage (V) of the target. gm/ID is read where it falls, above its peak."""
    name, value = target
    if name == "i_square":
        wanted, have = np.log(value * unit.w_um * unit.m / unit.l_um), np.maximum.accumulate(log_i)
        spoken = f"{np.exp(have[0]):.3g} to {np.exp(have[-1]):.3g} A"
    else:
        gm_id = CubicSpline(v, log_i)(v, 1)
        peak = int(np.argmax(gm_id))
        v, have, wanted = v[peak:], -np.minimum.accumulate(gm_id[peak:]), -value
        spoken = f"{-have[-1]:.3g} to {-have[0]:.3g} 1/V"
    if not have[0] < wanted < have[-1]:
        raise InputError(
            f"{name} = {value:.3g} is out of the device's range ({spoken} in all)", field=f"settings.{name}"
        )
    keep = np.concatenate([[True], np.diff(have) > 0])
    return float(np.interp(wanted, have[keep], v[keep]))
