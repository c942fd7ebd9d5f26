"""A block from a list of parts: each is declared once with its nets, arranged in rows and stacks, and wired.

    floor = Floorplan(cell_name("ota", spec))
    tail = floor.part("tail", mosfet(...), {"d": "tail", "g": "bias", "s": "vss", "b": "vss"})
    ...
    floor.pins(left=["inp", "inn"], right=["out"])
    return floor.cell(floor.stack(tail, pair, load), spec)

How far parts stand from each other is found: as near as wells and plates allow, and wider where wires find no way.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal

import klayout.db as kdb

from analoom.cells.model.cell import Cell, Instance, MatchGroup, Pin, Spec, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Box, Drawing, layer_index
from analoom.cells.model.obstacles import region_of
from analoom.pdk.layers import Layer
from analoom.pdk.wire_levels import LEVELS, VIAS

from .arrange import Leaf, Piece, Side, grid, row, stack
from .channels import Lanes, wire_up
from .net import Net

DEEP_NM = 700
"""How much farther inward a pin reaches where its wire does."""
WIDEST_NM = 10_000
"""How far to either side of a pin its own wire is looked at."""
LANDED, SLACK_NM = (Layer.MET2, Layer.MET3), 20
"""Levels whose pins hold a via, and what their pads have beyond its least, for the cuts' own grid."""
USES: dict[str, Literal["power", "ground", "signal"]] = {"vdd": "power", "vss": "ground"}


@dataclass
class Floorplan:
    """The parts of a block, their nets and what is wished for them. `name` is that of the cell."""

    name: str
    parts: dict[str, Leaf] = field(default_factory=dict)
    sides: dict[str, Side] = field(default_factory=dict)
    supplies: dict[str, int] = field(default_factory=dict)
    twins: list[tuple[str, str]] = field(default_factory=list)

    def part(self, name: str, cell: Cell, nets: Mapping[str, str], turned: Literal["", "x", "y"] = "") -> Leaf:
        """Declares a cell with a net for each of its ports; `turned` mirrors it about the x or the y axis.

        Raises ValueError for a name that is taken or nets that are not those of the ports.
        """
        if name in self.parts:
            raise ValueError(f"two parts are called {name}")
        if set(nets) != set(cell.circuit.ports):
            raise ValueError(f"{name}: nets for {sorted(nets)}, ports are {sorted(cell.circuit.ports)}")
        self.parts[name] = Leaf(name, cell, nets, turned)
        return self.parts[name]

    def stack(self, *pieces: Piece) -> Piece:
        """Pieces above each other, the first lowest, their middles in line."""
        return stack(*pieces)

    def row(self, *pieces: Piece) -> Piece:
        """Pieces side by side, left to right, their middles in line."""
        return row(*pieces)

    def grid(self, rows: Sequence[Sequence[Piece]]) -> Piece:
        """Rows of pieces, the first lowest."""
        return grid(rows)

    def mirror(self, one: str, other: str) -> None:
        """Wishes the wires of two nets to be mirror images about the middle."""
        self.twins.append((one, other))

    def supply(self, *nets: str, width_nm: int = 1000) -> None:
        """Nets that go first, and whose wires grow to `width_nm` where there is room."""
        self.supplies |= dict.fromkeys(nets, width_nm)

    def pins(self, **sides: Sequence[str]) -> None:
        """The nets that leave the block by side (left, right, bottom, top), in the order of the circuit's ports."""
        for side, nets in sides.items():
            self.sides |= dict.fromkeys(nets, side)  # type: ignore[arg-type]

    def cell(self, tree: Piece, spec: Spec, kind: str = "", **facts: Any) -> Cell:
        """Places and wires the parts of `tree` and draws the block.

        Raises SpecError with net and place where the router finds no way however wide the channels are.
        """
        drawing = Drawing(self.name)
        arrangement, nets, box = wire_up(tree, self._lanes())
        instances = tuple(arrangement.instances)
        placed_parts = tuple(instance.place(drawing) for instance in instances)
        for net in nets:
            for layer, shape in net.wires:
                drawing.add(layer, shape)
        pins = tuple(self._pins(drawing, nets, box))
        circuit = Circuit(self.name, tuple(self.sides), (), placed_parts)
        groups = tuple(group for instance in instances for group in _groups(instance))
        return Cell(self.name, kind, spec, drawing.cell, circuit, pins, instances, groups, **facts)

    def _lanes(self) -> Lanes:
        return Lanes(self.sides, self.supplies, self.twins)

    def _pins(self, drawing: Drawing, nets: Sequence[Net], box: Box) -> Iterator[Pin]:
        """The pins at the block's edge, in the order of the ports."""
        by_name = {net.name: net for net in nets}
        for name, side in self.sides.items():
            edge = by_name[name].edge_wire
            assert edge is not None, "every pin of the block is a terminal of its net"
            layer, end = edge
            wide = _as_wide(by_name[name], layer, end, side)
            plain = _to_edge(wide, side, box)
            choices = (_as_deep(by_name[name], layer, _landed(plain, side, layer), side), _landed(plain, side, layer))
            metal = drawing.add(layer, next((c for c in choices if _is_free(drawing, layer, c)), plain))
            yield draw_pin(drawing, Pin(name, layer, metal, USES.get(name, "signal")))


