"""The lines of a crossbar as ladders of resistances and capacitances, from the extraction of its drawn tiles.

A small array of the same synapse, large enough that its middle sees no rim, is extracted; a large array takes each
value from the tile of the same position class: as far from each side, up to what the extraction looks at.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from math import ceil

import numpy as np

from analoom.cells.model.cell import Cell, weave_of
from analoom.cells.model.registry import build
from analoom.flows.files.layout_source import LayoutSource, of_cell
from analoom.flows.pex.capacitance.edges import HALO_NM
from analoom.flows.pex.capacitance.pairs import Pairs
from analoom.flows.pex.capacitance.windows import extract_pairs
from analoom.flows.pex.resistance.network import RcNetwork, rc_network
from analoom.flows.pex.resistance.solve import resistance_ohm
from analoom.flows.pex.shapes.geometry import PLATES, Ints, Level, Shapes
from analoom.generators.array.block_tree import GROUND, Line, tile_nm
from analoom.generators.array.ring_tile import RING_NM, Side
from analoom.generators.crossbar.rim import Rim
from analoom.pdk.errors import InputError
from analoom.pdk.layers import Layer
from analoom.pdk.wire_resistance import wire_resistance
from analoom.pdk.wires import Array, wire_tables

GROUND_LAYER = Layer.MET1
"""The guard ring's metal."""


@dataclass(frozen=True)
class Ladder:
    """The lines of one kind, one a row or one a column of the array; arrays have shape (lines, taps).

    `way` is "row" or "column"; a tap is where a synapse hangs on the line, in the order of columns (rows).
    `segment_ohm` (lines, taps - 1) between adjacent taps; `end_ohm` (lines,) from the pin (a signal) or from the tie to
    the rim's bar (a supply) to the nearest tap, which is tap 0 when `driven_at` is "first" and else the last one;
    `tap_ohm` from the line to the device's terminal; `rail_ohm` the bar between two adjacent lines (0 for signals).
    `ground_f` to the substrate; `to_f` to other kinds of lines and to the synapses' inner nets, by their name, in F, of
    the stretch of line around each tap. Couplings between neighbouring lines of one kind stand under the own name.
    """

    name: str
    way: str
    driven_at: str
    segment_ohm: Array
    end_ohm: Array
    tap_ohm: Array
    rail_ohm: float
    ground_f: Array
    to_f: Mapping[str, Array]

    @property
    def total_f(self) -> Array:
        """Capacitance around each tap (lines, taps) to everything."""
        return self.ground_f + sum(self.to_f.values())

    def line_ohm(self) -> Array:
        """From the pin to the farthest tap of each line, (lines,)."""
        return self.end_ohm + self.segment_ohm.sum(axis=1)

    def ohm_to_taps(self) -> Array:
        """(lines, taps): from the pin of each line to the device at each tap."""
        along = np.concatenate([np.zeros((len(self.end_ohm), 1)), np.cumsum(self.segment_ohm, axis=1)], axis=1)
        out: Array = self.end_ohm[:, None] + along + self.tap_ohm
        return out


@dataclass(frozen=True)
class Ladders:
    """The ladders of a crossbar by line name (row, col, wwl, wbl, vss, vc of the 2T1C synapse).

    `inner_f`: capacitance (rows, cols) F to everything else of the wires of each inner net of the synapses, by name.
    """

    rows: int
    cols: int
    corner: str
    lines: Mapping[str, Ladder]
    inner_f: Mapping[str, Array] = field(default_factory=dict)

    def __getitem__(self, name: str) -> Ladder:
        if name not in self.lines:
            raise InputError(f"no line called {name!r}; lines: {', '.join(self.lines)}", field="line")
        return self.lines[name]


def line_ladders(cell: Cell, corner: str = "typical") -> Ladders:
    """The ladders of a crossbar at a wire corner ("typical", "fast", "slow").

    Raises InputError for a cell that is not a crossbar.
    """
    weave, sample = weave_of(cell), sample_of(cell)
    found = _extracted(sample, corner)
    rows, cols = map(position_map, weave.shape, weave_of(sample).shape)
    lines = {line.port: found.ladder(line, rows, cols) for line in found.rim.lines}
    return Ladders(*weave.shape, corner, lines, found.inner_f(rows, cols))


