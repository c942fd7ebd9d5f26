"""An array, or a block of one, spread out from its tile classes: every node, element and device under its own place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from analoom.cells.model.circuit import Device
from analoom.flows.pex.resistance.reduce import RcGraph

from .tile_classes import Key, Ref, TileClasses

Node = tuple[int, int, Key]
"""Row, column and name within the tile; a node of the whole layout stands at (0, 0) with a name that begins with ""."""

SUBSTRATE: Node = (0, 0, ("", "sub"))


@dataclass
class Unfolded:
    """Elements between numbered nodes, 0 the substrate; `nodes` by number, `pins` by kind of line.

    `devices`: row, column, the device and its nodes by terminal.
    """

    graph: RcGraph = field(default_factory=RcGraph)
    nodes: list[Node] = field(default_factory=lambda: [SUBSTRATE])
    number: dict[Node, int] = field(default_factory=lambda: {SUBSTRATE: 0})
    devices: list[tuple[int, int, Device, Mapping[str, int]]] = field(default_factory=list)
    pins: list[tuple[str, int]] = field(default_factory=list)

    def of(self, row: int, col: int, ref: Ref) -> int:
        """The number of a node seen from a tile."""
        up, right, key = ref
        node = (row + up, col + right, key) if key[0] else (0, 0, key)
        if node not in self.number:
            self.number[node] = len(self.nodes)
            self.nodes.append(node)
        return self.number[node]

    def lasting_nodes(self) -> set[int]:
        """The substrate, wells, pins and the devices' terminals: what a reduction leaves."""
        ends = {node for *_, at in self.devices for node in at.values()}
        wells = {k for k, (_, _, key) in enumerate(self.nodes) if not key[0]}
        return {0, *wells, *ends, *(node for _, node in self.pins)}


def unfold(classes: TileClasses, rows: Mapping[int, int], cols: Mapping[int, int]) -> Unfolded:
    """The tiles at `rows` x `cols` (class by row, by column; the rim's too), with every element that begins in one.

    Source: none; elements belong to the lower left of the tiles they join, so a block wants a margin below and left.
    """
    out = Unfolded()
    for row, row_class in rows.items():
        for col, col_class in cols.items():
            tile = row_class, col_class
            for links, elements in ((out.graph.g, classes.resistors), (out.graph.c, classes.capacitors)):
                for a, b, value in elements.get(tile, ()):
                    amount = 1.0 / value if links is out.graph.g else value
                    out.graph.add(links, out.of(row, col, a), out.of(row, col, b), amount)
            for device, at in classes.devices.get(tile, ()):
                ends = {terminal: out.of(row, col, ref) for terminal, ref in at.items()}
                out.devices.append((row, col, device, ends))
            for key in sorted(classes.homes.get(tile, ())):
                if (tile, key) in classes.pins:
                    out.pins.append((classes.pins[tile, key], out.of(row, col, (0, 0, key))))
    return out


def whole(classes: TileClasses, rows: int, cols: int) -> Unfolded:
    """The whole array of `rows` x `cols` with its rim."""
    return unfold(
        classes, dict(enumerate(classes.row_classes(rows), -1)), dict(enumerate(classes.col_classes(cols), -1))
    )
