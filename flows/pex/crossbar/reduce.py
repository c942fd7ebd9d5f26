"""Reduction of an array by tile classes: a sample is reduced, every node of a tile treated as in all other tiles.

What eliminating a node does reaches a tile farther than the extraction looks, so the classes grow by a rim of
WIDER_TILES around the middle. DC resistances and first moments stay as in the flat reduction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from analoom.cells.model.circuit import Device
from analoom.flows.pex.resistance.rc_result import RcOptions
from analoom.flows.pex.resistance.reduce import Reduction, reduce

from .tile_classes import Key, Ref, Tile, TileClasses
from .unfold import Node, Unfolded, whole

WIDER_TILES = 2


def reduce_classes(classes: TileClasses, options: RcOptions, rows: int, cols: int) -> tuple[TileClasses, Reduction]:
    """The classes of a rows x cols array after the reduction, which counts the nodes of the sample it was done on."""
    size = _wider(rows, classes.rows), _wider(cols, classes.cols)
    spread = whole(classes, *size)
    group = {k: key for k, (_, _, key) in enumerate(spread.nodes)}
    done = reduce(spread.graph, spread.lasting_nodes(), options.min_c_f, options.min_r_ohm, options.up_to_hz, group)
    return _Refold(spread).classes(*size, classes), done


def _wider(count: int, sample: int) -> int:
    return min(count, sample + 2 * WIDER_TILES)


@dataclass(frozen=True)
class _Refold:
    spread: Unfolded

    def classes(self, rows: int, cols: int, before: TileClasses) -> TileClasses:
        spread, homes = self.spread, defaultdict[Tile, set[Key]](set)
        for node in sorted({0} | spread.graph.g.keys() | spread.graph.c.keys() | spread.lasting_nodes()):
            row, col, key = spread.nodes[node]
            if key[0]:
                homes[row, col].add(key)
        devices: dict[Tile, list[tuple[Device, Mapping[str, Ref]]]] = defaultdict(list)
        for row, col, device, at in spread.devices:
            devices[row, col].append((device, {t: _ref(spread.nodes[n], (row, col)) for t, n in at.items()}))
        pins = {((r, c), key): kind for kind, n in spread.pins for r, c, key in (spread.nodes[n],)}
        resistors, capacitors = self._elements(spread.graph.resistors()), self._elements(spread.graph.capacitors())
        return TileClasses(rows, cols, resistors, capacitors, homes, pins, devices, before.ground)

    def _elements(self, elements: list[tuple[int, int, float]]) -> dict[Tile, list[tuple[Ref, Ref, float]]]:
        out: dict[Tile, list[tuple[Ref, Ref, float]]] = defaultdict(list)
        for a, b, value in elements:
            ends = self.spread.nodes[a], self.spread.nodes[b]
            places = [(row, col) for row, col, key in ends if key[0]]
            if places:
                first, second = sorted(_ref(node, min(places)) for node in ends)
                out[min(places)].append((first, second, value))
        return out


def _ref(node: Node, tile: Tile) -> Ref:
    row, col, key = node
    return (row - tile[0], col - tile[1], key) if key[0] else (0, 0, key)
