"""What is known of dies, as a network is trained with it: a gain of each neuron's two paths, and of each output.

Signals are relative: 1 is the full input. A weight of code c times the gain a code, g, takes a neuron's signal y to
g c p y where c > 0 and g c n y where c < 0; p and n are the gains of its positive and its negative path.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from .dense_pass import DensePass
from .known import Numbers

DESIGNED = "designed"
"""The name of what has nothing of what was measured."""
FORMULA = (
    "x[0] = inputs, 0 to 1, and a bias of 1 behind them; "
    "sum[k][j] = step * sum over i of x[k][i] * (positive[k][i] * max(c, 0) + negative[k][i] * min(c, 0)), "
    "with c = code[k][i][j], a whole number of -most to most; "
    "x[k + 1] = max(sum[k], 0), and a bias of 1 behind them; "
    "outputs[j] = output[j] * sum[last][j]; the largest is the class"
)


@dataclass(frozen=True)
class Gains:
    """`positive` and `negative`: (dies, inputs + 1) a layer, the bias last; `output`: (dies, outputs)."""

    positive: tuple[Numbers, ...]
    negative: tuple[Numbers, ...]
    output: Numbers

    @property
    def dies(self) -> int:
        return len(self.output)

    @property
    def formula(self) -> str:
        return FORMULA

    def repeated(self, times: int) -> Gains:
        """Each die so many times, all dies first."""
        many = [tuple(np.tile(g, (times, 1)) for g in path) for path in (self.positive, self.negative)]
        return Gains(many[0], many[1], np.tile(self.output, (times, 1)))

    def over(self, step: float) -> DensePass:
        return DensePass(self, step)

    def apart(self) -> Mapping[str, Gains]:
        """Dies where only one layer's neurons, or only the outputs, have the gains that were measured."""
        held = ideal([*(g.shape[1] - 1 for g in self.positive), self.output.shape[1]], self.dies)
        found = {DESIGNED: held}
        for k in range(len(self.positive)):
            paths = [_one(own, of, k) for own, of in ((self.positive, held.positive), (self.negative, held.negative))]
            found[f"gains_layer{k + 1}"] = replace(held, positive=paths[0], negative=paths[1])
        return {**found, "gains_outputs": replace(held, output=self.output)}

    def by_layer(self) -> Mapping[str, Sequence[Numbers]]:
        return {"positive": self.positive, "negative": self.negative}

    def by_die(self) -> Mapping[str, Numbers]:
        return {"output": self.output}


def ideal(dims: Sequence[int], dies: int = 1) -> Gains:
    """Gains of 1: dies that are as designed."""
    ones = tuple(np.ones((dies, size + 1), dtype=np.float32) for size in dims[:-1])
    return Gains(ones, ones, np.ones((dies, dims[-1]), dtype=np.float32))


def _one(own: Sequence[Numbers], of: Sequence[Numbers], k: int) -> tuple[Numbers, ...]:
    return tuple(own[n] if n == k else of[n] for n in range(len(of)))
