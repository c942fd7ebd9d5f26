"""What training must know of dies, whatever a target is: the form of what was measured, and of the pass over it.

Shapes: codes (dies, inputs + 1, outputs) a layer, the bias last; inputs (points, inputs); outputs (dies, points,
outputs). The largest output is the class.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float32]
"""Training is done in single precision: codes are small integers, and what is measured is known to some per cent."""


def numbers(of_layers: Sequence[NDArray[np.floating]]) -> tuple[Numbers, ...]:
    """What was measured of each layer, as training takes it."""
    return tuple(values.astype(np.float32) for values in of_layers)


def at_layer(own: Sequence[Numbers], held: Sequence[Numbers], layer: int) -> tuple[Numbers, ...]:
    """`own` of one layer, `held` of all others."""
    return tuple(own[k] if k == layer else held[k] for k in range(len(held)))


class Pass(Protocol):
    """Networks of codes on many dies at once, forward and backward."""

    @property
    def steps(self) -> Sequence[float]:
        """What a code of 1 is worth as designed, a layer each."""
        ...

    def weights(self, codes: Sequence[Numbers]) -> list[Numbers]:
        """What codes weigh on each die, shaped as the codes."""
        ...

    def forward(self, weights: Sequence[Numbers], x: Numbers) -> list[Numbers]:
        """What enters each layer, and last the outputs: (dies, points, neurons)."""
        ...

    def outputs(self, codes: Sequence[Numbers], x: Numbers) -> Numbers:
        """(dies, points, outputs)."""
        ...

    def held(self, codes: Sequence[Numbers], x: Numbers) -> NDArray[np.bool_]:
        """Whether the dies hold all that codes and inputs ask of them, (dies,)."""
        ...

    def backward(self, weights: Sequence[Numbers], signals: Sequence[Numbers], slope: Numbers) -> list[Numbers]:
        """The gradient by weight, for the one by output, `slope` (dies, points, outputs)."""
        ...

    def by_code(self, codes: Sequence[Numbers], slopes: Sequence[Numbers]) -> list[Numbers]:
        """The gradient by code, of that by weight."""
        ...


class Known(Protocol):
    """What a procedure that a real chip allows finds of dies: `by_layer` and `by_die` make up `measured.json`."""

    @property
    def dies(self) -> int: ...

    @property
    def formula(self) -> str:
        """How the numbers of `by_layer` and `by_die` enter, in words that another framework can follow."""
        ...

    def repeated(self, times: int) -> Known:
        """Each die so many times, all dies first."""
        ...

    def over(self, step: float) -> Pass:
        """The pass; `step`: what a code of 1 is worth, where that is the same in all layers."""
        ...

    def apart(self) -> Mapping[str, Known]:
        """By source, dies that are as measured in one thing and as designed in all else; of none of them first."""
        ...

    def by_layer(self) -> Mapping[str, Sequence[Numbers]]:
        """By name, (dies, ...) a layer."""
        ...

    def by_die(self) -> Mapping[str, Numbers]:
        """By name, (dies, ...)."""
        ...
