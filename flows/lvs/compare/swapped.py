"""Swapped pins: devices and instances that have the right nets, at the wrong terminals."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import klayout.db as kdb

LONG = {"G": "gate", "S": "source", "D": "drain", "B": "body"}
CAP = {"A": "top plate", "B": "bottom plate"}
SIZE_TOLERANCE = 1e-4
"""In um and um2: rounding only."""

Wiring = dict[str, str]


def swapped_devices(pairs: list[Any]) -> Iterator[tuple[kdb.Device, str]]:
    """Of the device pairs that do not match: each layout device that one of the schematic's equals but for the order of
    its nets, and what is swapped. Nets are the same when they have the same name.
    """
    free = [pair.second() for pair in pairs if pair.second() is not None]
    for device in (pair.first() for pair in pairs if pair.first() is not None):
        for other in free:
            said = _alike(device, other) and _difference(_wires(device), _wires(other), _words(device))
            if said:
                free.remove(other)
                yield device, said
                break


def swapped_pins(layout: kdb.SubCircuit, schematic: kdb.SubCircuit) -> str:
    """What is swapped at an instance; empty when its nets differ otherwise."""
    return _difference(_pins(layout), _pins(schematic), {})


def _alike(one: kdb.Device, other: kdb.Device) -> bool:
    if one.device_class().name.upper() != other.device_class().name.upper():
        return False
    names = [x.name for x in one.device_class().parameter_definitions() if x.name in ("W", "L", "A")]
    return all(abs(one.parameter(name) - other.parameter(name)) < SIZE_TOLERANCE for name in names)


def _wires(device: kdb.Device) -> Wiring:
    return {
        t.name: net.expanded_name().upper() if net else ""
        for t in device.device_class().terminal_definitions()
        for net in [device.net_for_terminal(t.id())]
    }


def _pins(sub: kdb.SubCircuit) -> Wiring:
    nets = {pin.name().upper(): sub.net_for_pin(pin.id()) for pin in sub.circuit_ref().each_pin()}
    return {name: net.expanded_name().upper() if net else "" for name, net in nets.items()}


def _words(device: kdb.Device) -> dict[str, str]:
    return CAP if isinstance(device.device_class(), kdb.DeviceClassCapacitor) else LONG


def _difference(have: Wiring, want: Wiring, words: dict[str, str]) -> str:
    """The terminals that have to change over; source and drain may either way."""
    if have.keys() != want.keys() or sorted(have.values()) != sorted(want.values()):
        return ""
    turned = {**want, "S": want["D"], "D": want["S"]} if {"S", "D"} <= want.keys() else want
    wrong = min(([t for t in have if have[t] != w[t]] for w in (want, turned)), key=len)
    order = [t for t in words if t in wrong] or wrong
    return " and ".join(words.get(t, t.lower()) for t in order)
