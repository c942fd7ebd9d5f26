"""Comparing an extracted netlist with its reference: klayout's comparer, set to be strict.

Widths, lengths, plate areas and perimeters must be equal to well under a grid step, fingers by number. Circuits are
paired by name; those without a partner are dissolved into the cells above.
"""

from __future__ import annotations

from collections.abc import Iterator

import klayout.db as kdb

from analoom.flows.lvs.devices.circuits import circuit_named
from analoom.flows.lvs.devices.units import finger_differences
from analoom.flows.lvs.layout.shells import pair_shells
from analoom.pdk.errors import InputError

from .align import align
from .counts import by_model
from .words import SIZE_TOLERANCE_UM, differences

AREA_TOLERANCE_UM2 = 1e-4
"""A 1 um plate that is one grid step wider differs by 0.005 um2."""

SQUARES_TOLERANCE = 1e-5
"""A resistor of 0.35 um x 1 um that is one grid step longer has 0.014 squares more."""

RELATIVE_TOLERANCE = 1e-7
"""Rounding of sums over many parallel devices."""

MOST_FLATTENED = 5_000_000
"""Devices that may be copied up where layout and netlist share no cells: some GB."""

MOST_BRANCHES = 1_000_000
"""klayout gives up on symmetric groups larger than this; an array row of equal cells is one."""


def compare(lvs: kdb.LayoutVsSchematic, reference: kdb.Netlist, top: str, reference_top: str) -> list[str]:
    """Compares and leaves the result in `lvs`. Returns the differences, none for a match."""
    layout = lvs.netlist()
    for netlist in (layout, reference):
        set_tolerances(netlist)
    comparer = _comparer()
    _pair_tops(comparer, layout, reference, top, reference_top)
    dissolved = _dissolve(comparer, layout, reference, top, reference_top)
    for netlist in (layout, reference):
        combine(netlist)
    _pair_ports(comparer, circuit_named(layout, top), circuit_named(reference, reference_top))
    pair_shells(comparer, layout, reference, reference_top)
    lvs.reference = reference
    if lvs.compare(comparer) or (dissolved and _compared_again(lvs, comparer, top, reference_top)):
        return list(finger_differences(lvs.xref()))
    found = [*_numbers(layout, reference, top, reference_top), *differences(lvs.xref(), top)]
    return found or [f"{top}: the netlists differ"]


def _compared_again(lvs: kdb.LayoutVsSchematic, comparer: kdb.NetlistComparer, top: str, reference_top: str) -> bool:
    """With the schematic dissolved where the layout was."""
    align(circuit_named(lvs.netlist(), top), circuit_named(lvs.reference, reference_top))
    combine(lvs.reference)
    return bool(lvs.compare(comparer))


def combine(netlist: kdb.Netlist) -> None:
    """Makes one device of those in parallel, stacks of transistors drawn in several strips included.

    Strips in parallel that join only at their ends carry equal voltages in between when gates, widths and lengths are
    alike: their inner nets are joined, so that fingers drawn strip by strip equal one stack of total width.
    """
    for circuit in netlist.each_circuit():
        for device in netlist.each_device_class():
            if isinstance(device, kdb.DeviceClassMOS4Transistor):
                device.join_split_gates(circuit)
    netlist.combine_devices()


def _numbers(layout: kdb.Netlist, reference: kdb.Netlist, top: str, reference_top: str) -> Iterator[str]:
    have, want = by_model(layout, top), by_model(reference, reference_top)
    for model in sorted(have.keys() | want.keys()):
        if have[model] != want[model]:
            yield f"{model}: {have[model]} in layout, {want[model]} in schematic (parallel ones counted once)"


def _comparer() -> kdb.NetlistComparer:
    comparer = kdb.NetlistComparer()
    comparer.max_branch_complexity = MOST_BRANCHES
    comparer.max_depth = 50
    return comparer


def set_tolerances(netlist: kdb.Netlist) -> None:
    """How exactly each class of devices is compared."""
    for device in netlist.each_device_class():
        if isinstance(device, kdb.DeviceClassCapacitor):
            kind = kdb.DeviceClassCapacitor
            area = _equal(kind.PARAM_A, AREA_TOLERANCE_UM2) + _equal(kind.PARAM_C, AREA_TOLERANCE_UM2)
            device.equal_parameters = area + _equal(kind.PARAM_P, SIZE_TOLERANCE_UM)
            device.strict = True
        elif isinstance(device, kdb.DeviceClassResistor):
            res = kdb.DeviceClassResistor
            squares = _equal(res.PARAM_R, SQUARES_TOLERANCE) + _equal(res.PARAM_P, SIZE_TOLERANCE_UM)
            device.equal_parameters = squares + _equal(res.PARAM_A, AREA_TOLERANCE_UM2)
        elif isinstance(device, kdb.DeviceClassMOS4Transistor):
            mos = kdb.DeviceClassMOS4Transistor
            device.equal_parameters = _equal(mos.PARAM_W, SIZE_TOLERANCE_UM) + _equal(mos.PARAM_L, SIZE_TOLERANCE_UM)


def _equal(parameter: int, absolute: float) -> kdb.EqualDeviceParameters:
    return kdb.EqualDeviceParameters(parameter, absolute, RELATIVE_TOLERANCE)


def _pair_tops(
    comparer: kdb.NetlistComparer, layout: kdb.Netlist, reference: kdb.Netlist, top: str, reference_top: str
) -> None:
    comparer.same_circuits(circuit_named(layout, top), circuit_named(reference, reference_top))
    for device in layout.each_device_class():
        twin = reference.device_class_by_name(device.name.upper())
        if twin is not None:
            comparer.same_device_classes(device, twin)


def _dissolve(
    comparer: kdb.NetlistComparer, layout: kdb.Netlist, reference: kdb.Netlist, top: str, reference_top: str
) -> bool:
    """Flattens circuits that only one side has, and drops reference circuits `reference_top` does not use.

    Whether any were the layout's.
    """
    only(reference, reference_top)
    keep = {top.upper(), reference_top.upper()}
    alone = comparer.unmatched_circuits_a(layout, reference), comparer.unmatched_circuits_b(layout, reference)
    own = [[circuit for circuit in circuits if circuit.name.upper() not in keep] for circuits in alone]
    layout_differs = bool(own[0])
    for netlist, name, lone in ((layout, top, own[0]), (reference, reference_top, own[1])):
        _check_size(netlist, name, lone)
        netlist.flatten_circuits(lone)
    return layout_differs


def _check_size(netlist: kdb.Netlist, top: str, lone: list[kdb.Circuit]) -> None:
    """Counts what flattening the `lone` circuits would copy up into the others."""
    names = {circuit.name for circuit in lone}
    inside: dict[str, int] = {}
    copied = 0
    for circuit in netlist.each_circuit_bottom_up() if names else ():
        refs = (sub.circuit_ref().name for sub in circuit.each_subcircuit())
        taken = sum(inside[name] for name in refs if name in names)
        inside[circuit.name] = taken + sum(1 for _ in circuit.each_device())
        copied += 0 if circuit.name in names else taken
    if copied > MOST_FLATTENED:
        what = (
            f"{top}: {copied} devices are in cells that the other side lacks, more than the {MOST_FLATTENED} possible"
        )
        raise InputError(what, field="netlist", remedy="give cells and subcircuits the same names")


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
