"""Dies of a network of charge-domain multipliers: units, feedback, amplifiers and comparators with errors of their own.

A column's charge is that of its capacitors; its neuron gives it by the feedback, and by the noise gain what its
amplifier errs by, along the curve that ngspice gives of it as designed. A hidden neuron whose comparator does not see
it above nothing leaves the next layer's lines at rest. Every sum has noise of its own, drawn anew for each input.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import checked_model

from .charges import LayerCharges, layer_charges, unit_sigma_f
from .neuron import Neuron, neuron
from .spec import BITS, ChargeNetworkSpec
from .spread import Offsets, noise, offsets

Array = NDArray[np.float64]
Codes = Sequence[NDArray[np.integer]]
SOURCES = ("weights", "feedback", "amplifiers", "comparators", "noise")
"""What is drawn."""
_DRAWS = {name: k for k, name in enumerate(SOURCES)}


@dataclass(frozen=True)
class ChargeDies:
    """`count` dies of a network, drawn in a `family` of mismatch models with a `seed`; without a family they are as
    designed, and without noise.

    What is not in `sources` is as designed. `offset_v`: sigma of the amplifiers' offsets instead of what auto-zero
    leaves. Raises InputError for a family and a count that are none.
    """

    spec: ChargeNetworkSpec
    family: str | None = None
    count: int = 1
    seed: int = 1
    sources: Collection[str] = SOURCES
    offset_v: float | None = None

    def __post_init__(self) -> None:
        if self.family is not None:
            checked_model(self.family)
        if self.count < 1:
            raise InputError(f"count = {self.count}: at least 1", field="count", remedy="count=1")

    def outputs(self, codes: Codes, x: Array) -> Array:
        """(dies, points, outputs), 1 a full swing, at inputs `x` (points, inputs), 0 to 1.

        `codes`, for each layer (inputs + 1, outputs), or (dies, inputs + 1, outputs).
        """
        found = []
        for die in range(self.count):
            y = np.asarray(x, float)
            for k, of_layer in enumerate(codes):
                own = of_layer[die] if of_layer.ndim > 2 else of_layer
                y = self.behind(k, die, own, y)
            found.append(y)
        return np.array(found)

    def behind(self, k: int, die: int, codes: NDArray[np.integer], x: Array) -> Array:
        """What layer `k` of a die gives the next one, or the ramp, (points, cols) swings; `x` (points, rows - 1)."""
        level, offset = self.levels(k, die, codes, x), self._drawn("comparators", k, die, codes.shape[1:])
        if k == len(self.spec.shapes) - 1:
            return (level - offset) / self.spec.swing
        return np.where(level > offset, level, 0.0) / self.spec.swing

    def levels(self, k: int, die: int, codes: NDArray[np.integer], x: Array) -> Array:
        """Out of the neurons of layer `k` of a die, (points, cols) V from vcm."""
        charges, spec, cols = self._charges(k), self.spec, codes.shape[1:]
        units = self._drawn("weights", k, die, (*codes.shape, BITS - 1)) * np.sqrt(2.0 ** np.arange(BITS - 1))
        taken = charges.per_volt(np.asarray(codes, dtype=np.int64), units)
        kept_f = charges.feedback_f + np.sqrt(spec.units[k]) * self._drawn("feedback", k, die, cols)
        asked = spec.swing * (x @ taken[:-1] + taken[-1]) / kept_f
        added = self._neuron(k).noise_gain * self._drawn("amplifiers", k, die, cols)
        anew = crc32(np.ascontiguousarray(codes).tobytes() + np.ascontiguousarray(x).tobytes())
        return self._neuron(k).out(asked + added + self._drawn("noise", k, die, asked.shape, anew))

    def without_each(self, names: Sequence[str]) -> dict[str, ChargeDies]:
        """The same dies without one of the sources."""
        return {name: replace(self, sources=tuple(s for s in self.sources if s != name)) for name in names}

    def _drawn(self, source: str, k: int, die: int, shape: tuple[int, ...], anew: int = 0) -> Array:
        """What a source adds in layer `k` of a die, F of one unit or V; `anew`: what else the draw depends on."""
        if self.family is None or source not in self.sources:
            return np.zeros(shape)
        rng = np.random.default_rng([self.seed, die, k, _DRAWS[source], anew])
        return self._sigma(source, self.family, k) * rng.standard_normal(shape)

    def _sigma(self, source: str, family: str, k: int) -> float:
        if source in ("weights", "feedback"):
            return unit_sigma_f(self.spec, family)
        if source == "noise":
            return noise(self.spec, k).whole
        if source == "amplifiers":
            return self._offsets(family).amplifiers if self.offset_v is None else self.offset_v
        return self._offsets(family).comparators

    def _offsets(self, family: str) -> Offsets:
        return offsets(family)

    def _charges(self, k: int) -> LayerCharges:
        return layer_charges(self.spec, k)

    def _neuron(self, k: int) -> Neuron:
        return neuron(self.spec, k)
