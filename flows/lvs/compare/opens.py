"""Where a net is open: which wires should be one, and where they come nearest or overlap without a cut between."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import klayout.db as kdb

from analoom.pdk.layers import CONDUCTORS, CUTS, Layer

WORDS = {"poly_wire": "poly", "sd": "diffusion"}
WIRES = tuple("poly_wire" if layer is Layer.POLY else layer.name.lower() for layer in CONDUCTORS)
JOINTS = (
    *(
        ("poly_wire" if a is Layer.POLY else a.name.lower(), cut.name.lower(), b.name.lower())
        for cut, (a, b) in CUTS.items()
    ),
    *(("sd", "licon", "li1"), ("tap", "licon", "li1"), ("capm", "via3", "met4"), ("cap2m", "via4", "met5")),
)
"""Layers that a cut joins: the lower, the cut, the upper, as extraction names them."""

Shapes = Mapping[str, kdb.Region]
REACHES_NM = (500, 5_000, 50_000)
MOST_OPENS = 5
"""So many open nets are measured."""

MOST_DEVICES = 200_000
"""In larger layouts a net's shapes are not collected: it may have millions."""


def opens(lvs: kdb.LayoutVsSchematic, layers: Mapping[str, kdb.Region], top: str) -> Iterator[str]:
    """One line for each wire of circuit `top` that the schematic counts to a net with another wire, and where."""
    for circuits in lvs.xref().each_circuit_pair():
        if circuits.first() is not None and circuits.second() is not None and circuits.first().name == top:
            for n, (net, one, other) in enumerate(_split(lvs.xref(), circuits)):
                where = gap(lvs, layers, one, other) if n < MOST_OPENS else ""
                wires = f"{one.expanded_name()} and {other.expanded_name()}"
                yield f"net {net} is open: {wires} are one net in schematic{where}"


def gap(lvs: kdb.LayoutVsSchematic, layers: Mapping[str, kdb.Region], one: kdb.Net, other: kdb.Net) -> str:
    """Where two wires overlap on neighbouring layers, and where they are nearest on one, as far as they do."""
    names = {*WIRES, *(name for below, _, above in JOINTS for name in (below, above))}
    shapes = [{name: lvs.shapes_of_net(net, layers[name], True) for name in names} for net in (one, other)]
    found = [*_overlaps(*shapes), *_overlaps(*shapes[::-1]), *_nearest(*shapes)]
    return f"; {'; '.join(found[:2])}" if found else ""


def _overlaps(one: Shapes, other: Shapes) -> Iterator[str]:
    for below, cut, above in JOINTS:
        for polygon in list((one[below] & other[above]).each_merged())[:1]:
            at = polygon.bbox().center()
            names = f"{WORDS.get(below, below)} and {above}"
            yield f"{names} overlap at ({at.x / 1000:g}, {at.y / 1000:g}) with no {cut} to join them"


def _nearest(one: Shapes, other: Shapes) -> Iterator[str]:
    gaps = [found for name in WIRES for found in _gaps(name, one[name], other[name])]
    for distance, layer, at in sorted(gaps, key=lambda x: x[0])[:1]:
        yield f"{WORDS.get(layer, layer)} has a gap of {distance / 1000:g} um at ({at.x / 1000:g}, {at.y / 1000:g})"


def _gaps(layer: str, one: kdb.Region, other: kdb.Region) -> list[tuple[int, str, kdb.Point]]:
    for reach in REACHES_NM:
        pairs = list(one.separation_check(other, reach, metrics=kdb.Region.Euclidian).each())
        if pairs:
            nearest = min(pairs, key=lambda pair: pair.distance())
            return [(nearest.distance(), layer, nearest.bbox().center())]
    return []


