"""The arrays that a layer is drawn as: one crossbar, or several where lines would take more than is allowed.

The columns of arrays below each other meet at one amplifier; what lies between arrays is not drawn, and counts for
nothing.
"""

from __future__ import annotations

import json
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


@dataclass(frozen=True)
class Tile:
    """An array and the rows and columns of its layer, from and up to, that it holds."""

    cell: Cell
    rows: Span
    cols: Span
    drops: Drops


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
    """Rows are parted, as columns carry more than rows, until all tiles are within the drop."""
    for parts in range(1, rows + 1):
        row_spans = _spans(rows, parts)
        found = [_tile(spec, coded, span, (0, cols)) for span in row_spans]
        if max(worst_drop(tile) for tile in found) <= spec.drop:
            return tuple(found)
    raise SpecError("drop", spec.drop, "what an array of one row keeps", instead="a larger drop, or fewer outputs")


def worst_drop(tile: Tile) -> float:
    """What lines take of the column that suffers most, all inputs and weights full and of one sign, by its current."""
    shape = tile.rows[1] - tile.rows[0], tile.cols[1] - tile.cols[0]
    coded = tile.drops.coded
    worst = 0.0
    for code in (0, 2 * coded.most):
        codes = np.full(shape, code, dtype=np.intp)
        taken = np.abs(tile.drops.added_a(codes).sum(axis=0)).max()
        worst = max(worst, float(taken / abs(shape[0] * coded.column_a[code])))
    return worst


def _tile(spec: CrossbarNetworkSpec, coded: CodedSynapse, rows: Span, cols: Span) -> Tile:
    cell = build("crossbar", rows=rows[1] - rows[0], cols=cols[1] - cols[0], synapse=dict(spec.synapse))
    return Tile(cell, rows, cols, Drops(array_reader(cell).network, coded))


def _spans(count: int, parts: int) -> list[Span]:
    """`count` lines in so many parts, as even as they can be."""
    edges = np.linspace(0, count, parts + 1).round().astype(int)
    return [(int(a), int(b)) for a, b in pairwise(edges)]
