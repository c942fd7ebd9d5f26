"""A whole network of charge-domain multipliers in one netlist, written here apart from the dies' solver.

Opamps, feedback and switches are the circuits that are drawn. Of a weight there are its capacitors and the switches of
its bits, their gates at the supplies that full latches would give; what comparators decide is given. Wires are left
out.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.circuit import Cap, Circuit, SubInstance
from analoom.cells.model.registry import build
from analoom.cells.strip.gates import GateSize, transmission_gate
from analoom.flows.bench.device_under_test import make_dut
from analoom.flows.simulator.ngspice import circuit
from analoom.pdk.corners import corner
from analoom.pdk.devices import MIM_M3

VDD_V, VCM_V, EDGE_S = 1.8, 0.9, 1e-9
SUPPLIES = {"vdd": "vdd", "vss": "vss"}
PHASES = ("az", "azb", "run", "runb", "rst", "rstb")
OPTIONS = ".option method=gear reltol=1e-4 abstol=1e-12 vntol=1e-6"
LEAST = GateSize(0.42, 0.42, 0.15)


@dataclass(frozen=True)
class WholeNetwork:
    """A network of `codes` (inputs + 1, outputs) a layer, `units` of feedback each, unit capacitors `w` um wide.

    `above`: of each hidden layer, which neurons its comparators see above nothing. `zero_s`: until the first layer's
    columns are let go; `settle_s` of each layer; `decide_s` between them.
    """

    codes: Sequence[NDArray[np.integer]]
    units: Sequence[int]
    swing: float
    above: Sequence[Sequence[bool]]
    settle_s: Sequence[float]
    w: float = 2.0
    zero_s: float = 1.5e-6
    decide_s: float = 5e-7

    def levels(self, x: NDArray[np.float64]) -> list[NDArray[np.float64]]:
        """Out of each layer's neurons, V from vcm, at inputs `x` (inputs,), 0 to 1, each as its time is over."""
        names = [[f"y{k}_{j}" for j in range(codes.shape[1])] for k, codes in enumerate(self.codes)]
        saved = ".save " + " ".join(f"v({name})" for of_layer in names for name in of_layer)
        dut = make_dut(self._cell(), "schematic", corner("tt"), 27.0)
        with circuit(dut.deck(*self._sources(x), OPTIONS, saved, bulk=False)) as loaded:
            found = loaded.run(f"tran 1e-8 {self._ends[-1]!r} 0 1e-8")
        read = zip(names, self._ends, strict=True)
        return [np.array([np.interp(end - 2e-8, found["time"], found[n]) for n in of]) - VCM_V for of, end in read]

    @property
    def _starts(self) -> list[float]:
        """When the inputs of each layer step."""
        gone = np.cumsum([0.0, *(t + self.decide_s for t in self.settle_s[:-1])])
        return [self.zero_s + float(t) for t in gone]

    @property
    def _ends(self) -> list[float]:
        return [start + t for start, t in zip(self._starts, self.settle_s, strict=True)]

    def _cell(self) -> object:
        found = [one for k in range(len(self.codes)) for one in self._layer(k)]
        inner = {net for one in found for net in one.nets.values()}
        ports = sorted(net for net in inner if not net.startswith("n"))
        whole = Circuit("network", tuple(ports), instances=tuple(found))
        return replace(build("opamp", auto_zero=True), name="network", circuit=whole)

    def _layer(self, k: int) -> Iterator[SubInstance]:
        codes = self.codes[k]
        for i in range(len(codes)):
            yield from self._lines(k, i)
        for j in range(codes.shape[1]):
            yield from self._neuron(k, j)
            for i, code in enumerate(codes[:, j]):
                yield from self._weight(k, i, j, int(code))

    def _lines(self, k: int, i: int) -> Iterator[SubInstance]:
        """A row's lines: while columns are reset x is at the level and xb at vcm, afterwards the other way round."""
        switch = build("analog_switch", w=1.0, dummy=False).circuit
        for line, when in (("x", "h"), ("xb", "e")):
            on, off = (f"p{when}{k}", f"p{when}b{k}") if self._moves(k, i) else ("vss", "vdd")
            for name, level, en, enb in (("on", self._level(k, i), on, off), ("off", "vcm", off, on)):
                nets = {"a": level, "b": f"n{k}_{line}{i}", "en": en, "enb": enb, **SUPPLIES}
                yield SubInstance(f"s{k}_{line}{i}_{name}", switch, nets)

    def _moves(self, k: int, i: int) -> bool:
        return k == 0 or i == len(self.codes[k]) - 1 or bool(self.above[k - 1][i])

    def _level(self, k: int, i: int) -> str:
        bias = i == len(self.codes[k]) - 1
        return f"in{k}_{i}" if bias or k == 0 else f"y{k - 1}_{i}"

    def _neuron(self, k: int, j: int) -> Iterator[SubInstance]:
        amp, kept = build("opamp", auto_zero=True).circuit, _capacitor(self.units[k], self.w)
        clocks = {phase: f"{phase}{k}" for phase in PHASES[:4]}
        nets = {"inp": "vcm", "inn": f"n{k}_s{j}", "out": f"y{k}_{j}", "bias": f"b{k}_{j}", **clocks, **SUPPLIES}
        yield SubInstance(f"a{k}_{j}", amp, nets)
        yield SubInstance(f"f{k}_{j}", kept, {"top": f"n{k}_s{j}", "bottom": f"y{k}_{j}"})
        switch, top = build("analog_switch", w=1.0).circuit, f"n{k}_t{j}"
        reset = {"a": "vcm", "b": top, "en": f"rst{k}", "enb": f"rstb{k}", **SUPPLIES}
        yield SubInstance(f"r{k}_{j}", switch, reset)
        yield SubInstance(f"p{k}_{j}", switch, {"a": top, "b": f"n{k}_s{j}", "en": "vdd", "enb": "vss", **SUPPLIES})

    def _weight(self, k: int, i: int, j: int, code: int) -> Iterator[SubInstance]:
        """Sign and two bits of a magnitude."""
        at, chosen = f"{k}_{i}_{j}", f"n{k}_{i}_{j}c"
        lines = {"a": f"n{k}_xb{i}", "c": f"n{k}_x{i}", "y": chosen, **SUPPLIES}
        yield SubInstance(f"q{at}", _bit(code < 0), lines)
        for bit in (0, 1):
            plate = f"n{at}p{bit}"
            one = (abs(code) >> bit) & 1 == 1
            yield SubInstance(f"m{at}_{bit}", _bit(one), {"a": chosen, "c": "vcm", "y": plate, **SUPPLIES})
            yield SubInstance(f"c{at}_{bit}", _capacitor(2**bit, self.w), {"top": f"n{k}_t{j}", "bottom": plate})

    def _sources(self, x: NDArray[np.float64]) -> Iterator[str]:
        yield from (f"v_{net} {net} 0 {volt}" for net, volt in (("vdd", VDD_V), ("vss", 0), ("vcm", VCM_V)))
        for k, codes in enumerate(self.codes):
            start = self._starts[k]
            for net, at, high in (("az", -6e-8, 1), ("rst", -5e-8, 1), ("run", -4e-8, 0), ("ph", 0, 1), ("pe", 0, 0)):
                yield _step(f"{net}{k}", start + at, high)
                yield _step(f"{net}b{k}", start + at, 1 - high)
            yield from (f"i_{k}_{j} vdd b{k}_{j} 2.5e-6" for j in range(codes.shape[1]))
            for level, full in self._inputs(k, x):
                yield f"v_{level} {level} 0 {VCM_V + self.swing * full!r}"

    def _inputs(self, k: int, x: NDArray[np.float64]) -> list[tuple[str, float]]:
        """Levels that come from outside: all of the first layer, and each layer's bias."""
        last = len(self.codes[k]) - 1
        of_inputs = [(f"in{k}_{i}", float(x[i])) for i in range(last)] if k == 0 else []
        return [*of_inputs, (f"in{k}_{last}", 1.0)]


def _bit(one: bool) -> Circuit:
    """Joins y to a where the bit is 1, else to c."""
    gates = ("vdd", "vss"), ("vss", "vdd")
    to_a, to_c = gates if one else gates[::-1]
    devices = (*transmission_gate("sa", "a", "y", to_a, LEAST), *transmission_gate("sc", "c", "y", to_c, LEAST))
    return Circuit(f"bit_{int(one)}", ("a", "c", "y", "vdd", "vss"), devices)


def _capacitor(units: int, w: float) -> Circuit:
    cap = Cap("c", MIM_M3, w, w, {"top": "top", "bottom": "bottom"}, units)
    return Circuit(f"units_{units}", ("top", "bottom"), (cap,))


def _step(net: str, at_s: float, first: int) -> str:
    before, after = VDD_V * first, VDD_V * (1 - first)
    return f"v_{net} {net} 0 pwl(0 {before} {at_s!r} {before} {at_s + EDGE_S!r} {after})"
