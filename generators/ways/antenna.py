"""Whether a net, wired as planned, collects too much charge for its gates: what a floorplan asks before it adds a
jumper or a diode.

A level counts with what connects it to the gates when it is made: met1 that reaches a gate over met2 alone does not.
A jumper next to the gate therefore cures any level below it, a diode (`antenna_diode`) all of them. What cells draw
inside counts where its shapes are given too; `analoom drc --engine antenna` checks the finished layout.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import klayout.db as kdb

from analoom.cells.model.circuit import DIFFUSION_EXTENSION_UM, Circuit, Diode, Mos
from analoom.cells.model.drawing import Box
from analoom.cells.model.obstacles import region_of
from analoom.pdk.antenna import ANTENNA, ROUNDING
from analoom.pdk.layers import Layer

NM_PER_UM, NM2_PER_UM2 = 1e3, 1e6


@dataclass(frozen=True)
class Held:
    """What a net meets at one place: gates and diffusion behind it, um2."""

    gate_um2: float = 0.0
    diode_um2: float = 0.0

    def __add__(self, other: Held) -> Held:
        return Held(self.gate_um2 + other.gate_um2, self.diode_um2 + other.diode_um2)


@dataclass(frozen=True)
class End:
    """A pin of a net: where it lies (nm), and what it holds."""

    layer: Layer
    box: Box
    held: Held


@dataclass(frozen=True)
class Metal:
    """What a net has on one level: its area (um2) and the length of its outline (um)."""

    area_um2: float
    outline_um: float


@dataclass(frozen=True)
class AntennaRatio:
    """One level of a net: what collects charge by the area of the gates on it, and the ratio that is allowed."""

    layer: Layer
    ratio: float
    allowed: float

    @property
    def broken(self) -> bool:
        """Whether a jumper above this level, or a diode, is needed."""
        return self.ratio > self.allowed * (1 + ROUNDING)

    @property
    def diode_um2(self) -> float:
        """The least area of diffusion with which the level is legal; 0 for one that is without any."""
        return ANTENNA[self.layer].diode_um2(self.ratio)


def antenna_ratio(metal: Mapping[Layer, Metal], held: Held) -> list[AntennaRatio]:
    """The ratio of each level of a net all of whose metal reaches the gates while it is made, from the bottom up."""
    return [_ratio(layer, metal[layer], held) for layer in ANTENNA if layer in metal and held.gate_um2]


def wired_ratios(shapes: Mapping[Layer, Iterable[Box]], ends: Sequence[End]) -> list[AntennaRatio]:
    """The worst ratio of each level of a net drawn with `shapes` (nm, wires and cuts), from the bottom up.

    Pieces that reach no gate yet when their level is made, and levels without metal, have none.
    """
    pieces, found = list[_Piece](), list[AntennaRatio]()
    for layer in ANTENNA:
        pieces = _grown(pieces, layer, shapes.get(layer, ()), ends)
        gated = [piece for piece in pieces if piece.held.gate_um2 and piece.on(layer)]
        ratios = [_ratio(layer, piece.metal(layer), piece.held) for piece in gated]
        if ratios:
            found.append(max(ratios, key=lambda one: one.ratio / one.allowed))
    return found


def held_by(circuit: Circuit, net: str) -> Held:
    """The gates of a net of `circuit` and below, by drawn size, and the sources, drains and diodes on it.

    These as in the netlist: fingers by their length in the models' formulas; bodies and wells do not count.
    """
    total = Held()
    for device in circuit.devices:
        if isinstance(device, Mos):
            total += _of_transistor(device, net)
        elif isinstance(device, Diode) and device.nets["c" if device.device.polarity == "n" else "a"] == net:
            total += Held(diode_um2=device.m * device.w_um * device.l_um)
    for instance in circuit.instances:
        for port, outer in instance.nets.items():
            if outer == net:
                total += held_by(instance.circuit, port)
    return total


def _of_transistor(mos: Mos, net: str) -> Held:
    gate_um2 = mos.m * mos.w_um * mos.l_um if mos.nets["g"] == net else 0.0
    fingers = {"d": (mos.nf + 1) // 2, "s": mos.nf // 2 + 1 if mos.nf > 1 else 1}
    regions = sum(count for terminal, count in fingers.items() if mos.nets[terminal] == net)
    return Held(gate_um2, mos.m * regions * mos.w_um / mos.nf * DIFFUSION_EXTENSION_UM)


def _ratio(layer: Layer, metal: Metal, held: Held) -> AntennaRatio:
    limit = ANTENNA[layer]
    ratio = limit.ratio(metal.area_um2, metal.outline_um, held.gate_um2)
    return AntennaRatio(layer, ratio, limit.allowed(held.diode_um2))


@dataclass(frozen=True)
class _Piece:
    """What of a net is connected so far: its polygons with their levels, and what it holds."""

    polygons: tuple[tuple[Layer, kdb.Polygon], ...]
    held: Held

    def __add__(self, other: _Piece) -> _Piece:
        return _Piece(self.polygons + other.polygons, self.held + other.held)

    def on(self, layer: Layer | None) -> list[kdb.Polygon]:
        return [polygon for level, polygon in self.polygons if level is layer]

    def metal(self, layer: Layer) -> Metal:
        drawn = self.on(layer)
        return Metal(sum(p.area() for p in drawn) / NM2_PER_UM2, sum(p.perimeter() for p in drawn) / NM_PER_UM)


def _grown(pieces: list[_Piece], layer: Layer, boxes: Iterable[Box], ends: Sequence[End]) -> list[_Piece]:
    """The pieces with one more level, each of whose polygons joins what it meets on the level below."""
    order = [None, *ANTENNA]
    below = order[order.index(layer) - 1]
    for polygon in region_of(boxes).merged().each():
        here = sum((end.held for end in ends if end.layer is layer and polygon.touches(end.box)), Held())
        met = [piece for piece in pieces if any(polygon.touches(lower) for lower in piece.on(below))]
        pieces = [piece for piece in pieces if piece not in met] + [sum(met, _Piece(((layer, polygon),), here))]
    return pieces
