"""Conductors cut into bars, and the points where current enters each: joints, cuts, pins, gates, crossings.

A polygon is cut along x or along y, whichever leaves the shorter cuts, so that a wire with bumps stays a row of bars.
Diffusion, n-wells and MIM top plates are one point each: their resistance belongs to the device models.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from analoom.flows.pex.shapes.geometry import PLATE_CUTS, PLATES, FlatConductors, Ints, Level, boxes_of
from analoom.pdk.layers import CUTS, Layer

LUMPED = (Level.FIELD, Level.DIFF, *PLATES)
"""Levels whose parts are one point each."""

SUBSTRATE_NET = 0

CHUNK = 2_000_000
"""Pairs of points and boxes compared at a time."""


@dataclass(frozen=True)
class Joint:
    """Two bars that share an edge: `x_nm`, `y_nm` its middle, `horizontal` its direction, `length_nm` its length."""

    a: int
    b: int
    x_nm: float
    y_nm: float
    horizontal: bool
    length_nm: int


@dataclass(frozen=True)
class Contact:
    """A cut between two parts; `layer` names it."""

    low: int
    high: int
    layer: Layer
    x_nm: float
    y_nm: float


@dataclass(frozen=True)
class Parts:
    """`boxes` (parts, 6) int64: level, net, left, bottom, right, top in nm. Net 0 is the substrate's."""

    boxes: Ints
    slanted: bool

    def at(self, level: Level, x_nm: Ints, y_nm: Ints) -> Ints:
        """The part of `level` under each point, -1 where there is none."""
        rows = np.nonzero(self.boxes[:, 0] == level)[0]
        found = np.full(len(x_nm), -1, dtype=np.int64)
        if not len(rows):
            return found
        b = self.boxes[rows]
        step = max(1, CHUNK // max(1, len(rows)))
        for start in range(0, len(x_nm), step):
            x, y = x_nm[start : start + step, None], y_nm[start : start + step, None]
            inside = (b[:, 2] <= x) & (b[:, 4] >= x) & (b[:, 3] <= y) & (b[:, 5] >= y)
            hit = inside.any(axis=1)
            found[start : start + step][hit] = rows[inside.argmax(axis=1)[hit]]
        return found


def parts_of(flat: FlatConductors) -> Parts:
    """Every conductor as parts."""
    rows: list[tuple[int, ...]] = []
    slanted = False
    for level, net, polygon in flat.polygons():
        slanted |= not polygon.is_rectilinear()
        lying = boxes_of(polygon)
        if len(lying) > 1 and level not in LUMPED and polygon.is_rectilinear():
            upright = boxes_of(polygon, upright=True)
            if _cut_nm(upright, 1, 3, 0, 2) < _cut_nm(lying, 0, 2, 1, 3):
                lying = upright
        rows += [(level, net, *box) for box in lying]
    return Parts(np.array(rows, dtype=np.int64).reshape(-1, 6), slanted)


def _cut_nm(boxes: list[tuple[int, int, int, int]], low: int, high: int, first: int, last: int) -> int:
    """Length of the cuts between boxes that were cut across the other axis."""
    starts: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for box in boxes:
        starts[box[first]].append((box[low], box[high]))
    shared = 0
    for box in boxes:
        shared += sum(max(0, min(box[high], h) - max(box[low], lo)) for lo, h in starts.get(box[last], ()))
    return shared


def joints_of(parts: Parts) -> Iterator[Joint]:
    """Where two parts of one level and net touch along an edge."""
    for level in Level:
        index = np.nonzero(parts.boxes[:, 0] == level)[0].tolist()
        boxes = {k: parts.boxes[k].tolist() for k in index}
        yield from _touching(boxes, True)
        yield from _touching(boxes, False)


def _touching(boxes: dict[int, list[int]], horizontal: bool) -> Iterator[Joint]:
    low, high, start, stop = (2, 4, 3, 5) if horizontal else (3, 5, 2, 4)
    begins: dict[tuple[int, int], list[int]] = defaultdict(list)
    for k, box in boxes.items():
        begins[box[1], box[start]].append(k)
    for k, box in boxes.items():
        for other in begins.get((box[1], box[stop]), ()):
            first, last = max(box[low], boxes[other][low]), min(box[high], boxes[other][high])
            if last > first:
                middle, edge = (first + last) / 2, float(box[stop])
                x, y = (middle, edge) if horizontal else (edge, middle)
                yield Joint(k, other, x, y, horizontal, last - first)


def contacts_of(flat: FlatConductors, parts: Parts) -> Iterator[Contact]:
    """Every cut with the part below and the part above it; a local contact lands on poly or on diffusion."""
    for cut, (below, above) in CUTS.items():
        yield from _contacts(flat.cuts[cut], parts, cut, [Level[below.name]], Level[above.name])
    for cut, plate in PLATE_CUTS.items():
        yield from _contacts(flat.plate_cuts[cut], parts, cut, [plate], Level[CUTS[cut][1].name])


def _contacts(region: object, parts: Parts, cut: Layer, lows: list[Level], high: Level) -> Iterator[Contact]:
    boxes = [p.bbox() for p in region.each()]  # type: ignore[attr-defined]
    x = np.array([(b.left + b.right) // 2 for b in boxes], dtype=np.int64)
    y = np.array([(b.bottom + b.top) // 2 for b in boxes], dtype=np.int64)
    if cut is Layer.LICON:
        lows = [Level.POLY, Level.DIFF]
    upper, lower = parts.at(high, x, y), np.full(len(x), -1, dtype=np.int64)
    for level in lows:
        found = parts.at(level, x, y)
        lower = np.where(lower < 0, found, lower)
    for k in np.nonzero((upper >= 0) & (lower >= 0))[0].tolist():
        yield Contact(int(lower[k]), int(upper[k]), cut, float(x[k]), float(y[k]))


def crossings_of(parts: Parts) -> Iterator[tuple[int, float, float]]:
    """(part, x, y) where a wire of the next metal runs straight across a bar, for both bars."""
    for low, high in pairwise((Level.LI1, Level.MET1, Level.MET2, Level.MET3, Level.MET4, Level.MET5)):
        a = np.nonzero(parts.boxes[:, 0] == low)[0]
        b = np.nonzero(parts.boxes[:, 0] == high)[0]
        step = max(1, CHUNK // max(1, len(b)))
        for start in range(0, len(a), step):
            yield from _crossed(parts.boxes, a[start : start + step], b)


def _crossed(boxes: Ints, a: Ints, b: Ints) -> Iterator[tuple[int, float, float]]:
    for p, q in ((a, b), (b, a)):
        one, two = boxes[p][:, None], boxes[q][None]
        lying = (two[..., 2] >= one[..., 2]) & (two[..., 4] <= one[..., 4])
        lying &= (two[..., 3] <= one[..., 3]) & (two[..., 5] >= one[..., 5]) & (two[..., 1] != one[..., 1])
        for i, j in zip(*np.nonzero(lying), strict=True):
            x, y = (boxes[q[j], 2] + boxes[q[j], 4]) / 2, (boxes[p[i], 3] + boxes[p[i], 5]) / 2
            yield int(p[i]), float(x), float(y)
            yield int(q[j]), float(x), float(y)
