"""The rails of a supply in a layer as a mesh of resistors: how far each place rises from where the lane is fed.

A rail runs from the soma of its row past the synapses to the lane; straps join rails where they are drawn. The lane is
held at its lower end, so what all rows share is not in it.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numba import njit
from numpy.typing import NDArray

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
            return np.asarray(_apart(currents, self.rail_ohm, self.lane_ohm))
        return np.asarray(_together(currents, self._joints_s, self._solved))

    @cached_property
    def _joints_s(self) -> Array:
        """What joins each rail's nodes, the lane's the last, to those of the rail below, (rails, places + 1) S; the
        lowest's end of the lane to where it is held."""
        straps = np.broadcast_to(1 / self.strap_ohm, (len(self.lane_ohm), len(self.strap_ohm))).copy()
        straps[0] = 0.0
        return np.hstack([straps, 1 / self.lane_ohm[:, None]])

    @cached_property
    def _solved(self) -> Array:
        """For each rail from the lowest up, rises of its nodes by the currents into them where rails above are held, as
        the mesh is taken apart from below: (rails, places + 1, places + 1) ohm, symmetric."""
        along, joints = 1 / self.rail_ohm, self._joints_s
        rail = np.diag(np.append(along, 0.0) + np.append(0.0, along)) - np.diag(along, 1) - np.diag(along, -1)
        found: list[Array] = []
        for k, below in enumerate(joints):
            above = joints[k + 1] if k + 1 < len(joints) else np.zeros_like(below)
            own = rail + np.diag(below + above)
            if found:
                own -= below[:, None] * found[-1] * below
            found.append(np.linalg.inv(own))
        return np.array(found)


@njit(cache=True, nogil=True)
def _apart(currents, rail_ohm, lane_ohm):
    """Rises of rails that only the lane joins: what flows on is summed along them, and down the lane."""
    points, rails, places = currents.shape
    found, along, at_lane = np.empty_like(currents), np.empty((rails, places)), np.empty(rails)
    for t in range(points):
        down = 0.0
        for r in range(rails):
            flows = 0.0
            for k in range(places):
                flows += currents[t, r, k]
                along[r, k] = flows
            at_lane[r] = flows
        for r in range(rails - 1, -1, -1):
            down += at_lane[r]
            at_lane[r] = lane_ohm[r] * down
        risen = 0.0
        for r in range(rails):
            risen += at_lane[r]
            here = risen
            for k in range(places - 1, -1, -1):
                here += rail_ohm[k] * along[r, k]
                found[t, r, k] = here
    return found


@njit(cache=True, nogil=True)
def _together(currents, joints_s, solved):
    """Rises of rails that straps join too: rail by rail up, each with all below it, and down again."""
    points, rails, places = currents.shape
    held, now = np.empty((rails, points, places + 1)), np.zeros((points, places + 1))
    for r in range(rails):
        now = now * joints_s[r]
        now[:, :places] += currents[:, r]
        now = np.dot(now, solved[r])
        held[r] = now
    for r in range(rails - 2, -1, -1):
        held[r] += np.dot(held[r + 1] * joints_s[r + 1], solved[r])
    found = np.empty_like(currents)
    for r in range(rails):
        found[:, r] = held[r, :, :places]
    return found
