"""How a network lies on crossbars: sizes and current of a cell, codes, and the read-out that joins two layers.

A code c is the column current c i_full / most at the full input. Inputs are pulses, 1 the `pulse_s`; a column's charge
lies on its integrator until a ramp takes it off, which lasts z pulses: z = step times the sum of codes by inputs.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from itertools import pairwise
from typing import Any

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build

SYNAPSE: Mapping[str, Any] = {"cell": "synapse_cs", "l": 0.5, "w_n": 1.0, "w_p": 2.0}
FULL_A = 5e-8
"""Sizes and current of the largest weight that cost a network of 64-32-10 least: see the sweep in flows/README.md."""
SWING_V = 0.5
"""By how much the largest charge in use moves an integrator."""


@dataclass(frozen=True)
class Coding:
    """A network of `dims` on `synapse`: codes to `most` at `full_a` A, of which 1 is worth `step`; pulses in s.

    `ranges`: the largest z in use of each layer, by which its integrators are sized.
    """

    dims: tuple[int, ...]
    most: int
    step: float
    ranges: tuple[float, ...]
    synapse: Mapping[str, Any] = field(default_factory=lambda: dict(SYNAPSE))
    full_a: float = FULL_A
    pulse_s: float = 2.56e-6

    @property
    def shapes(self) -> list[tuple[int, int]]:
        """Rows and columns of each layer's array; the last row is the bias."""
        return [(n + 1, m) for n, m in pairwise(self.dims)]

    @cached_property
    def arrays(self) -> tuple[Cell, ...]:
        """The crossbars, one a layer."""
        return tuple(build("crossbar", rows=n, cols=m, synapse=dict(self.synapse)) for n, m in self.shapes)

    @property
    def code_a(self) -> float:
        """Column current of a code of 1."""
        return self.full_a / self.most

    @property
    def ramp_a(self) -> float:
        """Current of a ramp: it takes the charge of z = 1 off within a pulse."""
        return self.code_a / self.step

    @property
    def windows(self) -> tuple[float, ...]:
        """How long each layer's columns are held, in pulses: as long as the longest pulse of its inputs."""
        return (1.0, *(max(longest, 1.0) for longest in self.ranges[:-1]))

    def c_int_f(self, layer: int) -> float:
        """The capacitor of an integrator of a layer, F."""
        return self.ranges[layer] * self.ramp_a * self.pulse_s / SWING_V
