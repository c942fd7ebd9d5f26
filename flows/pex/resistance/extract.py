"""Distributed parasitics of a layout: its resistor network with the capacitances on the nodes they belong to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.pex.capacitance.piece_map import Pieces
from analoom.flows.pex.capacitance.windows import extract_pairs
from analoom.flows.pex.shapes.geometry import Level
from analoom.flows.pex.shapes.names import is_place, notes_on_names, other_names
from analoom.flows.pex.shapes.resistor_body import resistor_bodies
from analoom.pdk.wire_resistance import wire_resistance
from analoom.pdk.wires import WireTables, wire_tables

from .devices import DeviceKey, device_nodes
from .network import RcNetwork, Terminal, rc_network
from .rc_result import Place, RcOptions, RcResult
from .reduce import RcGraph, Reduction, reduce
from .solve import parts_connected

LEAST_F = 1e-30
"""Less is nothing."""


def extract_rc(source: LayoutSource, corner: str, options: RcOptions | None = None) -> RcResult:
    """The RC network of a layout at a wire corner.

    Raises InputError for a wire narrower than its width correction, and for what the C extraction refuses.
    """
    options = options or RcOptions()
    whole = unreduced(source, corner)
    kept = {0, *whole.main.values(), *(n for at in whole.devices.values() for n in at.values())}
    reduction = reduce(whole.graph, kept, options.min_c_f, options.min_r_ohm, options.up_to_hz)
    names = node_names(whole.graph, whole.main, whole.net_of)
    return replace(whole, names=names, reduction=reduction)


def unreduced(source: LayoutSource, corner: str, join_pins: bool = True) -> RcResult:
    """Every resistor and capacitor of a layout; places of a pin that lie apart are one node if `join_pins`."""
    network = rc_network(source, wire_resistance(corner))
    net_of = {k: network.names[n] for k, n in enumerate(network.net.tolist())}
    wires = zip(network.a.tolist(), network.b.tolist(), network.ohm.tolist(), strict=True)
    capacitors = share_out(source, network, wire_tables(corner))
    graph = RcGraph.of(wires, capacitors)
    joined = _joined_pins(source, network, graph) if join_pins else _Joined()
    devices = _devices(source, network.terminals, net_of, joined, graph)
    main, bodies = _main_nodes(network, joined, net_of), _bodies(network, joined)
    _add_unwired(devices, main, bodies, net_of)
    nodes = {
        key: {t: found if found >= 0 else bodies.get(net, main[net]) for t, (found, net) in at.items()}
        for key, at in devices.items()
    }
    kept = {0, *main.values(), *(n for at in nodes.values() for n in at.values())}
    if source.cell:
        _without_floating(graph, net_of, kept, main)
    labels = tuple((label.name, joined.of(node)) for label, node in network.labels)
    size = len(graph.g.keys() | graph.c.keys())
    done = Reduction(size, size)
    others = {k: v for k, v in other_names(source, network.drawn, network.names).items() if k in main}
    resistors = resistor_bodies(network.drawn, network.names)
    notes = notes_on_names(source, network.drawn)
    return RcResult(graph, {}, main, net_of, nodes, done, _places(network, joined), labels, others, resistors, notes)


def share_out(source: LayoutSource, network: RcNetwork, tables: WireTables) -> list[tuple[int, int, float]]:
    """(node, node, F): each capacitance at the pieces between which it was found; two nets have together what mode "c"
    gives them.
    """
    pieces = Pieces(network.boxes, network.net)
    found = extract_pairs(source, network.drawn, tables, pieces)
    names = np.unique(np.array(network.names), return_inverse=True)[1]
    a, b = network.net[found.a], network.net[found.b]
    _, pair = np.unique(np.minimum(a, b) * len(names) + np.maximum(a, b), return_inverse=True)
    whole, shared = np.bincount(pair, found.c_f), np.bincount(pair, np.maximum(found.c_f, 0.0))
    keep = (names[a] != names[b]) & (found.c_f > 0) & (whole[pair] > 0)
    c_f = found.c_f[keep] * (whole / np.maximum(shared, LEAST_F))[pair[keep]]
    return list(zip(found.a[keep].tolist(), found.b[keep].tolist(), c_f.tolist(), strict=True))


def _places(network: RcNetwork, joined: _Joined) -> dict[int, Place]:
    """The lowest and leftmost place of each node, and of what was joined to it."""
    levels, at_nm = network.level.tolist(), network.at_nm.tolist()
    places = {k: (level, x, y) for k, (level, (x, y)) in enumerate(zip(levels, at_nm, strict=True))}
    for gone in joined.into:
        into = joined.of(gone)
        if into:
            places[into] = min(places[into], places[gone])
    return places


class _Joined:
    """Nodes that were made one: `of` gives the node that stands for another."""

    def __init__(self) -> None:
        self.into: dict[int, int] = {}

    def of(self, node: int) -> int:
        while node in self.into:
            node = self.into[node]
        return node

    def join(self, graph: RcGraph, gone: int, into: int) -> None:
        gone, into = self.of(gone), self.of(into)
        if gone == 0:
            gone, into = into, gone
        if gone != into:
            graph.merge(gone, into)
            self.into[gone] = into


def _joined_pins(source: LayoutSource, network: RcNetwork, graph: RcGraph) -> _Joined:
    """Joins the places of each pin into one node, in a file those of wires without a path between them too."""
    part = parts_connected(len(network.net), network.a, network.b)
    first: dict[str, int] = {}
    joined = _Joined()
    loose = [node for label, node in network.labels if label.name == network.names[0] and part[node] != part[0]]
    for node in loose:
        joined.join(graph, node, 0)
    for label, node in network.labels:
        into = first.setdefault(label.name, node)
        joined.join(graph, node, into)
    return joined


def _bodies(network: RcNetwork, joined: _Joined) -> dict[str, int]:
    """The node of each well, and of the substrate, by the name of its net."""
    wells = np.nonzero(network.level == Level.FIELD)[0].tolist()
    found = {network.names[network.net[node]]: joined.of(node) for node in wells if node}
    return {**found, network.names[0]: 0}


def _without_floating(graph: RcGraph, net_of: Mapping[int, str], kept: set[int], main: dict[str, int]) -> None:
    """Takes out nets that reach no pin and no device: what they couple remains between their neighbours."""
    wired = {net_of[node] for node in kept - set(main.values())} | {net_of[0]}
    wired |= {net for net in main if not is_place(net)}
    floating: dict[str, list[int]] = {}
    for node in sorted(graph.c):
        if net_of[node] not in wired:
            floating.setdefault(net_of[node], []).append(node)
    for net, nodes in floating.items():
        for node in nodes[1:]:
            graph.merge(node, nodes[0])
        graph.isolate(nodes[0])
        kept.discard(main.pop(net))


def _devices(
    source: LayoutSource, terminals: tuple[Terminal, ...], net_of: Mapping[int, str], joined: _Joined, graph: RcGraph
) -> dict[DeviceKey, dict[str, tuple[int, str]]]:
    """(node, net) of every terminal of every device, -1 where nothing is drawn; strips of one terminal are joined."""
    found: dict[DeviceKey, dict[str, tuple[int, str]]] = {}
    if source.cell is None:
        return found
    for key, terminal, net, nodes in list(device_nodes(source.cell, terminals, net_of)):
        for node in nodes[1:]:
            joined.join(graph, node, nodes[0])
        found.setdefault(key, {})[terminal] = (nodes[0] if nodes else -1, net)
    return {k: {t: (joined.of(n) if n >= 0 else n, net) for t, (n, net) in at.items()} for k, at in found.items()}


def _add_unwired(
    devices: Mapping[DeviceKey, Mapping[str, tuple[int, str]]],
    main: dict[str, int],
    bodies: Mapping[str, int],
    net_of: dict[int, str],
) -> None:
    """A node for each net that no conductor stands for: the diffusion between two transistors in series."""
    for at in devices.values():
        for found, net in at.values():
            if found < 0 and net not in main and net not in bodies:
                main[net] = len(net_of)
                net_of[main[net]] = net


def _main_nodes(network: RcNetwork, joined: _Joined, net_of: Mapping[int, str]) -> dict[str, int]:
    """The node that carries a net's name: its pin, else a gate, else a device's terminal, else its first node."""
    main: dict[str, int] = {}
    for label, node in network.labels:
        main.setdefault(label.name, joined.of(node))
    main.setdefault(network.names[0], 0)
    for terminal in sorted(network.terminals, key=lambda t: t.kind != "gate"):
        main.setdefault(net_of[terminal.node], joined.of(terminal.node))
    for node in np.unique(network.boxes[:, 1]).tolist():
        main.setdefault(net_of[node], joined.of(node))
    return main


def node_names(graph: RcGraph, main: Mapping[str, int], net_of: Mapping[int, str]) -> dict[int, str]:
    """`net` for its main node, `net:1`, `net:2` ... for the others."""
    names = {node: net for net, node in main.items()}
    names |= {node: net_of[node] for node in names if main.get(net_of[node]) == node}
    counts: dict[str, int] = {}
    for node in sorted(graph.g.keys() | graph.c.keys()):
        if node not in names:
            net = net_of[node]
            counts[net] = counts.get(net, 0) + 1
            names[node] = f"{net}:{counts[net]}"
    return names
