"""Dies of a network of crossbars: read transistors, lines, and every column's read-out, each with mismatch of its own.

A column of a layer gives z = step / i_code times the sum of its cells' currents by the pulses of its inputs. Held off
its rest by its amplifier, every cell adds its conductance by that, whether its input is full or rests. A comparator's
offset counts by the swing of the integrator. Pulses below nothing are none, and an integrator at the end of its swing
gives the longest, the outputs' too.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import checked_model

from .coded_synapse import CodedSynapse, Deviations, deviations
from .readout import Readout, readout
from .spec import MOST, SWING_V, CrossbarNetworkSpec
from .tiles import Tile, synapse_of_codes, tiles

Array = NDArray[np.float64]
Codes = Sequence[NDArray[np.integer]]
MOST_AT_ONCE = 2**23
"""Pulses that are held at once: dies by points by neurons."""
COLUMN_SOURCES = ("held", "comparators", "ramps")
SOURCES = ("cells", "lines", *COLUMN_SOURCES)
"""What is drawn: cells and lines of the arrays; of the read-out the levels of columns, comparators and ramps."""


@dataclass(frozen=True)
class Layer:
    """A layer on each die: z is inputs, the bias of 1 behind them, by `weights` (dies, rows, cols), and `offset`
    (dies, cols)."""

    weights: Array
    offset: Array

    def sums(self, y: Array) -> Array:
        """z (dies, points, cols) of inputs (points, rows - 1) or (dies, points, rows - 1)."""
        return np.asarray(y @ self.weights[:, :-1] + (self.weights[:, -1] + self.offset)[:, None, :])


@dataclass(frozen=True)
class CrossbarDies:
    """`count` dies of a network, drawn in a `family` of mismatch models with a `seed`.

    What is not in `sources` is as designed. Raises InputError for a family and a count that are none.
    """

    spec: CrossbarNetworkSpec
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

        `codes`, for each layer (inputs + 1, outputs) of -MOST to MOST, or (dies, inputs + 1, outputs).
        """
        layers = [self.layer(k, np.asarray(of_layer)) for k, of_layer in enumerate(codes)]
        some = max(1, MOST_AT_ONCE // (self.count * max(self.spec.dims)))
        parts = [self._through(layers, np.asarray(x[a : a + some], float)) for a in range(0, len(x), some)]
        return np.concatenate(parts, axis=1)

    def _through(self, layers: Sequence[Layer], y: Array) -> Array:
        for layer, longest in zip(layers, self.spec.longest, strict=True):
            y = np.clip(layer.sums(y), 0.0, longest)
        return y

    def without_each(self, names: Sequence[str]) -> dict[str, CrossbarDies]:
        """The same dies without one of the sources."""
        return {name: replace(self, sources=tuple(s for s in self.sources if s != name)) for name in names}

    def layer(self, k: int, codes: NDArray[np.integer]) -> Layer:
        """What layer `k` with `codes` makes of its inputs on each die."""
        spec, coded = self.spec, self.coded
        at = coded.laid(np.asarray(codes, dtype=np.intp) + MOST)
        *held, offset_v, ramp = self._readouts(k)
        held_v = np.stack(held, axis=-1).reshape(self.count, -1)
        still = coded.rest_s[at]
        currents = self._currents(k, at) - held_v[:, None, :] * (coded.full_s[at] - still)
        steady_a = -held_v * spec.windows[k] * still.sum(axis=-2)
        taken_a = spec.ramp_a * (1 + ramp)
        offset_a = offset_v * spec.longest[k] / SWING_V * spec.ramp_a
        return Layer(coded.told(currents) / taken_a[:, None, :], (coded.told(steady_a) + offset_a) / taken_a)

    @cached_property
    def coded(self) -> CodedSynapse:
        """The synapse by code."""
        return synapse_of_codes(self.spec)

    def _currents(self, k: int, at: NDArray[np.intp]) -> Array:
        """Column currents of each input alone, (dies, rows, cols) A, at codes counted from 0."""
        plain = self.coded.column_a[at]
        if "lines" in self.sources:
            for tile in self._tiles[k]:
                part = (..., slice(*tile.rows), slice(*tile.columns))
                plain[part] += tile.drops.added_a(at[part])
        found = np.broadcast_to(plain, (self.count, *at.shape[-2:])).copy()
        if "cells" in self.sources:
            for die, each in enumerate(np.broadcast_to(at, found.shape)):
                shape = (len(self._deviations.tables), *each.shape)
                z = np.random.default_rng([self.seed, die, k, 0]).standard_normal(shape, dtype=np.float32)
                found[die] += self._deviations.added_a(each, z)
        return found

    def _readouts(self, k: int) -> Array:
        """Of each die's outputs: the held voltage of each of its columns and the comparator's offset (V), and the
        ramp's deviation as a fraction, (3 or 4, dies, outputs)."""
        names = (*("held",) * self.coded.columns, "comparators", "ramps")
        shape = (len(names), self.spec.shapes[k][1])
        draws = [np.random.default_rng([self.seed, die, k, 1]).standard_normal(shape) for die in range(self.count)]
        own = {name: getattr(self._readout, name) for name in COLUMN_SOURCES if name in self.sources}
        scale = np.array([own.get(name, 0.0) for name in names])
        return np.stack(draws, axis=1) * scale[:, None, None]

    @property
    def _readout(self) -> Readout:
        return readout(self.family, self.spec.ramp_a)

    @property
    def _deviations(self) -> Deviations:
        return deviations(self.coded, self.family)

    @cached_property
    def _tiles(self) -> tuple[tuple[Tile, ...], ...]:
        return tiles(self.spec)
