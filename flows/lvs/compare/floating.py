"""Nets of an extracted netlist that nothing drives: gates, plates and wells without a source, drain or pin."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import klayout.db as kdb

from analoom.flows.lvs.devices.terminals import role
from analoom.flows.lvs.layout.extract import SUBSTRATE


@dataclass(frozen=True)
class _Seen:
    """What a net touches here and below: whether something drives it, and the first terminal that needs it."""

    driven: bool = False
    load: str | None = None


def floating(netlist: kdb.Netlist) -> list[str]:
    """One line for each net with a gate, plate or body on it but no source, drain or pin. Pins must be made before."""
    below: dict[int, dict[int, _Seen]] = {}
    problems: list[str] = []
    for circuit in netlist.each_circuit_bottom_up():
        seen = {net.cluster_id: _seen(net, below) for net in circuit.each_net()}
        below[circuit.cell_index] = {p.id(): _of_pin(circuit, p.id(), seen) for p in circuit.each_pin()}
        problems += list(_problems(circuit, seen, below))
    return problems


def _seen(net: kdb.Net, below: dict[int, dict[int, _Seen]]) -> _Seen:
    """Looks no further than the first driver: what it drives does not matter any more."""
    load: str | None = None
    for seen in _touched(net, below):
        if seen.driven:
            return seen
        load = load or seen.load
    return _Seen(load=load)


def _touched(net: kdb.Net, below: dict[int, dict[int, _Seen]]) -> Iterator[_Seen]:
    for ref in net.each_terminal():
        yield _terminal(ref)
    for pin in net.each_subcircuit_pin():
        yield below[pin.subcircuit().circuit_ref().cell_index][pin.pin_id()]


def _terminal(ref: kdb.NetTerminalRef) -> _Seen:
    device, name = ref.device(), ref.terminal_def().name
    what = role(device, name)
    if what in ("drives", "junction"):
        return _Seen(driven=what == "drives")
    return _Seen(load=f"{what} of {_where(device)}")


def _where(device: kdb.Device) -> str:
    at = device.trans.disp
    return f"{device.device_class().name} at ({at.x:g}, {at.y:g}) in {device.circuit().name}"


def _of_pin(circuit: kdb.Circuit, pin: int, seen: dict[int, _Seen]) -> _Seen:
    net = circuit.net_for_pin(pin)
    return seen[net.cluster_id] if net is not None else _Seen()


def _problems(circuit: kdb.Circuit, seen: dict[int, _Seen], below: dict[int, dict[int, _Seen]]) -> Iterator[str]:
    for net in circuit.each_net():
        what = seen[net.cluster_id]
        if what.load and not what.driven and net.pin_count() == 0:
            yield _line(net.expanded_name(), what.load)
    for sub in circuit.each_subcircuit():
        for pin, what in below[sub.circuit_ref().cell_index].items():
            if what.load and not what.driven and sub.net_for_pin(pin) is None:
                yield _line(f"{sub.expanded_name()}.{sub.circuit_ref().pin_by_id(pin).expanded_name()}", what.load)


def _line(net: str, load: str) -> str:
    if load.startswith("body"):
        region = "the substrate has" if net.split(",")[0] == SUBSTRATE else f"well {net} has"
        return f"{region} no tap: {load} floats"
    return f"net {net} floats: {load} has no driver"
