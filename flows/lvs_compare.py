"""Comparing an extracted netlist with its reference, and saying what differs in words.

Widths, lengths, plate areas and perimeters must be equal to well under a grid step. Circuits are paired by name;
those without a partner are dissolved into the cells above.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import klayout.db as kdb

from .lvs_netlist import circuit_named

SIZE_TOLERANCE_UM = 1e-4
"""Sizes may differ by rounding only: a fiftieth of the 5 nm grid, scaled by nothing."""

AREA_TOLERANCE_UM2 = 1e-4
"""A 1 um plate that is one grid step wider differs by 0.005 um2."""

RELATIVE_TOLERANCE = 1e-7
"""Rounding of sums over many parallel devices."""

MOST_BRANCHES = 1_000_000
"""klayout gives up on symmetric groups larger than this; an array row of equal cells is one."""

MOST_DIFFERENCES = 40
FLAT_LIMIT = 20_000
"""Up to so many devices a hierarchical mismatch is judged again on the flattened netlists."""

_BAD = (kdb.NetlistCrossReference.Mismatch, kdb.NetlistCrossReference.NoMatch)


@dataclass(frozen=True)
class Counts:
    """Flattened numbers of one netlist."""

    devices: int
    nets: int
    pins: int


def compare(lvs: kdb.LayoutVsSchematic, reference: kdb.Netlist, top: str, reference_top: str) -> list[str]:
    """Compares and leaves the result in `lvs`. Returns the differences, none for a match."""
    layout = lvs.netlist()
    for netlist in (layout, reference):
        _set_tolerances(netlist)
    comparer = _comparer()
    _pair_tops(comparer, layout, reference, top, reference_top)
    _dissolve(comparer, layout, reference, top, reference_top)
    for netlist in (layout, reference):
        netlist.combine_devices()
    _pair_ports(comparer, layout.circuit_by_name(top), circuit_named(reference, reference_top))
    lvs.reference = reference
    if lvs.compare(comparer):
        return []
    return list(_differences(lvs.xref(), top)) or [f"{top}: the netlists differ"]


def counts(netlist: kdb.Netlist, top: str) -> Counts:
    """Devices (parallel ones combined), nets with something on them, and pins, of the flattened circuit `top`."""
    devices: dict[str, int] = {}
    nets: dict[str, int] = {}
    for circuit in netlist.each_circuit_bottom_up():
        below = [sub.circuit_ref().name for sub in circuit.each_subcircuit()]
        devices[circuit.name] = sum(1 for _ in circuit.each_device()) + sum(devices[name] for name in below)
        inside = sum(1 for net in circuit.each_net() if net.pin_count() == 0 and not net.is_floating())
        nets[circuit.name] = inside + sum(nets[name] for name in below)
    circuit = circuit_named(netlist, top)
    if circuit is None:
        return Counts(0, 0, 0)
    with_pin = sum(1 for net in circuit.each_net() if net.pin_count() > 0)
    return Counts(devices[circuit.name], nets[circuit.name] + with_pin, circuit.pin_count())


def _comparer() -> kdb.NetlistComparer:
    comparer = kdb.NetlistComparer()
    comparer.max_branch_complexity = MOST_BRANCHES
    comparer.max_depth = 50
    return comparer


def _set_tolerances(netlist: kdb.Netlist) -> None:
    for device in netlist.each_device_class():
        if isinstance(device, kdb.DeviceClassCapacitor):
            kind = kdb.DeviceClassCapacitor
            area = _equal(kind.PARAM_A, AREA_TOLERANCE_UM2) + _equal(kind.PARAM_C, AREA_TOLERANCE_UM2)
            device.equal_parameters = area + _equal(kind.PARAM_P, SIZE_TOLERANCE_UM)
            device.strict = True
        else:
            kind = kdb.DeviceClassMOS4Transistor
            device.equal_parameters = _equal(kind.PARAM_W, SIZE_TOLERANCE_UM) + _equal(kind.PARAM_L, SIZE_TOLERANCE_UM)


def _equal(parameter: int, absolute: float) -> kdb.EqualDeviceParameters:
    return kdb.EqualDeviceParameters(parameter, absolute, RELATIVE_TOLERANCE)


def _pair_tops(
    comparer: kdb.NetlistComparer, layout: kdb.Netlist, reference: kdb.Netlist, top: str, reference_top: str
) -> None:
    comparer.same_circuits(layout.circuit_by_name(top), circuit_named(reference, reference_top))
    for device in layout.each_device_class():
        twin = reference.device_class_by_name(device.name.upper())
        if twin is not None:
            comparer.same_device_classes(device, twin)


def _dissolve(
    comparer: kdb.NetlistComparer, layout: kdb.Netlist, reference: kdb.Netlist, top: str, reference_top: str
) -> None:
    """Flattens circuits that only one side has, and drops reference circuits `reference_top` does not use."""
    only(reference, reference_top)
    keep = {top.upper(), reference_top.upper()}
    layout.flatten_circuits([c for c in comparer.unmatched_circuits_a(layout, reference) if c.name.upper() not in keep])
    alone = comparer.unmatched_circuits_b(layout, reference)
    reference.flatten_circuits([c for c in alone if c.name.upper() not in keep])


def only(netlist: kdb.Netlist, top: str) -> None:
    """Removes every circuit that is neither `top` nor below it."""
    circuit = circuit_named(netlist, top)
    wanted, todo = {circuit.name}, [circuit]
    while todo:
        for sub in todo.pop().each_subcircuit():
            if sub.circuit_ref().name not in wanted:
                wanted.add(sub.circuit_ref().name)
                todo.append(sub.circuit_ref())
    for circuit in [c for c in netlist.each_circuit_top_down() if c.name not in wanted]:
        netlist.remove(circuit)


def _pair_ports(comparer: kdb.NetlistComparer, layout: kdb.Circuit, reference: kdb.Circuit) -> None:
    """A top-level pin is the reference's port of that name, whatever the topology would allow."""
    ports = {pin.name().upper(): reference.net_for_pin(pin.id()) for pin in reference.each_pin()}
    for pin in layout.each_pin():
        net = ports.get(pin.name().upper())
        if net is not None and layout.net_for_pin(pin.id()) is not None:
            comparer.same_nets(layout, reference, layout.net_for_pin(pin.id()), net, True)


