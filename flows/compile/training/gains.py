"""What is known of dies, as a network is trained with it: a gain of each neuron's two paths, and of each output.

Signals are relative: 1 is the full input. A weight of code c times the gain a code, g, takes a neuron's signal y to
g c p y where c > 0 and g c n y where c < 0; p and n are the gains of its positive and its negative path. Where every
weight is measured by itself, p and n are its own.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from .dense_pass import DensePass
from .known import Numbers, at_layer

DESIGNED = "designed"
"""The name of what has nothing of what was measured."""
FORMULA = (
    "x[0] = inputs, 0 to 1, and a bias of 1 behind them; "
    "sum[k][j] = step * sum over i of x[k][i] * (positive[k][i] * max(c, 0) + negative[k][i] * min(c, 0)), "
    "with c = code[k][i][j], a whole number of -most to most; "
    "x[k + 1] = max(sum[k], 0), and a bias of 1 behind them; "
    "outputs[j] = output[j] * sum[last][j]; the largest is the class"
)
FORMULA_OF_WEIGHTS = FORMULA.replace("tive[k][i]", "tive[k][i][j]")


@dataclass(frozen=True)
class Gains:
    """`positive` and `negative`: (dies, inputs + 1) a layer, the bias last, or of each weight (dies, inputs + 1,
    outputs); `output`: (dies, outputs)."""

    positive: tuple[Numbers, ...]
    negative: tuple[Numbers, ...]
    output: Numbers

    @property
    def dies(self) -> int:
        return len(self.output)

    @property
    def formula(self) -> str:
        return FORMULA if self.positive[0].ndim == 2 else FORMULA_OF_WEIGHTS

    def repeated(self, times: int) -> Gains:
        """Each die so many times, all dies first."""
        paths = (self.positive, self.negative)
        many = [tuple(np.concatenate([g] * times) for g in path) for path in paths]
        return Gains(many[0], many[1], np.concatenate([self.output] * times))

    def over(self, step: float) -> DensePass:
        return DensePass(self, step)

    def apart(self) -> Mapping[str, Gains]:
        """Dies where only one layer's neurons, or only the outputs, have the gains that were measured."""
        ones = [tuple(np.ones_like(g) for g in path) for path in (self.positive, self.negative)]
        held = Gains(ones[0], ones[1], np.ones_like(self.output))
        found = {DESIGNED: held}
        for k in range(len(self.positive)):
            positive, negative = at_layer(self.positive, held.positive, k), at_layer(self.negative, held.negative, k)
            found[f"gains_layer{k + 1}"] = replace(held, positive=positive, negative=negative)
        return {**found, "gains_outputs": replace(held, output=self.output)}

    def by_layer(self) -> Mapping[str, Sequence[Numbers]]:
        return {"positive": self.positive, "negative": self.negative}

    def by_die(self) -> Mapping[str, Numbers]:
        return {"output": self.output}


def ideal(dims: Sequence[int], dies: int = 1) -> Gains:
    """Gains of 1: dies that are as designed."""
    ones = tuple(np.ones((dies, size + 1), dtype=np.float32) for size in dims[:-1])
    return Gains(ones, ones, np.ones((dies, dims[-1]), dtype=np.float32))


def ideal_weights(dims: Sequence[int], dies: int = 1) -> Gains:
    """The same, with one of each weight."""
    ones = tuple(np.ones((dies, n + 1, m), dtype=np.float32) for n, m in pairwise(dims))
    return Gains(ones, ones, np.ones((dies, dims[-1]), dtype=np.float32))
