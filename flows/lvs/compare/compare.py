"""Comparing an extracted netlist with its reference: klayout's comparer, set to be strict.

Circuits are paired by name; those without a partner are dissolved into the cells above.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import klayout.db as kdb

from analoom.flows.lvs.devices.circuits import circuit_named, paired_devices
from analoom.flows.lvs.devices.units import WRONG_SIZE, finger_differences
from analoom.flows.lvs.layout.shells import pair_shells
from analoom.pdk.errors import InputError

from .align import align
from .counts import by_model
from .crossed import SameNet, inner_pairs, pair_inner
from .refined import told_apart
from .sizes import ignore_sizes, set_by_pdk, set_exact
from .stacks import join_strips
from .words import differences, sizes_told

MOST_FLATTENED = 5_000_000
"""Devices that may be copied up where layout and netlist share no cells: some GB."""

MOST_BRANCHES = 1_000_000
"""klayout gives up on symmetric groups larger than this; an array row of equal cells is one."""


@dataclass(frozen=True)
class Comparison:
    """What differs, nothing for a match, and deviations that the PDK allows. `gave_up`: there is no verdict."""

    differences: tuple[str, ...]
    notes: tuple[str, ...] = ()
    gave_up: bool = False


def compare(
    lvs: kdb.LayoutVsSchematic, reference: kdb.Netlist, top: str, reference_top: str, exact: bool = True
) -> Comparison:
    """Compares and leaves the result in `lvs`. Not `exact`: sizes may deviate as the PDK's comparison allows.

    Where that fails devices are paired by what they are connected to: then one wrong size is one difference.
    """
    try:
        return _compared_in_steps(lvs, reference, (top, reference_top), exact)
    except RuntimeError as problem:
        if "Internal error" not in str(problem):
            raise
        _start_again(lvs)
        return _without_comparer(lvs, (top, reference_top), str(problem).splitlines()[0])


def _without_comparer(lvs: kdb.LayoutVsSchematic, tops: tuple[str, str], problem: str) -> Comparison:
    """What can be said where klayout's comparer ends with an internal error."""
    circuits = circuit_named(lvs.netlist(), tops[0]), circuit_named(lvs.reference, tops[1])
    found = (*_numbers(lvs.netlist(), lvs.reference, *tops), *told_apart(*circuits))
    return Comparison(found or (f"klayout gave up comparing {tops[0]}: {problem}",), gave_up=not found)


def _compared_in_steps(
    lvs: kdb.LayoutVsSchematic, reference: kdb.Netlist, tops: tuple[str, str], exact: bool
) -> Comparison:
    set_sizes = set_exact if exact else set_by_pdk
    dissolved = _dissolve(_comparer(lvs.netlist(), reference, tops), lvs.netlist(), reference, *tops)
    combine(lvs.netlist())
    combine(reference)
    lvs.reference = reference
    alike = _compared(lvs, tops, set_sizes)
    if dissolved and not alike:
        align(circuit_named(lvs.netlist(), tops[0]), circuit_named(lvs.reference, tops[1]))
        combine(lvs.reference)
        _start_again(lvs)
        alike = _compared(lvs, tops, set_sizes)
    known = [] if alike else inner_pairs(lvs.xref())
    if known:
        _start_again(lvs)
        alike = _compared(lvs, tops, set_sizes, known)
    return _sized(lvs.xref(), exact) if alike else _paired_by_connection(lvs, tops, exact, known)


def _compared(
    lvs: kdb.LayoutVsSchematic,
    tops: tuple[str, str],
    set_sizes: Callable[[kdb.Netlist], None],
    known: Sequence[SameNet] = (),
) -> bool:
    for netlist in (lvs.netlist(), lvs.reference):
        set_sizes(netlist)
    comparer = _comparer(lvs.netlist(), lvs.reference, tops)
    pair_inner(comparer, lvs.netlist(), lvs.reference, known)
    return bool(lvs.compare(comparer))


def _start_again(lvs: kdb.LayoutVsSchematic) -> None:
    """Forgets what was paired: klayout adds the pairs of each comparison to those of the one before.

    A copy is the last word: klayout cannot combine what is dissolved in one.
    """
    lvs.reference = lvs.reference.dup()


