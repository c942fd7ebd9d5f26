"""The record of a target: everything that `compile` knows of one way to build a network.

A target is one module of this room; `lookup` finds it by name. Flows ask the record and never the name.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell, Spec
from analoom.cells.model.registry import entry
from analoom.flows.compile.training.gains import ideal
from analoom.flows.compile.training.known import Known
from analoom.flows.compile.training.settings import Training
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

    def measured(self) -> Known:
        """What a procedure that a real chip allows finds of each die."""
        ...


class MappedNetwork(Protocol):
    """A network on the codes of a target, as `mapping` makes it."""

    @property
    def codes(self) -> Sequence[NDArray[np.integer]]:
        """(inputs + 1, outputs) a layer, the bias last."""
        ...

    @property
    def steps(self) -> tuple[float, ...]:
        """What a code of 1 is worth behind each layer."""
        ...

    def activity(self, x: Array) -> list[Array]:
        """What each layer of ideal devices gives for inputs (points, inputs): (points, neurons)."""
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
class Bounds:
    """What each layer keeps to, a number a layer: `signals`, the largest behind it, None where there is no end; `sums`,
    the largest sum of one sign of a column, of codes by signals; () for any."""

    signals: tuple[float | None, ...]
    sums: tuple[float, ...] = ()


def dims_alone(dims: tuple[int, ...]) -> Mapping[str, Any]:
    """The fields of a spec that has the network's dims, and nothing else of it."""
    return {"dims": list(dims)}


def designed_gains(dims: tuple[int, ...], spec: Spec) -> Known:
    """One die of a network of gains, as designed."""
    return ideal(dims)


@dataclass(frozen=True)
class Target:
    """One way to build a network.

    `grid`: the codes that it stores. `fields`: of dims, the spec of the cell `cell`; raises SpecError for what does not
    fit. `words_written`: the stored bits in write order, `bit`: the value of a bit, of a code; both None where weights
    are no bits. `inference`: what one takes, of a spec and its cells. `drawn`: in words, what of a die is drawn with
    mismatch, and what is not in it.

    What few targets need: `designed`: what is known of a die of dims and a spec that was not measured, in the form of
    `Dies.measured`. `step_of`: what a code of 1 is worth behind a layer, of the layer's sums in codes (points,
    outputs), where that is not the grid's. `sized`: fields of the spec that follow from the mapped network and the
    training inputs, given all others. `spec_type`: of the spec, where that is not the cell's. `stored`: writes the
    files of weights that are no bits, of codes, a spec and a folder, and gives them by name. `cells`: of a spec, all
    cells that a network is drawn as, where `cell` alone is not all of it. `tiles`: their number of arrays, where it is
    not that of the layers. `training`: settings by dims and seed. `bounds`: of a spec, what signals and sums keep to.
    `area_um2`: of a spec, what is drawn takes, where that is known without drawing it. `sample`: of a spec and
    families, asks ngspice for all tables that dies take, so that workers are handed them
    (`analoom.flows.simulator.sampled`) and ask for none.
    """

    name: str
    words: str
    grid: Grid
    cell: str
    fields: Callable[[tuple[int, ...]], Mapping[str, Any]]
    dies: DrawDies
    words_written: Callable[[Spec], Sequence[Word]] | None
    bit: Callable[[int, int], int] | None
    inference: Callable[[Spec, Sequence[Cell]], Inference] | None = None
    drawn: str = ""
    designed: Callable[[tuple[int, ...], Spec], Known] = designed_gains
    step_of: Callable[[Array], float] | None = None
    sized: Callable[[Mapping[str, Any], MappedNetwork, Array | None], Mapping[str, Any]] | None = None
    spec_type: type[Spec] | None = None
    stored: Callable[[Sequence[NDArray[np.integer]], Spec, Path], Mapping[str, str]] | None = None
    cells: Callable[[Spec], Sequence[Cell]] | None = None
    tiles: Callable[[Spec], int] | None = None
    training: Callable[[Sequence[int], int], Training] | None = None
    sample: Callable[[Spec, Sequence[str]], None] | None = None
    area_um2: Callable[[Spec], float] | None = None
    bounds: Callable[[Spec], Bounds] | None = None

    @property
    def levels(self) -> int:
        """How many different weights there are."""
        return 2 * self.grid.most + 1

    def parsed(self, fields: Mapping[str, Any]) -> Spec:
        """The spec of the cell with these fields. Raises SpecError."""
        return (self.spec_type or entry(self.cell).spec_type).parse(dict(fields))

    def drawn_cells(self, spec: Spec) -> tuple[Cell, ...]:
        """All cells of a network. Raises SpecError for what cannot be drawn."""
        return tuple(self.cells(spec)) if self.cells else (entry(self.cell).build(spec),)

    def tiles_of(self, dims: Sequence[int], spec: Spec) -> int:
        """How many arrays there are."""
        return self.tiles(spec) if self.tiles else len(dims) - 1

    def bounds_of(self, dims: Sequence[int], spec: Spec) -> Bounds:
        """What signals and sums of each layer keep to."""
        return self.bounds(spec) if self.bounds else Bounds((None,) * (len(dims) - 1))

    def trained_how(self, dims: Sequence[int], seed: int) -> Training:
        """How its networks are trained."""
        return self.training(dims, seed) if self.training else Training.fitting(dims, seed)
