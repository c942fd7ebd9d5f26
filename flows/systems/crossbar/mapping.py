"""Trained weights on a crossbar: the voltages to store, and what its column currents are worth in the weights.

A weight w (outputs, inputs) is scaled to w / scale, -1 to 1. A synapse whose current passes through zero holds it in
one column: gain = full gain times w / scale. Any other synapse needs a pair, columns 2k and 2k + 1 of output k: the one
of the weight's sign is raised above the least gain by the weight's share of the range of gains, the other stays at the
least, and the difference of their currents is the result. Row i is input i. With x the inputs in V,

    w @ x = scale / full gain * current        (of a column, or of the first of a pair minus the second)
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.flows.bench.mapped_weights import MappedWeights, WeightScale
from analoom.flows.systems.synapse.reading import ReadSettings
from analoom.pdk.corners import Corner
from analoom.pdk.errors import InputError, SpecError

from .gain_curve import GainCurve, gain_curve, read_back

Values = NDArray[np.float64]
Fit = Callable[[int, int], Cell]
"""Gives the array of so many rows and columns."""

MOST_LEVELS = 65536


def map_to_array(
    one: Cell,
    fit: Fit,
    w: Values,
    scale: float | None,
    levels: int | None,
    corner: Corner,
    temp_degc: float,
    settings: Mapping[str, Any],
) -> MappedWeights:
    """Weights (outputs, inputs) on the array that `fit` gives for the rows and columns they take; `one`: one of them.

    Raises InputError and SpecError for what are no weights, a scale below the largest, and levels that are none.
    """
    w = checked_w(w)
    scale, levels = _scale(w, scale), _levels(levels)
    chosen = ReadSettings.parse(dict(settings), prefix="settings.")
    curve = gain_curve(one, corner, temp_degc, chosen)
    gains_s = wanted_gains(curve, w / scale, levels)
    stored = curve.voltages(gains_s)
    worth = WeightScale(w, scale, curve.full_s, curve.v_read, not curve.signed)
    found = read_back(one, corner, temp_degc, chosen)(stored)
    off = (worth.outputs(found).T - w) / scale
    return MappedWeights(
        fit(*stored.shape),
        stored,
        worth,
        levels,
        float(np.sqrt(np.mean(off**2))),
        float(np.abs(off).max()),
        chosen.model_dump(mode="json", exclude_none=True),
    )


def checked_w(w: Values) -> Values:
    """Weights as floats, (outputs, inputs). Raises InputError for all else, and where all are zero."""
    given = np.asarray(w)
    if given.ndim != 2 or 0 in given.shape:
        raise InputError(
            f"the weights have shape {given.shape}: must be a matrix (outputs, inputs)",
            field="weights",
            remedy="one row of the array an output",
        )
    if given.dtype.kind not in "fiu" or not np.isfinite(given).all():
        raise InputError("the weights must be finite real numbers", field="weights", remedy="no NaN, inf or complex")
    if not given.any():
        raise InputError("the weights are all zero: nothing to map", field="weights", remedy="give trained weights")
    return given.astype(float)


def _scale(w: Values, scale: float | None) -> float:
    largest = float(np.abs(w).max())
    if scale is None:
        return largest
    if not (np.isfinite(scale) and scale >= largest):
        raise SpecError(
            "scale",
            scale,
            f"at least the largest weight, {largest:g}",
            "no weight leaves the full range",
            instead=f"--scale {largest:.6g}",
        )
    return float(scale)


def _levels(levels: int | None) -> int | None:
    if levels is not None and not 2 <= levels <= MOST_LEVELS:
        fix = min(max(levels, 2), MOST_LEVELS)
        bound = f"2 to {MOST_LEVELS}"
        raise SpecError("levels", levels, bound, "the ends of the range are two", instead=f"--levels {fix}")
    return levels


def wanted_gains(curve: GainCurve, shares: Values, levels: int | None) -> Values:
    """Wanted gains (rows, cols) S of weights as shares of the scale, (outputs, inputs)."""
    if curve.signed:
        return curve.full_s * (2 * _rounded((shares.T + 1) / 2, levels) - 1)
    pairs = np.stack([np.maximum(shares, 0), np.maximum(-shares, 0)], axis=1)
    columns = pairs.reshape(-1, shares.shape[1]).T
    return float(curve.gain_s.min()) + curve.full_s * _rounded(columns, levels)


def _rounded(parts: Values, levels: int | None) -> Values:
    """Parts of a range, 0 to 1, at the nearest of `levels` equally spaced ones."""
    return parts if levels is None else np.round(parts * (levels - 1)) / (levels - 1)
