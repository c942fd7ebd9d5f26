"""The rails of a supply in a layer as a mesh of resistors: how far each place rises from where the lane is fed.

A rail runs from the soma of its row past the synapses to the lane; straps join rails where they are drawn. The lane is
held at its lower end, so what all rows share is not in it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray
from scipy.linalg import cho_solve_banded, cholesky_banded

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
        if not np.isfinite(self.strap_ohm).any():
            return self._apart(currents)
        points, rails, places = currents.shape
        entering = np.zeros((rails, places + 1, points))
        entering[:, :-1] = currents.transpose(1, 2, 0)
        found = cho_solve_banded((self._factor, True), entering.reshape(-1, points), check_finite=False)
        return np.ascontiguousarray(found.reshape(rails, places + 1, points)[:, :-1].transpose(2, 0, 1))

    def _apart(self, currents: Array) -> Array:
        """The same of rails that only the lane joins: sums along them."""
        along = currents.cumsum(axis=2)
        down = along[:, ::-1, -1].cumsum(axis=1)[:, ::-1]
        at_lane = (self.lane_ohm * down).cumsum(axis=1)
        return at_lane[:, :, None] + (self.rail_ohm * along)[:, :, ::-1].cumsum(axis=2)[:, :, ::-1]

    @cached_property
    def _factor(self) -> Array:
        """The mesh factorised, its nodes rail by rail, the lane's the last of each: a band as wide as a rail."""
        wide = len(self.rail_ohm) + 1
        band = np.zeros((wide + 1, wide * len(self.lane_ohm)))
        for a, b, ohm in self._resistors():
            band[0, a] += 1 / ohm
            if b >= 0:
                band[0, b] += 1 / ohm
                band[abs(a - b), min(a, b)] -= 1 / ohm
        return np.asarray(cholesky_banded(band, lower=True))

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
