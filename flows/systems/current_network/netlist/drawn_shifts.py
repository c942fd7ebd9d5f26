"""What mismatch gives each transistor of a network on one die, by its name: the numbers of `solver.draws`, and more.

Units and somas have the numbers that the solver gives them, so a die is the same one for both but for its bit switches;
of headers the solver knows one number, the threshold's. All other numbers have a stream of their own.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analoom.cells.current_mode.circuits import MAGNITUDE, SIZES
from analoom.cells.model.circuit import Mos
from analoom.cells.strip.gates import NFET, PFET
from analoom.flows.systems.current_network.solver.draws import Draw
from analoom.generators.current_network.spec import CurrentNetworkSpec
from analoom.pdk.mismatch.terms import random_terms

Array = NDArray[np.float64]
SOMA_N, SOMA_P = ("in", "copy", "n"), ("p", "turn")
"""The transistors of a soma in the order in which they are drawn."""
UNITS = tuple((bit, k) for bit in reversed(MAGNITUDE) for k in range(SIZES[bit]))
"""The units of a path in that order: bit, and number within it."""
HEADERS = ("head_p", "head_n")
THRESHOLDS = ("delvto", "vth0")
"""What a family calls a threshold."""
_OTHERS = 1000
"""The stream of what the solver does not draw."""


@dataclass(frozen=True)
class DrawnShifts:
    """The die number `die` of `seed` in a `family` of models."""

    spec: CurrentNetworkSpec
    family: str
    seed: int
    die: int

    def of(self, devices: Iterator[Mos]) -> Iterator[tuple[Mos, Mapping[str, float]]]:
        """Each transistor with its random parameters, in their own units."""
        others = np.random.default_rng([self.seed, self.die, _OTHERS])
        for device in devices:
            terms = random_terms(device.device, device.w_um, device.l_um, 1, 1, self.family)
            z = others.standard_normal(len(terms)) if device.name not in self.units else self.units[device.name]
            given = {name: float(k) * sigma for (name, sigma), k in zip(terms.items(), z, strict=True)}
            if device.name in self.headers:
                given |= _threshold(device, terms, self.headers[device.name])
            yield device, given

    @cached_property
    def units(self) -> dict[str, Array]:
        """Numbers (parameters,) in sigmas of units of synapses and somas."""
        found = {}
        for layer, (z_n, z_p) in enumerate(self._draw.somas(tuple(self.spec.dims))):
            for z, names in ((z_n, SOMA_N), (z_p, SOMA_P)):
                for (row, which, unit), of_unit in _by_place(z):
                    found[f"layer{layer}_soma{row}_{names[which]}{unit}"] = of_unit
        for layer in range(len(self.spec.layers)):
            z_p, z_n, _ = self._synapses(layer)
            for z, kind in ((z_p, "p"), (z_n, "n")):
                for (row, column, unit), of_unit in _by_place(z):
                    bit, k = UNITS[unit]
                    found[f"layer{layer}_w{row}_{column}_{kind}{bit}_{k}"] = of_unit
        return found

    @cached_property
    def headers(self) -> dict[str, float]:
        """The number of each header's threshold: high for one that conducts well."""
        found = {}
        for layer in range(len(self.spec.layers)):
            for (which, row, column), z in np.ndenumerate(self._synapses(layer)[2]):
                found[f"layer{layer}_w{row}_{column}_{HEADERS[which]}"] = float(z)
        return found

    @property
    def _draw(self) -> Draw:
        n_terms, p_terms = (len(random_terms(d, self.spec.w, self.spec.l, 1, 1, self.family)) for d in (NFET, PFET))
        return Draw(self.seed, self.die, n_terms, p_terms)

    def _synapses(self, layer: int) -> tuple[Array, Array, Array]:
        of_layer = self.spec.layers[layer]
        return self._draw.synapses(layer, of_layer.rows, of_layer.cols)[:3]


def _by_place(z: Array) -> Iterator[tuple[tuple[int, ...], Array]]:
    """Places of all but the last axis, with what stands there."""
    for at in np.ndindex(*z.shape[:-1]):
        yield at, z[at]


def _threshold(device: Mos, terms: Mapping[str, float], z: float) -> dict[str, float]:
    """The threshold of a header that conducts the better the higher `z` is."""
    name = THRESHOLDS[0] if THRESHOLDS[0] in terms else THRESHOLDS[1]
    return {name: (-z if device.device is NFET else z) * terms[name]}
