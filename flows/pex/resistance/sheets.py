"""Conductors that are no rows of bars, as sheets: Laplace's equation on triangles between where current enters.

Linear elements; each place of entry is a disc. Between two discs the mesh is reduced to one resistor for each pair.
Source of the element matrix: O. C. Zienkiewicz and R. L. Taylor, "The Finite Element Method", vol. 1, the linear
triangle, whose off-diagonal terms are half the cotangents of the angles across.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

import klayout.db as kdb
import numpy as np
import shapely
from scipy.sparse import coo_matrix, csc_matrix
from scipy.sparse.linalg import splu
from scipy.spatial import Delaunay

from analoom.flows.pex.shapes.geometry import Ints
from analoom.pdk.wires import Array

from .narrowed import UNITS_PER_NM

STEPS_ACROSS = 4
"""Triangles across a wire of the sheet's mean width (twice its area over its perimeter)."""

MOST_VERTICES = 20_000
"""Larger sheets get larger triangles."""

RING, GROWTH = 16, 1.4
"""Vertices around each place of entry, and how much wider each ring of them is than the one inside it."""

ACROSS_FRAC = 1 / (2 * np.pi)
"""Radius, in widths of a wire, of the disc that conducts into both its halves as a line across it does.

Source: the row of images of a line source in a strip, whose far field lacks ln(w / (2 pi r)) / (2 pi) squares.
"""

APART_FRAC = 0.45
"""Two places of entry share the distance between them; the rest is what the current crosses."""

LEAST_RADIUS_NM = 5.0

LEAST_SHARE = 1e-5
"""Resistors that carry less of what enters at either end are left out."""

LEAST_FULLNESS = 1e-3
"""Flatter triangles are rounding between points on one straight edge."""


@dataclass(frozen=True)
class Entry:
    """A place where current enters a sheet: its middle and its radius, nm."""

    x_nm: float
    y_nm: float
    radius_nm: float


def entries(polygon: kdb.Polygon, places: Sequence[tuple[float, float, float]]) -> list[Entry]:
    """Places (x, y, radius in nm; radius 0: across the whole wire there) as discs that do not overlap."""
    at = np.array([(x, y) for x, y, _ in places])
    wide = np.array([r for _, _, r in places])
    wide = np.where(wide > 0, wide, ACROSS_FRAC * _mean_width_nm(_shape(polygon)))
    if len(at) > 1:
        far = np.hypot(*(at[:, None] - at[None]).transpose(2, 0, 1))
        np.fill_diagonal(far, np.inf)
        wide = np.minimum(wide, APART_FRAC * far.min(axis=1))
    return [Entry(float(x), float(y), max(float(r), LEAST_RADIUS_NM)) for (x, y), r in zip(at, wide, strict=True)]


def squares(polygon: kdb.Polygon, found: Sequence[Entry]) -> Iterator[tuple[int, int, float]]:
    """(entry, entry, squares) of the resistors that stand for a sheet seen from its entries; `polygon` as narrowed."""
    if len(found) < 2:
        return
    points, triangles = _mesh(polygon, found)
    matrix, owner = _laplacian(points, triangles), _owners(points, found)
    conductance = _seen_from(matrix, owner, len(found))
    for a in range(len(found)):
        for b in range(a):
            if -conductance[a, b] > LEAST_SHARE * min(conductance[a, a], conductance[b, b]):
                yield b, a, float(-1 / conductance[a, b])


def _shape(polygon: kdb.Polygon) -> shapely.Polygon:
    hull = [(p.x / UNITS_PER_NM, p.y / UNITS_PER_NM) for p in polygon.each_point_hull()]
    holes = [
        [(p.x / UNITS_PER_NM, p.y / UNITS_PER_NM) for p in polygon.each_point_hole(k)] for k in range(polygon.holes())
    ]
    return shapely.Polygon(hull, holes)


def _mean_width_nm(shape: shapely.Polygon) -> float:
    return float(2 * shape.area / shape.length)


def _mesh(polygon: kdb.Polygon, found: Sequence[Entry]) -> tuple[Array, Ints]:
    """(points (n, 2) in nm, triangles (m, 3))."""
    shape = _shape(polygon)
    step = max(_mean_width_nm(shape) / STEPS_ACROSS, float(np.sqrt(shape.area / MOST_VERTICES)))
    at = np.array([(entry.x_nm, entry.y_nm) for entry in found])
    points = _lattice(shape, step)
    near = (_distances(points, at) < np.maximum([entry.radius_nm for entry in found], step)).any(axis=1)
    points = points[~near]
    for k, entry in enumerate(found):
        rings = _rings(entry, step)
        own = (_distances(rings, at).argmin(axis=1) == k) & shapely.contains_xy(shape, rings[:, 0], rings[:, 1])
        points = np.concatenate([points, rings[own]])
    points = np.unique(np.concatenate([points, _rim(shape, step)]).round(3), axis=0)
    triangles = Delaunay(points).simplices
    corners = points[triangles]
    middle = corners.mean(axis=1)
    inside = shapely.contains_xy(shape, middle[:, 0], middle[:, 1])
    return points, triangles[inside & (_fullness(corners) > LEAST_FULLNESS)]


