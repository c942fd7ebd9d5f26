"""Cells whose circuit holds no device, such as metal-finger capacitors: LVS knows them by their ports.

A comparison of devices says nothing of such a cell's wires, so they are asked for directly: every wire in the cell lies
on a port, every port on one wire of its own. In the cells above an instance then stands for a device, and its nets are
compared as a device's are.
"""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.flows.lvs.devices.circuits import circuit_named, find_circuit
from analoom.flows.lvs.reference.ties import tied_names
from analoom.pdk.devices import finger_cap_ports

LEAST_PORTS = 2
"""Of one wire by itself there is nothing to compare."""


def shells(reference: kdb.Netlist, top: str) -> list[kdb.Circuit]:
    """Circuits of the reference, `top` and below, with LEAST_PORTS ports but neither devices nor instances."""
    found: dict[str, kdb.Circuit] = {}
    first = circuit_named(reference, top)
    todo = [first]
    while todo:
        circuit = todo.pop()
        if circuit.name not in found:
            found[circuit.name] = circuit
            todo += [sub.circuit_ref() for sub in circuit.each_subcircuit()]
    return [c for c in found.values() if _is_shell(c, _port_count(c) if c.name == first.name else c.pin_count())]


def shell_problems(lvs: kdb.LayoutVsSchematic, reference: kdb.Netlist, top: str, layout_top: str) -> list[str]:
    """What is wrong inside the layout's cells of these names."""
    problems: list[str] = []
    for shell in shells(reference, top):
        name = layout_top if shell.name.upper() == top.upper() else shell.name
        circuit = find_circuit(lvs.netlist(), name)
        if circuit is None:
            problems.append(f"{shell.name.lower()} has no device to compare and is no cell of the layout")
        else:
            problems += _wires(lvs, circuit, {pin.name().upper() for pin in shell.each_pin()}, _may_float(shell))
    return problems


def pair_shells(comparer: kdb.NetlistComparer, layout: kdb.Netlist, reference: kdb.Netlist, reference_top: str) -> bool:
    """Pairs the nets of shells by the ports' names; whether there are any."""
    every = shells(reference, reference_top)
    for shell in every:
        circuit = find_circuit(layout, shell.name)
        if circuit is not None:
            _pair(comparer, circuit, shell)
    return bool(every)


def _port_count(circuit: kdb.Circuit) -> int:
    """Of the top, where tied ports are labels each."""
    return sum(len(tied_names(pin.name())) for pin in circuit.each_pin())


def _is_shell(circuit: kdb.Circuit, ports: int) -> bool:
    empty = next(circuit.each_device(), None) is None and next(circuit.each_subcircuit(), None) is None
    return empty and ports >= LEAST_PORTS


def _may_float(shell: kdb.Circuit) -> bool:
    """Whether wires without a port are part of the cell, as its model's name says."""
    return "_FLOAT" in shell.name.upper() and finger_cap_ports(shell.name) is not None


def _wires(lvs: kdb.LayoutVsSchematic, circuit: kdb.Circuit, ports: set[str], may_float: bool) -> Iterator[str]:
    seen: set[str] = set()
    for net in circuit.each_net():
        names = {name.upper() for name in net.name.split(",")} & ports
        if not names:
            place = "" if may_float else _place(lvs, net)
            if place:
                yield f"a wire at {place} in {circuit.name} lies on none of its ports"
        elif len(names) > 1:
            yield f"{' and '.join(sorted(n.lower() for n in names))} are shorted in {circuit.name}"
        elif names & seen:
            yield f"net {min(names).lower()} is open in {circuit.name}"
        seen |= names
    yield from (f"port {name.lower()} of {circuit.name} lies on no wire" for name in sorted(ports - seen))


def _place(lvs: kdb.LayoutVsSchematic, net: kdb.Net) -> str:
    """Where a net's first shape lies; empty for a net without any in its own cell."""
    for name in lvs.layer_names():
        layer = lvs.layer_by_name(name)
        if not isinstance(layer, kdb.Region):
            continue
        found = lvs.shapes_of_net(net, layer, False)
        if isinstance(found, kdb.Region) and not found.is_empty():
            centre = found.bbox().center()
            return f"({centre.x / 1000:g}, {centre.y / 1000:g})"
    return ""


def _pair(comparer: kdb.NetlistComparer, circuit: kdb.Circuit, shell: kdb.Circuit) -> None:
    for pin in shell.each_pin():
        wanted = shell.net_for_pin(pin.id())
        found = next((n for n in circuit.each_net() if n.name.upper() == pin.name().upper()), None)
        if wanted is not None and found is not None:
            comparer.same_nets(circuit, shell, found, wanted, True)
