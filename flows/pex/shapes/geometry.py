"""Conductor shapes of a layout as boxes with nets: the picture that capacitance extraction works on.

Connectivity is that of LVS: gates cut diffusion, via3 on capm reaches the MIM top plate and elsewhere met3, taps reach
their well, the p-substrate is one net and each p-well that a deep n-well isolates another. Everything is flat, for
blocks of some ten thousand shapes.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from itertools import pairwise

import klayout.db as kdb
import numpy as np
from numpy.typing import NDArray

from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.lvs.layout.extract import SUBSTRATE
from analoom.pdk.errors import InputError
from analoom.pdk.layers import CONDUCTORS, CUTS, Layer

Ints = NDArray[np.int64]
STEP_NM = 100
"""Slices a slanted edge is cut into are at most this high, and a slice begins at most this far from the next, nm."""

MOST_SHAPES = 1_000_000
"""Flat shapes this extraction takes on; a 16 x 16 crossbar has about 20,000."""


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

LEVEL_OF = {Layer[level.name]: level for level in Level if level is not Level.FIELD} | {Layer.NWELL: Level.FIELD}


@dataclass(frozen=True)
class Shapes:
    """Boxes (level, net, left, bottom, right, top; nm) of every conductor, int64 of shape (boxes, 6).

    Net `substrate` covers whatever no box of Level.FIELD does; `count` nets are numbered from 0.
    """

    boxes: Ints
    substrate: int
    count: int
    slanted: bool

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


def shapes_of(source: LayoutSource) -> Shapes:
    """The conductors of a layout with their nets. Raises InputError when there are none or too many."""
    not_too_large(source)
    flat = FlatConductors(source)
    boxes, slanted = flat.boxes()
    nets, inverse = np.unique(np.append(boxes[:, 1], 0), return_inverse=True)
    boxes[:, 1] = inverse[:-1]
    return Shapes(boxes, int(inverse[-1]), len(nets), slanted)


def channels_of(source: LayoutSource) -> Ints:
    """Where gates lie over diffusion: rows as in `Shapes`, of Level.DIFF and no net (-1)."""
    poly, diff = (kdb.Region(source.top.begin_shapes_rec(source.index(x))) for x in (Layer.POLY, Layer.DIFF))
    rows = [(Level.DIFF, -1, *box) for polygon in (poly & diff).merged().each() for box in boxes_of(polygon)]
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
    if found > MOST_SHAPES:
        said = f"{source.name}: {found} flat shapes; extraction takes up to {MOST_SHAPES}"
        raise InputError(said, field="name", remedy="extract a smaller block")


class FlatConductors:
    """Flat klayout extraction; net 0 is the substrate's."""

    def __init__(self, source: LayoutSource) -> None:
        self.source = source
        self.l2n = kdb.LayoutToNetlist(source.top.name, source.layout.dbu)
        self.regions: dict[Level, kdb.Region] = {}
        self._layers()
        self._connect()
        self.l2n.extract_netlist()
        self.ids: dict[str, int] = {}

    def _drawn(self, layer: Layer) -> kdb.Region:
        return kdb.Region(self.source.top.begin_shapes_rec(self.source.index(layer))).merged()

    def _layers(self) -> None:
        diff, tap, poly, nwell = (self._drawn(x) for x in (Layer.DIFF, Layer.TAP, Layer.POLY, Layer.NWELL))
        self.nwell, self.deep = nwell, self._drawn(Layer.DNWELL)
        inside = self.deep - nwell
        self.pwell = inside - inside.interacting(self.deep.edges() - nwell)
        self.bulk_pins = self._drawn(Layer.PWELL_PIN) - self.pwell
        self.sd, self.tap = diff - poly, tap
        self.ntap, self.ptap = tap & nwell & self._drawn(Layer.NSDM), (tap - nwell) & self._drawn(Layer.PSDM)
        self.inner_ptap, self.ptap = self.ptap & self.pwell, self.ptap - self.pwell
        self.wires = {layer: poly if layer is Layer.POLY else self._drawn(layer) for layer in CONDUCTORS}
        self.plates = {level: self._drawn(Layer[level.name]) for level in PLATES}
        self.cuts = {layer: self._drawn(layer) for layer in CUTS}
        self.plate_cuts = {}
        for cut, level in PLATE_CUTS.items():
            self.plate_cuts[cut] = self.cuts[cut] & self.plates[level]
            self.cuts[cut] -= self.plates[level]
        self.bulk = kdb.Region()

    def _connect(self) -> None:
        named = {"sd": self.sd, "tap": self.tap, "ntap": self.ntap, "ptap": self.ptap, "nwell": self.nwell}
        named |= {"bulk": self.bulk, "pwell": self.bulk_pins}
        named |= {level.name.lower(): region for level, region in self.plates.items()}
        named |= {f"{cut.name.lower()}_plate": region for cut, region in self.plate_cuts.items()}
        named |= {"dnwell": self.deep, "pwell_isolated": self.pwell, "ptap_isolated": self.inner_ptap}
        named |= {layer.name.lower(): region for layer, region in (*self.wires.items(), *self.cuts.items())}
        for name, region in named.items():
            self.l2n.register(region, name)
            self.l2n.connect(region)
        licon = self.cuts[Layer.LICON]
        pairs = [(self.wires[low], self.cuts[cut]) for cut, (low, _) in CUTS.items()]
        pairs += [(self.cuts[cut], self.wires[high]) for cut, (_, high) in CUTS.items()]
        pairs += [(self.sd, licon), (self.tap, licon), (self.ntap, self.tap), (self.ptap, self.tap)]
        pairs += [(self.nwell, self.deep), (self.pwell, self.inner_ptap), (self.inner_ptap, self.tap)]
        pairs += [(self.nwell, self.ntap)]
        pairs += [(self.plates[level], self.plate_cuts[cut]) for cut, level in PLATE_CUTS.items()]
        pairs += [(self.plate_cuts[cut], self.wires[CUTS[cut][1]]) for cut in PLATE_CUTS]
        for a, b in pairs:
            self.l2n.connect(a, b)
        for region in (self.bulk, self.ptap, self.bulk_pins):
            self.l2n.connect_global(region, SUBSTRATE)

    def boxes(self) -> tuple[Ints, bool]:
        rows: list[tuple[int, ...]] = []
        slanted = False
        for level, net, polygon in self.polygons():
            slanted |= not polygon.is_rectilinear()
            rows += [(level, net, *box) for box in boxes_of(polygon)]
        return np.array(rows, dtype=np.int64).reshape(-1, 6), slanted

    def polygons(self) -> Iterator[tuple[Level, int, kdb.Polygon]]:
        """Every conductor polygon with its level and net."""
        levels = [(LEVEL_OF[layer], region) for layer, region in self.wires.items()]
        levels += [*self.plates.items(), (Level.DIFF, self.sd), (Level.DIFF, self.tap)]
        levels += [(Level.FIELD, self.nwell), (Level.FIELD, self.pwell)]
        for level, region in levels:
            for polygon in region.nets(self.l2n, 0).each():
                yield level, self._number(polygon.property(0)[0]), polygon

    def is_n(self, x_nm: float, y_nm: float) -> bool:
        """Whether the diffusion at a point is n-type, by its implant."""
        at = kdb.Box(round(x_nm) - 1, round(y_nm) - 1, round(x_nm) + 1, round(y_nm) + 1)
        index = self.source.index(Layer.NSDM)
        return not self.source.top.begin_shapes_rec_touching(index, at).at_end()

    def device_places(self) -> list[tuple[str, kdb.Region, Level]]:
        """Where devices meet conductors: gates on poly, sources and drains on diffusion, MIM plates on both levels."""
        gate = self.wires[Layer.POLY] & self._drawn(Layer.DIFF)
        plates = [("top", region, top) for top, region in self.plates.items()]
        plates += [("bottom", region, PLATES[top]) for top, region in self.plates.items()]
        return [("gate", gate.merged(), Level.POLY), ("diff", self.sd, Level.DIFF), *plates]

    def _number(self, name: str) -> int:
        """A number for klayout's net name (unique in a flat netlist); the substrate's is 0."""
        return 0 if name == SUBSTRATE else self.ids.setdefault(name, len(self.ids) + 1)


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