def farthest_ohm(cell: Cell, corner: str = "typical") -> dict[str, Array]:
    """By kind of signal line: (lines,) ohm from the pin to the farthest device. Lines of one position class are one.

    Raises InputError for a cell that is not a crossbar.
    """
    weave, sample = weave_of(cell), sample_of(cell)
    found = _extracted(sample, corner)
    rows, cols = map(position_map, weave.shape, weave_of(sample).shape)
    out: dict[str, Array] = {}
    for line in found.rim.lines:
        if not line.is_supply:
            kinds, kind_of = np.unique(rows if line.across else cols, return_inverse=True)
            ladder = found.ladder(line, kinds, cols) if line.across else found.ladder(line, rows, kinds)
            out[line.port] = ladder.ohm_to_taps().max(axis=1)[kind_of]
    return out


def _extracted(sample: Cell, corner: str) -> _Sample:
    """The extraction of a sample; the last few are kept: arrays of all sizes share one. Names tell cells apart."""
    key = sample.name, corner
    if key not in _KEPT:
        while len(_KEPT) >= MOST_KEPT:
            _KEPT.pop(next(iter(_KEPT)))
        _KEPT[key] = _Sample(sample, corner)
    return _KEPT[key]


def sample_of(cell: Cell) -> Cell:
    """The crossbar of the same synapse that holds every position class of `cell`; `cell` itself when it is as small."""
    weave = weave_of(cell)
    px, py = weave.pitch_nm
    rows, cols = (min(n, 2 * ceil(HALO_NM / pitch) + 1) for n, pitch in ((weave.rows, py), (weave.cols, px)))
    if (rows, cols) == weave.shape:
        return cell
    return build("crossbar", {**cell.spec.model_dump(), "rows": rows, "cols": cols})


def position_map(count: int, sample: int) -> Ints:
    """For each of `count` rows (columns) the one of the sample as far from the nearer end, or in the middle."""
    index = np.arange(count)
    if count == sample:
        return index
    half = sample // 2
    return np.where(index < half, index, np.where(count - 1 - index < half, sample - count + index, half))


