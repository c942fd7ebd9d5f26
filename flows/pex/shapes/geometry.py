"""Conductor shapes of a layout as boxes with nets: the picture that capacitance extraction works on."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import klayout.db as kdb
import numpy as np
from numpy.typing import NDArray

from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.lvs.layout.bodies import bodies
from analoom.pdk.errors import InputError
from analoom.pdk.layers import CUTS, Layer, Marker

Ints = NDArray[np.int64]
STEP_NM = 100
"""Slices a slanted edge is cut into are at most this high, and a slice begins at most this far from the next, nm."""

MOST_SHAPES = 1_000_000
"""Flat shapes this extraction takes on; a 16 x 16 crossbar has about 20,000."""


FARTHEST_NM = 50_000_000
"""How far from the origin shapes may lie: more than a reticle's 26 mm by 33 mm."""


class Level(IntEnum):
    """What a field line can end on, from the silicon up. FIELD is the ground under field oxide: substrate or a well."""

    FIELD = 0
    DIFF = 1
    POLY = 2
    LI1 = 3
    MET1 = 4
    MET2 = 5
    MET3 = 6
    CAPM = 7
    MET4 = 8
    CAP2M = 9
    MET5 = 10


PLATES = {Level.CAPM: Level.MET3, Level.CAP2M: Level.MET4}
"""MIM top plates, each with its bottom plate."""


PLATE_CUTS = {Layer.VIA3: Level.CAPM, Layer.VIA4: Level.CAP2M}
"""Cuts that land on a MIM top plate in places."""

HIGH_MARKS = (Marker.RPM, Marker.URPM)
"""They make poly the body of a high-resistance resistor."""

LEVEL_OF = {Layer[level.name]: level for level in Level if level is not Level.FIELD} | {Layer.NWELL: Level.FIELD}


BoxNm = tuple[int, int, int, int]
"""left, bottom, right, top in nm."""


@dataclass(frozen=True)
class End:
    """Where a body meets a wire: the net's number, and the middle of their common edge (nm)."""

    net: int
    x_nm: int
    y_nm: int


@dataclass(frozen=True)
class Body:
    """A resistor's body: its device's name, its ends, and its boxes, each with the index of its end."""

    device: str
    level: Level
    ends: tuple[End, ...]
    boxes: tuple[tuple[BoxNm, int], ...]

    @property
    def place_nm(self) -> tuple[int, int]:
        """The lower left corner."""
        return min(box[0] for box, _ in self.boxes), min(box[1] for box, _ in self.boxes)


@dataclass(frozen=True)
class Shapes:
    """Boxes (level, net, left, bottom, right, top; nm) of every conductor, int64 of shape (boxes, 6).

    Net `substrate` covers whatever no box of Level.FIELD does; `count` nets are numbered from 0. Each half of a
    resistor's body is a box of the net at its end.
    """

    boxes: Ints
    substrate: int
    count: int
    slanted: bool
    bodies: tuple[Body, ...] = ()

    def bbox(self) -> tuple[int, int, int, int]:
        """left, bottom, right, top in nm."""
        b = self.boxes
        return int(b[:, 2].min()), int(b[:, 3].min()), int(b[:, 4].max()), int(b[:, 5].max())

    def nets_at(self, level: Level, points_nm: Ints) -> Ints:
        """The net under each point (points, 2) on `level`, -1 where there is none (the substrate for FIELD)."""
        boxes = self.boxes[self.boxes[:, 0] == level]
        found = np.full(len(points_nm), self.substrate if level is Level.FIELD else -1, dtype=np.int64)
        order = np.argsort(boxes[:, 2], kind="stable")
        boxes = boxes[order]
        widest = int((boxes[:, 4] - boxes[:, 2]).max()) if len(boxes) else 0
        for k, (x, y) in enumerate(points_nm):
            low, high = np.searchsorted(boxes[:, 2], (x - widest, x + 1))
            near = boxes[low:high]
            hit = near[(near[:, 4] >= x) & (near[:, 3] <= y) & (near[:, 5] >= y)]
            if len(hit):
                found[k] = hit[0, 1]
        return found


