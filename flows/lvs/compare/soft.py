"""Soft connections: wires that only a well or the substrate joins, which a designer means to be joined by metal.

The layout is extracted once more with taps as devices, so that no well conducts. Wires with something on them (a
source, gate, plate or label) whose taps reach the same well must then still be one wire. Extraction is hierarchical
and so is the search: each cell tells the one above which of its pins are wells and which wires tap them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import klayout.db as kdb

from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.lvs.devices.terminals import role
from analoom.flows.lvs.layout.extract import SUBSTRATE, TAP_CLASS, extract

MOST_NAMED = 4


@dataclass(frozen=True)
class _Wire:
    """A wire that ends inside a cell: its name and the place of a tap contact, in um of the cell it was found in."""

    name: str
    at: kdb.DPoint
    cell: str

    def __str__(self) -> str:
        return f"{self.name} at ({self.at.x:g}, {self.at.y:g}) in {self.cell}"


@dataclass
class _Seen:
    """What a cell shows above: loaded pins, and per well pin the pins and the inner wires that tap it."""

    loaded: set[int] = field(default_factory=set)
    tapped_by_pin: dict[int, dict[int, _Wire]] = field(default_factory=lambda: defaultdict(dict))
    tapped_inside: dict[int, list[_Wire]] = field(default_factory=lambda: defaultdict(list))


@dataclass
class _Here:
    """One circuit by net: loads, and per well net the wires that tap it."""

    loaded: set[int] = field(default_factory=set)
    taps: dict[int, dict[int, _Wire]] = field(default_factory=lambda: defaultdict(dict))
    inside: dict[int, list[_Wire]] = field(default_factory=lambda: defaultdict(list))


def soft_connections(source: LayoutSource) -> list[str]:
    """One line for each well, or the substrate, that joins wires nothing else joins."""
    extraction = extract(source.layout, source.top, taps_conduct=False)
    below: dict[int, _Seen] = {}
    problems: list[str] = []
    for circuit in extraction.netlist.each_circuit_bottom_up():
        here = _here(circuit, below, circuit.name == source.top.name)
        problems += _problems(circuit, here)
        below[circuit.cell_index] = _shown(circuit, here)
    return problems


def _here(circuit: kdb.Circuit, below: dict[int, _Seen], is_top: bool) -> _Here:
    here = _Here()
    if is_top:
        here.loaded |= {net.cluster_id for net in circuit.each_net() if net.name and net.name != SUBSTRATE}
    for device in circuit.each_device():
        _add_device(here, device)
    for sub in circuit.each_subcircuit():
        _add_sub(here, sub, below[sub.circuit_ref().cell_index])
    return here


def _add_device(here: _Here, device: kdb.Device) -> None:
    if device.device_class().name == TAP_CLASS:
        wire, well = device.net_for_terminal("A"), device.net_for_terminal("C")
        if wire is not None and well is not None:
            at = device.trans.disp
            found = _Wire(wire.expanded_name(), kdb.DPoint(at.x, at.y), device.circuit().name)
            here.taps[well.cluster_id].setdefault(wire.cluster_id, found)
        return
    for terminal in device.device_class().terminal_definitions():
        net = device.net_for_terminal(terminal.id())
        if net is not None and role(device, terminal.name) != "body":
            here.loaded.add(net.cluster_id)


def _add_sub(here: _Here, sub: kdb.SubCircuit, seen: _Seen) -> None:
    nets = {pin.id(): sub.net_for_pin(pin.id()) for pin in sub.circuit_ref().each_pin()}
    here.loaded |= {net.cluster_id for pin in seen.loaded for net in [nets[pin]] if net is not None}
    for well_pin, wires in seen.tapped_by_pin.items():
        well = nets[well_pin]
        for pin, wire in wires.items():
            net = nets[pin]
            if well is not None and net is not None:
                moved = _Wire(net.expanded_name(), sub.trans * wire.at, sub.circuit().name)
                here.taps[well.cluster_id].setdefault(net.cluster_id, moved)
    for well_pin, lone in seen.tapped_inside.items():
        well = nets[well_pin]
        if well is not None:
            here.inside[well.cluster_id] += [
                _Wire(f"{sub.expanded_name()}.{w.name}", sub.trans * w.at, sub.circuit().name) for w in lone[:2]
            ]


def _problems(circuit: kdb.Circuit, here: _Here) -> Iterator[str]:
    pins = {net.cluster_id for net in circuit.each_net() if net.pin_count() > 0}
    names = {net.cluster_id: net.expanded_name() for net in circuit.each_net()}
    for well in here.taps.keys() | here.inside.keys():
        joined = [*(w for net, w in here.taps[well].items() if net in here.loaded), *here.inside[well]]
        if well not in pins and len(joined) > 1:
            region = "the substrate" if names[well].split(",")[0] == SUBSTRATE else "a well"
            more = f" and {len(joined) - MOST_NAMED} more" if len(joined) > MOST_NAMED else ""
            listed = ", ".join(map(str, joined[:MOST_NAMED]))
            yield f"soft connection: only {region} joins the wires {listed}{more}"


def _shown(circuit: kdb.Circuit, here: _Here) -> _Seen:
    """Wires that end inside are told as such; those on a pin by pin. A well that ends inside has been judged."""
    seen = _Seen()
    pin_of = {net.cluster_id: pin.id() for pin in circuit.each_pin() for net in [circuit.net_for_pin(pin.id())] if net}
    seen.loaded = {pin for net, pin in pin_of.items() if net in here.loaded}
    for well in [w for w in here.taps.keys() | here.inside.keys() if w in pin_of]:
        seen.tapped_inside[pin_of[well]] += here.inside[well]
        for net, wire in here.taps[well].items():
            if net in pin_of:
                seen.tapped_by_pin[pin_of[well]][pin_of[net]] = wire
            elif net in here.loaded:
                seen.tapped_inside[pin_of[well]].append(wire)
    return seen
