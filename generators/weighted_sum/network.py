"""What a weighted sum consists of, and what it gives: stages of an amplifier with resistors on its inputs.

Voltages are counted from `mid`, in any unit. A stage with its output fed back to its inverting input holds that at the
non-inverting one, where the others' voltages meet by their conductances.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

MID, OUT, REFERENCE = "mid", "out", "ref"
MU_V = 0.1
"""The unit of voltage in which a sum is told: machine unit, MU."""


@dataclass(frozen=True)
class Leg:
    """The resistor of a number, from a net to an input of the stage."""

    net: str
    resistor: int


@dataclass(frozen=True)
class Stage:
    """One amplifier: legs to its inverting input beside the resistor `feedback` from its output, and legs to the other
    input, which without any is on `mid`."""

    name: str
    out: str
    feedback: int
    minus: tuple[Leg, ...] = ()
    plus: tuple[Leg, ...] = ()

    @property
    def inn(self) -> str:
        """The net of its inverting input."""
        return f"{self.name}_inn"

    @property
    def inp(self) -> str:
        """The net of its non-inverting input."""
        return f"{self.name}_inp" if self.plus else MID


@dataclass(frozen=True)
class Network:
    """The resistors by name with their units, and the stages, each after those that it takes its voltages from."""

    names: tuple[str, ...]
    units: tuple[int, ...]
    stages: tuple[Stage, ...]

    def solve(
        self, drive: Mapping[str, Array | float], ohm: Array, offset: Array | float = 0.0, gain: float = np.inf
    ) -> dict[str, Array]:
        """Voltages by net for those of `drive`, the other inputs on `mid`, by resistances `ohm` (..., resistors).

        `ohm` is in any unit; `offset` (..., stages): what each amplifier adds to its non-inverting input; `gain`: that
        of all of them.
        """
        known: dict[str, Array] = {MID: np.zeros(()), **{net: np.asarray(v) for net, v in drive.items()}}
        errors = np.broadcast_to(offset, (*np.shape(offset)[:-1], len(self.stages)))
        for stage, error in zip(self.stages, np.moveaxis(errors, -1, 0), strict=True):
            held = _mean(stage.plus, known, ohm)[0] + error
            pulled, conductance = _mean(stage.minus, known, ohm)
            back = 1 / ohm[..., stage.feedback]
            share = back / (back + conductance)
            known[stage.out] = (held - (1 - share) * pulled) / (share + 1 / gain)
            known[stage.inn] = share * known[stage.out] + (1 - share) * pulled
        return known

    def coefficients(self, nets: Sequence[str], ohm: Array | None = None, gain: float = np.inf) -> Array:
        """What a unit on each of `nets` makes at `out`, (..., nets); by the units themselves without `ohm`."""
        values = np.array(self.units, dtype=np.float64) if ohm is None else ohm
        return np.stack([self.solve({net: 1.0}, values, 0.0, gain)[OUT] for net in nets], axis=-1)

    def currents(self, drive: Mapping[str, float], r_unit: float) -> dict[str, float]:
        """What each stage's resistors take from its output, A, by its name; `drive` in V, `r_unit` in ohm."""
        ohm = np.array(self.units) * r_unit
        v = self.solve(drive, ohm)
        found = {}
        for stage in self.stages:
            ends = [(stage.feedback, stage.inn)]
            ends += [(leg.resistor, s.inn) for s in self.stages for leg in s.minus if leg.net == stage.out]
            found[stage.name] = float(sum((v[stage.out] - v[net]) / ohm[k] for k, net in ends))
        return found


def _mean(legs: Sequence[Leg], known: Mapping[str, Array], ohm: Array) -> tuple[Array, Array]:
    """The voltage at which legs meet where nothing else pulls, and their conductance; 0 V of none."""
    if not legs:
        return np.zeros(()), np.zeros(())
    conductances = [1 / ohm[..., leg.resistor] for leg in legs]
    total = np.asarray(sum(conductances))
    return np.asarray(
        sum(g * known.get(leg.net, np.zeros(())) for g, leg in zip(conductances, legs, strict=True)) / total
    ), total
