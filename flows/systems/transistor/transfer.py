"""The transfer bench of transistor cells: one or two sides, each a drain and a gate, on a common source.

Gates are swept together at a fixed drain voltage, the operating point is where side 1 carries a stated current per
square, and capacitances are the total seen at a pin there (small signal, 1 MHz, every other pin held). Polarity
follows the device: all voltages are counted from the source, positive when they turn the device on.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from pydantic import Field
from scipy.interpolate import CubicSpline

from analoom.cells.model.cell import Spec
from analoom.cells.model.circuit import Mos
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.simulator.ngspice import Loaded, circuit
from analoom.pdk.corners import THICK_SUPPLY, THIN_SUPPLY, supply_of
from analoom.pdk.devices import MosDevice
from analoom.pdk.errors import InputError

from .settings import checked_voltage

VTH_CURRENT_PER_SQUARE_A = 1e-7
"""Constant-current threshold: the gate voltage at 100 nA W/L, the usual choice in published matching data."""

LEAK_GMIN_S = 1e-20
"""Lower than usual: at 1e-15 S a transistor that is off would pass 1 fA a volt of the simulator's own."""

_STEP_V, _GM_STEP_V = 0.005, 0.5e-3
_AC_HZ = 1e6
_MIN_CURRENT_A = 1e-18


SUPPLY_WORDS = (
    f"supply, the highest voltage: {THIN_SUPPLY.nominal_v:g} by default and at most {THIN_SUPPLY.highest_v:g}, of 5 V "
    f"transistors {THICK_SUPPLY.nominal_v:g} and at most {THICK_SUPPLY.highest_v:g}"
)
"""What the schema says of the supply."""


class TransferSettings(Spec):
    """Where a transistor cell is measured."""

    v_ds: float = Field(
        0.9, gt=0, le=THICK_SUPPLY.highest_v, description="drain-source voltage", json_schema_extra={"unit": "V"}
    )
    i_square: float = Field(
        1e-6, gt=0, le=1e-3, description="drain current at the operating point by W/L", json_schema_extra={"unit": "A"}
    )
    vdd: float | None = Field(
        None, ge=1.0, le=THICK_SUPPLY.highest_v, description=SUPPLY_WORDS, json_schema_extra={"unit": "V"}
    )

    def supply_v(self, device: MosDevice) -> float:
        """The supply of a transistor in V. Raises InputError for voltages that are too high for it."""
        most = supply_of(device)
        checked_voltage("vdd", self.vdd, most.highest_v, device)
        checked_voltage("v_ds", self.v_ds, most.highest_v, device)
        return most.nominal_v if self.vdd is None else self.vdd


@dataclass(frozen=True)
class Side:
    """One transistor of the cell by its pins."""

    drain: str
    gate: str


@dataclass(frozen=True)
class Transfer:
    """One side measured: `v` gate voltages (points,) V and `i` drain currents (points,) A of the sweep.

    At the operating point of side 1: current (A), gm and gds (S), capacitance seen at gate and drain (F). `v_equal` is
    the gate voltage at which this side carries the current of side 1, `vth` that at 100 nA W/L (V).
    """

    v: NDArray[np.float64]
    i: NDArray[np.float64]
    i_op: float
    gm_s: float
    gds_s: float
    c_gate_f: float
    c_drain_f: float
    v_equal: float
    vth: float


def measure_transfer(dut: Dut, sides: Sequence[Side], settings: TransferSettings) -> list[Transfer]:
    """Measures each side; the first sets the operating point. Raises InputError when the current is out of reach."""
    device = _first_mos(dut, sides[0]).device
    sign, supply_v = -1.0 if device.is_p else 1.0, settings.supply_v(device)
    squares = [_squares(dut, side) for side in sides]
    with circuit(dut.deck(*_bench(dut, sides, sign * settings.v_ds))) as loaded:
        v, currents = _sweep(loaded, sides, sign, supply_v)
        equal = [_gate_voltage(v, i, settings.i_square * squares[0]) for i in currents]
        low, op, high = (_currents_at(loaded, sides, sign, equal[0] + k * _GM_STEP_V) for k in (-1, 0, 1))
        gm = (high - low) / (2 * _GM_STEP_V)
        loaded.set("vgx", sign * equal[0])
        seen = [(_seen(loaded, f"vg_{s.gate}"), _seen(loaded, f"vd_{s.drain}")) for s in sides]
    vth = [_gate_voltage(v, i, VTH_CURRENT_PER_SQUARE_A * sq) for i, sq in zip(currents, squares, strict=True)]
    return [
        Transfer(v, i, op[k], gm[k], seen[k][1].real, _farad(seen[k][0]), _farad(seen[k][1]), equal[k], vth[k])
        for k, i in enumerate(currents)
    ]


