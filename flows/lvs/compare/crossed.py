"""Stacks of transistors that cross: two strips between the same nets with their gates in another order.

klayout tells nets apart by what their devices lead to, gate by gate, and so finds the inner nets of such strips equal:
it may pair them the wrong way round. Which belongs to which follows from the order of the gates.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import klayout.db as kdb

from .stacks import Strip, strips_of

Key = tuple[tuple[int, int], tuple[tuple[str, int, int], ...]]


@dataclass(frozen=True)
class SameNet:
    """A net of a layout's circuit, by its number, and the schematic's of that name, which it is."""

    circuit: str
    net: int
    schematic_circuit: str
    schematic_net: str


def inner_pairs(xref: kdb.NetlistCrossReference) -> list[SameNet]:
    """The inner nets of strips whose ends and gates were paired, where one strip alone on either side fits."""
    return [
        pair
        for circuits in xref.each_circuit_pair()
        if circuits.first() is not None and circuits.second() is not None
        for pair in _in_circuit(xref, circuits)
    ]


def pair_inner(
    comparer: kdb.NetlistComparer, layout: kdb.Netlist, reference: kdb.Netlist, found: Sequence[SameNet]
) -> None:
    """Tells the comparer."""
    for pair in found:
        circuits = layout.circuit_by_name(pair.circuit), reference.circuit_by_name(pair.schematic_circuit)
        drawn = circuits[0].net_by_cluster_id(pair.net)
        comparer.same_nets(*circuits, drawn, circuits[1].net_by_name(pair.schematic_net))


def _in_circuit(xref: kdb.NetlistCrossReference, circuits: Any) -> Iterator[SameNet]:
    both = [x for x in xref.each_net_pair(circuits) if x.first() is not None and x.second() is not None]
    drawn = _by_key(circuits.first(), {x.first().cluster_id: k for k, x in enumerate(both)}, "cluster_id")
    wanted = _by_key(circuits.second(), {x.second().name: k for k, x in enumerate(both)}, "name")
    for key in drawn.keys() & wanted.keys():
        if len(drawn[key]) == len(wanted[key]) == 1:
            for net, name in zip(drawn[key][0], wanted[key][0], strict=True):
                yield SameNet(circuits.first().name, net, circuits.second().name, name)


def _by_key(circuit: kdb.Circuit, number: dict[Any, int], told_by: str) -> dict[Key, list[list[Any]]]:
    """The inner nets of each strip whose ends and gates have a number, by these; nets are told by an attribute."""
    nets = list(circuit.each_net())
    of_net = [number.get(getattr(net, told_by), -1) for net in nets]
    found: dict[Key, list[list[Any]]] = {}
    for strip in strips_of(circuit):
        key, inner = min(_key(strip, of_net), _key(strip.turned(), of_net), key=lambda x: x[0])
        if min(*key[0], *(gate for _, gate, _ in key[1])) >= 0:
            found.setdefault(key, []).append([getattr(nets[k], told_by) for k in inner])
    return found


def _key(strip: Strip, of_net: list[int]) -> tuple[Key, tuple[int, ...]]:
    steps = tuple((step.model.upper(), of_net[step.gate], of_net[step.body]) for step in strip.steps)
    return ((of_net[strip.ends[0]], of_net[strip.ends[1]]), steps), strip.inner