class _Sample:
    """A small crossbar, extracted: its network, its capacitances, and the tile of each node."""

    def __init__(self, cell: Cell, corner: str) -> None:
        self.source: LayoutSource = of_cell(cell)
        self.net: RcNetwork = rc_network(self.source, wire_resistance(corner), crossings=False)
        self.rows, self.cols = weave_of(cell).shape
        unit = _unit_of(cell)
        self.rim, (self.px, self.py) = Rim(unit), tile_nm(unit)
        count = len(self.net.net)
        shapes = Shapes(self.net.boxes, 0, count, self.net.drawn.slanted)
        self.pairs: Pairs = extract_pairs(self.source, shapes, wire_tables(corner))
        at = self.net.at_nm
        self.tile_x = np.clip(at[:, 0] // self.px, 0, self.cols - 1).astype(int)
        self.tile_y = np.clip(at[:, 1] // self.py, 0, self.rows - 1).astype(int)
        self.number = {name: k for k, name in enumerate(self.net.names) if name}
        other = self.net.level[self.net.a] != self.net.level[self.net.b]
        self.cut_nodes: Ints = np.union1d(self.net.a[other], self.net.b[other])
        self._found: dict[str, list[_Line]] = {}

    def ladder(self, line: Line, rows: Ints, cols: Ints) -> Ladder:
        way = "row" if line.across else "column"
        along, across = (cols, rows) if way == "row" else (rows, cols)
        if line.port not in self._found:
            count = self.rows if way == "row" else self.cols
            self._found[line.port] = [self._line(line, way, i) for i in range(count)]
        found = self._found[line.port]
        taps = np.array([f.taps for f in found])
        grid = np.ix_(across, along)
        ends = np.array([f.end_ohm for f in found])[across]
        steps = _steps(np.array([f.segment_ohm for f in found]), along)[across]
        ground, others = self._capacitances(line, way, taps)
        return Ladder(
            line.port,
            way,
            "last" if line.is_supply else "first",
            steps,
            ends,
            np.array([f.tap_ohm for f in found])[grid],
            found[0].rail_ohm,
            ground[grid],
            {name: values[grid] for name, values in others.items()},
        )

    def _line(self, line: Line, way: str, index: int) -> _Line:
        level = Level[line.drawn.layer.name]
        wires = self._line_nodes(line, way, index, level)
        tile = self.tile_x if way == "row" else self.tile_y
        taps = [
            self._tap(wires[tile[wires] == k], line.port, way) for k in range(self.cols if way == "row" else self.rows)
        ]
        own = np.isin(self.net.a, wires) & np.isin(self.net.b, wires)
        a, b, ohm = self.net.a[own], self.net.b[own], self.net.ohm[own]
        segments = [float(resistance_ohm(a, b, ohm, p, np.array([q]))[0]) for p, q in pairwise(taps)]
        to_device = [self._tap_ohm(tap, k, tile, index, way) for k, tap in enumerate(taps)]
        end, rail = self._end(line, way, index, taps)
        return _Line(taps, segments, to_device, end, rail)

    def _line_nodes(self, line: Line, way: str, index: int, level: Level) -> Ints:
        """The nodes on the drawn wire of line `index`."""
        pitch = self.py if way == "row" else self.px
        box, x, y = line.drawn.box, self.net.at_nm[:, 0], self.net.at_nm[:, 1]
        low, high = (box.bottom, box.top) if way == "row" else (box.left, box.right)
        across, along, end = (y, x, self.cols * self.px) if way == "row" else (x, y, self.rows * self.py)
        near = (across >= low + index * pitch) & (across <= high + index * pitch) & (along >= 0) & (along <= end)
        return np.nonzero(near & (self.net.level == level))[0]

    def _tap(self, nodes: Ints, port: str, way: str) -> int:
        """The node of a tile's wire where the cut nearest to the middle of all its cuts lands."""
        leaving = np.isin(nodes, self.cut_nodes)
        nodes = nodes[leaving] if leaving.any() else nodes
        if not len(nodes):
            raise InputError(f"the line {port} has no node in one of its tiles", field="synapse")
        where = self.net.at_nm[nodes, 0 if way == "row" else 1]
        return int(nodes[np.argmin(np.abs(where - where.mean()))])

    def _tap_ohm(self, tap: int, k: int, tile: Ints, index: int, way: str) -> float:
        """From the line to the terminals of the tile's devices (or its taps), all of them joined."""
        across = self.tile_y if way == "row" else self.tile_x
        here = (tile == k) & (across == index) & (self.net.net == self.net.net[tap])
        here[0] = True
        ends = {t.node for t in self.net.terminals if here[t.node]} | ({0} if self._grounded(tap) else set())
        ends = ends or set(np.nonzero(here & (self.net.level == Level.DIFF))[0].tolist())
        if not ends:
            return 0.0
        merged = np.arange(len(here))
        merged[list(ends)] = min(ends)
        inside = here[self.net.a] & here[self.net.b]
        a, b = merged[self.net.a[inside]], merged[self.net.b[inside]]
        keep = a != b
        return float(resistance_ohm(a[keep], b[keep], self.net.ohm[inside][keep], tap, np.array([min(ends)]))[0])

    def _grounded(self, tap: int) -> bool:
        return bool(self.net.net[tap] == 0)

    def _end(self, line: Line, way: str, index: int, taps: list[int]) -> tuple[float, float]:
        """(pin or tie to the nearest tap, bar between two lines) in ohm."""
        metal = (self.net.level >= Level.LI1) & ~np.isin(self.net.level, list(PLATES))
        own = metal[self.net.a] & metal[self.net.b]
        a, b, ohm = self.net.a[own], self.net.b[own], self.net.ohm[own]
        if not line.is_supply:
            pin = next(node for label, node in self.net.labels if label.name == f"{line.port}{index}")
            return float(resistance_ohm(a, b, ohm, pin, np.array([taps[0]]))[0]), 0.0
        bar = self._bar_nodes(line, way)
        if not len(bar):
            return 0.0, 0.0
        pitch, base = (self.py, line.drawn.box.center().y) if way == "row" else (self.px, line.drawn.box.center().x)
        across = self.net.at_nm[bar, 1 if way == "row" else 0]
        tie = int(bar[np.argmin(np.abs(across - base - index * pitch))])
        end = float(resistance_ohm(a, b, ohm, tie, np.array([taps[-1]]))[0])
        return end, self._rail_ohm(bar, pitch)

    def _bar_nodes(self, line: Line, way: str) -> Ints:
        """Nodes of the rim's bar that ties a supply: the guard ring or a strap, right of the array or above it."""
        side = Side.RIGHT if way == "row" else Side.TOP
        strap = next((s for s in self.rim.straps(side) if s.net == line.port), None)
        inner = strap.inner_nm if strap else self.rim.ring_nm(side)
        layer = strap.layer if strap else GROUND_LAYER
        edge = self.cols * self.px if way == "row" else self.rows * self.py
        depth = self.net.at_nm[:, 0 if way == "row" else 1] - edge
        on = (depth >= inner) & (depth <= inner + RING_NM) & (self.net.level == Level[layer.name])
        return np.nonzero(on)[0]

    def _rail_ohm(self, bar: Ints, pitch: int) -> float:
        """Resistance of the bar over one pitch, from its resistors along the array."""
        own = np.isin(self.net.a, bar) & np.isin(self.net.b, bar)
        gap = self.net.at_nm[self.net.a[own]] - self.net.at_nm[self.net.b[own]]
        length = np.abs(gap).max(axis=1)
        return float(self.net.ohm[own].sum() / length.sum() * pitch) if length.sum() else 0.0

    def _capacitances(self, line: Line, way: str, taps: Ints) -> tuple[Array, dict[str, Array]]:
        """(lines, taps): to the substrate, and by kind of the other net."""
        count = (self.rows, self.cols) if way == "row" else (self.cols, self.rows)
        kinds, kind_of = self._kinds()
        own = self._own_index(line, way)
        shape = (len(kinds), *count)
        total = np.zeros(shape)
        for a, b in ((self.pairs.a, self.pairs.b), (self.pairs.b, self.pairs.a)):
            hit = (own[a] >= 0) & (self.net.net[a] != self.net.net[b])
            along = (self.tile_x if way == "row" else self.tile_y)[a[hit]]
            np.add.at(total, (kind_of[b[hit]], own[a[hit]], along), self.pairs.c_f[hit])
        ground = total[kinds.index(GROUND)] if GROUND in kinds else np.zeros(count)
        others = {kind: total[k] for k, kind in enumerate(kinds) if kind != GROUND and total[k].any()}
        return ground, others

    def inner_f(self, rows: Ints, cols: Ints) -> dict[str, Array]:
        """Capacitance of the wires of each kind of inner net, tile by tile."""
        kinds, kind_of = self._kinds()
        known = {"", GROUND, *(line.port for line in self.rim.lines)}
        total = np.zeros((len(kinds), self.rows, self.cols))
        for a, b in ((self.pairs.a, self.pairs.b), (self.pairs.b, self.pairs.a)):
            hit = self.net.net[a] != self.net.net[b]
            np.add.at(total, (kind_of[a[hit]], self.tile_y[a[hit]], self.tile_x[a[hit]]), self.pairs.c_f[hit])
        return {kind: total[k][np.ix_(rows, cols)] for k, kind in enumerate(kinds) if kind not in known}

    def _own_index(self, line: Line, way: str) -> Ints:
        """The line number of each node that belongs to `line`, -1 elsewhere."""
        own = np.full(len(self.net.net), -1)
        if line.way == "array" or line.is_supply:
            for i in range(self.rows if way == "row" else self.cols):
                own[self._line_nodes(line, way, i, Level[line.drawn.layer.name])] = i
            return own
        for i in range(self.rows if line.way == "row" else self.cols):
            own[self.net.net == self.number[f"{line.port}{i}"]] = i
        return own

    def _kinds(self) -> tuple[list[str], Ints]:
        """Names of the kinds of nets (lines without number, inner nets without path), and the kind of each node."""
        ports = {name: line.port for line in self.rim.lines for name in line.nets(self.rows, self.cols)}
        kind = [ports.get(name, name.rpartition(".")[2]) for name in self.net.names]
        kinds, number = np.unique(np.array(kind), return_inverse=True)
        return kinds.tolist(), number[self.net.net]


MOST_KEPT = 4
_KEPT: dict[tuple[str, str], _Sample] = {}


@dataclass(frozen=True)
class _Line:
    taps: list[int]
    segment_ohm: list[float]
    tap_ohm: list[float]
    end_ohm: float
    rail_ohm: float


def _steps(segments: Array, along: Ints) -> Array:
    """Segments of a long line from those of the sample: the segment after each position, (lines, taps - 1)."""
    if not segments.shape[1]:
        return segments
    last = segments.shape[1] - 1
    return segments[:, np.minimum(along[:-1], last)]


def _unit_of(cell: Cell) -> Cell:
    while cell.instances:
        cell = cell.instances[0].cell
    return cell
