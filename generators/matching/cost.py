"""What a placement costs: gradients that it leaves, how well its weights are mixed, and the wires it asks for.

Lengths are in pitches of a column. Four figures of a placement, 0 at best:

- `linear`: root mean square over all units of how far their weight's centre is off, over the array's root mean square
  radius: a linear gradient's error;
- `quadratic`: the same of the weights' second moments (xx, yy, xy) against all units', over the mean squared radius:
  the error by a bowl, a saddle or a twist;
- `dispersion`: 1 - L, L the overall correlation coefficient of Luo et al., mean over pairs of weights of
  R_ij = S_ij / sqrt(S_ii S_jj), S_ij the sum over their units of RHO^distance; as used in Huang, Wey, Chen and Luo, ACM
  TODAES 19(1) art. 7 (2013);
- `routing`: columns that the weights enter (a met1 track each), over those they would if no two units of a weight
  shared one.

The total weighs a gradient's errors highest: they are systematic, and no larger unit lessens them.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from .placement import DUMMY, Placement

Array = NDArray[np.float64]
Ints = NDArray[np.int64]

RHO = 0.9
"""Correlation of two units one pitch apart: an assumption, as in the source of L."""
GRADIENT_WEIGHT, DISPERSION_WEIGHT, ROUTING_WEIGHT = 4.0, 1.0, 0.5


@dataclass(frozen=True)
class PlacementCost:
    """The four figures of a placement."""

    linear: float
    quadratic: float
    dispersion: float
    routing: float

    @property
    def total(self) -> float:
        gradient = GRADIENT_WEIGHT * (self.linear + self.quadratic)
        return gradient + DISPERSION_WEIGHT * self.dispersion + ROUTING_WEIGHT * self.routing


def placement_cost(placement: Placement) -> PlacementCost:
    """The cost of a placement. Sites without a unit count for nothing."""
    owners = np.array(placement.owner)
    row, col = np.nonzero(owners != DUMMY)
    xy = spots(row, col, placement.rows, placement.cols, placement.pitch_y_nm / placement.pitch_x_nm)
    who = np.unique(owners[row, col], return_inverse=True)[1]
    count = np.bincount(who).astype(float)
    sums = np.zeros((len(count), 3))
    np.add.at(sums, who, bends(xy))
    offset = np.stack([np.bincount(who, xy[:, k]) for k in (0, 1)])
    radius = float((xy**2).sum() / len(xy))
    linear = sqrt(float((offset**2 / count).sum()) / len(xy) / max(radius, 1e-9))
    entered = len(np.unique(col * len(count) + who))
    sharing = np.minimum(count, placement.cols).sum()
    return PlacementCost(linear, quadratic(sums, count), 1 - correlation(mixed(xy, who)), entered / float(sharing))


def spots(row: Ints, col: Ints, rows: int, cols: int, aspect: float) -> Array:
    """(sites, 2) positions from the centre in pitches of a column; `aspect` is a row's pitch over a column's."""
    return np.stack([col - (cols - 1) / 2, (row - (rows - 1) / 2) * aspect], axis=1)


def bends(xy: Array) -> Array:
    """(units, 3): second moments xx, yy and sqrt(2) xy less their mean, over the mean squared radius."""
    x, y = xy.T
    raw = np.stack([x * x, y * y, sqrt(2) * x * y], axis=1)
    return (raw - raw.mean(axis=0)) / max(float(raw[:, :2].sum() / len(raw)), 1e-9)


def quadratic(sums: Array, count: Array) -> float:
    """The figure from the weights' summed `bends`, (weights, 3), and units, (weights,)."""
    return sqrt(float((sums**2 / count[:, None]).sum() / count.sum()))


def kernel(one: Array, other: Array) -> Array:
    """RHO^distance of every two of the places, (one, other)."""
    apart = np.hypot(one[:, 0, None] - other[:, 0], one[:, 1, None] - other[:, 1])
    return np.exp(np.log(RHO) * apart)


def mixed(xy: Array, who: Ints) -> Array:
    """S_ij of every two weights, (weights, weights)."""
    order = np.argsort(who, kind="stable")
    xy, who = xy[order], who[order]
    first = np.searchsorted(who, np.arange(int(who[-1]) + 1))
    rows = [np.add.reduceat(kernel(part, xy), first, axis=1) for part in np.array_split(xy, -(-len(xy) // 256))]
    return np.add.reduceat(np.concatenate(rows), first, axis=0)


def correlation(sums: Array) -> float:
    """L from S; 1 for a single weight."""
    weights = len(sums)
    if weights < 2:
        return 1.0
    scale = np.sqrt(np.diag(sums))
    ratios = sums / scale[:, None] / scale
    return float((ratios.sum() - weights) / (weights * (weights - 1)))


def shared_columns(counts: Sequence[int], cols: int) -> int:
    """Columns the weights would enter if no two units of a weight shared one."""
    return sum(min(count, cols) for count in counts)
