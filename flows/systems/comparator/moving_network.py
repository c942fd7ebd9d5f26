"""A circuit that moves, made linear along its way: how much a charge on each node, whenever, is at its end.

With i(v) the currents and q(v) the charges of the circuit's nodes, a small error u of them follows
d(C u)/dt + G u = i_noise, C = dq/dv and G = di/dv along the way. The weight w of a node at a moment is what a unit of
charge there becomes at the end; the weights are found backward in one pass, all nodes at once, by backward Euler.
Source: J. Kim et al., "Simulation and Analysis of Random Decision Errors in Clocked Comparators", IEEE TCAS-I 56, 2009
(the weights are its impulse sensitivity function); T. Kailath, "Linear Systems", on adjoint systems.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import lu_factor, lu_solve

from analoom.cells.model.circuit import Mos
from analoom.flows.bench.device_under_test import Dut
from analoom.flows.netlists.flat_devices import flat_devices

from .moving_devices import TERMINALS

STEP_S = 2.5e-13
BEFORE_S, BEFORE_STEPS = 5e-10, 100
"""How long the circuit has been at rest as its way begins: what is stored then is kT/C of its nodes."""

_ELEMENT = re.compile(r"^([CR])\S* (\S+) (\S+) (\S+)$", re.M)
_PLACED = re.compile(r"^[Xx](\S+) (\S+) (\S+) (\S+) (\S+) sky130_\S+ ", re.M)

Array = NDArray[np.float64]
Nodes = tuple[str, str, str, str]


@dataclass(frozen=True)
class Network:
    """The transistors of a cell that lie on any net but those that are held, with the nodes of their terminals, and
    its wires: (farad or siemens, node, node). Nodes are named within the cell."""

    devices: Mapping[str, tuple[Mos, Nodes]]
    held: frozenset[str]
    capacitors: Sequence[tuple[float, str, str]]
    conductors: Sequence[tuple[float, str, str]]

    @cached_property
    def nodes(self) -> tuple[str, ...]:
        """Those that are free, in order."""
        ends = [node for _, nodes in self.devices.values() for node in nodes]
        ends += [node for _, *pair in (*self.capacitors, *self.conductors) for node in pair]
        return tuple(dict.fromkeys(node for node in ends if node not in self.held))


def network_of(dut: Dut, held: Sequence[str], loads: Mapping[str, float]) -> Network:
    """Of a cell whose nets `held` follow sources, with `loads` (F) to ground."""
    placed = {name: nodes for name, *nodes in _PLACED.findall(dut.text)} if dut.view == "post" else {}
    devices: dict[str, tuple[Mos, Nodes]] = {}
    for flat in flat_devices(dut.cell.circuit):
        nodes = placed.get(flat.word) or [flat.nets[t] for t in TERMINALS]
        if not set(flat.nets.values()) <= set(held):
            devices[flat.word] = (flat.mos, (nodes[0], nodes[1], nodes[2], nodes[3]))
    wires = _ELEMENT.findall(dut.text)
    capacitors = [(float(c), a, b) for letter, a, b, c in wires if letter == "C"]
    conductors = [(1 / float(r), a, b) for letter, a, b, r in wires if letter == "R"]
    capacitors += [(c, net, "0") for net, c in loads.items()]
    return Network(devices, frozenset((*held, "0")), capacitors, conductors)


@dataclass(frozen=True)
class Way:
    """A network along its way: `times_s` (moments,), `g` and `c` (moments, devices, 4, 4) of its transistors there."""

    network: Network
    times_s: Array
    g: Array
    c: Array

    def weights(self, ends: tuple[str, str]) -> tuple[Array, Array, Array]:
        """Lengths of the steps (steps,) s, their times (steps,), before the first moment too, and the weight of each
        node (steps, nodes) 1/F on the difference between two of them at the last moment."""
        count = max(2, int(np.ceil((self.times_s[-1] - self.times_s[0]) / STEP_S)))
        times = np.linspace(self.times_s[0], self.times_s[-1], count + 1)
        step = times[1] - times[0]
        one = np.zeros(len(self.network.nodes))
        for net, sign in zip(ends, (1.0, -1.0), strict=True):
            if net not in self.network.held:
                one[self.network.nodes.index(net)] = sign
        found = []
        for t in times[::-1]:
            g, c = self._free(t)
            found.append(np.linalg.solve((c + step * g).T, one))
            one = c.T @ found[-1]
        rest = BEFORE_S / BEFORE_STEPS
        factors = lu_factor((c + rest * g).T)
        for _ in range(BEFORE_STEPS):
            found.append(lu_solve(factors, one))
            one = c.T @ found[-1]
        early = times[0] - rest * np.arange(BEFORE_STEPS, 0, -1)
        lengths = np.concatenate([np.full(BEFORE_STEPS, rest), np.full(count + 1, step)])
        return lengths, np.concatenate([early, times]), np.array(found[::-1])

    def gain(self, inputs: Mapping[str, float], weights: tuple[Array, Array, Array]) -> float:
        """What a volt, shared by the held nets `inputs`, is at the end."""
        lengths, times, w = weights
        before, total = self._driven(times[0], inputs)[1], 0.0
        for length, t, weight in zip(lengths, times, w, strict=True):
            g, c = self._driven(t, inputs)
            total -= float(weight @ (c - before + length * g))
            before = c
        return total

    def _free(self, t: float) -> tuple[Array, Array]:
        g, c = self._matrices(t)
        n = len(self.network.nodes)
        return g[:n, :n], c[:n, :n]

    def _driven(self, t: float, inputs: Mapping[str, float]) -> tuple[Array, Array]:
        g, c = self._matrices(t)
        n = len(self.network.nodes)
        given = np.zeros(len(self._index))
        for net, share in inputs.items():
            given[self._index[net]] = share
        return g[:n] @ given, c[:n] @ given

    @cached_property
    def _index(self) -> dict[str, int]:
        return {node: k for k, node in enumerate((*self.network.nodes, *sorted(self.network.held)))}

    @cached_property
    def _stacks(self) -> tuple[Array, Array]:
        """Both matrices at every moment, (moments, nodes, nodes) of all nodes."""
        size = len(self._index)
        both = np.zeros((2, len(self.times_s), size, size))
        for k, (_, nodes) in enumerate(self.network.devices.values()):
            at = [self._index[node] for node in nodes]
            for row in range(4):
                for col in range(4):
                    both[0, :, at[row], at[col]] += self.g[:, k, row, col]
                    both[1, :, at[row], at[col]] += self.c[:, k, row, col]
        for of, wires in ((0, self.network.conductors), (1, self.network.capacitors)):
            for value, *pair in wires:
                a, b = (self._index[node] for node in pair)
                both[of, :, [a, b], [a, b]] += value
                both[of, :, [a, b], [b, a]] -= value
        return both[0], both[1]

    def _matrices(self, t: float) -> tuple[Array, Array]:
        """Between the moments by straight lines."""
        k = int(np.clip(np.searchsorted(self.times_s, t) - 1, 0, len(self.times_s) - 2))
        share = float(np.clip((t - self.times_s[k]) / (self.times_s[k + 1] - self.times_s[k]), 0.0, 1.0))
        g, c = ((1 - share) * of[k] + share * of[k + 1] for of in self._stacks)
        return g, c
