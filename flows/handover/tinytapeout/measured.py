"""The resistance from the pins of a drawn tile to those of its macro, by extraction of all its wires.

A supply is measured from the middle of its strap, which the shuttle meets from above along its length.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from analoom.cells.model.cell import Instance
from analoom.flows.files.layout_source import of_file
from analoom.flows.pex.resistance.network import RcNetwork, rc_network
from analoom.flows.pex.resistance.solve import resistance_ohm
from analoom.flows.pex.shapes.geometry import LEVEL_OF
from analoom.generators.shuttle.tile import Tile
from analoom.pdk.wire_resistance import wire_resistance


@dataclass(frozen=True)
class MeasuredWire:
    """From a pin of the tile to a pin of the macro: `ohm`, typical, to the nearest of its places."""

    port: str
    net: str
    ohm: float


def measured_wires(tile: Tile, gds: Path) -> list[MeasuredWire]:
    """One for each pin of the macro that a pin or a supply of the tile is wired to, from the layout as written."""
    network = rc_network(of_file(gds, tile.cell.name), wire_resistance(), crossings=False)
    starts, macro = {label.name: node for label, node in network.labels}, tile.cell.instances[0]
    found = []
    for port, net in macro.nets.items():
        if net in starts:
            to = np.array(list(_nodes(network, macro, port)), np.int64)
            ohm = resistance_ohm(network.a, network.b, network.ohm, starts[net], to)
            found.append(MeasuredWire(port, net, float(ohm.min())))
    return found


def _nodes(network: RcNetwork, macro: Instance, port: str) -> Iterator[int]:
    """The node at the middle of each place of a port."""
    levels, nodes, left, bottom, right, top = network.boxes.T
    for pin in (pin for pin in macro.cell.pins if pin.name == port):
        at = pin.box.transformed(macro.trans).center()
        within = (left <= at.x) & (at.x <= right) & (bottom <= at.y) & (at.y <= top)
        yield int(nodes[np.flatnonzero(within & (levels == LEVEL_OF[pin.layer]))[0]])


def worst_by_net(wires: list[MeasuredWire]) -> Mapping[str, float]:
    """The largest resistance of each net, by its name."""
    found: dict[str, float] = {}
    for wire in wires:
        found[wire.net] = max(found.get(wire.net, 0.0), wire.ohm)
    return found