def _differences(xref: kdb.NetlistCrossReference, top: str) -> Iterator[str]:
    for pair in xref.each_circuit_pair():
        if pair.status() not in _BAD:
            continue
        where = f" in {(pair.first() or pair.second()).name}"
        if pair.first() is None or pair.second() is None:
            yield f"circuit{where.removeprefix(' in')} is only in the {_side(pair)}"
            continue
        where = "" if pair.first().name == top else where
        for device in xref.each_device_pair(pair):
            if device.status() in _BAD:
                yield _device_line(device) + where
        for net in xref.each_net_pair(pair):
            if net.status() in _BAD:
                yield _net_line(net) + where
        for sub in xref.each_subcircuit_pair(pair):
            if sub.status() in _BAD:
                yield _instance_line(sub) + where


def _side(pair: object) -> str:
    return "schematic" if pair.first() is None else "layout"


def _device_line(pair: kdb.NetlistCrossReference.DevicePairData) -> str:
    if pair.first() is None or pair.second() is None:
        device = pair.first() or pair.second()
        return f"{_device(device)} is only in the {_side(pair)}"
    sizes = [
        f"{name} {pair.first().parameter(name):g} in layout, {pair.second().parameter(name):g} in schematic"
        for name in _size_names(pair.first())
        if abs(pair.first().parameter(name) - pair.second().parameter(name)) > SIZE_TOLERANCE_UM
    ]
    return f"{_device(pair.first())}: " + ("; ".join(sizes) or "its terminals are wired otherwise in the schematic")


def _size_names(device: kdb.Device) -> tuple[str, ...]:
    return ("A", "P") if isinstance(device.device_class(), kdb.DeviceClassCapacitor) else ("W", "L")


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


def _net_line(pair: kdb.NetlistCrossReference.NetPairData) -> str:
    if pair.first() is None or pair.second() is None:
        return f"net {_net(pair.first() or pair.second())} is only in the {_side(pair)}"
    return f"net {_net(pair.first())} in layout differs from net {_net(pair.second())} in schematic"


def _net(net: kdb.Net) -> str:
    return f"{net.expanded_name()} ({net.terminal_count()} device terminals)"


def _instance_line(pair: kdb.NetlistCrossReference.SubCircuitPairData) -> str:
    if pair.first() is None or pair.second() is None:
        sub = pair.first() or pair.second()
        return f"instance {sub.expanded_name()} of {sub.circuit_ref().name} is only in the {_side(pair)}"
    return f"instance {pair.first().expanded_name()} of {pair.first().circuit_ref().name} is wired otherwise"