def _as_wide(net: Net, layer: Layer, end: Box, side: Side) -> Box:
    """The end of a wire, as wide as the wire has grown: what of it is no pin would shut the pin in."""
    far = (0, WIDEST_NM) if side in ("left", "right") else (WIDEST_NM, 0)
    strip = kdb.Region(end.enlarged(*far))
    grown = region_of(shape for on, shape in net.wires if on is layer).merged() & strip
    piece = next(grown.interacting(kdb.Region(end)).each())
    return piece.bbox() if piece.is_box() else end


def _landed(pin: Box, side: Side, layer: Layer) -> Box:
    """A pin on met2 or met3 as large as the pad of a via to the next level, drawn inward."""
    if layer not in LANDED:
        return pin
    pad = next(via.below for via in VIAS if via.below.layer is layer)
    across, along = pad.short_nm + SLACK_NM, pad.long_nm + SLACK_NM
    if side in ("left", "right"):
        pin = pin.enlarged(0, max(0, across - pin.height()) // 2)
        more = max(0, along - pin.width())
        return Box(pin.left - more * (side == "right"), pin.bottom, pin.right + more * (side == "left"), pin.top)
    pin = pin.enlarged(max(0, across - pin.width()) // 2, 0)
    more = max(0, along - pin.height())
    return Box(pin.left, pin.bottom - more * (side == "top"), pin.right, pin.top + more * (side == "bottom"))


def _as_deep(net: Net, layer: Layer, pin: Box, side: Side) -> Box:
    """The pin drawn out inward where its wire is as wide there: then its middle is off what lies beside the wire."""
    inward = {"left": (DEEP_NM, 0), "right": (-DEEP_NM, 0), "bottom": (0, DEEP_NM), "top": (0, -DEEP_NM)}[side]
    deep = pin + pin.moved(*inward)
    drawn = region_of([pin, *(shape for on, shape in net.wires if on is layer)])
    return deep if (kdb.Region(deep) - drawn).is_empty() else pin


def _is_free(drawing: Drawing, layer: Layer, pin: Box) -> bool:
    """Whether a pin keeps its space from all that is drawn on its level, its own wire with its bends included."""
    space = LEVELS[layer].space_nm
    window = kdb.Region(pin.enlarged(2 * space, 2 * space))
    drawn = kdb.Region(drawing.cell.begin_shapes_rec(layer_index(layer))) & window
    return (drawn + kdb.Region(pin)).merged().space_check(space).is_empty()


def _to_edge(end: Box, side: Side, box: Box) -> Box:
    """The end of a wire, drawn out to the edge of the block."""
    left, bottom, right, top = end.left, end.bottom, end.right, end.top
    if side == "left":
        left = box.left
    elif side == "right":
        right = box.right
    elif side == "bottom":
        bottom = box.bottom
    else:
        top = box.top
    return Box(left, bottom, right, top)


def _groups(instance: Instance) -> Iterator[MatchGroup]:
    """The matched devices of a part, where they lie in the block."""
    for group in instance.cell.match_groups:
        if len(group.members) > 1:
            moved = {name: [b.transformed(instance.trans) for b in boxes] for name, boxes in group.members.items()}
            yield MatchGroup(f"{instance.name} {group.name}", moved)