def at_operating_point(dut: Dut, sides: Sequence[Side], settings: TransferSettings, v_gate: float) -> list[str]:
    """The bench's lines with the gates at `v_gate`; drain currents flow through `vd_<drain>`, gates hang on `vgx`."""
    sign = -1.0 if _first_mos(dut, sides[0]).device.is_p else 1.0
    return _bench(dut, sides, sign * settings.v_ds, sign * v_gate)


def _first_mos(dut: Dut, side: Side) -> Mos:
    for flat in flat_devices(dut.cell.circuit):
        if isinstance(flat.device, Mos) and flat.nets["g"] == side.gate:
            return flat.device
    raise InputError(f"{dut.cell.name} has no transistor with its gate on pin {side.gate}", field="name")


def _squares(dut: Dut, side: Side) -> float:
    """W/L of all transistors between the side's drain and the source, in squares."""
    devices = [f for f in flat_devices(dut.cell.circuit) if isinstance(f.device, Mos)]
    mine = [f.device for f in devices if f.nets["g"] == side.gate and side.drain in (f.nets["d"], f.nets["s"])]
    return sum(d.w_um * d.m / d.l_um for d in mine if isinstance(d, Mos))


def _bench(dut: Dut, sides: Sequence[Side], v_drain: float, v_gate: float = 0.0) -> list[str]:
    """Drains at `v_drain`, gates on a common net through a source each, every other port at 0 V."""
    drains, gates = {s.drain for s in sides}, {s.gate for s in sides}
    lines = [f".option gmin={LEAK_GMIN_S:g}", f"vgx gx 0 {v_gate!r}"]
    lines += [f"vd_{d} {d} 0 {v_drain}" for d in sorted(drains)]
    lines += [f"vg_{g} {g} gx 0" for g in sorted(gates)]
    return lines + [f"vz_{p} {p} 0 0" for p in dut.ports if p not in drains | gates]


def _sweep(loaded: Loaded, sides: Sequence[Side], sign: float, up_to_v: float) -> tuple[NDArray, list[NDArray]]:
    result = loaded.run(f"dc vgx 0 {sign * up_to_v} {sign * _STEP_V}")
    return sign * result["v-sweep"], [-sign * result[f"vd_{s.drain}#branch"] for s in sides]


def _gate_voltage(v: NDArray, i: NDArray, target_a: float) -> float:
    """The gate voltage at which the rising current `i` passes `target_a`: cubic in ln i."""
    if not i[0] < target_a < i[-1]:
        reach = f"{i[0]:.3g} to {i[-1]:.3g} A"
        raise InputError(f"a drain current of {target_a:.3g} A is out of reach ({reach})", field="settings.i_square")
    log_i = np.log(np.maximum(i, _MIN_CURRENT_A))
    k = int(np.argmax(i > target_a))
    near = slice(max(k - 4, 0), k + 4)
    roots = CubicSpline(v[near], log_i[near]).solve(np.log(target_a), extrapolate=False)
    return float(roots[0])


def _currents_at(loaded: Loaded, sides: Sequence[Side], sign: float, v_gate: float) -> NDArray:
    loaded.set("vgx", sign * v_gate)
    op = loaded.op()
    return np.array([-sign * op[f"vd_{s.drain}#branch"] for s in sides])


def _seen(loaded: Loaded, source: str) -> complex:
    """Small-signal admittance seen by `source`, in S."""
    loaded.alter(source, "acmag", 1)
    result = loaded.run(f"ac lin 1 {_AC_HZ} {_AC_HZ}")
    loaded.alter(source, "acmag", 0)
    return -complex(result[f"{source}#branch"][0])


def _farad(admittance_s: complex) -> float:
    return admittance_s.imag / (2 * np.pi * _AC_HZ)
