"""The rails of a supply in a layer as a mesh of resistors: how far each place rises from where the lane is fed.

A rail runs from the soma of its row past the synapses to the lane; straps join rails where they are drawn. The lane is
held at its lower end, so what all rows share is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from scipy.sparse.linalg import SuperLU

Array = NDArray[np.float64]


@dataclass(frozen=True)
class SupplyMesh:
    """`rail_ohm` (places,) from each place of a rail to the next, the last to the lane; `strap_ohm` (places,) from rail
    to rail, inf where nothing is drawn; `lane_ohm` (rails,) from each rail's end of the lane to the one below."""

    rail_ohm: Array
    strap_ohm: Array
    lane_ohm: Array

    def rises(self, currents: Array) -> Array:
        """Volts (points, rails, places) by which places rise where `currents` (points, rails, places) A enter them."""
        points, rails, places = currents.shape
        entering = np.zeros((rails, places + 1, points))
        entering[:, :-1] = currents.transpose(1, 2, 0)
        found = np.asarray(self._solved.solve(entering.reshape(-1, points)))
        return found.reshape(rails, places + 1, points)[:, :-1].transpose(2, 0, 1)

    @cached_property
    def _solved(self) -> SuperLU:
        """The mesh factorised, its nodes rail by rail, the lane's the last of each."""
        from scipy.sparse import coo_matrix
        from scipy.sparse.linalg import splu

        a, b, ohm = (np.array(column) for column in zip(*self._resistors(), strict=True))
        held = b < 0
        ends, others, g = a[~held], b[~held], 1 / ohm
        rows, columns = np.concatenate([a, others, ends, others]), np.concatenate([a, others, others, ends])
        values = np.concatenate([g, g[~held], -g[~held], -g[~held]])
        return splu(coo_matrix((values, (rows, columns))).tocsc())

    def _resistors(self) -> Iterator[tuple[int, int, float]]:
        """Both nodes, -1 for the lane's lower end, and ohm."""
        wide = len(self.rail_ohm) + 1
        for rail in range(len(self.lane_ohm)):
            first = rail * wide
            yield from ((first + k, first + k + 1, float(ohm)) for k, ohm in enumerate(self.rail_ohm))
            yield first + wide - 1, first - 1 if rail else -1, float(self.lane_ohm[rail])
            if rail:
                drawn = np.flatnonzero(np.isfinite(self.strap_ohm))
                yield from ((first + int(k), first + int(k) - wide, float(self.strap_ohm[k])) for k in drawn)
