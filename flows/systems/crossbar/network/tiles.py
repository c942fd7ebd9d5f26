"""The arrays that a layer is drawn as: one crossbar, or several where lines would take more than is allowed.

The rows of arrays side by side are driven alike, the columns of arrays below each other meet at one amplifier; what
lies between arrays is not drawn, and counts for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

import numpy as np

from analoom.cells.model.cell import Cell
from analoom.cells.model.registry import build
from analoom.flows.systems.crossbar.solver.read import array_reader
from analoom.pdk.errors import SpecError

from .coded_synapse import CodedSynapse, coded_synapse
from .drops import Drops
from .spec import MOST, CrossbarNetworkSpec

Span = tuple[int, int]
MOST_ARRAYS = 64
"""Of a layer: more would be read-outs and little else."""


@dataclass(frozen=True)
class Tile:
    """An array, and the rows and outputs (`cols`) of its layer, from and up to, that it holds."""

    cell: Cell
    rows: Span
    cols: Span
    drops: Drops

    @property
    def columns(self) -> Span:
        """The columns of the layer, from and up to: the outputs, or two of each."""
        each = self.drops.coded.columns
        return each * self.cols[0], each * self.cols[1]


def tiles(spec: CrossbarNetworkSpec) -> tuple[tuple[Tile, ...], ...]:
    """The arrays of each layer, row by row. Raises SpecError for a drop that no split keeps."""
    unlike = {"ranges": (), "pulse": CrossbarNetworkSpec().pulse}
    return _tiles(spec.model_copy(update=unlike).model_dump_json())


def synapse_of_codes(spec: CrossbarNetworkSpec) -> CodedSynapse:
    """The synapse by code. Raises InputError and SpecError for one that does not serve."""
    return coded_synapse(json.dumps(spec.synapse), spec.full_current, MOST)


@cache
def _tiles(written: str) -> tuple[tuple[Tile, ...], ...]:
    spec = CrossbarNetworkSpec.model_validate_json(written)
    coded = synapse_of_codes(spec)
    return tuple(_layer(spec, coded, rows, cols) for rows, cols in spec.shapes)


def _layer(spec: CrossbarNetworkSpec, coded: CodedSynapse, rows: int, cols: int) -> tuple[Tile, ...]:
    """Rows or outputs are parted once more, whichever helps more, until all tiles are within the drop."""
    parts = (1, 1)
    found = _parted(spec, coded, (rows, cols), parts)
    while (worst := _worst(found)) > spec.drop:
        finer = [p for p in ((parts[0] + 1, parts[1]), (parts[0], parts[1] + 1)) if p[0] <= rows and p[1] <= cols]
        tried = {p: _parted(spec, coded, (rows, cols), p) for p in finer}
        if not tried or parts[0] * parts[1] >= MOST_ARRAYS:
            bound = f"at least {worst:.2g}, what {parts[0] * parts[1]} arrays of a layer of {rows} x {cols} keep"
            raise SpecError("drop", spec.drop, bound, instead="a larger drop, a lower full_current or a longer synapse")
        parts = min(finer, key=lambda p: _worst(tried[p]))
        found = tried[parts]
    return found


def _parted(
    spec: CrossbarNetworkSpec, coded: CodedSynapse, shape: tuple[int, int], parts: tuple[int, int]
) -> tuple[Tile, ...]:
    rows, cols = (_spans(count, part) for count, part in zip(shape, parts, strict=True))
    return tuple(_tile(spec, coded, of_rows, of_cols) for of_rows in rows for of_cols in cols)


def _worst(found: Sequence[Tile]) -> float:
    """Of several arrays, those of one shape looked at once."""
    return max(worst_drop(tile) for tile in {tile.cell.name: tile for tile in found}.values())


def worst_drop(tile: Tile) -> float:
    """What lines take of the column that suffers most, all inputs and weights full and of one sign, by its current."""
    shape = tile.rows[1] - tile.rows[0], tile.cols[1] - tile.cols[0]
    coded = tile.drops.coded
    worst = 0.0
    for code in (0, 2 * coded.most):
        codes = np.full(shape, code, dtype=np.intp)
        taken = np.abs(coded.told(tile.drops.added_a(coded.laid(codes))).sum(axis=0)).max()
        worst = max(worst, float(taken / abs(shape[0] * coded.full_a)))
    return worst


def _tile(spec: CrossbarNetworkSpec, coded: CodedSynapse, rows: Span, cols: Span) -> Tile:
    shape = rows[1] - rows[0], coded.columns * (cols[1] - cols[0])
    cell = build("crossbar", rows=shape[0], cols=shape[1], synapse=dict(spec.synapse))
    return Tile(cell, rows, cols, Drops(array_reader(cell).network, coded))


def _spans(count: int, parts: int) -> list[Span]:
    """`count` lines in so many parts, as even as they can be."""
    edges = np.linspace(0, count, parts + 1).round().astype(int)
    return [(int(a), int(b)) for a, b in pairwise(edges)]
