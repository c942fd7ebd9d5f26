"""The in-process LVS engine: extracts, inspects what was drawn, compares; klayout does the graph work."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path
from typing import NamedTuple

import klayout.db as kdb

from analoom.flows.files.layout_source import LayoutSource
from analoom.flows.files.outputs import whole_file
from analoom.flows.files.peak_memory import peak_mb
from analoom.flows.lvs.compare.compare import Comparison, compare, only
from analoom.flows.lvs.compare.counts import counts
from analoom.flows.lvs.compare.floating import floating
from analoom.flows.lvs.compare.opens import MOST_DEVICES, opens
from analoom.flows.lvs.compare.shorts import bridge
from analoom.flows.lvs.compare.soft import soft_connections
from analoom.flows.lvs.devices.circuits import circuit_named, find_circuit, remove_with_calls
from analoom.flows.lvs.devices.models import TRANSISTORS
from analoom.flows.lvs.devices.units import count_drawn, counts_left_out
from analoom.flows.lvs.layout.extract import SUBSTRATE, Extraction, extract
from analoom.flows.lvs.layout.ports import Label, astray, connect_ports, labels
from analoom.flows.lvs.layout.shells import shell_problems, shells
from analoom.flows.lvs.reference.includes import Netlists
from analoom.flows.lvs.reference.netlist import read_known
from analoom.flows.lvs.reference.ties import tied_names
from analoom.flows.lvs.reference.unknown import Unknown
from analoom.pdk.install import package_version

from .report import EngineReport, first_differences, first_notes

N_MODELS = {device.model.upper() for device in TRANSISTORS if not device.is_p}
FLAT_LIMIT = 2_000
"""Up to so many devices a hierarchical mismatch is judged again on the flattened netlists: cells may be cut otherwise
in layout and netlist. Larger flat comparisons that fail take minutes."""

MOST_STRAYS = 4
"""So many labels that name nothing are told."""


def check_fast(source: LayoutSource, reference: Netlists, top: str, workdir: Path, exact: bool = True) -> EngineReport:
    """Compares `source` with subcircuit `top` of `reference`; writes `lvs.lvsdb` into `workdir`.

    Not `exact`: sizes may deviate as the PDK's own comparison allows, which is noted.
    """
    start = time.perf_counter()
    read = read_known(reference, top)
    wanted = read.netlist
    extraction, found, strays = inspect_layout(source, wanted, top)
    unknown = [*extraction.unknown, *map(str, read.unknown)]
    notes = [*source.notes, *read.notes, *strays]
    _leave_out(extraction.netlist, read.unknown)
    count_drawn(extraction.netlist)
    name = source.top.name
    done = compare(extraction.lvs, wanted, name, top, exact)
    report = workdir / "lvs.lvsdb"
    _write(extraction.lvs, report)
    if extraction.lvs.xref() and done.differences and counts(extraction.netlist, name).devices <= MOST_DEVICES:
        found += opens(extraction.lvs, extraction.layers, name)
    flat = counts(extraction.netlist, name).devices <= FLAT_LIMIT and not shells(extraction.lvs.reference, top)
    if done.differences and flat:
        done = _judged_flat(extraction, reference, name, top, report, done, exact)
    shown = first_differences([*unknown, *found, *done.differences])
    gave_up = done.gave_up and not unknown and not found
    return EngineReport(
        engine="fast",
        state="not run" if gave_up else "mismatch" if shown else "match",
        tool="klayout",
        version=package_version("klayout"),
        layout=counts(extraction.netlist, name),
        schematic=counts(extraction.lvs.reference, top),
        differences=shown,
        unknown=tuple(unknown),
        report=report,
        seconds=time.perf_counter() - start,
        peak_mb=peak_mb(),
        reason=done.differences[0] if gave_up else None,
        notes=(*notes, *first_notes(done.notes)),
    )


class Inspected(NamedTuple):
    """The extracted layout with its pins made, what is wrong with it whatever a comparison would say, and notes."""

    extraction: Extraction
    problems: list[str]
    notes: list[str]


def inspect_layout(source: LayoutSource, wanted: kdb.Netlist, top: str) -> Inspected:
    """Extracts the layout and looks at it by itself. A note names the labels that are on no wire and no port."""
    extraction = extract(source.layout, source.top, _body_joins(wanted, source))
    ports = [tied_names(pin.name()) for pin in circuit_named(wanted, top).each_pin()]
    found, stray = _labels(extraction, source, ports)
    problems = _problems(extraction, source, found, ports)
    problems += shell_problems(extraction.lvs, wanted, top, source.top.name)
    if counts(wanted, top).devices == 0 and not shells(wanted, top):
        problems.append(f"the schematic of {top} holds no device: there is nothing to compare")
    return Inspected(extraction, problems, _stray_labels(stray))


def _problems(extraction: Extraction, source: LayoutSource, found: list[Label], ports: list[list[str]]) -> list[str]:
    """`ports` are those of the schematic's top, tied ones together."""
    problems = [f"{source.incomplete}: nothing in them was compared"] if source.incomplete else []
    problems += [f"p-well at {_um(box)} is no island: its n-well ring does not close" for box in extraction.leaks]
    problems += [_logged(entry) for entry in extraction.lvs.each_log_entry() if entry.severity != kdb.LogEntryData.Info]
    tied = [[name.upper() for name in names] for names in ports if len(names) > 1]
    met = partial(bridge, source.layout, source.top)
    problems += connect_ports(extraction.netlist, source.top.name, found, met, tied)
    problems += _ports_differ({x.name for x in found if x.is_port}, [name for names in ports for name in names])
    return problems + floating(extraction.netlist) + soft_connections(source)


