"""How many devices, nets and pins a hierarchical netlist has when flattened, without flattening it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import klayout.db as kdb

from analoom.flows.lvs.devices.circuits import find_circuit


@dataclass(frozen=True)
class Counts:
    """Flattened numbers of one netlist."""

    devices: int
    nets: int
    pins: int


NOTHING = Counts(0, 0, 0)


def counts(netlist: kdb.Netlist, top: str) -> Counts:
    """Devices (parallel ones combined), nets with something on them, and pins, of the flattened circuit `top`."""
    circuit = find_circuit(netlist, top)
    if circuit is None:
        return NOTHING
    with_pin = sum(1 for net in circuit.each_net() if net.pin_count() > 0)
    nets = _inner_nets(netlist)[circuit.name] + with_pin
    return Counts(by_model(netlist, top).total(), nets, circuit.pin_count())


def by_model(netlist: kdb.Netlist, top: str) -> Counter[str]:
    """Number of devices by model, in lower case, of the flattened circuit `top`."""
    found: dict[str, Counter[str]] = {}
    for circuit in netlist.each_circuit_bottom_up():
        here = Counter(device.device_class().name.lower() for device in circuit.each_device())
        for name, copies in _children(circuit).items():
            here.update({model: count * copies for model, count in found[name].items()})
        found[circuit.name] = here
    named = find_circuit(netlist, top)
    return Counter() if named is None else found[named.name]


def _inner_nets(netlist: kdb.Netlist) -> dict[str, int]:
    """For each circuit its nets, and those below, that reach no pin of it."""
    nets: dict[str, int] = {}
    for circuit in netlist.each_circuit_bottom_up():
        here = sum(1 for net in circuit.each_net() if net.pin_count() == 0 and not net.is_floating())
        nets[circuit.name] = here + sum(nets[name] * copies for name, copies in _children(circuit).items())
    return nets


def _children(circuit: kdb.Circuit) -> Counter[str]:
    return Counter(sub.circuit_ref().name for sub in circuit.each_subcircuit())
