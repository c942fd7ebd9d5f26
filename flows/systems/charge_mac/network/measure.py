"""What a chip tells of its columns: gain and offset of each, by inputs through weights that are known.

Some sets of weights are written, drawn by a seed, and inputs of any size given; the level out of each neuron, which is
brought to a pin, is compared with the sum that codes and inputs ask for, by a line through all points that are well
above nothing and within the amplifier's swing. Weights are drawn about what makes sums of half a swing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from analoom.flows.bench.column_lines import column_lines

from .dies import ChargeDies
from .spec import MOST, ChargeNetworkSpec

Array = NDArray[np.float64]
SETS, VECTORS, SEED = 12, 32, 7
"""Sets of weights, and vectors of inputs for each."""
LEAST, LARGEST = 0.1, 1.2
"""Which sums are judged, in swings."""
MEAN, APART = 0.8, 1.0
"""Mean of the sums of full inputs, in swings, and sigma of a code about what makes it."""


@dataclass(frozen=True)
class MeasuredColumns:
    """By layer, `gain` and `offset` (dies, outputs): a level out, in swings, is gain times the sum of codes by inputs
    over the units of the feedback, and offset more."""

    gain: tuple[Array, ...]
    offset: tuple[Array, ...]


def measure(dies: ChargeDies) -> MeasuredColumns:
    """Of all columns of all dies."""
    found = [_of_layer(dies, k) for k in range(len(dies.spec.shapes))]
    return MeasuredColumns(tuple(gain for gain, _ in found), tuple(offset for _, offset in found))


@cache
def as_designed(spec: ChargeNetworkSpec) -> MeasuredColumns:
    """Of the columns of a die as designed."""
    return measure(ChargeDies(spec))


def _of_layer(dies: ChargeDies, k: int) -> tuple[Array, Array]:
    spec, rng, (rows, cols) = dies.spec, np.random.default_rng([SEED, k]), dies.spec.shapes[k]
    asked, out = [], []
    for _ in range(SETS):
        about = 2 * MEAN * spec.units[k] / rows
        codes = np.clip(np.rint(about + APART * rng.standard_normal((rows, cols))), -MOST, MOST).astype(np.int64)
        x = rng.random((VECTORS, 1)) * rng.random((VECTORS, rows - 1))
        asked.append((x @ codes[:-1] + codes[-1]) / spec.units[k])
        out.append([dies.levels(k, die, codes, x) / spec.swing for die in range(dies.count)])
    sums, levels = np.concatenate(asked), np.concatenate(np.array(out), axis=1)
    return column_lines(sums, levels, (sums > LEAST) & (sums < LARGEST))
