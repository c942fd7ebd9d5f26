"""The unit parts of a charge-domain multiplier as ngspice sees them: the switches of a row, and the switches of a bit.

A row's two switches are cycled on a node that all its capacitors, seen from there, turn into: a source behind one
capacitor (`charge_network`). So charge injection, feedthrough and the junctions' curvature are those of the models.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Circuit
from analoom.flows.bench.device_under_test import Dut, make_dut
from analoom.flows.simulator.ngspice import circuit
from analoom.generators.charge_mac.nets import SUPPLIES, SWITCH_CLOCKS
from analoom.pdk.corners import Corner

from .cycle import ACCURATE, EDGE_S, Settings, Timed, drive, source, stepped_source, still
from .transient import Node, charges, seen_node

Values = NDArray[np.float64]

LEVELS = 9
_HZ, _SMALL_V, _SWEEP = 1e4, 0.01, 64
_STEP_S, _LONGEST_S = 5e-11, 5e-10


@dataclass(frozen=True)
class RowLoad:
    """What a row's switches work on: `c_f`, behind it the switches of all plates as one `ohm`, with `plate_f` there.

    `clocks`: F between the sum's node or the output and a switch's line; `out_f`: what else the output's wire has.
    """

    c_f: float
    ohm: float
    plate_f: float
    clocks: tuple[tuple[str, str, float], ...]
    out_f: float


@dataclass(frozen=True)
class Switched:
    """Sums over the source's voltage, V above vcm: after the reset, before and after the sample; charge (C) a cycle."""

    source_v: Values
    let_go: Values
    settled: Values
    held: Values
    charge: float

    def at(self, source_v: Values) -> tuple[Values, Values, Values]:
        """`let_go`, `settled` and `held` at other voltages of the source, through cubic splines."""
        let_go, settled, held = (
            CubicSpline(self.source_v, y)(source_v) for y in (self.let_go, self.settled, self.held)
        )
        return let_go, settled, held


@dataclass(frozen=True)
class BitLoad:
    """A bit's switches, F: seen from an input of theirs that is on, from one that is off, and from `y` let go.

    `on_vdd_f`, `off_vdd_f`: what of the first two goes to the supply. `mid_s`, `far_s`: conductance (S) of one that is
    on, at vcm, and at full scale (the mean of both ends).
    """

    on_f: float
    off_f: float
    y_f: float
    on_vdd_f: float
    off_vdd_f: float
    mid_s: float
    far_s: float


def switches_of(cell: Cell, corner: Corner, temp_degc: float) -> Dut:
    """A row without its tiles: the reset and the sampling switch."""
    row = cell.instances[0].cell
    kept = tuple(i for i in row.circuit.instances if i.name in ("reset", "sample"))
    ports = ("top", "out", "vcm", *SWITCH_CLOCKS, *SUPPLIES)
    name = f"{row.circuit.name}_switches"
    return make_dut(
        replace(row, name=name, circuit=Circuit(name, ports, instances=kept)), "schematic", corner, temp_degc
    )


def switched(dut: Dut, settings: Timed, load: RowLoad, span_v: float) -> Switched:
    """A row's switches through LEVELS cycles, the source stepping to levels from `span_v` to -`span_v`."""
    levels = np.linspace(-span_v, span_v, LEVELS)
    clocks = drive(settings, np.zeros((LEVELS, 0)))
    rest = [line for line in still(settings) if line.split()[1] in dut.ports]
    bench = [*rest, *clocks, stepped_source("th", settings, settings.vcm + levels), *_load(load, settings), ACCURATE]
    with circuit(dut.deck(*bench)) as loaded:
        found = loaded.run(f"tran {_STEP_S} {LEVELS * settings.cycle_s} 0 {_LONGEST_S}")
    starts = np.arange(LEVELS) * settings.cycle_s

    def at(moment_s: float) -> Values:
        return np.interp(starts + moment_s - EDGE_S, found["time"], found["out"]) - settings.vcm

    taken = sum(c for line, c in charges(found).items() if line != "th")
    return Switched(levels, at(settings.step_s), at(settings.sample_s), at(settings.back_s), taken / LEVELS)


def switch_node(dut: Dut, settings: Settings, load: RowLoad) -> Node:
    """Capacitance and leakage of the sum's node with the row's switches on it, and of the output alone."""
    rest = [line for line in still(settings) if line.split()[1] in dut.ports]
    return seen_node(dut, settings, [*rest, source("th", settings.vcm), *_load(load, settings)], "out")


def _load(load: RowLoad, settings: Settings) -> list[str]:
    lines = [f"r_th th plates {load.ohm!r}", f"c_plates plates 0 {load.plate_f!r}", f"c_th plates top {load.c_f!r}"]
    lines += [f"c_load out 0 {settings.c_load + load.out_f!r}"]
    return lines + [f"c_{at}_{net} {at} {net} {c_f!r}" for at, net, c_f in load.clocks if c_f]


