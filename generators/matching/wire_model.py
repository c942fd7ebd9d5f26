"""What the wires of an array add to a unit's capacitance by where it stands: a model fitted to extractions.

A unit within an array has the wires that every other has. One at a side of it, or beside a wire that all share, has
more or less; the model says how much, in shares of what the wires add to a unit within. What each weight's units have
too much in all, for their number, is what a search evens out.

The length of the wires below is no part of it: plates and met2 on `vss` hide them from the common net.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from .placement import DUMMY, Placement, Site

Array = NDArray[np.float64]
AddedWires = Callable[[Placement], Array]
"""Of a placement whose owners may still change, what the wires add to a unit at each site, (rows, cols)."""


@dataclass(frozen=True)
class WireModel:
    """Shares that a unit's wires have more than those of a unit within the array.

    Beside a `spine`, and besides in the row where the spine ends (`spine_end`); at the `way_out` of the common net; for
    each `side` in its row, and each `end` of its column, where no unit follows, and for each `dummy` there that lies
    inside the array.
    """

    spine: float = 0.0
    spine_end: float = 0.0
    way_out: float = 0.0
    side: float = 0.0
    end: float = 0.0
    dummy: float = 0.0

    def added(self, met: Mapping[str, Array]) -> Array:
        """(rows, cols): the sum of what applies at each site, `met` as `met_by_site` has it."""
        found: Array = sum((getattr(self, name) * times for name, times in met.items()), np.zeros(()))
        return found


def met_by_site(placement: Placement, way_out: Collection[Site], spine_cols: Collection[int] = ()) -> dict[str, Array]:
    """By field of a WireModel, how many times it applies to the unit at each site, (rows, cols).

    `spine_cols` lie beside a spine; the sites of `way_out` below the common net's way out.
    """
    held = np.array(placement.owner) != DUMMY
    empty = np.pad(~held, 1, constant_values=True)
    inside = np.pad(~held, 1)
    spine = np.zeros(held.shape)
    spine[:, sorted(spine_cols)] = 1.0
    used = np.nonzero(held.any(axis=1))[0]
    last = np.isin(np.arange(placement.rows), used[[0, -1]])[:, None]
    out = np.zeros(held.shape)
    for site in way_out:
        out[site] = 1.0
    found = {
        "spine": spine,
        "spine_end": spine * last,
        "way_out": out,
        "side": _in_row(empty),
        "end": _in_column(empty),
    }
    found["dummy"] = _in_row(inside) + _in_column(inside)
    return {name: times * held for name, times in found.items()}


def _in_row(flags: NDArray[np.bool_]) -> Array:
    """How many of the two neighbours in the row are flagged; `flags` has a margin of one."""
    return np.add(flags[1:-1, :-2], flags[1:-1, 2:], dtype=np.float64)


def _in_column(flags: NDArray[np.bool_]) -> Array:
    return np.add(flags[:-2, 1:-1], flags[2:, 1:-1], dtype=np.float64)


def uneven(sums: Array, units: float) -> float:
    """Root of the summed squares of what the weights have too much, `sums` (weights,), over the root of all units."""
    return sqrt(float((sums**2).sum()) / units)


MET4_SPINES = WireModel(spine=0.12, spine_end=-0.035, way_out=0.095)
"""Units on capm with met4 over them, their rows joined by two spines.

Source of this and of those below: `tests/benchmarks/fit_array_wires.py`, least squares over 24 extracted arrays of 3 to
6 weights each, in two or three sizes. What is left of a weight's wires per unit, in shares of a unit's wires, against
what no model leaves: here rms 1.0 % (largest 3.8 %) against 3.0 % (8.0 %).
"""
MET5_PADS = WireModel(way_out=0.06, end=-0.018, dummy=-0.13)
"""Units on cap2m with met5 pads, joined where two units follow: rms 0.7 % (1.7 %) against 2.8 % (11.6 %)."""
MET4_ARMS = WireModel(way_out=0.02, side=-0.04, end=-0.09)
"""Stacked units with met4 arms from one to the next: rms 0.3 % (1.2 %) against 3.3 % (8.5 %)."""
FINGER_CROSSES = WireModel(way_out=0.005, side=-0.011, end=-0.002)
"""Metal fingers, whose wires are the capacitor: rms 0.1 % (0.4 %) against 0.3 % (1.1 %)."""
