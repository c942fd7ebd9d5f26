"""Extraction of a crossbar of any size by tile classes: a small array is extracted, every tile repeats its class.

A class is a row and a column of the sample: as far from each end of the array as the extraction looks, or in the
middle. Nodes have a home tile and a name relative to it, elements belong to the lower left of the tiles they join.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

import numpy as np

from analoom.cells.model.cell import Cell, weave_of
from analoom.cells.model.circuit import Device
from analoom.flows.files.layout_source import of_cell
from analoom.flows.netlists.flat_devices import flat_devices
from analoom.flows.pex.resistance.devices import DeviceKey
from analoom.flows.pex.resistance.extract import share_out, unreduced
from analoom.flows.pex.resistance.network import rc_network
from analoom.flows.pex.resistance.rc_result import Place
from analoom.flows.pex.shapes.geometry import Ints, Level
from analoom.generators.crossbar.matrix import crossbar_map
from analoom.pdk.errors import InputError
from analoom.pdk.wire_resistance import wire_resistance
from analoom.pdk.wires import Array, wire_tables

from .ladders import position_map, sample_of

Key = tuple[str, ...]
"""A node's name within its tile."""

Ref = tuple[int, int, Key]
"""A node seen from a tile: rows up, columns right, name there. A global node has the name alone at (0, 0)."""

Tile = tuple[int, int]
Nets = Mapping[int, str] | Sequence[str]
Ends = TypeVar("Ends")


@dataclass(frozen=True)
class TileClasses:
    """Elements by tile of the sample: (first node, second node, ohm or farad); row and column -1 and `rows`, `cols`
    are the rim. `homes`: the nodes each tile holds; `pins`: the nodes with a label, with the label's name;
    `devices`: those of the tile's synapse with their nodes by terminal; `ground`: the substrate's name.
    """

    rows: int
    cols: int
    resistors: Mapping[Tile, list[tuple[Ref, Ref, float]]]
    capacitors: Mapping[Tile, list[tuple[Ref, Ref, float]]]
    homes: Mapping[Tile, set[Key]]
    pins: Mapping[tuple[Tile, Key], str]
    devices: Mapping[Tile, list[tuple[Device, Mapping[str, Ref]]]] = field(default_factory=dict)
    ground: str = "0"

    def row_classes(self, count: int) -> tuple[int, ...]:
        """The sample's row of every row of an array of `count` rows, the rim's included."""
        return -1, *position_map(count, self.rows).tolist(), self.rows

    def col_classes(self, count: int) -> tuple[int, ...]:
        """As `row_classes`, for columns."""
        return -1, *position_map(count, self.cols).tolist(), self.cols


@dataclass(frozen=True)
class LineTotals:
    """Capacitance of every line of one kind, (lines,) in F: to the substrate, and to each kind of net."""

    substrate_f: Array
    coupling_f: Mapping[str, Array]

    @property
    def total_f(self) -> Array:
        total: Array = self.substrate_f + sum(self.coupling_f.values())
        return total


def is_crossbar(cell: Cell | None) -> bool:
    """Whether a cell is an array that repeats one tile."""
    return cell is not None and cell.weave is not None


def tile_classes(cell: Cell, mode: str, corner: str, sample: Cell | None = None) -> TileClasses:
    """The classes of a crossbar's tiles. In mode "c" a net is one node in a tile, in mode "rc" it is distributed.

    `sample`: a smaller array of the same synapse; by default the smallest that has every class.
    Raises InputError for a cell that is no crossbar.
    """
    if not is_crossbar(cell):
        raise InputError(f"{cell.name} is no crossbar: it has no tile classes", field="name", remedy="extract it flat")
    sample = sample or sample_of(cell)
    return _distributed(sample, corner) if mode == "rc" else _lumped(sample, corner)


def _lumped(sample: Cell, corner: str) -> TileClasses:
    source = of_cell(sample)
    network = rc_network(source, wire_resistance(corner))
    nets = [network.names[n] for n in network.net.tolist()]
    levels, at_nm = network.level.tolist(), network.at_nm.tolist()
    places = {k: (level, x, y) for k, (level, (x, y)) in enumerate(zip(levels, at_nm, strict=True))}
    work = _Classes(sample, nets, places, "c")
    for a, b, c_f in share_out(source, network, wire_tables(corner)):
        work.add(work.capacitors, a, b, c_f)
    nets_of = {(flat.path, flat.device.name): flat.nets for flat in flat_devices(sample.circuit)}
    for row, col, device, at in devices_of(sample, nets_of):
        work.devices[row, col].append((device, {t: (0, 0, (work.kind(net), "")) for t, net in at.items()}))
    return work.classes([(label.name, node) for label, node in network.labels])


def _distributed(sample: Cell, corner: str) -> TileClasses:
    """Nodes and elements as the flat extraction has them, and the synapses' devices."""
    rc = unreduced(of_cell(sample), corner, join_pins=False)
    work = _Classes(sample, rc.net_of, rc.places, "rc")
    for a, b, c_f in rc.graph.capacitors():
        work.add(work.capacitors, a, b, c_f)
    for a, b, ohm in rc.graph.resistors():
        work.add(work.resistors, a, b, ohm)
    for row, col, device, at in devices_of(sample, rc.devices):
        work.devices[row, col].append((device, {t: work.ref((row, col), node) for t, node in at.items()}))
    return work.classes(rc.labels)