def bit_of(cell: Cell, corner: Corner, temp_degc: float) -> Dut:
    """The circuit of a magnitude bit."""
    tile = cell.instances[0].cell.instances[0].cell
    return make_dut(next(i.cell for i in tile.instances if i.name == "bit0"), "schematic", corner, temp_degc)


def bit_load(cell: Cell, corner: Corner, temp_degc: float, settings: Settings) -> BitLoad:
    """A bit's switches at vcm, from the cell of a magnitude bit: both its latches let `d` through."""
    dut = bit_of(cell, corner, temp_degc)
    on, on_vdd = _seen(dut, settings, 1, ("a",), "a")
    off, off_vdd = _seen(dut, settings, 0, ("a", "y"), "a")
    alone = _seen(dut, settings, 0, ("a", "y"), "y")[0] if "c" not in dut.ports else 0.0
    mid, low, high = (_conductance(dut, settings, settings.vcm + x * settings.swing) for x in (0.0, -1.0, 1.0))
    return BitLoad(on, off, alone, on_vdd, off_vdd, mid, (low + high) / 2)


def reset_ohm(dut: Dut, settings: Settings) -> float:
    """The largest resistance of the reset switch, ohm: its far side at vcm, the sum anywhere within the swing."""
    levels = {"rst": settings.vdd, "smpb": settings.vdd}
    lines = [line for line in still(settings) if line.split()[1] in dut.ports]
    lines += [source(net, levels.get(net, 0.0)) for net in SWITCH_CLOCKS]
    low, high = settings.vcm - settings.swing, settings.vcm + settings.swing
    with circuit(dut.deck(*lines, source("top", settings.vcm), bulk=False)) as loaded:
        found = loaded.run(f"dc v_top {low} {high} {(high - low) / _SWEEP}")
    volt = found["v-sweep"] - settings.vcm
    apart = np.abs(volt) > _SMALL_V
    return float(np.max(np.abs(volt[apart] / found["v_top#branch"][apart])))


def weakest_levels(dut: Dut, settings: Settings) -> tuple[float, float]:
    """Where below and where above vcm a bit's switch conducts least, as shares of the swing; `dut` is a bit."""
    far = settings.vcm + settings.swing
    lines = [*_stored(dut, settings, 1), source("y", settings.vcm), f"v_small a y {_SMALL_V!r}"]
    lines += [source("c", settings.vcm)] if "c" in dut.ports else []
    with circuit(dut.deck(*lines, bulk=False)) as loaded:
        found = loaded.run(f"dc v_y {settings.vcm - settings.swing} {far} {2 * settings.swing / _SWEEP}")
    current, shares = np.abs(found["v_small#branch"]), (found["v-sweep"] - settings.vcm) / settings.swing
    below, above = shares < 0, shares > 0
    return float(shares[below][np.argmin(current[below])]), float(shares[above][np.argmin(current[above])])


def _conductance(dut: Dut, settings: Settings, level_v: float) -> float:
    """Of the switch from `a` to `y`, on, at a level, S."""
    lines = [*_stored(dut, settings, 1), source("y", level_v), source("a", level_v + _SMALL_V)]
    lines += [source("c", settings.vcm)] if "c" in dut.ports else []
    with circuit(dut.deck(*lines)) as loaded:
        return abs(loaded.op()["v_y#branch"]) / _SMALL_V


def _stored(dut: Dut, settings: Settings, bit: int) -> list[str]:
    """The sources that keep a bit in both latches."""
    high = {"vdd", "ck1", "ck2", *(("d",) if bit else ())}
    given = [p for p in dut.ports if p not in ("q", "y", "a", "c")]
    return [source(p, settings.vdd if p in high else 0.0) for p in given]


def _seen(dut: Dut, settings: Settings, bit: int, held: Sequence[str], port: str) -> tuple[float, float]:
    """Capacitance at `port` and what of it goes to the supply, F; the ports `held` at vcm, with the bit stored."""
    lines = _stored(dut, settings, bit)
    lines += [source(p, settings.vcm) for p in ("a", "c", "y") if p in dut.ports and (p in held or p == "c")]
    lines = [f"{line} ac 1" if line.startswith(f"v_{port} ") else line for line in lines]
    with circuit(dut.deck(*lines)) as loaded:
        found = loaded.run(f"ac lin 1 {_HZ} {_HZ}")
    whole, supply = (abs(complex(found[f"v_{p}#branch"][0]).imag) / (2 * np.pi * _HZ) for p in (port, "vdd"))
    return whole, supply
