"""A neuron in ngspice: what comes out for the charge of its column, and for what is added at its amplifier's input.

The circuits of amplifier, feedback and of the switches that reset a column stand as they are drawn; all capacitors of
the column, seen from there, are one in each tile, and a source steps behind it. So the curve has the amplifier's gain,
its swing, what all switches inject and what a sum lacks when its time is over.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Circuit, SubInstance
from analoom.flows.bench.device_under_test import Dut, make_dut
from analoom.flows.simulator.ngspice import circuit
from analoom.flows.systems.amplifier.settings import Settings as AmplifierBench
from analoom.flows.systems.charge_mac.cycle import source
from analoom.generators.amplifier.auto_zero import PHASES
from analoom.generators.charge_mac.nets import SWITCH_CLOCKS
from analoom.pdk.corners import VDD_V, corner

from .charges import ColumnLoad, LayerCharges, layer_charges
from .phases import EDGE_S, GAP_S, OPENS_S, settle_s
from .spec import VCM_V, ChargeNetworkSpec
from .tiles import Tile, amplifier, feedback, tiles

Array = NDArray[np.float64]
ACCURATE = ".option method=gear reltol=1e-5 abstol=1e-13 vntol=1e-7"
STEP_S = 1e-8
TEMP_DEGC = 27.0
FIRST_V, LAST_V, LEVELS = -0.7, 0.8, 16
"""Levels, from vcm, that an ideal neuron would give: beyond them the amplifier is at the ends of its swing."""
ADDED_V, ADDED_AT_V = 1e-3, 0.2
"""What is added at the input to find the noise gain, and the level out at which it is."""
LINE_OHM = 300.0
"""Between the source and the capacitors: thousands of switches in parallel have less."""
LOAD_F = 2e-12


@dataclass(frozen=True, eq=False)
class Neuron:
    """Levels out, V from vcm, `out_v` over those of an ideal neuron, `ideal_v`; `noise_gain`: what a volt at its input
    adds to them."""

    ideal_v: Array
    out_v: Array
    noise_gain: float

    def out(self, ideal_v: Array) -> Array:
        """V out of what an ideal neuron would give, V."""
        return np.asarray(np.interp(ideal_v, self.ideal_v, self.out_v))


@cache
def neuron(spec: ChargeNetworkSpec, layer: int) -> Neuron:
    """Of a layer, as designed, typical corner."""
    ideal = np.linspace(FIRST_V, LAST_V, LEVELS)
    stand = _Stand(spec, layer)
    before, after = (stand.out(np.array([ADDED_AT_V]), added)[0] for added in (0.0, ADDED_V))
    return Neuron(ideal, stand.out(ideal), float((after - before) / ADDED_V))


@dataclass(frozen=True)
class _Stand:
    """A neuron in its bench: cycles of reset and sum one after the other."""

    spec: ChargeNetworkSpec
    layer: int

    @property
    def charges(self) -> LayerCharges:
        return layer_charges(self.spec, self.layer)

    @property
    def period_s(self) -> float:
        return self.spec.t_zero + settle_s(self.spec, self.layer)

    def out(self, ideal_v: Array, added_v: float = 0.0) -> Array:
        """Levels out (cycles,), V from vcm, of cycles whose charges ask for `ideal_v` (cycles,); `added_v` at the
        amplifier's input from the step of the inputs on."""
        cell = neuron_cell(self.spec, self.layer)
        dut = make_dut(cell, "schematic", corner("tt"), TEMP_DEGC)
        with circuit(dut.deck(*self._lines(dut, ideal_v, added_v))) as loaded:
            found = loaded.run(f"tran {STEP_S!r} {len(ideal_v) * self.period_s!r} 0 {STEP_S!r}")
        ends = (np.arange(len(ideal_v)) + 1) * self.period_s - 5 * GAP_S
        return np.interp(ends, found["time"], found["y"]) - VCM_V

    def _lines(self, dut: Dut, ideal_v: Array, added_v: float) -> Iterator[str]:
        yield from (ACCURATE, ".save v(y)", source("vdd", VDD_V), source("vss", 0.0), source("vcm", VCM_V))
        yield from (source("smp", VDD_V), source("smpb", 0.0), f"c_load y 0 {LOAD_F!r}")
        yield f"c_wires sum y {self.charges.feedback_wires_f!r}"
        yield f"i_bias vdd bias {AmplifierBench().i_bias!r}"
        yield from clocks(self.spec.t_zero, self.period_s, len(ideal_v))
        whole_f = sum(load.lines_f for load in self.charges.loads)
        moved = -ideal_v * self.charges.feedback_f / whole_f
        yield source("inp", list(self._stepped(np.full(len(ideal_v), added_v))))
        for k, load in enumerate(self.charges.loads):
            yield from _column(k, load, source(f"th{k}", list(self._stepped(moved))))

    def _stepped(self, by_v: Array) -> Iterator[tuple[float, float]]:
        """At vcm but for the second part of each cycle."""
        yield 0.0, VCM_V
        for k, volt in enumerate(by_v):
            up, down = k * self.period_s + self.spec.t_zero, (k + 1) * self.period_s - 3 * GAP_S
            yield from ((up, VCM_V), (up + EDGE_S, VCM_V + volt), (down, VCM_V + volt), (down + EDGE_S, VCM_V))


