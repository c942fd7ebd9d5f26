"""Virtual dies of a current-mode network: every drawn transistor with its drawn mismatch, solved from device curves.

A network of dims (4, 7, 3) has two layers of synapses; the rows of a layer are its inputs and a bias, the last, whose
soma carries four unit currents. Layer by layer the voltages of all lines are solved (`solver/`). The last layer's sums
come out of pins, which whoever reads them holds at `pin_v`: positive ones flow out, negative ones in. Latches hold full
levels whatever their mismatch, so nothing of it reaches a current.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from analoom.generators.current_network.places import places_um
from analoom.generators.current_network.spec import CurrentNetworkSpec
from analoom.pdk.corners import VDD_V
from analoom.pdk.corners import corner as corner_of
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import checked_model

from .measure import Run, measured_dies
from .measured import Measured
from .solver.devices import NetworkDevices
from .solver.drawn_die import Drawn, DrawnDie
from .solver.draws import SOURCES, Draw
from .solver.ir_drop import LayerWires, Paths
from .solver.layer import N_LOW_V, P_LOW_V, REST_V, TOP_V, currents_at, input_voltages, layer_voltages, pin_currents
from .solver.plane import rises
from .solver.somas import LOG_INPUT, UNITS, soma_curves
from .solver.supplies import layer_wires
from .solver.synapses import path_ratios

Array = NDArray[np.float64]
Codes = Sequence[NDArray[np.int64]]
T = TypeVar("T")

LARGEST_CODE = 7
_AT_THE_TOP_V = 1e-3


@dataclass(frozen=True)
class CurrentDies:
    """`count` dies of a network of `dims` with units of `w` by `l` um, drawn in a `family` of mismatch models.

    With `places_um`, (inputs + 1, 1 + outputs, 2) a layer, of each row's soma and synapses, thresholds have a plane of
    `gradient_v_um`, an assumption, in a direction of each die's own. With `wires`, those of each layer, supplies drop.
    What is not in `sources` is without mismatch.

    Raises InputError for dims, counts, families, places and wires that are none, and the binned family off tt.
    """

    dims: tuple[int, ...]
    w: float
    l: float  # noqa: E741
    unit_current: float
    family: str
    count: int
    seed: int
    corner: str = "tt"
    temp: float = 27.0
    pin_v: float = REST_V
    places_um: tuple[Array, ...] | None = None
    gradient_v_um: float = 1e-6
    wires: tuple[LayerWires, ...] | None = None
    sources: tuple[str, ...] = SOURCES

    def __post_init__(self) -> None:
        object.__setattr__(self, "dims", tuple(int(n) for n in self.dims))
        checked_model(self.family)
        corner_of(self.corner)
        if len(self.dims) < 2 or min(self.dims) < 1:
            raise InputError(f"dims = {self.dims}: at least two layers of at least one", field="dims")
        wanted = [(n + 1, m + 1, 2) for n, m in pairwise(self.dims)]
        if self.places_um is not None and [p.shape for p in self.places_um] != wanted:
            raise InputError(f"places of shapes {wanted} are wanted", field="places_um")
        if self.wires is not None and [w.shape for w in self.wires] != [(n, m - 1) for n, m, _ in wanted]:
            raise InputError(f"wires of layers of {self.dims} are wanted", field="wires")
        if self.count < 1:
            raise InputError(f"count = {self.count}: at least 1", field="count")

    def currents(self, codes: Codes, x: Array) -> Array:
        """Output currents (dies, points, outputs) A at input currents `x` (points, inputs) A.

        `codes`, for each layer (inputs + 1, outputs) of -7 to 7, or (dies, inputs + 1, outputs). Raises InputError.
        """
        return self.activity(codes, x)[-1]

    def activity(self, codes: Codes, x: Array) -> list[Array]:
        """Currents into the somas of every layer, the inputs' first, and those of the outputs, each (dies, points,
        somas) A. Raises InputError for codes or currents that are out of range."""
        return self.activities([(codes, x)])[0]

    def activities(self, runs: Sequence[Run]) -> list[list[Array]]:
        """The same for several pairs of codes and inputs, for which every die is drawn once."""
        for codes, x in runs:
            self._check(codes, x)
        somas, _, _ = self._somas, self.devices.headers, (self.devices.paths, self.devices.switch)
        found = self._each(lambda die: self._die(die, somas[die], runs))
        layers = range(len(self.dims))
        return [[np.array([of_die[k][layer] for of_die in found]) for layer in layers] for k in range(len(runs))]

    def measure(self) -> Measured:
        """What a bench at the pins finds of each die: slopes of the somas' paths (`measure`)."""
        return measured_dies(self)

    def layer(self, die: int, k: int, codes: NDArray[np.int64], currents: Array) -> tuple[Array, Array, Paths]:
        """Of a layer whose inputs carry `currents` (points, inputs) A: voltages (points, rows) V, bias and all, somas'
        curves, and the ratios of positive and negative paths."""
        somas = self._somas[die][k]
        paths = self._paths(self._drawn(die).synapses()[k], codes)
        return self._with_bias(input_voltages(currents, somas), somas), somas, paths

    @cached_property
    def devices(self) -> NetworkDevices:
        """Curves of the units, and the headers."""
        return NetworkDevices(self.w, self.l, self.family, self.corner, self.temp)

    @property
    def bias_a(self) -> float:
        """Current of a bias soma."""
        return UNITS * self.unit_current

    def draw(self, die: int) -> Draw:
        """The random numbers of a die."""
        return Draw(self.seed, die, len(self.devices.n.terms), len(self.devices.p.terms), self.sources)

    @cached_property
    def _somas(self) -> list[list[Array]]:
        """Curves of each die's somas, by layer, the outputs' last."""
        n, p = self.devices.n, self.devices.p
        of_n, of_p = (n.log_i, n.shift, n.thermal_v), (p.log_i, p.shift, p.thermal_v)
        return self._each(
            lambda die: [soma_curves(z_n, z_p, of_n, of_p, VDD_V) for z_n, z_p in self._drawn(die).somas()]
        )

    def _drawn(self, die: int) -> DrawnDie:
        """The parameters of a die's transistors."""
        places = self.places_um
        plane = None if places is None else rises(self.seed, die, list(places), self.gradient_v_um)
        return DrawnDie(self.draw(die), self.dims, self.devices.n, self.devices.p, plane)

    def _die(self, die: int, somas: list[Array], runs: Sequence[Run]) -> list[list[Array]]:
        """Currents of one die by run and layer, (points, somas) each."""
        drawn = self._drawn(die).synapses()
        return [self._solved(somas, drawn, [c if c.ndim == 2 else c[die] for c in codes], x) for codes, x in runs]

    def _solved(self, somas: list[Array], drawn: list[Drawn], codes: Codes, x: Array) -> list[Array]:
        """Currents by layer, (points, somas) each, the outputs' last."""
        v, found, nominal = _held(input_voltages(x, somas[0])), [x], self.devices.nominal
        for layer, of_layer in enumerate(codes):
            v_in, paths = self._with_bias(v, somas[layer]), self._paths(drawn[layer], of_layer)
            lost = self._lost(layer, v_in, somas[layer], paths)
            if layer == len(codes) - 1:
                return [*found, pin_currents(v_in, somas[layer], paths, nominal, lost, self.pin_v)]
            diodes = np.ascontiguousarray(somas[layer + 1][:-1, LOG_INPUT])
            v = _held(layer_voltages(v_in, somas[layer], paths, nominal, lost, diodes))
            found.append(currents_at(v, diodes))
        return found

    def _with_bias(self, v: Array, somas: Array) -> Array:
        """The voltages (points, rows) of a layer's inputs and its bias."""
        bias = input_voltages(np.array([[self.bias_a]]), somas[-1:])
        return np.hstack([v, np.broadcast_to(bias, (len(v), 1))])

    def _lost(self, layer: int, v_in: Array, somas: Array, paths: tuple[Array, Array]) -> Array:
        """What the supplies' wires take off the sums of a layer, (points, 4, columns) A."""
        if self.wires is None:
            return np.zeros((len(v_in), 4, self.dims[layer + 1]))
        return self.wires[layer].lost(v_in, somas, paths, self.devices.nominal)

    def _paths(self, drawn: Drawn, codes: NDArray[np.int64]) -> tuple[Array, Array]:
        """Ratios of a layer's positive and negative paths."""
        z_p, z_n, z_headers, z_switches = drawn
        devices, found, switch_s = self.devices, [], self.devices.switch.drawn(z_switches)
        parts = ((codes, z_p, P_LOW_V), (-codes, z_n, N_LOW_V))
        for (of_sign, z, low_v), held, z_header, path in zip(
            parts, devices.headers, z_headers, devices.paths, strict=True
        ):
            found.append(path_ratios(of_sign, z, held.drawn(z_header), switch_s, path, low_v))
        return found[0], found[1]

    def _each(self, work: Callable[[int], T]) -> list[T]:
        """What `work` makes of every die, in threads."""
        with ThreadPoolExecutor(os.cpu_count()) as pool:
            return list(pool.map(work, range(self.count)))

    def _check(self, codes: Codes, x: Array) -> None:
        shapes = [(n + 1, m) for n, m in pairwise(self.dims)]
        if len(codes) != len(shapes) or any(
            c.shape not in (s, (self.count, *s)) for c, s in zip(codes, shapes, strict=True)
        ):
            said = f"codes of shapes {[c.shape for c in codes]}: must be {shapes}, or these for each die"
            raise InputError(said, field="codes")
        if any(np.abs(c).max() > LARGEST_CODE for c in codes):
            raise InputError(f"codes go from -{LARGEST_CODE} to {LARGEST_CODE}", field="codes")
        if x.ndim != 2 or x.shape[1] != self.dims[0] or not (np.isfinite(x).all() and (x >= 0).all()):
            raise InputError(f"inputs (points, {self.dims[0]}) of at least 0 A are wanted", field="x")


def drawn_dies(spec: CurrentNetworkSpec, family: str, count: int, seed: int) -> CurrentDies:
    """Dies of a drawn network: its transistors at their places, the wires of its supplies. Raises InputError."""
    wires, places = tuple(layer_wires(layer) for layer in spec.layers), places_um(spec)
    sizes = (spec.w, spec.l, spec.unit_current)
    return CurrentDies(tuple(spec.dims), *sizes, family, count, seed, places_um=places, wires=wires)


def _held(v: Array) -> Array:
    """`v` if all somas stay within their curves. Raises InputError."""
    if v.size and v.max() >= TOP_V - _AT_THE_TOP_V:
        remedy = "smaller inputs or codes"
        raise InputError(f"a soma's input rises above {TOP_V:g} V, some 10 uA", field="x", remedy=remedy)
    return v