def channels_of(source: LayoutSource) -> Ints:
    """Where a device's model holds what poly has to the silicon: gates over diffusion, and resistors of high resistance
    (`xc0` in the model files of res_high_po and res_xhigh_po). Rows as in `Shapes`, of Level.DIFF and no net (-1).
    """
    held = source.drawn(Layer.POLY) & source.drawn(Layer.DIFF)
    for mark in filter(source.has, HIGH_MARKS):
        held += bodies(source, Layer.POLY) & source.drawn(mark)
    rows = [(Level.DIFF, -1, *box) for polygon in held.merged().each() for box in boxes_of(polygon)]
    return np.array(rows, dtype=np.int64).reshape(-1, 6)


def not_too_large(source: LayoutSource) -> None:
    """Counts flat shapes from the hierarchy, before anything is flattened."""
    counts: dict[int, int] = {}
    indexes = [source.index(layer) for layer in (*LEVEL_OF, *CUTS)]
    for index in source.layout.each_cell_bottom_up():
        cell = source.layout.cell(index)
        own = sum(cell.shapes(k).size() for k in indexes)
        counts[index] = own + sum(max(1, i.na) * max(1, i.nb) * counts[i.cell_index] for i in cell.each_inst())
    found = counts[source.top.cell_index()]
    if not found:
        raise InputError(f"{source.name}: no conductor on any layer analoom knows", field="file")
    if max(map(abs, _corners(source))) > FARTHEST_NM:
        far = max(map(abs, _corners(source))) / 1e6
        said = f"{source.name}: shapes {far:g} mm from the origin; extraction takes up to {FARTHEST_NM / 1e6:g} mm"
        raise InputError(said, field="file", remedy="extract a smaller block")
    if found > MOST_SHAPES:
        said = f"{source.name}: {found} flat shapes; extraction takes up to {MOST_SHAPES}"
        raise InputError(said, field="name", remedy="extract a smaller block")


def _corners(source: LayoutSource) -> tuple[int, int, int, int]:
    b = source.top.bbox()
    return b.left, b.bottom, b.right, b.top


def boxes_of(polygon: kdb.Polygon, upright: bool = False) -> list[tuple[int, int, int, int]]:
    """The polygon as boxes, cut along x, or along y when `upright`.

    Slanted parts become slices, each as wide as the polygon at its middle; parallel wires are cut at the same heights.
    """
    if upright:
        turn = kdb.Trans(kdb.Trans.M45)
        return [(b, left, t, right) for left, b, right, t in boxes_of(polygon.transformed(turn))]
    if polygon.is_box():
        b = polygon.bbox()
        return [(b.left, b.bottom, b.right, b.top)]
    boxes: list[tuple[int, int, int, int]] = []
    for part in polygon.decompose_trapezoids(kdb.Polygon.TD_htrapezoids):
        b = part.bbox()
        boxes += [(b.left, b.bottom, b.right, b.top)] if part.is_box() else _slices(part)
    return boxes


def _slices(trapezoid: kdb.SimplePolygon) -> list[tuple[int, int, int, int]]:
    b, step = trapezoid.bbox(), _step_nm(trapezoid)
    cuts = [b.bottom, *range((b.bottom // step + 1) * step, b.top, step), b.top]
    out = []
    for low, high in pairwise(cuts):
        middle = (low + high) / 2
        xs = [
            _cross(edge, middle)
            for edge in trapezoid.each_edge()
            if min(edge.y1, edge.y2) <= middle < max(edge.y1, edge.y2)
        ]
        if len(xs) == 2 and round(min(xs)) < round(max(xs)):
            out.append((round(min(xs)), low, round(max(xs)), high))
    return out


def _step_nm(trapezoid: kdb.SimplePolygon) -> int:
    """STEP_NM along x or y, whichever the flattest edge runs farther along."""
    rising = [edge for edge in trapezoid.each_edge() if edge.dy()]
    return max(1, min(STEP_NM, *(STEP_NM * abs(edge.dy()) // max(abs(edge.dx()), 1) for edge in rising)))


def _cross(edge: kdb.Edge, y: float) -> float:
    return edge.x1 + (edge.x2 - edge.x1) * (y - edge.y1) / (edge.y2 - edge.y1)
