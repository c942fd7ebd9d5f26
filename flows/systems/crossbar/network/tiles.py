"""The arrays that a layer is drawn as: one crossbar, or several where lines would take more than is allowed.

The columns of arrays below each other meet at one amplifier, and arrays beside each other have the same inputs; what
lies between arrays is not drawn, and counts for nothing.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, partial
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
    """Rows are parted, as columns carry more than rows, until all tiles are within the drop; columns too where a row
    alone is not."""
    for beside in range(1, cols + 1):
        col_spans = _spans(cols, beside)
        if _within(spec, [_tile(spec, coded, (0, 1), span) for span in col_spans]):
            return _parted(spec, partial(_split, spec, coded, rows, col_spans), rows)
    raise SpecError("drop", spec.drop, "what an array of one row keeps", instead="a larger drop, or fewer outputs")


def _parted(spec: CrossbarNetworkSpec, split: Callable[[int], Iterable[Tile]], rows: int) -> tuple[Tile, ...]:
    """The tiles of the fewest parts of rows that keep to the drop."""
    return tuple(split(_fewest(rows, lambda parts: _within(spec, split(parts)))))


def _within(spec: CrossbarNetworkSpec, found: Iterable[Tile]) -> bool:
    return all(worst_drop(tile) <= spec.drop for tile in found)


def _split(
    spec: CrossbarNetworkSpec, coded: CodedSynapse, rows: int, col_spans: Sequence[Span], parts: int
) -> Iterator[Tile]:
    """The tiles of a layer whose rows are in so many parts, row by row."""
    return (_tile(spec, coded, own, span) for own in _spans(rows, parts) for span in col_spans)


def _fewest(most: int, fits: Callable[[int], bool]) -> int:
    """The least number from 1 to `most`, which fits, that fits: those above one that does, do too."""
    low, high = 0, 1
    while high < most and not fits(high):
        low, high = high, min(2 * high, most)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if fits(middle) else (middle, high)
    return high


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