def _column(k: int, load: ColumnLoad, driven: str) -> list[str]:
    """The capacitors of a column within one tile, behind a source."""
    lines = [driven, f"r_th{k} th{k} plates{k} {LINE_OHM!r}", f"c_th{k} plates{k} top{k} {load.lines_f!r}"]
    return [*lines, f"c_rest{k} top{k} 0 {load.rest_f!r}"]


def clocks(t_zero: float, period_s: float, cycles: int) -> list[str]:
    """Sources of the phases and of the reset: `az` falls, then `rst`, then `run` rises, before the inputs step; at the
    end of a cycle the other way round."""
    falls = t_zero - OPENS_S
    runs = {"run": (0.0, falls + 2 * GAP_S, period_s - 3 * GAP_S)}
    stores = {"rst": (1.0, falls + GAP_S, period_s - 2 * GAP_S), "az": (1.0, falls, period_s - GAP_S)}
    found = []
    for net, (first, *times) in {**runs, **stores}.items():
        at = [k * period_s + t for k in range(cycles) for t in times]
        found += [source(end, waves(at, level)) for end, level in ((net, first), (f"{net}b", 1 - first))]
    return found


def waves(at: Sequence[float], first: float) -> list[tuple[float, float]]:
    """Points of a line at 0 or VDD_V (`first` 0 or 1) that changes at each of `at`, s."""
    levels = [VDD_V * level for level in accumulate(at, lambda level, _: 1 - level, initial=first)]
    points = [(0.0, levels[0])]
    for t, before, after in zip(at, levels[:-1], levels[1:], strict=True):
        points += [(t, before), (t + EDGE_S, after)]
    return points


def neuron_cell(spec: ChargeNetworkSpec, layer: int) -> Cell:
    """Amplifier, feedback and the switches of a column in each of its tiles, joined; a circuit alone, not drawn."""
    column = [tile for tile in tiles(spec)[layer] if tile.cols[0] == 0]
    amp, kept = amplifier(), feedback(spec, layer)
    found = [
        SubInstance("amp", amp.circuit, {**{port: port for port in amp.circuit.ports}, "inn": "sum", "out": "y"}),
        SubInstance("feedback", kept.circuit, {**{port: port for port in kept.circuit.ports}, "top": "sum", "b0": "y"}),
        *(switch for k, tile in enumerate(column) for switch in _switches(k, tile)),
    ]
    tops = tuple(f"top{k}" for k in range(len(column)))
    ports = ("inp", "vcm", "sum", "y", *tops, *SWITCH_CLOCKS, "bias", *PHASES, "vdd", "vss")
    return replace(amp, name="charge_neuron", circuit=Circuit("charge_neuron", ports, instances=tuple(found)))


def _switches(k: int, tile: Tile) -> Iterator[SubInstance]:
    """The reset and the sampling switch of a tile's first row."""
    nets = {"top": f"top{k}", "out": "sum"}
    for one in tile.cell.instances[0].cell.circuit.instances:
        if one.name in ("reset", "sample"):
            at = {port: nets.get(net, net) for port, net in one.nets.items()}
            yield SubInstance(f"{one.name}{k}", one.circuit, at)
