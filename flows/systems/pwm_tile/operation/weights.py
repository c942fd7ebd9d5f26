"""The weights of a tile: integers of a file or a pattern."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.pulse_width.circuits import MOST_CODE
from analoom.generators.pwm_tile.spec import PwmTileSpec
from analoom.pdk.errors import InputError

Array = NDArray[np.float64]
Ints = NDArray[np.int64]


def tile_spec(cell: Cell) -> PwmTileSpec:
    """The spec of a tile. Raises InputError for any other cell."""
    if not isinstance(cell.spec, PwmTileSpec):
        raise InputError(f"{cell.name} is no pwm_tile", field="name", remedy="analoom sim pwm_tile")
    return cell.spec


def checked_codes(spec: PwmTileSpec, weights: Array | Ints | None) -> Ints:
    """Codes (rows, cols) from -7 to 7; those of `pattern` where none are given.

    Raises InputError for numbers that are no integers, out of range, or of another shape.
    """
    if weights is None:
        return pattern(spec)
    given, shape = np.asarray(weights, dtype=float), (spec.rows, spec.cols)
    if given.shape != shape:
        raise InputError(f"weights of shape {given.shape}: must be {shape}, rows x columns", field="weights")
    wrong = (given != np.round(given)) | (np.abs(given) > MOST_CODE)
    if wrong.any():
        i, j = (int(n) for n in np.argwhere(wrong)[0])
        said = f"weight [{i}, {j}] = {given[i, j]:g}: must be an integer from -{MOST_CODE} to {MOST_CODE}"
        best = np.clip(np.round(np.nan_to_num(given[i, j])), -MOST_CODE, MOST_CODE)
        raise InputError(said, field="weights", remedy=f"{best:g} there, or all weights scaled")
    return given.astype(np.int64)


def pattern(spec: PwmTileSpec) -> Ints:
    """Codes that run from the largest down, (rows, cols): a ramp over the rows, turned by one row a column."""
    ramp = np.round(np.linspace(MOST_CODE, -MOST_CODE + 2, spec.rows)).astype(np.int64)
    return np.stack([np.roll(ramp, j) for j in range(spec.cols)], axis=1)
