"""A plane of thresholds over a die: what the places of somas and synapses do to their units, in a drawn direction."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from .unit_curves import UnitCurves

Array = NDArray[np.float64]

THRESHOLDS = ("delvto", "vth0")
"""The random parameter that is a threshold, in either family."""
_PLANE = 2**16


def rises(seed: int, die: int, places_um: list[Array], gradient_v_um: float) -> list[Array]:
    """Rise of the threshold (rows, 1 + columns) V by layer, of one die, at `places_um` (rows, 1 + columns, 2); it falls
    as much on the other side of their centre."""
    angle = np.random.default_rng([seed, die, _PLANE]).uniform(0, 2 * np.pi)
    slope = gradient_v_um * np.array([np.cos(angle), np.sin(angle)])
    centre = np.concatenate([places.reshape(-1, 2) for places in places_um]).mean(axis=0)
    return [(places - centre) @ slope for places in places_um]


def raised(z: Array, unit: UnitCurves, rise_v: Array) -> Array:
    """Parameters `z` (..., parameters) with the threshold's raised; `rise_v` has the first axes of `z`."""
    k = next(k for k, name in enumerate(unit.terms) if name in THRESHOLDS)
    found, away = z.copy(), np.sign(unit.shift[k, 0].mean())
    found[..., k] += away / unit.sigmas[k] * rise_v.reshape(*rise_v.shape, *[1] * (z.ndim - 1 - rise_v.ndim))
    return found