def _sized(pairs: kdb.NetlistCrossReference, exact: bool) -> Comparison:
    """Of netlists that are connected alike: their sizes, and numbers of fingers, which the PDK does not compare."""
    fingers = tuple(finger_differences(pairs))
    if exact:
        return Comparison(fingers)
    wrong, within = sizes_told(pairs)
    return Comparison(tuple(wrong), (*within, *(line.removeprefix(WRONG_SIZE) for line in fingers)))


def _paired_by_connection(
    lvs: kdb.LayoutVsSchematic, tops: tuple[str, str], exact: bool, known: Sequence[SameNet]
) -> Comparison:
    """The comparison whatever the sizes, then of the sizes. Where these alone differ `lvs` is left without a match."""
    _start_again(lvs)
    alike = _compared(lvs, tops, ignore_sizes, known)
    by_pdk = _sized(lvs.xref(), exact=False)
    if alike and not exact and not by_pdk.differences and _alike_with_drawn_sizes(lvs, tops, known):
        return by_pdk
    found = [] if alike else [*_numbers(lvs.netlist(), lvs.reference, *tops)]
    found += differences(lvs.xref(), tops[0], exact)
    if alike:
        found += finger_differences(lvs.xref()) if exact else []
        _start_again(lvs)
        _compared(lvs, tops, set_exact, known)
        found = found or [*differences(lvs.xref(), tops[0], exact)]
    return Comparison(tuple(found) or (f"{tops[0]}: the netlists differ",), () if exact else by_pdk.notes)


def _alike_with_drawn_sizes(lvs: kdb.LayoutVsSchematic, tops: tuple[str, str], known: Sequence[SameNet]) -> bool:
    """Whether the netlists still match when each device of the schematic has the sizes of its partner.

    Without sizes klayout takes pins of a cell for interchangeable that only sizes tell apart, such as the outputs of a
    mirror, and would not see them swapped at an instance. Leaves `lvs` as it was.
    """
    before = lvs.reference.dup()
    for drawn, wanted in [(pair.first(), pair.second()) for pair in paired_devices(lvs.xref())]:
        twin = lvs.reference.circuit_by_name(wanted.circuit().name).device_by_id(wanted.id())
        for size in drawn.device_class().parameter_definitions():
            twin.set_parameter(size.id(), drawn.parameter(size.id()))
    _start_again(lvs)
    alike = _compared(lvs, tops, set_exact, known)
    lvs.reference = before
    _compared(lvs, tops, ignore_sizes, known)
    return alike


def combine(netlist: kdb.Netlist) -> None:
    """Makes one device of those in parallel, stacks of transistors drawn in several strips included.

    Strips in parallel that join only at their ends carry equal voltages in between when gates, widths and lengths are
    alike: their inner nets are joined, so that fingers drawn strip by strip equal one stack of total width.
    """
    joined = 1
    while joined:
        netlist.combine_devices()
        joined = sum(join_strips(circuit) for circuit in netlist.each_circuit())


def _numbers(layout: kdb.Netlist, reference: kdb.Netlist, top: str, reference_top: str) -> Iterator[str]:
    have, want = by_model(layout, top), by_model(reference, reference_top)
    for model in sorted(have.keys() | want.keys()):
        if have[model] != want[model]:
            yield f"{model}: {have[model]} in layout, {want[model]} in schematic (parallel ones counted once)"


def _comparer(layout: kdb.Netlist, reference: kdb.Netlist, tops: tuple[str, str]) -> kdb.NetlistComparer:
    """One that knows what is paired by name: tops and their ports, devices, cells without a device."""
    comparer = kdb.NetlistComparer()
    comparer.max_branch_complexity = MOST_BRANCHES
    comparer.max_depth = 50
    circuits = circuit_named(layout, tops[0]), circuit_named(reference, tops[1])
    comparer.same_circuits(*circuits)
    for device in layout.each_device_class():
        twin = reference.device_class_by_name(device.name.upper())
        if twin is not None:
            comparer.same_device_classes(device, twin)
    _pair_ports(comparer, *circuits)
    pair_shells(comparer, layout, reference, tops[1])
    return comparer


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