def _split(xref: kdb.NetlistCrossReference, circuits: Any) -> Iterator[tuple[str, kdb.Net, kdb.Net]]:
    """(schematic net, its wire, another wire) where terminals of the schematic's net lie on a wire without partner."""
    pairs = list(xref.each_net_pair(circuits))
    both = [x for x in pairs if x.first() is not None and x.second() is not None]
    partner = {x.second().expanded_name(): x.first() for x in both if _same(x.first(), x.second())}
    lone = {x.first().cluster_id: x.first() for x in pairs if x.first() is not None and x.second() is None}
    seen: set[int] = set()
    for wire, net in _terminals(xref, circuits):
        if wire.cluster_id in lone and net.expanded_name() in partner and wire.cluster_id not in seen:
            seen.add(wire.cluster_id)
            yield net.expanded_name(), partner[net.expanded_name()], wire
    for whole, wire in _nearly_parallel(xref, circuits, set(lone)):
        if wire.cluster_id not in seen:
            seen.add(wire.cluster_id)
            yield whole.expanded_name(), whole, wire


def _nearly_parallel(
    xref: kdb.NetlistCrossReference, circuits: Any, lone: set[int]
) -> Iterator[tuple[kdb.Net, kdb.Net]]:
    """(wire, lone wire) of two transistors, one without partner, that would be in parallel were these wires one."""
    pairs = list(xref.each_device_pair(circuits))
    left = [x.first() for x in pairs if x.first() is not None and x.second() is None]
    known = [x.first() for x in pairs if x.first() is not None and x.second() is not None]
    for device in left[:MOST_OPENS]:
        for other in known:
            differ = _one_apart(device, other)
            if differ is not None and differ[1].cluster_id in lone and differ[0].cluster_id not in lone:
                yield differ
                break


def _one_apart(device: kdb.Device, other: kdb.Device) -> tuple[kdb.Net, kdb.Net] | None:
    """The wires of `other` and of `device` at the only terminal where they differ; None for any other number."""
    if device.device_class().name != other.device_class().name or _length(device) != _length(other):
        return None
    names = [terminal.name for terminal in device.device_class().terminal_definitions()]
    for order in (names, [{"S": "D", "D": "S"}.get(name, name) for name in names]):
        wires = [(other.net_for_terminal(o), device.net_for_terminal(n)) for n, o in zip(names, order, strict=True)]
        apart = [(a, b) for a, b in wires if a and b and a.cluster_id != b.cluster_id]
        if len(apart) == 1:
            return apart[0]
    return None


def _length(device: kdb.Device) -> float:
    return device.parameter("L") if device.device_class().has_parameter("L") else 0.0


def _terminals(xref: kdb.NetlistCrossReference, circuits: Any) -> Iterator[tuple[kdb.Net, kdb.Net]]:
    """Nets of layout and schematic at the same terminal of paired devices and the same pin of paired instances."""
    for pair in xref.each_device_pair(circuits):
        if pair.first() is not None and pair.second() is not None:
            yield from _of_device(pair.first(), pair.second())
    for instances in xref.each_subcircuit_pair(circuits):
        if instances.first() is not None and instances.second() is not None:
            yield from _of_instance(instances.first(), instances.second())


def _of_instance(drawn: kdb.SubCircuit, wanted: kdb.SubCircuit) -> Iterator[tuple[kdb.Net, kdb.Net]]:
    there = {pin.name().upper(): wanted.net_for_pin(pin.id()) for pin in wanted.circuit_ref().each_pin()}
    for pin in drawn.circuit_ref().each_pin():
        wire, net = drawn.net_for_pin(pin.id()), there.get(pin.name().upper())
        if wire is not None and net is not None:
            yield wire, net


def _of_device(drawn: kdb.Device, wanted: kdb.Device) -> Iterator[tuple[kdb.Net, kdb.Net]]:
    """Source and drain may be either way round: told from the one that has its name on both sides."""
    names = [terminal.name for terminal in drawn.device_class().terminal_definitions()]
    if {"S", "D"} <= set(names):
        turned = any(_same(drawn.net_for_terminal(a), wanted.net_for_terminal(b)) for a, b in (("S", "D"), ("D", "S")))
        other = {"S": "D", "D": "S"} if turned else {}
    else:
        other = {}
    for name in names:
        wire, net = drawn.net_for_terminal(name), wanted.net_for_terminal(other.get(name, name))
        if wire is not None and net is not None:
            yield wire, net


def _same(wire: kdb.Net | None, net: kdb.Net | None) -> bool:
    return wire is not None and net is not None and wire.expanded_name().upper() == net.expanded_name().upper()
