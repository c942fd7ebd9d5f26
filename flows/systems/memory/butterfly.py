"""The butterfly of a latch: both halves' curves over each other, and the largest squares that fit between them.

The side of a square is the voltage that, in series with both gates at once, upsets the bit. Source: E. Seevinck,
F. List, J. Lohstroh, IEEE J. Solid-State Circuits 22 (1987) 748; as there, in coordinates turned by 45 degrees.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

POINTS = 721
"""Distances along the turned axis at which the curves are compared."""

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Half:
    """A half of a latch: its node (points,) V over the voltage at its gates (points,) V."""

    gates_v: Array
    node_v: Array


def lobes(q: Half, qb: Half) -> tuple[float, float]:
    """Noise margins (V) of a stored 1 and of a stored 0; below zero where the latch cannot hold it."""
    return _lobe(q, qb), _lobe(qb, q)


def _lobe(high: Half, low: Half) -> float:
    """The margin of the state in which the node of `high` is high: its curve lies beyond the other's there."""
    along = np.linspace(0.0, (high.node_v.max() - low.node_v.min()) / np.sqrt(2), POINTS)
    outer = np.interp(along, *_turned(high.gates_v, high.node_v))
    inner = np.interp(along, *_turned(low.node_v, low.gates_v))
    return float(np.max(outer - inner) / np.sqrt(2))


def _turned(low_v: Array, high_v: Array) -> tuple[Array, Array]:
    """A curve in coordinates along (high - low) and across (high + low), by rising first one."""
    along, across = (high_v - low_v) / np.sqrt(2), (high_v + low_v) / np.sqrt(2)
    order = np.argsort(along)
    return along[order], across[order]
