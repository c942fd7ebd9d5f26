"""Circuits of a netlist by name, upper and lower case alike, and the devices that a comparison paired."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import klayout.db as kdb

from analoom.pdk.errors import InputError


def circuit_named(netlist: kdb.Netlist, name: str) -> kdb.Circuit:
    """The circuit of that name. Raises InputError naming those there are."""
    found = find_circuit(netlist, name)
    if found is None:
        known = ", ".join(c.name for c in netlist.each_circuit())
        raise InputError(f"no subcircuit {name}; it has {known or 'none'}", field="top")
    return found


def find_circuit(netlist: kdb.Netlist, name: str) -> kdb.Circuit | None:
    """The circuit of that name, upper and lower case alike; klayout adds `(PARAM=value)` to one with parameters."""
    named = {c.name.upper(): c for c in netlist.each_circuit()}
    return named.get(name.upper()) or next((c for n, c in named.items() if n.split("(")[0] == name.upper()), None)


def remove_with_calls(netlist: kdb.Netlist, circuit: kdb.Circuit) -> None:
    """Removes a circuit, its instances, and what stands nowhere else."""
    for call in list(circuit.each_ref()):
        call.circuit().remove_subcircuit(call)
    netlist.purge_circuit(circuit)


def paired_devices(xref: kdb.NetlistCrossReference) -> Iterator[Any]:
    """The device pairs of a comparison that have both a layout's and a schematic's device, of circuits that do."""
    for circuits in xref.each_circuit_pair():
        if circuits.first() is not None and circuits.second() is not None:
            for pair in xref.each_device_pair(circuits):
                if pair.first() is not None and pair.second() is not None:
                    yield pair
