"""Conductors cut into bars, and the points where current enters each: joints, cuts, pins, gates, crossings.

A polygon is first narrowed along its real edges by the width correction of its level (see `narrowed`), then cut along x
or along y, whichever leaves the shorter cuts, so that a wire with bumps stays a row of bars. One with slanted edges, or
with steps so small that a bar between two others would be thinner than any wire, is a sheet, to be solved as a whole.
Diffusion, n-wells and MIM top plates are one point each: their resistance belongs to
the device models.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import klayout.db as kdb
import numpy as np

from analoom.flows.pex.shapes.conductors import FlatConductors
from analoom.flows.pex.shapes.geometry import PLATE_CUTS, PLATES, BoxNm, Ints, Level, boxes_of
from analoom.pdk import rules
from analoom.pdk.errors import InputError
from analoom.pdk.layers import CUTS, Layer
from analoom.pdk.wire_levels import LEVELS
from analoom.pdk.wires import Array

from .narrowed import NarrowError, narrowed, scaled

LUMPED = (Level.FIELD, Level.DIFF, *PLATES)
"""Levels whose parts are one point each."""

SUBSTRATE_NET = 0

THIN_FRAC = 0.5
"""Bars thinner than this share of the least wire of their level are steps in an edge."""

MOST_BARS = 100
"""Conductors of more bars stay bars: their sheets would be large, and every place of entry has a resistor to every
other."""

LEAST_NM = {Layer.POLY: rules.POLY_WIDTH.value_nm, **{layer: level.width_nm for layer, level in LEVELS.items()}}

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
    length_nm: float


@dataclass(frozen=True)
class Contact:
    """A cut between two parts; `layer` names it, `size_nm` is its shorter side."""

    low: int
    high: int
    layer: Layer
    x_nm: float
    y_nm: float
    size_nm: int


@dataclass(frozen=True)
class Parts:
    """Boxes of the conductors: `level`, `net` (parts,), `nm` (parts, 4) left, bottom, right, top of what conducts.

    `sheet` (parts,): the index in `sheets` of the polygon a part is a slice of, -1 for a bar. `grown_nm` by
    level: how much wider than the bars the wires are drawn, on every side. Net 0 is the substrate's.
    """

    level: Ints
    net: Ints
    nm: Array
    sheet: Ints
    sheets: tuple[kdb.Polygon, ...]
    grown_nm: Mapping[Level, float]

    def at(self, level: Level, x_nm: Ints, y_nm: Ints) -> Ints:
        """The part of `level` under each point, or of the wire drawn around it; -1 where there is none."""
        found = self._at(level, x_nm, y_nm, 0.0)
        beside = np.nonzero(found < 0)[0]
        if len(beside) and self.grown_nm.get(level, 0.0) > 0:
            found[beside] = self._at(level, x_nm[beside], y_nm[beside], self.grown_nm[level])
        return found

    def _at(self, level: Level, x_nm: Ints, y_nm: Ints, reach_nm: float) -> Ints:
        rows = np.nonzero(self.level == level)[0]
        found = np.full(len(x_nm), -1, dtype=np.int64)
        if not len(rows):
            return found
        b = self.nm[rows] + reach_nm * np.array([-1, -1, 1, 1])
        step = max(1, CHUNK // max(1, len(rows)))
        for start in range(0, len(x_nm), step):
            x, y = x_nm[start : start + step, None], y_nm[start : start + step, None]
            inside = (b[:, 0] <= x) & (b[:, 2] >= x) & (b[:, 1] <= y) & (b[:, 3] >= y)
            hit = inside.any(axis=1)
            found[start : start + step][hit] = rows[inside.argmax(axis=1)[hit]]
        return found


def parts_of(flat: FlatConductors, delta_um: Mapping[Layer, float]) -> Parts:
    """Every conductor as parts; `delta_um`: what the width of a wire on each layer is corrected by.

    Raises InputError for a wire of which the correction leaves nothing.
    """
    rows: list[tuple[int, int, int]] = []
    boxes: list[tuple[float, ...]] = []
    sheets: list[kdb.Polygon] = []
    for level, net, polygon in flat.polygons(whole=True):
        if level in LUMPED:
            found, sheet = boxes_of(polygon), -1
            boxes += found
        else:
            layer = Layer[level.name]
            twice = _narrowed(level, polygon, delta_um[layer])
            found = _bars(twice) if twice.is_rectilinear() else boxes_of(twice)
            thin = THIN_FRAC * (LEAST_NM[layer] + delta_um[layer] * 1000)
            is_sheet = not twice.is_rectilinear() or _needs_a_sheet(found, scaled(thin))
            sheet = len(sheets) if is_sheet else -1
            sheets += [twice] if is_sheet else []
            boxes += [tuple(x / scaled(1) for x in box) for box in found]
        rows += [(level, net, sheet)] * len(found)
    table = np.array(rows, dtype=np.int64).reshape(-1, 3)
    grown = {level: -delta_um[Layer[level.name]] * 500 for level in Level if level not in LUMPED}
    nm = np.array(boxes, dtype=float).reshape(-1, 4)
    return Parts(table[:, 0], table[:, 1], nm, table[:, 2], tuple(sheets), grown)


def _narrowed(level: Level, polygon: kdb.Polygon, delta_um: float) -> kdb.Polygon:
    try:
        return narrowed(polygon, delta_um)
    except NarrowError as error:
        said = f"{level.name.lower()} {error}: nothing left after {delta_um:g} um"
        raise InputError(said, field="layout", remedy="draw it at least at minimum width") from None


def _bars(polygon: kdb.Polygon) -> list[BoxNm]:
    if polygon.is_box():
        return boxes_of(polygon)
    lying = [_corners(box) for box in polygon.decompose_trapezoids(kdb.Polygon.TD_simple)]
    turned = polygon.transformed(kdb.Trans(kdb.Trans.M45)).decompose_trapezoids(kdb.Polygon.TD_simple)
    upright = [(b, left, t, right) for left, b, right, t in map(_corners, turned)]
    return upright if _cut_nm(upright, 1, 3, 0, 2) < _cut_nm(lying, 0, 2, 1, 3) else lying


def _needs_a_sheet(bars: list[BoxNm], thin: float) -> bool:
    """Whether current may cross a bar that is thinner than any wire: a step in an edge, cut along and not across."""
    if not 1 < len(bars) <= MOST_BARS:
        return False
    slight = [b for b in bars if min(b[2] - b[0], b[3] - b[1]) < thin]
    return any(sum(_beside(b, other) for other in bars if other is not b) > 1 for b in slight)


def _beside(a: BoxNm, b: BoxNm) -> bool:
    """Whether two boxes share more than a corner."""
    wide, high = min(a[2], b[2]) - max(a[0], b[0]), min(a[3], b[3]) - max(a[1], b[1])
    return min(wide, high) >= 0 and max(wide, high) > 0


def _corners(box: kdb.SimplePolygon) -> BoxNm:
    b = box.bbox()
    return b.left, b.bottom, b.right, b.top


def _cut_nm(boxes: list[BoxNm], low: int, high: int, first: int, last: int) -> int:
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
        yield from joints_among(parts, np.nonzero((parts.level == level) & (parts.sheet < 0))[0].tolist())


def joints_among(parts: Parts, index: Sequence[int]) -> Iterator[Joint]:
    """Where parts of one level, by their `index`, touch along an edge."""
    nets = {k: int(parts.net[k]) for k in index}
    boxes = {k: parts.nm[k].tolist() for k in index}
    yield from _touching(boxes, nets, True)
    yield from _touching(boxes, nets, False)


def _touching(boxes: dict[int, list[float]], nets: dict[int, int], horizontal: bool) -> Iterator[Joint]:
    low, high, start, stop = (0, 2, 1, 3) if horizontal else (1, 3, 0, 2)
    begins: dict[tuple[int, float], list[int]] = defaultdict(list)
    for k, box in boxes.items():
        begins[nets[k], box[start]].append(k)
    for k, box in boxes.items():
        for other in begins.get((nets[k], box[stop]), ()):
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
        size = min(boxes[k].width(), boxes[k].height())
        yield Contact(int(lower[k]), int(upper[k]), cut, float(x[k]), float(y[k]), size)


def crossings_of(parts: Parts) -> Iterator[tuple[int, float, float]]:
    """(part, x, y) where a wire of the next metal runs straight across a bar, for both bars."""
    for low, high in pairwise((Level.LI1, Level.MET1, Level.MET2, Level.MET3, Level.MET4, Level.MET5)):
        a, b = (np.nonzero((parts.level == level) & (parts.sheet < 0))[0] for level in (low, high))
        step = max(1, CHUNK // max(1, len(b)))
        for start in range(0, len(a), step):
            yield from _crossed(parts, a[start : start + step], b)


def _crossed(parts: Parts, a: Ints, b: Ints) -> Iterator[tuple[int, float, float]]:
    nm, net = parts.nm, parts.net
    for p, q in ((a, b), (b, a)):
        one, two = nm[p][:, None], nm[q][None]
        lying = (two[..., 0] >= one[..., 0]) & (two[..., 2] <= one[..., 2])
        lying &= (two[..., 1] <= one[..., 1]) & (two[..., 3] >= one[..., 3]) & (net[q][None] != net[p][:, None])
        for i, j in zip(*np.nonzero(lying), strict=True):
            x, y = (nm[q[j], 0] + nm[q[j], 2]) / 2, (nm[p[i], 1] + nm[p[i], 3]) / 2
            yield int(p[i]), float(x), float(y)
            yield int(q[j]), float(x), float(y)