def devices_of(cell: Cell, found: Mapping[DeviceKey, Ends]) -> Iterator[tuple[int, int, Device, Ends]]:
    """(row, column, device, what `found` has of it) of every device of every synapse of a crossbar."""
    array = crossbar_map(cell)
    for (row, col), path in np.ndenumerate(array.nodes):
        here = tuple(str(path).split(".")[:-1])
        for device in array.synapse.circuit.devices:
            yield row, col, device, found[here, device.name]


class _Classes:
    """Sorts nodes and elements of a sample by tile; `nets` and `places` by node number."""

    def __init__(self, sample: Cell, nets: Nets, places: Mapping[int, Place], mode: str) -> None:
        weave = weave_of(sample)
        self.rows, self.cols = weave.shape
        self.px, self.py = weave.pitch_nm
        self.mode, self.ground = mode, nets[0]
        self.ports = sorted(weave.lines, key=len, reverse=True)
        self.resistors: dict[Tile, list[tuple[Ref, Ref, float]]] = defaultdict(list)
        self.capacitors: dict[Tile, list[tuple[Ref, Ref, float]]] = defaultdict(list)
        self.devices: dict[Tile, list[tuple[Device, Mapping[str, Ref]]]] = defaultdict(list)
        self.homes: dict[Tile, set[Key]] = defaultdict(set)
        self.sums: dict[Tile, dict[tuple[Ref, Ref], float]] = defaultdict(lambda: defaultdict(float))
        self.home = {node: self._home(node, nets[node], place) for node, place in places.items()}

    def _home(self, node: int, net: str, place: Place) -> tuple[Tile | None, Key]:
        kind, (level, x, y) = self.kind(net), place
        if node == 0 or level == Level.FIELD:
            return None, ("sub",) if node == 0 else (kind, "well")
        col = int(np.clip(x // self.px, -1, self.cols))
        row = int(np.clip(y // self.py, -1, self.rows))
        if self.mode == "c":
            return (row, col), (kind, net if kind == net and not self._is_line(net) else "")
        return (row, col), (kind, str(level), f"{x - col * self.px:g}", f"{y - row * self.py:g}")

    def _is_line(self, net: str) -> bool:
        return net in self.ports

    def kind(self, net: str) -> str:
        """A net's name without its number or its path."""
        last = net.rpartition(".")[2]
        return next((p for p in self.ports if last.startswith(p) and last[len(p) :].isdigit()), last)

    def add(self, into: dict[Tile, list[tuple[Ref, Ref, float]]], a: int, b: int, value: float) -> None:
        places = sorted(t for t in (self.home[a][0], self.home[b][0]) if t is not None)
        if not places:
            return
        refs = self.ref(places[0], a), self.ref(places[0], b)
        pair = refs if refs[0] <= refs[1] else (refs[1], refs[0])
        if self.mode == "c":
            self.sums[places[0]][pair] += value
        elif pair[0] != pair[1]:
            into[places[0]].append((*pair, value))

    def ref(self, tile: Tile, node: int) -> Ref:
        """A node as seen from a tile."""
        home, key = self.home[node]
        if home is None:
            return 0, 0, ("", *key)
        self.homes[home].add(key)
        return home[0] - tile[0], home[1] - tile[1], key

    def classes(self, labels: Iterable[tuple[str, int]]) -> TileClasses:
        for place, sums in self.sums.items():
            self.capacitors[place] = [(a, b, c_f) for (a, b), c_f in sorted(sums.items())]
        pins = {}
        for name, node in labels:
            tile, key = self.home[node]
            if tile is not None:
                self.homes[tile].add(key)
                pins[tile, key] = self.kind(name)
        return TileClasses(
            self.rows, self.cols, self.resistors, self.capacitors, self.homes, pins, self.devices, self.ground
        )


def line_totals(classes: TileClasses, lines: Mapping[str, str], rows: int, cols: int) -> dict[str, LineTotals]:
    """Per kind of line (`lines`: "h" rows, "v" columns) the capacitances of every line of a rows x cols array."""
    row_of = np.array(classes.row_classes(rows)[1:-1])
    col_of = np.array(classes.col_classes(cols)[1:-1])
    found: dict[str, dict[str, Array]] = defaultdict(lambda: defaultdict(lambda: _grid(classes)))
    for (row, col), elements in classes.capacitors.items():
        for a, b, c_f in elements:
            for one, other in ((a, b), (b, a)):
                if one[2][0]:
                    kind = "sub" if other[2][:2] == ("", "sub") else other[2][1] if not other[2][0] else other[2][0]
                    found[one[2][0]][kind][row + one[0] + 1, col + one[1] + 1] += c_f
    out = {}
    for port, way in lines.items():
        grids = {k: _per_line(g, way, row_of, col_of) for k, g in found[port].items()}
        out[port] = LineTotals(grids.pop("sub", np.zeros(rows if way == "h" else cols)), grids)
    return out


def _grid(classes: TileClasses) -> Array:
    return np.zeros((classes.rows + 2, classes.cols + 2))


def _per_line(grid: Array, way: str, row_of: Ints, col_of: Ints) -> Array:
    """Sums along each line: tiles of the array by class, the rim's at both ends."""
    grid = grid if way == "h" else grid.T
    across, along = (row_of, col_of) if way == "h" else (col_of, row_of)
    sums = grid[:, along + 1].sum(axis=1) + grid[:, 0] + grid[:, -1]
    out: Array = sums[across + 1]
    return out
