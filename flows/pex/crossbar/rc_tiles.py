"""The distributed parasitics of a whole crossbar from its tile classes: what the flat extraction gives, sooner."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from analoom.cells.model.cell import Cell, weave_of
from analoom.flows.pex.resistance.extract import node_names
from analoom.flows.pex.resistance.rc_result import RcOptions, RcResult
from analoom.flows.pex.resistance.reduce import Reduction
from analoom.generators.crossbar.matrix import crossbar_map

from .reduce import reduce_classes
from .tile_classes import TileClasses, tile_classes
from .unfold import Node, Unfolded, whole


def rc_by_tiles(cell: Cell, corner: str, options: RcOptions | None = None) -> RcResult:
    """The RC network of a crossbar at a wire corner, every node by its place; reduced by tile classes.

    Raises InputError for a cell that is no crossbar and for one of more synapses than are simulated one by one.
    """
    classes = tile_classes(cell, "rc", corner)
    rows, cols = weave_of(cell).shape
    done = Reduction(0, 0)
    if options is not None:
        classes, done = reduce_classes(classes, options, rows, cols)
    spread = whole(classes, rows, cols)
    nets = _nets_of(cell, classes, spread)
    main = _joined_pins(cell, spread)
    devices = _devices(cell, spread)
    for at in devices.values():
        for terminal, node in at.items():
            if terminal == "g":
                main.setdefault(nets[node], node)
    alive = sorted({0} | spread.graph.g.keys() | spread.graph.c.keys())
    for node in alive:
        main.setdefault(nets[node], node)
    done = replace(done, nodes_after=len(alive), nodes_before=max(done.nodes_before, len(alive)))
    names = node_names(spread.graph, main, nets)
    return RcResult(spread.graph, names, main, nets, devices, done)


def net_name(node: Node, lines: Mapping[str, str], ground: str, paths: Mapping[tuple[int, int], str]) -> str:
    """The net of a node: its line's name with the number of the row or column, or a net of a synapse by its path."""
    row, col, key = node
    if not key[0]:
        return ground if key[1] == "sub" else key[1]
    way = lines.get(key[0])
    if way is None:
        return f"{paths[row, col]}.{key[0]}" if (row, col) in paths else key[0]
    return key[0] if way == "array" else f"{key[0]}{row if way == 'row' else col}"


def paths_of(cell: Cell) -> dict[tuple[int, int], str]:
    """The dotted path of the synapse at each row and column."""
    nodes = crossbar_map(cell).nodes
    return {(i, j): str(nodes[i, j]).rpartition(".")[0] for i in range(nodes.shape[0]) for j in range(nodes.shape[1])}


def _nets_of(cell: Cell, classes: TileClasses, spread: Unfolded) -> dict[int, str]:
    paths, lines = paths_of(cell), weave_of(cell).lines
    return {k: net_name(node, lines, classes.ground, paths) for k, node in enumerate(spread.nodes)}


def _joined_pins(cell: Cell, spread: Unfolded) -> dict[str, int]:
    """The node of each pin; places of one pin are made one node."""
    main: dict[str, int] = {}
    for kind, node in spread.pins:
        name = net_name(spread.nodes[node], weave_of(cell).lines, kind, {})
        into = main.setdefault(name, node)
        if into != node:
            spread.graph.merge(node, into)
            _replace(spread, node, into)
    return main


def _replace(spread: Unfolded, gone: int, into: int) -> None:
    spread.devices[:] = [
        (row, col, device, {t: into if n == gone else n for t, n in at.items()})
        for row, col, device, at in spread.devices
    ]


def _devices(cell: Cell, spread: Unfolded) -> dict[tuple[tuple[str, ...], str], Mapping[str, int]]:
    paths = paths_of(cell)
    return {(tuple(paths[row, col].split(".")), device.name): at for row, col, device, at in spread.devices}
