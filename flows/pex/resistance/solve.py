"""Effective resistances of a resistor network, by sparse factorisation.

Scipy is loaded where it is used: an extraction without resistances starts in two thirds of the time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from analoom.flows.pex.shapes.geometry import Ints
from analoom.pdk.wires import Array

if TYPE_CHECKING:
    from scipy.sparse import csc_matrix


def parts_connected(count: int, a: Ints, b: Ints) -> Ints:
    """The number of the connected part each of `count` nodes lies in."""
    from scipy.sparse import coo_matrix
    from scipy.sparse.csgraph import connected_components

    graph = coo_matrix((np.ones(len(a)), (a, b)), shape=(count, count))
    found: Ints = connected_components(graph, directed=False)[1]
    return found


def laplacian(count: int, a: Ints, b: Ints, ohm: Array) -> csc_matrix:
    """The conductance matrix (count, count) of resistors between nodes `a` and `b`, in siemens."""
    from scipy.sparse import coo_matrix

    g = 1.0 / ohm
    rows = np.concatenate([a, b, a, b])
    cols = np.concatenate([b, a, a, b])
    return coo_matrix((np.concatenate([-g, -g, g, g]), (rows, cols)), shape=(count, count)).tocsc()


def resistance_ohm(a: Ints, b: Ints, ohm: Array, start: int, to: Ints) -> Array:
    """Resistance from node `start` to each of `to`, inf where there is no path."""
    nodes, flat = np.unique(np.concatenate([a, b, [start], to]), return_inverse=True)
    count = len(nodes)
    a, b = flat[: len(a)], flat[len(a) : 2 * len(a)]
    begin, ends = flat[2 * len(a)], flat[2 * len(a) + 1 :]
    part = parts_connected(count, a, b)
    inside = np.nonzero(part == part[begin])[0]
    keep = inside[inside != begin]
    out = np.where(part[ends] == part[begin], 0.0, np.inf)
    if not len(keep):
        return out
    from scipy.sparse.linalg import splu

    solved = splu(laplacian(count, a, b, ohm)[keep][:, keep].tocsc())
    place = np.full(count, -1)
    place[keep] = np.arange(len(keep))
    for k in np.nonzero((part[ends] == part[begin]) & (ends != begin))[0]:
        unit = np.zeros(len(keep))
        unit[place[ends[k]]] = 1.0
        out[k] = solved.solve(unit)[place[ends[k]]]
    return out
