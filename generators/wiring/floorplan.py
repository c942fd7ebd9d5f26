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

from analoom.cells.model.cell import Cell, Instance, MatchGroup, Pin, Spec, draw_pin
from analoom.cells.model.circuit import Circuit
from analoom.cells.model.drawing import Box, Drawing
from analoom.generators.placing.arrange import Arrangement, Piece, Side, abut, grid, row, stack
from analoom.generators.placing.leaf import Leaf
from analoom.generators.ways.net import Net
from analoom.pdk.errors import SpecError
from analoom.pdk.layers import Layer

from .antenna_free import AntennaError, outer_antennas
from .channels import Lanes, wire_up
from .diodes import Diodes
from .edge_pins import pin_metal

USES: dict[str, Literal["power", "ground", "signal"]] = {"vdd": "power", "vss": "ground"}


@dataclass
class Floorplan:
    """The parts of a block, their nets and what is wished for them. `name` is that of the cell."""

    name: str
    parts: dict[str, Leaf] = field(default_factory=dict)
    sides: dict[str, Side] = field(default_factory=dict)
    supplies: dict[str, int] = field(default_factory=dict)
    twins: list[tuple[str, str]] = field(default_factory=list)
    kept_off: dict[str, tuple[Layer, ...]] = field(default_factory=dict)
    most_ohm: dict[str, float] = field(default_factory=dict)
    same: list[tuple[str, str, float]] = field(default_factory=list)
    shields: dict[str, tuple[str, float]] = field(default_factory=dict)
    jumped: list[str] = field(default_factory=list)
    led_off: Diodes | None = None
    highest: Layer = Layer.MET5

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

    def abut(self, *leaves: Leaf) -> Piece:
        """Parts side by side without a gap: strips that share rails, tiles whose lines meet.

        Raises SpecError with both parts where they have neither in common, or other nets on them.
        """
        return abut(*leaves)

    def grid(self, rows: Sequence[Sequence[Piece]]) -> Piece:
        """Rows of pieces, the first lowest."""
        return grid(rows)

    def mirror(self, one: str, other: str) -> None:
        """Wishes the wires of two nets to be mirror images about the middle."""
        self.twins.append((one, other))

    def same_length(self, one: str, other: str, within_frac: float = 0.02) -> None:
        """Wishes the wires of two nets to be equally long: loops are added to the shorter one.

        Nets that are widened, for a supply or for their resistance, take no part in it.
        """
        self.same.append((one, other, within_frac))

    def supply(self, *nets: str, width_nm: int = 1000) -> None:
        """Nets that go first, and whose wires grow to `width_nm` where there is room."""
        self.supplies |= dict.fromkeys(nets, width_nm)

    def keep_off(self, *leaves: Leaf, levels: Sequence[Layer]) -> None:
        """Wishes that no wire of any net lies over these parts on the given metals, met1 to met5."""
        self.kept_off |= {leaf.name: tuple(levels) for leaf in leaves}

    def resistance(self, net: str, most_ohm: float) -> None:
        """Wishes the wires of a net so wide that none of its pins is more than `most_ohm` from another."""
        self.most_ohm[net] = most_ohm

    def shield(self, net: str, by: str = "vss", least_frac: float = 0.8) -> None:
        """Wishes wires of another net on both sides of a net, each tied to it at both ends.

        `least_frac`: the share of both sides, along all its wires, that is to have one.
        """
        self.shields[net] = (by, least_frac)

    def jumpers(self, *nets: str) -> None:
        """Wishes a jumper beside each gate of these nets, in the level on which they leave the block: for those that
        are long outside and reach no driver below it."""
        self.jumped += nets

    def diodes(self, *nets: str, ground: str = "vss") -> None:
        """Wishes an antenna diode from `ground` on each of these nets, which leave the block, and on every net inside
        that breaks an antenna rule which no jumper cures. They lie in a row below the block, and are parts of its
        circuit. Raises SpecError when asked again with another ground."""
        if self.led_off is not None and self.led_off.ground != ground:
            raise SpecError("ground", ground, f"{self.led_off.ground}: all antenna diodes of a block lead to one net")
        self.led_off = self.led_off or Diodes(ground)
        self.led_off.needs_um2 |= dict.fromkeys(nets, 0.0)

    def up_to(self, highest: Layer) -> None:
        """Wishes that no wire lies above this metal, as shuttles ask that keep met5 for themselves."""
        self.highest = highest

    def pins(self, **sides: Sequence[str]) -> None:
        """The nets that leave the block by side (left, right, bottom, top), in the order of the circuit's ports."""
        for side, nets in sides.items():
            self.sides |= dict.fromkeys(nets, side)  # type: ignore[arg-type]

    def cell(self, tree: Piece, spec: Spec, kind: str = "", **facts: Any) -> Cell:
        """Places and wires the parts of `tree` and draws the block.

        Raises SpecError with net and place where the router finds no way however wide the channels are.
        """
        self._require_apart()
        drawing = Drawing(self.name)
        arrangement, nets, box = self._wired(tree)
        instances = tuple(arrangement.instances)
        placed_parts = tuple(instance.place(drawing) for instance in instances)
        for net in nets:
            for layer, shape in net.wires:
                drawing.add(layer, shape)
        pins = tuple(self._pins(drawing, nets, box))
        circuit = Circuit(self.name, tuple(self.sides), (), placed_parts)
        groups = tuple(group for instance in instances for group in _groups(instance))
        if antennas := outer_antennas(nets):
            facts["notes"] = {**facts.get("notes", {}), "antenna_without_driver": antennas}
        return Cell(self.name, kind, spec, drawing.cell, circuit, pins, instances, groups, **facts)

    def _wired(self, tree: Piece) -> tuple[Arrangement, list[Net], Box]:
        """The parts with the diodes that their wires turn out to need."""
        while True:
            try:
                return wire_up(self._above_diodes(tree), self._lanes())
            except AntennaError as broken:
                if self.led_off is None or not self.led_off.grown(broken.diode_um2):
                    raise

    def _above_diodes(self, tree: Piece) -> Piece:
        if self.led_off is None or not self.led_off.needs_um2:
            return tree
        ground = self.led_off.ground
        leaves = [Leaf(f"antenna_{net}", cell, {"c": net, "a": ground}) for net, cell in self.led_off.cells().items()]
        return stack(row(*leaves), tree)

    def _require_apart(self) -> None:
        """A wire that has loops or a shield cannot grow; a shield is of another net of the parts."""
        wide = {*self.supplies, *self.most_ohm}
        known = {net for leaf in self.parts.values() for net in leaf.nets.values()}
        for net, (by, _) in self.shields.items():
            if net in wide or net == by or not {net, by} <= known:
                raise SpecError(
                    "floorplan", net, "a net of the parts that is not widened, shielded by another", "shield"
                )
        for net in (net for *pair, _ in self.same for net in pair if net in wide):
            raise SpecError("floorplan", net, "either widened or of another net's length", "same_length")

    def _lanes(self) -> Lanes:
        return Lanes(
            self.sides,
            self.supplies,
            self.twins,
            self.kept_off,
            self.most_ohm,
            self.same,
            self.shields,
            self.jumped,
            self.highest,
        )

    def _pins(self, drawing: Drawing, nets: Sequence[Net], box: Box) -> Iterator[Pin]:
        """The pins at the block's edge, in the order of the ports."""
        by_name = {net.name: net for net in nets}
        for name, side in self.sides.items():
            layer, metal = pin_metal(drawing, by_name[name], side, box)
            yield draw_pin(drawing, Pin(name, layer, metal, USES.get(name, "signal")))


def _groups(instance: Instance) -> Iterator[MatchGroup]:
    """The matched devices of a part, where they lie in the block."""
    for group in instance.cell.match_groups:
        if len(group.members) > 1:
            moved = {name: [b.transformed(instance.trans) for b in boxes] for name, boxes in group.members.items()}
            yield MatchGroup(f"{instance.name} {group.name}", moved)
