"""What the random parameters of a synapse's read transistors do to its factor, over the stored voltage.

One netlist holds the synapse many times with a common stored node and input: once as it is, and for each random
parameter of each read transistor at shifts from -7 to +7 of its sigmas, made in the model's own parameter. The result
is a table that whole dies are drawn from. With one read transistor, or several in series, the parameters' parts
multiply, with several whose currents add in the column they add.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from math import sqrt

import numpy as np
from numpy.typing import NDArray
from scipy.interpolate import CubicSpline, RectBivariateSpline

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.cells.model.reading import Reading
from analoom.flows.netlists.flat_devices import FlatDevice
from analoom.flows.netlists.models import sizes_of
from analoom.flows.simulator.ngspice import Loaded, circuit, deck
from analoom.flows.statistics.mismatch_library import line_with_shifts, mismatch_library
from analoom.flows.systems.transistor.transistor_response import REACH, TEMP_DEGC
from analoom.pdk.mismatch.terms import DEFAULT_MODEL, random_terms

from .read_map import Range
from .read_path import is_chain, own_nets, read_transistors
from .reading import input_sources, require_current

WEIGHT_POINTS, POINTS = 31, 29
_FINE_W, _FINE_Z, _NODES = 241, 281, 32

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SynapseResponse:
    """`weights` (W,) V, `factor` (W,) S; `shifted` (W, Z) S by (transistor, parameter) at `z` (Z,) sigmas.

    `multiplies`: the parameters' parts multiply, else they add.
    """

    weights: Array
    factor: Array
    z: Array
    shifted: Mapping[tuple[str, str], Array]
    sigmas: Mapping[tuple[str, str], float]
    multiplies: bool

    def nominal(self, stored: Array) -> Array:
        """The factor (S) at stored voltages, any shape."""
        return CubicSpline(self.weights, self.factor)(stored)

    def mean(self, stored: Array) -> Array:
        """Expected factor (S), with what the curvature adds."""
        return CubicSpline(self.weights, self._moments[0])(stored)

    def sigma(self, stored: Array) -> Array:
        """Sigma of the factor (S), from Gauss-Hermite sums along the simulated response."""
        return CubicSpline(self.weights, self._moments[1])(stored)

    def first_order(self, stored: Array) -> Array:
        """Sigma of the factor (S) by slopes alone."""
        slopes = [CubicSpline(self.z, values, axis=1)(0.0, 1) for values in self.shifted.values()]
        return CubicSpline(self.weights, np.sqrt(np.sum(np.square(slopes), axis=0)))(stored)

    def per_volt(self, stored: Array) -> Array:
        """Change of the factor by a threshold (S/V), all read transistors shifted alike."""
        out = np.zeros_like(self.factor)
        for key, values in self.shifted.items():
            if key[1] in ("delvto", "vth0"):
                out += CubicSpline(self.z, values, axis=1)(0.0, 1) / self.sigmas[key]
        return CubicSpline(self.weights, out)(stored)

    def drawn(self, stored: Array, rng: np.random.Generator, samples: int) -> NDArray[np.float32]:
        """(samples, *stored.shape) float32 S: every parameter of every cell drawn, read off the table bilinearly."""
        row, part = self._places(stored)
        total = np.zeros((samples, *stored.shape), dtype=np.float32)
        for table in self._fine.values():
            z = rng.standard_normal((samples, *stored.shape), dtype=np.float32)
            total += _bilinear(table, row, part, z)
        base = _bilinear(self._fine_nominal, row, part, np.zeros(stored.shape, dtype=np.float32))
        return base * np.exp(total) if self.multiplies else base + total

    @cached_property
    def _moments(self) -> tuple[Array, Array]:
        """Mean and sigma of the factor at each of `weights`."""
        nodes, weights = np.polynomial.hermite_e.hermegauss(_NODES)
        held = np.abs(nodes) <= REACH
        nodes, weights = nodes[held], weights[held] / weights[held].sum()
        if self.multiplies:
            logs = [np.log(values / self.factor[:, None]) for values in self.shifted.values()]
            ratio = [np.exp(CubicSpline(self.z, values, axis=1)(nodes)) for values in logs]
            first, second = (np.prod([r**p @ weights for r in ratio], axis=0) for p in (1, 2))
            return self.factor * first, np.abs(self.factor) * np.sqrt(np.maximum(second - first**2, 0))
        at = [CubicSpline(self.z, values, axis=1)(nodes) for values in self.shifted.values()]
        means = [values @ weights for values in at]
        variances = [(values - m[:, None]) ** 2 @ weights for values, m in zip(at, means, strict=True)]
        return self.factor + np.sum([m - self.factor for m in means], axis=0), np.sqrt(np.sum(variances, axis=0))

    @cached_property
    def _fine(self) -> dict[tuple[str, str], NDArray[np.float32]]:
        """Parts on a fine grid: ln of the ratio where they multiply, else the difference (S)."""
        w, z = np.linspace(self.weights[0], self.weights[-1], _FINE_W), np.linspace(-REACH, REACH, _FINE_Z)
        out = {}
        for key, values in self.shifted.items():
            part = np.log(values / self.factor[:, None]) if self.multiplies else values - self.factor[:, None]
            out[key] = RectBivariateSpline(self.weights, self.z, part)(w, z).astype(np.float32)
        return out

    @cached_property
    def _fine_nominal(self) -> NDArray[np.float32]:
        w = np.linspace(self.weights[0], self.weights[-1], _FINE_W)
        return np.repeat(self.nominal(w)[:, None], _FINE_Z, axis=1).astype(np.float32)

    def _places(self, stored: Array) -> tuple[NDArray[np.int32], NDArray[np.float32]]:
        at = (stored - self.weights[0]) / (self.weights[-1] - self.weights[0]) * (_FINE_W - 1)
        row = np.clip(at.astype(np.int32), 0, _FINE_W - 2)
        return row, (at - row).astype(np.float32)


def read_terms(synapse: Cell, model: str = DEFAULT_MODEL, k_vth: float | None = None) -> dict[tuple[str, str], float]:
    """Sigma of each random parameter of each read transistor, by (name, parameter)."""
    found: dict[tuple[str, str], float] = {}
    for flat in read_transistors(synapse):
        d = flat.device
        if not isinstance(d, Mos):
            continue
        terms = random_terms(d.device, d.w_um, d.l_um, d.nf, d.m, model)
        if k_vth is not None:
            own = "delvto" if model == DEFAULT_MODEL else "vth0"
            terms = {own: k_vth / sqrt(d.w_um * d.l_um * d.m)}
        found |= {(_name(flat), parameter): sigma for parameter, sigma in terms.items()}
    return found


def synapse_response(
    synapse: Cell,
    reading: Reading,
    v_read: float,
    range_v: tuple[float, float],
    model: str = DEFAULT_MODEL,
    k_vth: float | None = None,
    points: int = WEIGHT_POINTS,
) -> SynapseResponse:
    """Simulates the table at `points` stored voltages over `range_v` (V), at the full input `v_read` (V)."""
    sigmas, z = read_terms(synapse, model, k_vth), np.linspace(-REACH, REACH, POINTS)
    cases = [{}, *({key: float(k * sigma)} for key, sigma in sigmas.items() for k in z)]
    (low, high), step = range_v, (range_v[1] - range_v[0]) / (points - 1)
    with circuit(_netlist(synapse, reading, v_read, cases, model, low)) as loaded:
        result = loaded.run(f"dc vw {low} {high + step / 2} {step}")
        _require_current(loaded, synapse, reading, (v_read, low, high), result[f"v_{reading.column}_0#branch"])
    i = np.array([result[f"v_{reading.column}_{c}#branch"] for c in range(len(cases))]).T / v_read
    parts = {key: i[:, 1 + k * POINTS : 1 + (k + 1) * POINTS] for k, key in enumerate(sigmas)}
    return SynapseResponse(np.linspace(low, high, points), i[:, 0], z, parts, sigmas, is_chain(synapse))


def _require_current(loaded: Loaded, synapse: Cell, reading: Reading, range_v: Range, full_a: Array) -> None:
    """Raises InputError unless the input moves the nominal column from `full_a` (W,) A, at its largest."""
    _, low, high = range_v
    largest = int(np.argmax(np.abs(full_a)))
    loaded.set("vw", float(np.linspace(low, high, len(full_a))[largest]))
    loaded.set("vin", 0.0)
    without_a = loaded.op()[f"v_{reading.column}_0#branch"]
    require_current(synapse.name, reading, range_v, abs(float(full_a[largest] - without_a)))


def _netlist(
    synapse: Cell, reading: Reading, v_read: float, cases: list[dict[tuple[str, str], float]], model: str, low: float
) -> str:
    column, node, rest = reading.column, reading.stored, reading.rest_v
    library = mismatch_library(sizes_of(synapse.circuit), model, "given")
    quiet = [p for p in synapse.circuit.ports if p not in reading.inputs and p != column]
    lines = [f"v_{p} {p} 0 {rest[p]}" for p in quiet]
    lines += [*input_sources(reading)[1:], f"vin in_vin 0 {v_read}", f"vw {node} 0 {low}"]
    for c, case in enumerate(cases):
        lines += _copy(synapse, c, case)
        lines += [f"v_{column}_{c} {column}_{c} 0 {reading.column_rest_v}", f".save v_{column}_{c}#branch"]
    return deck("synapses", f'.include "{library}"\n.temp {TEMP_DEGC:g}', *lines, ".save vw")


def _copy(synapse: Cell, copy: int, case: dict[tuple[str, str], float]) -> Iterator[str]:
    """The read transistors of one copy, with what is given to them."""
    for flat in read_transistors(synapse):
        if isinstance(flat.device, Mos):
            nets = dict(own_nets(synapse, flat, copy))
            given = {parameter: value for (name, parameter), value in case.items() if name == _name(flat)}
            yield line_with_shifts(replace(flat.device, name=f"{_name(flat)}_{copy}", nets=nets), given)


def _name(flat: FlatDevice) -> str:
    return flat.word


def _bilinear(
    table: NDArray[np.float32], row: NDArray[np.int32], part: NDArray[np.float32], z: NDArray[np.float32]
) -> NDArray[np.float32]:
    """`table` (W, Z) at rows `row` + `part` and at `z` sigmas."""
    at = np.clip((z + np.float32(REACH)) * np.float32((_FINE_Z - 1) / (2 * REACH)), 0, _FINE_Z - 1.001)
    column = at.astype(np.int32)
    along = at - column
    flat, index = table.ravel(), row * _FINE_Z + column
    low = flat[index] * (1 - along) + flat[index + 1] * along
    high = flat[index + _FINE_Z] * (1 - along) + flat[index + _FINE_Z + 1] * along
    return low * (1 - part) + high * part
