"""What the supplies' wires take off a layer's currents: where a unit's source has moved from that of its soma's diode.

Both lines of a row are referred to the supplies at its soma. A p unit whose rail lies lower there, and an n unit whose
rail lies higher, have so much less gate voltage, as the copy of a soma's input has, whose diode lies on the lower rail.
Supplies that are closer together leave all copies less drain voltage too. Currents without drops give the drops, and
these what is lost: to first order, for drops of some millivolts at most.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import expm1

import numpy as np
from numba import njit
from numpy.typing import NDArray

from .layer import path_currents
from .somas import LOG_INPUT, N_GATE, P_GATE, lines_at
from .supply_mesh import SupplyMesh
from .unit_curves import curve_at, slope_at

Array = NDArray[np.float64]
Paths = tuple[Array, Array]
Nominal = tuple[Array, Array, Array, Array, float]
POINTS = 64
"""Points that are solved at once: all that is held of them is some MB for a layer of 64 rows."""


@dataclass(frozen=True)
class LayerWires:
    """The supplies of a layer of rows: rails of `vdd`, one a row; rails of `vss`, one below each row and one above."""

    vdd: SupplyMesh
    vss: SupplyMesh

    @property
    def shape(self) -> tuple[int, int]:
        """Rows and columns."""
        return len(self.vdd.lane_ohm), len(self.vdd.rail_ohm) - 1

    def lost(self, v_in: Array, somas: Array, paths: Paths, nominal: Nominal) -> Array:
        """What is lost (points, 4, columns) of the sums of a layer, as `layer_voltages` takes it."""
        found = np.zeros((len(v_in), 4, paths[0].shape[2]))
        for first in range(0, len(v_in), POINTS):
            some = slice(first, first + POINTS)
            currents, lines = path_currents(v_in[some], somas, paths, nominal), lines_at(v_in[some], somas)
            fallen, risen = self.drops(np.exp(lines[LOG_INPUT]), currents)
            for k, of_sign in enumerate(_falls(v_in[some], lines, fallen, risen, nominal)):
                found[some, 2 * k] = _taken(currents[:, k], *of_sign)
        return found

    def drops(self, soma_a: Array, currents: Array) -> tuple[Array, Array]:
        """Fall of vdd (points, rows, 1 + columns) and rise of vss (points, rows + 1, 1 + columns), V; somas first.

        `soma_a` (points, rows): each soma's current; `currents` (points, 2, rows, columns) those of positive and
        negative paths.
        """
        points, _, rows, columns = currents.shape
        up, down = np.zeros((points, rows, 1 + columns)), np.zeros((points, rows + 1, 1 + columns))
        up[:, :, 0], up[:, :, 1:] = 2 * soma_a, currents[:, 0]
        down[:, :-1, 0] += soma_a
        down[:, 1:, 0] += 2 * soma_a
        down[:, 1:, 1:] += currents[:, 1]
        return self.vdd.rises(up), self.vss.rises(down)


Falls = tuple[Array, Array, Array, Array]
"""Of paths of one sign: by a volt of gate and of drain, by what a soma's own devices lose (points, rows), and how far
the rails have moved (points, rows, 1 + columns)."""


def _falls(v_in: Array, lines: Array, fallen: Array, risen: Array, nominal: Nominal) -> tuple[Falls, Falls]:
    """By what ln of the currents of positive and of negative paths falls."""
    log_p, by_p, log_n, by_n, _ = nominal
    above, span = np.ascontiguousarray(risen[:, 1:]), fallen[:, :, 0] + risen[:, 1:, 0]
    copied = slope_at(log_n, v_in) * (above[:, :, 0] - risen[:, :-1, 0]) + curve_at(by_n, v_in) * span
    turned = copied - curve_at(by_p, lines[P_GATE]) * span
    positive = slope_at(log_p, lines[P_GATE]), curve_at(-by_p, lines[P_GATE]), copied, fallen
    return positive, (slope_at(log_n, lines[N_GATE]), curve_at(by_n, lines[N_GATE]), turned, above)


@njit(cache=True, nogil=True)
def _share(fall):
    """1 - exp(-fall); falls of parts of a hundred by their powers, to the twelfth digit."""
    if abs(fall) > 0.02:
        return -expm1(-fall)
    return fall * (1.0 - fall / 2.0 * (1.0 - fall / 3.0 * (1.0 - fall / 4.0 * (1.0 - fall / 5.0 * (1.0 - fall / 6.0)))))


@njit(cache=True, nogil=True)
def _taken(currents, by_gate, by_drain, by_soma, moved):
    """What all paths of a column (points, columns) lose of `currents` (points, rows, columns), A."""
    points, rows, columns = currents.shape
    found = np.zeros((points, columns))
    for t in range(points):
        for i in range(rows):
            gate, drain, soma = by_gate[t, i], by_drain[t, i], moved[t, i, 0]
            for j in range(columns):
                if currents[t, i, j] != 0.0:
                    here = moved[t, i, 1 + j]
                    fall = gate * (here - soma) + drain * here + by_soma[t, i]
                    found[t, j] += currents[t, i, j] * _share(fall)
    return found
