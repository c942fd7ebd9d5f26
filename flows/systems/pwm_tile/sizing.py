"""From weights and data to capacitors: which share of the worst case a tile's columns really use.

Worst is every row at its longest pulse and the largest weight. Data use a part of it (sums of both signs, pulses of all
lengths), and a capacitor by that part is as much smaller, a ramp's full scale as much longer in steps.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil

import numpy as np
from numpy.typing import NDArray

from analoom.cells.pulse_width.circuits import MOST_CODE
from analoom.generators.pwm_tile.spec import LEAST_CAP_F, MOST_CAP_F, SWING_V, PwmTileSpec
from analoom.pdk.errors import InputError

Array = NDArray[np.float64]
GRID_F = 1e-14


@dataclass(frozen=True)
class Range:
    """Shares of the worst case: the largest charge of a side of a column, and the largest difference of both sides."""

    side: float
    output: float


def range_of(weights: NDArray[np.integer], inputs: Array) -> Range:
    """What `weights` (rows, cols) from -7 to 7 make of `inputs` (n, rows), 1 the longest pulse.

    Raises InputError for other shapes and for values out of range.
    """
    codes, given = np.asarray(weights), np.asarray(inputs, dtype=float)
    if codes.ndim != 2 or given.ndim != 2 or given.shape[1] != len(codes):
        said = f"inputs of shape {given.shape} for weights of {codes.shape}: must be (n, rows)"
        raise InputError(said, field="inputs")
    if not ((given >= 0) & (given <= 1)).all() or np.abs(codes).max(initial=0) > MOST_CODE:
        said = f"inputs are 0 to 1, 1 the longest pulse, and weights -{MOST_CODE} to {MOST_CODE}"
        raise InputError(said, field="inputs", remedy="inputs by their largest one")
    worst = MOST_CODE * len(codes)
    sides = [given @ np.maximum(sign * codes, 0) for sign in (1, -1)]
    side = max(float(one.max(initial=0.0)) for one in sides)
    return Range(side / worst, float((sides[0] - sides[1]).max(initial=0.0)) / worst)


def sized(spec: PwmTileSpec, full_scale: float) -> PwmTileSpec:
    """The tile with capacitors for a `full_scale`, the share of the worst case that columns use.

    Raises SpecError for a range whose capacitor cannot be drawn.
    """
    charge_c = spec.full_charge_c / spec.full_scale * full_scale
    least_f = ceil(charge_c / SWING_V / GRID_F) * GRID_F
    c_int = round(min(max(least_f, LEAST_CAP_F), MOST_CAP_F), 16)
    return PwmTileSpec.parse({**spec.model_dump(), "full_scale": full_scale, "c_int": c_int})
