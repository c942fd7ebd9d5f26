"""The record of a target: everything that `compile` knows of one way to build a network.

A target is one module of this room; `lookup` finds it by name. Flows ask the record and never the name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, Spec
from analoom.cells.model.registry import entry
from analoom.flows.compile.training.gains import Gains
from analoom.flows.compile.training.trainer import Grid

Array = NDArray[np.float64]
Place = tuple[int, int, int, int]
"""Of a stored bit: layer, output, input (the bias is the last) and bit, all from 0."""


class Word(Protocol):
    """What is written at once: the address, and the bits in the order in which they go in; None for one not stored."""

    @property
    def row(self) -> int: ...

    @property
    def bits(self) -> Sequence[Place | None]: ...


class Dies(Protocol):
    """Dies with mismatch of their own, as the target says what is drawn."""

    def outputs(self, codes: Sequence[NDArray[np.integer]], x: Array) -> Array:
        """(dies, points, outputs) at inputs `x` (points, inputs), 0 to 1.

        `codes`: (inputs + 1, outputs) a layer for all dies alike, or (dies, inputs + 1, outputs).
        """
        ...

    def without(self) -> Mapping[str, Dies]:
        """The same dies without one of the things that are drawn, by its name, for a budget."""
        ...

    def measured(self) -> Gains:
        """What a procedure that a real chip allows finds of each die."""
        ...


class DrawDies(Protocol):
    """Draws `count` dies of a cell's spec in a family of mismatch models; the same seed gives the same dies."""

    def __call__(self, spec: Spec, family: str, count: int, seed: int) -> Dies: ...


@dataclass(frozen=True)
class Inference:
    """What one inference takes: energy in J, time in s, and in words how both were found, or why they were not."""

    energy_j: float | None
    time_s: float | None
    words: str


@dataclass(frozen=True)
class Target:
    """One way to build a network.

    `grid`: the codes that it stores. `fields`: of dims, the spec of the cell `cell`; raises SpecError for what does not
    fit. `words_written`: the stored bits in write order.
    `bit`: the value of a bit, of a code. `inference`: what one takes. `drawn`: in words, what of a die is drawn with
    mismatch, and what is not in it.
    """

    name: str
    words: str
    grid: Grid
    cell: str
    fields: Callable[[tuple[int, ...]], Mapping[str, Any]]
    dies: DrawDies
    words_written: Callable[[Spec], Sequence[Word]]
    bit: Callable[[int, int], int]
    inference: Callable[[Cell], Inference] | None = None
    drawn: str = ""

    @property
    def levels(self) -> int:
        """How many different weights there are."""
        return 2 * self.grid.most + 1

    def parsed(self, fields: Mapping[str, Any]) -> Spec:
        """The spec of the cell with these fields. Raises SpecError."""
        return entry(self.cell).spec_type.parse(dict(fields))
