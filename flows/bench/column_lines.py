"""Gains and offsets of columns, by lines through what came out over what was asked for."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]


def column_lines(asked: Array, out: Array, judged: NDArray[np.bool_]) -> tuple[Array, Array]:
    """Slope and start, (dies, columns) each, of the line through the points that are `judged`.

    `asked` and `judged` are (points, columns), `out` is (dies, points, columns).
    """
    columns = [[np.polyfit(s[j], v[j], 1) for s, j, v in zip(asked.T, judged.T, die.T, strict=True)] for die in out]
    slope, start = np.moveaxis(np.array(columns), -1, 0)
    return slope, start
