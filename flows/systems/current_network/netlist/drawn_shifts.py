"""What mismatch gives each transistor of a network on one die, by its name: the numbers of `solver.draws`, and more.

Units and somas have the numbers that the solver gives them. Of headers and switches the solver knows how well each
conducts, one number: their parameters are drawn from a stream of their own, and the part of them that says so is its.
So a die is the same one for both.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analoom.cells.current_mode.circuits import MAGNITUDE, SIZES
from analoom.cells.model.circuit import Mos
from analoom.flows.systems.current_network.solver.devices import NetworkDevices
from analoom.flows.systems.current_network.solver.draws import Draw
from analoom.flows.systems.current_network.solver.header import Header
from analoom.generators.current_network.spec import CurrentNetworkSpec
from analoom.pdk.mismatch.terms import random_terms

Array = NDArray[np.float64]
SOMA_N, SOMA_P = ("in", "copy", "n"), ("p", "turn")
"""The transistors of a soma in the order in which they are drawn."""
UNITS = tuple((bit, k) for bit in reversed(MAGNITUDE) for k in range(SIZES[bit]))
"""The units of a path in that order: bit, and number within it."""
HEADERS = ("head_p", "head_n")
_OTHERS = 1000
"""The stream of what the solver does not draw."""


@dataclass(frozen=True)
class DrawnShifts:
    """The die number `die` of `seed`, of a network of `devices`."""

    spec: CurrentNetworkSpec
    devices: NetworkDevices
    seed: int
    die: int

    def of(self, devices: Iterator[Mos]) -> Iterator[tuple[Mos, Mapping[str, float]]]:
        """Each transistor with its random parameters, in their own units."""
        others = np.random.default_rng([self.seed, self.die, _OTHERS])
        for device in devices:
            terms = random_terms(device.device, device.w_um, device.l_um, 1, 1, self.devices.family)
            z = self._numbers(device.name, others.standard_normal(len(terms)))
            yield device, {name: float(k) * sigma for (name, sigma), k in zip(terms.items(), z, strict=True)}

    def _numbers(self, name: str, own: Array) -> Array:
        """Sigmas (parameters,) of a transistor, from drawn ones of its own."""
        if name in self.units:
            return self.units[name]
        kind, z = self.in_series[name]
        return kind.parameters(z, own)

    @cached_property
    def units(self) -> dict[str, Array]:
        """Numbers (parameters,) in sigmas of units of synapses and somas."""
        found = {}
        for layer, (z_n, z_p) in enumerate(self._draw.somas(tuple(self.spec.dims))):
            for z, names in ((z_n, SOMA_N), (z_p, SOMA_P)):
                for (row, which, unit), of_unit in _by_place(z):
                    found[f"layer{layer}_soma{row}_{names[which]}{unit}"] = of_unit
        for layer in range(len(self.spec.layers)):
            z_p, z_n, _, _ = self._synapses(layer)
            for z, kind in ((z_p, "p"), (z_n, "n")):
                for (row, column, unit), of_unit in _by_place(z):
                    bit, k = UNITS[unit]
                    found[f"layer{layer}_w{row}_{column}_{kind}{bit}_{k}"] = of_unit
        return found

    @cached_property
    def in_series(self) -> dict[str, tuple[Header, float]]:
        """Headers and switches: what each is, and its number, high for one that conducts well."""
        found = {}
        for layer in range(len(self.spec.layers)):
            _, _, headers, switches = self._synapses(layer)
            for (which, row, column), z in np.ndenumerate(headers):
                found[f"layer{layer}_w{row}_{column}_{HEADERS[which]}"] = self.devices.headers[which], float(z)
            for (row, column, bit), z in np.ndenumerate(switches):
                found[f"layer{layer}_w{row}_{column}_switch{bit}"] = self.devices.switch, float(z)
        return found

    @cached_property
    def _draw(self) -> Draw:
        return Draw(self.seed, self.die, len(self.devices.n.terms), len(self.devices.p.terms))

    def _synapses(self, layer: int) -> tuple[Array, Array, Array, Array]:
        of_layer = self.spec.layers[layer]
        return self._draw.synapses(layer, of_layer.rows, of_layer.cols)


def _by_place(z: Array) -> Iterator[tuple[tuple[int, ...], Array]]:
    """Places of all but the last axis, with what stands there."""
    for at in np.ndindex(*z.shape[:-1]):
        yield at, z[at]
