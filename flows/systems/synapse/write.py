"""Writing and holding a synapse: settling, the step when the word line falls, leakage and droop.

Three writes in one transient, each from the one before: up to the highest weight, down to the lowest, to the middle.
Step control is tightened: by default ngspice takes charges below 10 fC, more than a cell stores, for nothing. Gear's
method is used: the trapezoidal rule lets the current of an edge ring on, which a sum of what is given alone adds up.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Mos
from analoom.cells.model.reading import Reading
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.bench.operating_point import BOLTZMANN_J_K, ZERO_DEGC_K, device_names
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.simulator.ngspice import circuit

from .read_map import quiet_sources
from .reading import input_sources

TIGHT = ".option method=gear reltol=1e-5 chgtol=1e-18 abstol=1e-15 vntol=1e-8"
SETTLED_V = 1e-3
HOLD_GMIN_S, RESOLVED_A = 1e-20, 1e-14

_EDGE_S = 1e-9
_AC_HZ = 1e6


@dataclass(frozen=True)
class Write:
    """One write: to which level (V), how far off at the end (V), after which time within 1 mV for good (s, None: not
    within the pulse), and the step of the node when the word line falls (V)."""

    level_v: float
    error_v: float
    settling_s: float | None
    pedestal_v: float


@dataclass(frozen=True)
class WriteTrace:
    """The writes, the node over time: `t` (points,) s, `v` (points,) V, and the energy the word
    and bit line's drivers give to all writes, nothing recovered (J)."""

    writes: tuple[Write, ...]
    t: NDArray[np.float64]
    v: NDArray[np.float64]
    energy_j: float


@dataclass(frozen=True)
class Hold:
    """Storage capacitance (F) and the largest leakage out of or into the node (A) with the bit line at its worst."""

    c_store_f: float
    leak_a: float

    @property
    def droop_v_s(self) -> float:
        """Speed at which a held weight moves, V/s."""
        return self.leak_a / self.c_store_f

    def retention_s(self, lost_v: float) -> float:
        """Time in which a held weight moves by `lost_v` at that speed, s."""
        return lost_v / self.droop_v_s

    def noise_v(self, temp_degc: float) -> float:
        """Thermal noise left on the node when the write transistor opens, sqrt(kT/C), V rms."""
        return float(np.sqrt(BOLTZMANN_J_K * (temp_degc + ZERO_DEGC_K) / self.c_store_f))


def write_trace(dut: Dut, reading: Reading, levels_v: tuple[float, ...], v_on: float, t_write_s: float) -> WriteTrace:
    """Writes `levels_v` one after the other, starting from the lowest, each with a word line pulse of `t_write_s`."""
    period, word, bit = 2 * t_write_s, reading.word, reading.bit
    node = dut.inner(reading.stored)
    lines = [
        *quiet_sources(dut, reading, driven=(word, bit)),
        *input_sources(reading),
        f"v_{word} {word} 0 pulse(0 {v_on} {t_write_s / 2} {_EDGE_S} {_EDGE_S} {t_write_s} {period})",
        f"v_{bit} {bit} 0 pwl({_staircase(levels_v, period)})",
        f".ic v({node})={min(levels_v)}",
        f".save {node} {word} {bit} v_{word}#branch v_{bit}#branch",
        TIGHT,
    ]
    with circuit(dut.deck(*lines)) as loaded:
        result = loaded.run(f"tran {t_write_s / 200} {len(levels_v) * period} 0 {t_write_s / 100}")
    t, v = result["time"], result[node]
    power = sum(np.maximum(-result[line] * result[f"v_{line}#branch"], 0) for line in (word, bit))
    starts = [k * period + t_write_s / 2 for k in range(len(levels_v))]
    return WriteTrace(
        tuple(_write(t, v, a, t_write_s, x) for a, x in zip(starts, levels_v, strict=True)),
        t,
        v,
        float(np.trapezoid(power, t)),
    )


def hold(dut: Dut, reading: Reading, level_v: float, bit_v: tuple[float, float]) -> Hold:
    """Capacitance and leakage of the node at `level_v`, with the bit line at either of `bit_v`.

    gmin is lowered, which at its usual 1e-15 S would be the leakage of a cold cell.
    """
    node = dut.inner(reading.stored)
    held = [*quiet_sources(dut, reading), *input_sources(reading), f"vw {node} 0 {level_v} ac 1"]
    asked = _leaking(dut)
    saved = [".save all", *(f".save {value}" for value in asked)] if asked else []
    with circuit(dut.deck(*held, f".option gmin={HOLD_GMIN_S:g}", *saved)) as loaded:
        leaks = []
        for v in bit_v:
            loaded.set(f"v_{reading.bit}", v)
            leaks.append(_leak(loaded.op(), asked))
        seen = complex(loaded.run(f"ac lin 1 {_AC_HZ} {_AC_HZ}")["vw#branch"][0])
    return Hold(-seen.imag / (2 * np.pi * _AC_HZ), max(leaks))


def _leak(op: Mapping[str, float], asked: Sequence[str]) -> float:
    """The current of the holding source; where that is lost in its rounding, the sum of what the transistors pass."""
    through = abs(op["vw#branch"])
    return through if through > RESOLVED_A else sum(abs(op[value]) for value in asked)


def _leaking(dut: Dut) -> list[str]:
    """ngspice's names of the channel and junction currents of every transistor with drain or source on the node."""
    stored = dut.cell.require_reading().stored
    devices = (flat for flat in flat_devices(dut.cell.circuit) if isinstance(flat.device, Mos))
    asked = []
    for flat, (name, *_) in zip(devices, device_names(dut), strict=True):
        ends = [end for end in "ds" if flat.nets[end] == stored]
        asked += [f"@{name}[{what}]" for what in (*(["id"] if ends else []), *(f"ib{end}" for end in ends))]
    return asked


def _staircase(levels_v: tuple[float, ...], period_s: float) -> str:
    points = [f"0 {levels_v[0]}"]
    for k in range(1, len(levels_v)):
        points += [f"{k * period_s} {levels_v[k - 1]}", f"{k * period_s + _EDGE_S} {levels_v[k]}"]
    return " ".join(points)


def _write(t: NDArray[np.float64], v: NDArray[np.float64], start_s: float, width_s: float, level_v: float) -> Write:
    falls = start_s + _EDGE_S + width_s
    during = (t >= start_s) & (t <= falls)
    off = np.abs(v[during] - level_v)
    late = np.flatnonzero(off > SETTLED_V)
    settled = off[-1] <= SETTLED_V
    time_s = float(t[during][late[-1] + 1] - start_s) if settled and late.size else 0.0 if settled else None
    before, after = np.interp([falls, falls + _EDGE_S + width_s / 4], t, v)
    return Write(level_v, float(before - level_v), time_s, float(after - before))