def _labels(extraction: Extraction, source: LayoutSource, ports: list[list[str]]) -> tuple[list[Label], list[Label]]:
    """Those that name a wire or should, and those that do neither."""
    found = labels(source.layout, source.top)
    stray = astray(extraction.netlist, source.top.name, found, {name.upper() for names in ports for name in names})
    return [x for x in found if x not in stray], stray


def _stray_labels(stray: list[Label]) -> list[str]:
    places = ", ".join(f"{x.name} at {x.place()}" for x in stray[:MOST_STRAYS])
    more = f" and {len(stray) - MOST_STRAYS} more" if len(stray) > MOST_STRAYS else ""
    return [f"labels on no wire, and no ports of the schematic, name nothing: {places}{more}"] if stray else []


def _ports_differ(drawn: set[str], ports: list[str]) -> list[str]:
    have, want = {name.upper(): name for name in drawn}, {name.upper(): name for name in ports}
    missing = [f"pin {want[k].lower()} of the schematic has no label in the layout" for k in sorted(want.keys() - have)]
    return missing + [f"pin {have[k]} of the layout is no port of the schematic" for k in sorted(have.keys() - want)]


def _body_joins(reference: kdb.Netlist, source: LayoutSource) -> dict[str, list[set[str]]]:
    """For each cell below the top with n-transistor bodies on a port of its circuit: that port and the substrate.

    In a cell without a tap nothing drawn there connects the two; klayout then insists that a cell above does.
    """
    below = {cell.name.upper(): cell.name for cell in map(source.layout.cell, source.top.called_cells())}
    joins: dict[str, list[set[str]]] = {}
    for circuit in reference.each_circuit():
        bodies = {net.name for device in circuit.each_device() for net in [_n_body(device)] if net is not None}
        ports = {pin.name() for pin in circuit.each_pin()} & bodies
        if ports and circuit.name.upper() in below:
            joins[below[circuit.name.upper()]] = [{p, p.lower(), SUBSTRATE} for p in sorted(ports)]
    return joins


def _n_body(device: kdb.Device) -> kdb.Net | None:
    is_n = device.device_class().name.upper() in N_MODELS
    return device.net_for_terminal("B") if is_n else None


def _leave_out(layout: kdb.Netlist, unknown: list[Unknown]) -> None:
    """Cells that the schematic calls and does not describe are compared on neither side."""
    for name in {device.model for device in unknown}:
        circuit = find_circuit(layout, name)
        if circuit is not None:
            remove_with_calls(layout, circuit)


def _judged_flat(
    extraction: Extraction, reference: Netlists, name: str, top: str, report: Path, done: Comparison, exact: bool
) -> Comparison:
    """The comparison of the flattened netlists if they match, which is what counts; else `done`, more telling."""
    extraction.netlist.flatten()
    wanted = read_known(reference, top).netlist
    only(wanted, top)
    wanted.flatten()
    flat = compare(extraction.lvs, wanted, name, top, exact)
    if flat.differences:
        return flat if done.gave_up else done
    _write(extraction.lvs, report)
    return flat


def _write(lvs: kdb.LayoutVsSchematic, report: Path) -> None:
    with counts_left_out(lvs.netlist(), lvs.reference), whole_file(report) as draft:
        lvs.write(str(draft))


def _logged(entry: kdb.LogEntryData) -> str:
    place = f" at {_um(entry.geometry.bbox(), 1)}" if entry.geometry and not entry.geometry.bbox().empty() else ""
    message = entry.message.replace("\n", "; ")
    return f"{message}{f' in {entry.cell_name}' if entry.cell_name else ''}{place}"


def _um(box: kdb.Box | kdb.DBox, per_um: int = 1000) -> str:
    return f"({box.center().x / per_um:g}, {box.center().y / per_um:g})"
