"""Dies of a network of crossbars: read transistors, lines, and every column's read-out, each with mismatch of its own.

A column of a layer gives z = step / i_code times the sum of its cells' currents by the pulses of its inputs. Held off
its rest by its amplifier, every cell adds its conductance by that, whether its input is full or rests. A comparator's
offset counts by the swing of the integrator. Pulses below nothing are none, the outputs' too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analoom.flows.systems.crossbar.solver.read import array_reader
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import checked_model

from .coded_synapse import CodedSynapse, Deviations, coded_synapse, deviations
from .coding import SWING_V, Coding
from .drops import Drops
from .readout import Readout, readout

Array = NDArray[np.float64]
Codes = Sequence[NDArray[np.integer]]
SOURCES = ("cells", "lines", "held", "comparators", "ramps")


@dataclass(frozen=True)
class Layer:
    """A layer on each die: z is `bias` (dies, cols) and inputs by `weights` (dies, rows - 1, cols)."""

    weights: Array
    bias: Array


@dataclass(frozen=True)
class CrossbarDies:
    """`count` dies of a network as it is coded, drawn in a `family` of mismatch models with a `seed`.

    What is not in `sources` is as designed. Raises InputError for a family and a count that are none.
    """

    coding: Coding
    family: str
    count: int
    seed: int
    sources: Collection[str] = SOURCES

    def __post_init__(self) -> None:
        checked_model(self.family)
        if self.count < 1:
            raise InputError(f"count = {self.count}: at least 1", field="count", remedy="count=1")

    def outputs(self, codes: Codes, x: Array) -> Array:
        """(dies, points, outputs) pulses, 1 the full input, at inputs `x` (points, inputs), 0 to 1.

        `codes`, for each layer (inputs + 1, outputs) of -most to most, or (dies, inputs + 1, outputs).
        """
        y = np.asarray(x, float)
        for k, of_layer in enumerate(codes):
            made = self.layer(k, np.asarray(of_layer))
            y = np.maximum(y @ made.weights + made.bias[:, None, :], 0.0)
        return y

    def layer(self, k: int, codes: NDArray[np.integer]) -> Layer:
        """What layer `k` with `codes` makes of its inputs on each die."""
        coding, coded = self.coding, self.coded
        at = np.asarray(codes, dtype=np.intp) + coding.most
        draws = [self._draw(die, k) for die in range(self.count)]
        held_v, offset_v, ramp = (np.array([d[n] for d in draws]) for n in (1, 2, 3))
        currents = coded.column_a[at] + (self._drops[k].added_a(at) if "lines" in self.sources else 0.0)
        currents = np.broadcast_to(currents, (self.count, *currents.shape[-2:])).copy()
        if "cells" in self.sources:
            each = np.broadcast_to(at, currents.shape)
            for die, (z, *_) in enumerate(draws):
                currents[die] += self._deviations.added_a(each[die], z)
        still = np.broadcast_to(coded.rest_s[at], currents.shape)
        currents -= held_v[:, None, :] * (coded.full_s[at] - still)
        steady_a = -held_v * coding.windows[k] * still.sum(axis=1)
        offset = offset_v * coding.ranges[k] / SWING_V
        taken = 1 + ramp
        weights = currents / (coding.ramp_a * taken[:, None, :])
        bias = weights[:, -1] + steady_a / (coding.ramp_a * taken) + offset / taken
        return Layer(weights[:, :-1], bias)

    @cached_property
    def coded(self) -> CodedSynapse:
        """The synapse by code."""
        return coded_synapse(self.coding.arrays[0], self.coding.full_a, self.coding.most)

    @cached_property
    def readout(self) -> Readout:
        """Sigmas of the read-out's parts."""
        return readout(self.family, self.coding.ramp_a)

    @cached_property
    def _deviations(self) -> Deviations:
        return deviations(self.coding.arrays[0], self.coded, self.family)

    @cached_property
    def _drops(self) -> list[Drops]:
        return [Drops(array_reader(array).network, self.coded) for array in self.coding.arrays]

    def _draw(self, die: int, k: int) -> tuple[NDArray[np.float32], Array, Array, Array]:
        """Of a layer: sigmas of cells (parameters, rows, cols), and by column the held voltage (V), the comparator's
        offset (V) and the ramp's deviation (a fraction)."""
        rng = np.random.default_rng([self.seed, die, k])
        rows, cols = self.coding.shapes[k]
        columns = rng.standard_normal((3, cols))
        scales = (self.readout.hold_v, self.readout.offset_v, self.readout.ramp)
        names = ("held", "comparators", "ramps")
        held, offset, ramp = (
            z * (s if name in self.sources else 0.0) for z, s, name in zip(columns, scales, names, strict=True)
        )
        cells = rng.standard_normal((len(self._deviations.tables), rows, cols), dtype=np.float32)
        return cells, held, offset, ramp
