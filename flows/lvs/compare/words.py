"""What a comparison found, in words: devices with sizes, nets and places, by circuit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import klayout.db as kdb

from analoom.flows.lvs.devices.circuits import paired_devices

from .sizes import Deviation, deviations
from .swapped import swapped_devices, swapped_pins

_BAD = (kdb.NetlistCrossReference.Mismatch, kdb.NetlistCrossReference.NoMatch)


def differences(xref: kdb.NetlistCrossReference, top: str, exact: bool) -> Iterator[str]:
    """One line a difference of netlists whose devices were paired by connection.

    Sizes first, then devices, nets and instances of each circuit that does not match. Not `exact`: sizes that the PDK
    allows are none.
    """
    for pair in xref.each_circuit_pair():
        if pair.first() is None or pair.second() is None:
            yield f"circuit {(pair.first() or pair.second()).name} is only in the {_side(pair)}"
            continue
        where = "" if pair.first().name == top else f" in {pair.first().name}"
        yield from (line + where for line in _in_circuit(xref, pair, exact))


def sizes_told(xref: kdb.NetlistCrossReference) -> tuple[list[str], list[str]]:
    """Sizes of paired devices that differ by more than the PDK allows, and by less."""
    wrong: list[str] = []
    within: list[str] = []
    for pair in paired_devices(xref):
        line = _size_line(pair, exact=False)
        wrong += [line] if line else []
        within += [] if line else filter(None, [_size_note(pair)])
    return wrong, within


def _in_circuit(xref: kdb.NetlistCrossReference, pair: Any, exact: bool) -> Iterator[str]:
    devices = list(xref.each_device_pair(pair))
    yield from filter(None, (_size_line(device, exact) for device in devices))
    if pair.status() not in _BAD:
        return
    wrong = [device for device in devices if device.status() in _BAD]
    for device, said in swapped_devices(wrong):
        yield f"{_device(device)}: swapped pins: {said}"
    yield from map(_device_line, wrong)
    for net in xref.each_net_pair(pair):
        if net.status() in _BAD:
            yield _net_line(net)
    for sub in xref.each_subcircuit_pair(pair):
        if sub.status() in _BAD:
            yield _instance_line(sub)


def _alone(pair: Any) -> bool:
    return pair.first() is None or pair.second() is None


def _side(pair: Any) -> str:
    return "schematic" if pair.first() is None else "layout"


def _size_line(pair: Any, exact: bool) -> str:
    """Empty where every size is allowed."""
    sizes = [x for x in _deviations(pair) if exact or not x.within]
    return f"{_device(pair.first())}: wrong size: {'; '.join(map(str, sizes))}" if sizes else ""


def _size_note(pair: Any) -> str:
    sizes = [f"{x} ({100 * x.relative:.2f} %, the PDK allows {100 * x.allowed:g} %)" for x in _deviations(pair)]
    return f"{_device(pair.first())}: {'; '.join(sizes)}" if sizes else ""


def _deviations(pair: Any) -> list[Deviation]:
    return [] if _alone(pair) else list(deviations(pair.first(), pair.second()))


def _device_line(pair: Any) -> str:
    if _alone(pair):
        return f"{_device(pair.first() or pair.second())} is only in the {_side(pair)}"
    return f"{_device(pair.first())} is wired otherwise in schematic: {_device(pair.second())}"


def _size_names(device: kdb.Device) -> tuple[str, ...]:
    """Parameters that are compared: area and perimeter of a plate, squares and area of a resistor, w and l else."""
    if isinstance(device.device_class(), kdb.DeviceClassCapacitor | kdb.DeviceClassDiode):
        return ("A", "P")
    if isinstance(device.device_class(), kdb.DeviceClassBJT3Transistor):
        return ("AE",)
    return ("W", "L")


def _device(device: kdb.Device) -> str:
    sizes = " ".join(f"{n}={device.parameter(n):g}" for n in _size_names(device))
    nets = " ".join(
        f"{t.name}:{net.expanded_name() if net else '-'}"
        for t in device.device_class().terminal_definitions()
        for net in [device.net_for_terminal(t.id())]
    )
    at = device.trans.disp
    place = f" at ({at.x:g}, {at.y:g})" if (at.x, at.y) != (0, 0) else ""
    return f"{device.device_class().name.lower()} {device.expanded_name()}{place} ({sizes}; {nets})"


def _net_line(pair: Any) -> str:
    if _alone(pair):
        return f"net {_net(pair.first() or pair.second())} is only in the {_side(pair)}"
    return f"net {_net(pair.first())} in layout differs from net {_net(pair.second())} in schematic"


def _net(net: kdb.Net) -> str:
    return f"{net.expanded_name()} ({net.terminal_count()} device terminals, {net.subcircuit_pin_count()} instances)"


def _instance_line(pair: Any) -> str:
    if _alone(pair):
        sub = pair.first() or pair.second()
        return f"instance {sub.expanded_name()} of {sub.circuit_ref().name} is only in the {_side(pair)}"
    said = swapped_pins(pair.first(), pair.second())
    why = f"has swapped pins: {said}" if said else "is wired otherwise"
    return f"instance {pair.first().expanded_name()} of {pair.first().circuit_ref().name} {why}"
