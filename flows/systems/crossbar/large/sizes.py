"""What the resistance of the lines does to the read of arrays of growing size: corners of one array, all alike.

An array of n is the first rows and columns, up to n of each, with the same weights and inputs, drawn and extracted on
its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.bench.measured import Curve
from analoom.flows.systems.crossbar.read.errors import ReadErrors, read_errors
from analoom.flows.systems.crossbar.solver.read import array_reader
from analoom.flows.systems.synapse.reading import ReadSettings
from analoom.pdk.corners import Corner

Values = NDArray[np.float64]

SMALLEST = 16


@dataclass(frozen=True)
class OfSize:
    """One size: the errors of its read for want of ideal lines, and of full scale by the ideal product."""

    rows: int
    cols: int
    errors: ReadErrors


def sizes_of(rows: int, cols: int) -> list[tuple[int, int]]:
    """Sizes from 16 up, doubled, each up to the array's own rows and columns, which come last."""
    found, n = [], SMALLEST
    while n < max(rows, cols):
        found.append((min(n, rows), min(n, cols)))
        n *= 2
    return [*found, (rows, cols)]


def by_size(
    cell: Cell,
    corner: Corner,
    temp_degc: float,
    settings: ReadSettings,
    stored: Values,
    inputs: Values,
    cell_full_a: float,
) -> Iterator[OfSize]:
    """The smaller corners of the crossbar `cell`, its own size left out; `stored` (rows, cols) and `inputs` (rows,) V.
    `cell_full_a` is the largest current of one cell."""
    for rows, cols in sizes_of(*stored.shape)[:-1]:
        small = build("crossbar", {**cell.spec.model_dump(), "rows": rows, "cols": cols})
        weights, given = np.ascontiguousarray(stored[:rows, :cols]), inputs[:rows]
        drawn, without = (
            array_reader(small, corner.name, temp_degc, lines, settings=settings).read(weights, given)
            for lines in ("drawn", "ideal")
        )
        yield OfSize(rows, cols, read_errors(drawn, without, rows * cell_full_a))


def curves_of(sizes: list[OfSize]) -> dict[str, Curve]:
    """Effective bits and the largest error over the larger of rows and columns; none for a single size."""
    if len(sizes) < 2:
        return {}
    x = np.array([max(size.rows, size.cols) for size in sizes], dtype=float)
    label = "rows or columns, the larger"
    of = {
        "read_enob_by_size": ("effective bits of the read", [s.errors.enob for s in sizes]),
        "read_enob_corrected_by_size": (
            "effective bits after a common factor",
            [s.errors.enob_corrected for s in sizes],
        ),
        "ir_drop_error_by_size": ("largest error (fraction of full scale)", [s.errors.worst for s in sizes]),
    }
    return {name: Curve(x, np.array(y), label, what) for name, (what, y) in of.items()}
