"""The random error of mirrored currents by formula: units of a mirror are alike and independent.

An output of n units errs by sigma/sqrt(n) of its own, and with all other outputs by the input's diode of m units,
sigma_d gm/sqrt(m). sigma and sigma_d are a unit's: coefficients by the current's simulated answer at its operating
point (`analoom.flows.systems.transistor.transistor_response`), so that they hold in weak inversion too.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from math import hypot, sqrt

import numpy as np
from numpy.typing import NDArray

from analoom.flows.systems.transistor.transistor_response import Response, response
from analoom.pdk.mismatch.terms import random_terms, terms_source

from .mirror_parts import MirrorParts

Array = NDArray[np.float64]


@dataclass(frozen=True)
class MirrorLaw:
    """A mirror whose units carry `i_unit` (A) with `v_ds` (V) at the outputs, in a family of models."""

    parts: MirrorParts
    model: str
    i_unit: float
    v_ds: float

    @cached_property
    def answer(self) -> Response:
        """What the random parameters of one unit do to its current and, as a diode, to its gate."""
        unit = self.parts.unit
        sigmas = random_terms(unit.device, unit.w_um, unit.l_um, unit.nf, 1, self.model)
        return response(unit, sigmas, self.model, self.v_ds, ("i_square", self.i_unit / self.parts.squares))

    @property
    def source(self) -> str:
        """Where the coefficients come from."""
        unit = self.parts.unit
        return terms_source(unit.device, unit.w_um, unit.l_um, unit.nf, self.model)

    @property
    def sigma_unit(self) -> float:
        """Relative sigma of one unit's current."""
        return self.answer.sigma_log()

    @property
    def sigma_input(self) -> float:
        """Relative sigma that the input gives all outputs."""
        return self.answer.sigma_diode() * self.answer.gm_id / sqrt(self.parts.reference)

    def sigma_ratio(self, net: str) -> float:
        """Relative sigma of the current into `net`, by the input's and its own units."""
        return hypot(self.sigma_input, self.sigma_unit / sqrt(self.parts.units[net]))

    def drawn(self, rng: np.random.Generator, samples: int) -> dict[str, Array]:
        """Currents by the nominal one (samples,) of every output, by net: each unit drawn along the answer."""
        answer = self.answer
        gate = answer.v_diode + self._units(rng, samples, self.parts.reference)[2].mean(axis=1)
        return {net: self._output(rng, gate, n) for net, n in self.parts.units.items() if net != self.parts.gate}

    def _output(self, rng: np.random.Generator, gate: Array, units: int) -> Array:
        """The mean of `units` currents at the drawn `gate` (samples,) V, by the nominal one."""
        answer = self.answer
        own = answer.gate_shift(self._units(rng, len(gate), units)[0])
        return np.asarray(np.exp(answer.along_gate(gate[:, None] + own)).mean(axis=1))

    def _units(self, rng: np.random.Generator, samples: int, units: int) -> Array:
        """ln(I), threshold and gate of each unit, (3, samples, units)."""
        return self.answer.drawn({name: rng.standard_normal((samples, units)) for name in self.answer.log_ratio})
