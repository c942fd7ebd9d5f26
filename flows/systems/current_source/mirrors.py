"""The mirrors of a cell by their gate net: which units drain into each net, and the random error by formula.

Units of a mirror are alike and independent. An output of n units errs by sigma/sqrt(n) of its own, and with all other
outputs by the input's diode of m units, sigma_d gm/sqrt(m). sigma and sigma_d are a unit's: coefficients by the
current's simulated answer at its operating point (`analoom.flows.systems.transistor.transistor_response`), so that
they hold in weak inversion too.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from math import hypot, sqrt

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.systems.transistor.transistor_response import Response, response
from analoom.pdk.errors import InputError
from analoom.pdk.mismatch.terms import random_terms, terms_source

Array = NDArray[np.float64]


@dataclass(frozen=True)
class MirrorParts:
    """One unit of a mirror, and the number of units on each drain net; the input's net is the gates' own."""

    gate: str
    unit: Mos
    units: dict[str, int]

    @property
    def reference(self) -> int:
        """Units of the input."""
        return self.units[self.gate]

    @property
    def is_p(self) -> bool:
        """Whether its outputs source."""
        return self.unit.device.is_p

    @property
    def squares(self) -> float:
        """W/L of one unit."""
        return self.unit.w_um / self.unit.l_um


def mirror_parts(cell: Cell, gate: str) -> MirrorParts:
    """The mirror whose gates lie on the net `gate`. Raises InputError where there is none, or no diode."""
    found = [f for f in flat_devices(cell.circuit) if f.nets.get("g") == gate and f.nets["d"] != f.nets["s"]]
    devices = {f.nets["d"]: f.device for f in found if isinstance(f.device, Mos)}
    if gate not in devices:
        raise InputError(f"{cell.name} has no mirror with its input on {gate}", field="name")
    unit = replace(devices[gate], m=1)
    return MirrorParts(gate, unit, {net: device.m for net, device in devices.items()})


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
