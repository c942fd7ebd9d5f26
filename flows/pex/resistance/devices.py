"""Which nodes of an RC network each device of the circuit sits on, by the place of its cell and the net's name.

A device of several fingers is lumped in its model: the strips of one terminal are one node.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import klayout.db as kdb

from analoom.cells.model.cell import Cell
from analoom.cells.model.circuit import Mos
from analoom.cells.model.drawing import Box
from analoom.flows.netlists.flat_devices import FlatDevice, flat_devices

from .network import Terminal

DeviceKey = tuple[tuple[str, ...], str]
"""Path of instances, and the device's name."""

_KINDS = {"d": "diff", "s": "diff", "g": "gate", "top": "top", "bottom": "bottom", "r0": "body", "r1": "body"}


def device_nodes(
    cell: Cell, terminals: Sequence[Terminal], net_of: Mapping[int, str]
) -> Iterator[tuple[DeviceKey, str, str, list[int]]]:
    """(device, terminal, net, nodes found there) of every terminal of every device; none found: the net's main node."""
    by_net: dict[tuple[str, str], list[Terminal]] = defaultdict(list)
    for terminal in terminals:
        by_net[terminal.kind, net_of[terminal.node]].append(terminal)
    places = _Places(cell)
    for flat in flat_devices(cell.circuit):
        box, gates = places.box(flat), places.gates(flat)
        for name, net in flat.nets.items():
            near = by_net.get((_KINDS.get(name, ""), net), [])
            inside = [t for t in near if _within(box, t) and (name != "g" or not gates or _in_any(gates, t))]
            yield (flat.path, flat.device.name), name, net, sorted({t.node for t in inside})


class _Places:
    """Where the cells of a hierarchy lie, by path of instances."""

    def __init__(self, cell: Cell) -> None:
        self.cell = cell
        self.known: dict[tuple[str, ...], tuple[Cell, kdb.Trans]] = {(): (cell, kdb.Trans())}

    def at(self, path: tuple[str, ...]) -> tuple[Cell, kdb.Trans]:
        if path not in self.known:
            parent, trans = self.at(path[:-1])
            instance = next(i for i in parent.instances if i.name == path[-1])
            self.known[path] = instance.cell, trans * instance.trans
        return self.known[path]

    def box(self, flat: FlatDevice) -> Box:
        """The tile or bounding box of the cell that holds a device, in nm of the top."""
        cell, trans = self.at(flat.path)
        tile = cell.fabric.pitch_nm if cell.fabric and cell.fabric.is_tile else None
        return trans * (kdb.Box(0, 0, *tile) if tile else cell.bbox_nm)

    def gates(self, flat: FlatDevice) -> list[Box]:
        """The gates of a device that its cell lists to match."""
        cell, trans = self.at(flat.path)
        if not isinstance(flat.device, Mos):
            return []
        return [trans * b for g in cell.match_groups for b in g.members.get(flat.device.name, ())]


def _within(box: Box, terminal: Terminal) -> bool:
    return bool(box.left <= terminal.x_nm <= box.right and box.bottom <= terminal.y_nm <= box.top)


def _in_any(boxes: list[Box], terminal: Terminal) -> bool:
    return any(_within(box, terminal) for box in boxes)