def _fullness(corners: Array) -> Array:
    """Twice the area of triangles (n, 3, 2) over the square of their longest side; slivers lie along the edges."""
    sides = corners - np.roll(corners, 1, axis=1)
    double = np.abs(sides[:, 0, 0] * sides[:, 1, 1] - sides[:, 0, 1] * sides[:, 1, 0])
    fullness: Array = double / (sides**2).sum(axis=2).max(axis=1)
    return fullness


def _lattice(shape: shapely.Polygon, step: float) -> Array:
    """A triangular lattice inside, not too near the edges."""
    left, bottom, right, top = shape.bounds
    ys = np.arange(bottom, top, step * np.sqrt(3) / 2)
    xs = np.arange(left, right + step, step)
    x = (xs[None] + step / 2 * (np.arange(len(ys)) % 2)[:, None]).ravel()
    points = np.stack([x, np.repeat(ys, len(xs))], axis=1)
    points = points[shapely.contains_xy(shape, points[:, 0], points[:, 1])]
    rim = shapely.boundary(shape)
    shapely.prepare(rim)
    kept: Array = points[~shapely.dwithin(rim, shapely.points(points), step / 2)]
    return kept


def _rim(shape: shapely.Polygon, step: float) -> Array:
    """The edges, every `step` or less."""
    rows = []
    for ring in (shape.exterior, *shape.interiors):
        corners = np.array(ring.coords)
        for a, b in pairwise(corners):
            count = max(1, int(np.ceil(np.hypot(*(b - a)) / step)))
            rows.append(a + (b - a) * np.arange(count)[:, None] / count)
    return np.concatenate(rows)


def _distances(points: Array, at: Array) -> Array:
    """(points, places)."""
    far: Array = np.hypot(points[:, None, 0] - at[None, :, 0], points[:, None, 1] - at[None, :, 1])
    return far


def _rings(entry: Entry, step: float) -> Array:
    """The middle of an entry, its rim, and rings around it until their vertices are a step apart."""
    angle = 2 * np.pi * np.arange(RING) / RING
    count = max(1, int(np.ceil(np.log(max(step / entry.radius_nm, 1.0)) / np.log(GROWTH))) + 1)
    radius = entry.radius_nm * GROWTH ** np.arange(count)[:, None]
    turn = angle + np.pi / RING * (np.arange(count) % 2)[:, None]
    x, y = entry.x_nm + radius * np.cos(turn), entry.y_nm + radius * np.sin(turn)
    return np.concatenate([[(entry.x_nm, entry.y_nm)], np.stack([x.ravel(), y.ravel()], axis=1)])


def _laplacian(points: Array, triangles: Ints) -> csc_matrix:
    count = len(points)
    rows, cols, values = [], [], []
    for k in range(3):
        a, b, c = (triangles[:, (k + j) % 3] for j in range(3))
        u, v = points[a] - points[c], points[b] - points[c]
        cross = np.abs(u[:, 0] * v[:, 1] - u[:, 1] * v[:, 0])
        half_cot = (u * v).sum(axis=1) / np.maximum(cross, 1e-12) / 2
        rows += [a, b, a, b]
        cols += [b, a, a, b]
        values += [-half_cot, -half_cot, half_cot, half_cot]
    parts = np.concatenate(values), (np.concatenate(rows), np.concatenate(cols))
    return coo_matrix(parts, shape=(count, count)).tocsc()


def _owners(points: Array, found: Sequence[Entry]) -> Ints:
    """The entry whose disc each point lies in, -1 for none."""
    owner = np.full(len(points), -1, dtype=np.int64)
    for k, entry in enumerate(found):
        owner[np.hypot(points[:, 0] - entry.x_nm, points[:, 1] - entry.y_nm) <= entry.radius_nm + 0.01] = k
    return owner


def _seen_from(matrix: csc_matrix, owner: Ints, count: int) -> Array:
    """(count, count) conductances in 1/squares between the entries, the points of no entry eliminated."""
    used = np.diff(matrix.indptr) > 0
    free = np.nonzero((owner < 0) & used)[0]
    held = np.nonzero(owner >= 0)[0]
    gather = coo_matrix((np.ones(len(held)), (held, owner[held])), shape=(len(owner), count)).tocsc()
    across = (matrix @ gather)[free].toarray()
    direct: Array = (gather.T @ matrix @ gather).toarray()
    if not len(free):
        return direct
    inner = matrix[free][:, free].tocsc()
    return direct - across.T @ splu(inner).solve(across)
