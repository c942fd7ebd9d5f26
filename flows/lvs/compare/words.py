"""What a comparison found, in words: devices with sizes, nets and places, by circuit."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import klayout.db as kdb

from .swapped import swapped_devices, swapped_pins

SIZE_TOLERANCE_UM = 1e-4
"""Sizes may differ by rounding only: a fiftieth of the 5 nm grid."""

_BAD = (kdb.NetlistCrossReference.Mismatch, kdb.NetlistCrossReference.NoMatch)
_UNEQUAL = kdb.NetlistCrossReference.MatchWithWarning


def differences(xref: kdb.NetlistCrossReference, top: str) -> Iterator[str]:
    """One line a difference: sizes first, then devices, nets and instances of each circuit that does not match."""
    for pair in xref.each_circuit_pair():
        if pair.status() not in _BAD:
            continue
        if pair.first() is None or pair.second() is None:
            yield f"circuit {(pair.first() or pair.second()).name} is only in the {_side(pair)}"
            continue
        where = "" if pair.first().name == top else f" in {pair.first().name}"
        yield from (line + where for line in _in_circuit(xref, pair))


def _in_circuit(xref: kdb.NetlistCrossReference, pair: Any) -> Iterator[str]:
    """With unequal sizes klayout calls every net at those devices different: then only lone nets are named."""
    sizes = [_size_line(x) for x in xref.each_device_pair(pair) if x.status() == _UNEQUAL]
    yield from filter(None, sizes)
    wrong = [device for device in xref.each_device_pair(pair) if device.status() in _BAD]
    for device, said in swapped_devices([x for x in wrong if not _size_only(x)]):
        yield f"{_device(device)}: swapped pins: {said}"
    for lone in wrong:
        yield _device_line(lone)
    for net in xref.each_net_pair(pair):
        if net.status() in _BAD and (_alone(net) or not any(sizes)):
            yield _net_line(net)
    for sub in xref.each_subcircuit_pair(pair):
        if sub.status() in _BAD:
            yield _instance_line(sub)


def _size_only(pair: Any) -> bool:
    return not _alone(pair) and bool(_size_line(pair))


def _alone(pair: Any) -> bool:
    return pair.first() is None or pair.second() is None


def _side(pair: Any) -> str:
    return "schematic" if pair.first() is None else "layout"


def _size_line(pair: Any) -> str:
    sizes = [
        f"{name.lower()} {pair.first().parameter(name):g} in layout, {pair.second().parameter(name):g} in schematic"
        for name in _size_names(pair.first())
        if abs(pair.first().parameter(name) - pair.second().parameter(name)) > SIZE_TOLERANCE_UM
    ]
    return f"{_device(pair.first())}: wrong size: {'; '.join(sizes)}" if sizes else ""


def _device_line(pair: Any) -> str:
    if _alone(pair):
        return f"{_device(pair.first() or pair.second())} is only in the {_side(pair)}"
    return _size_line(pair) or f"{_device(pair.first())} is wired otherwise in schematic: {_device(pair.second())}"


def _size_names(device: kdb.Device) -> tuple[str, ...]:
    """Parameters that are compared: area and perimeter of a plate, squares and area of a resistor, w and l else."""
    if isinstance(device.device_class(), kdb.DeviceClassCapacitor):
        return ("A", "P")
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
