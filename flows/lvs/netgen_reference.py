"""The reference as netgen reads it: plain statements, or all worked out where it would take parameters otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path

import klayout.db as kdb

from analoom.cells.model.circuit import fold_line
from analoom.flows.lvs.devices.circuits import circuit_named
from analoom.flows.lvs.devices.models import MODELS, general_model
from analoom.flows.lvs.layout.spice import layout_spice
from analoom.flows.lvs.reference.includes import Netlists
from analoom.flows.lvs.reference.lines import Line
from analoom.flows.lvs.reference.text import canonical, opened
from analoom.flows.lvs.reference.ties import BETWEEN, tied_by, tied_names
from analoom.pdk.devices import ResDevice

from .magic import drawn_name


def tied_as_one(circuit: kdb.Circuit, drawn: Collection[str] = ()) -> frozenset[str]:
    """Gives each pin of several ports the name that is `drawn`, or the first. Returns the names of all pins."""
    for pin in list(circuit.each_pin()):
        name, net = drawn_name(pin.name(), drawn), circuit.net_for_pin(pin.id())
        if name != pin.name() and net is not None:
            circuit.rename_pin(pin.id(), name)
            net.name = name
    return frozenset(pin.name().upper() for pin in circuit.each_pin())


def write_reference(path: Path, reference: Netlists, wanted: kdb.Netlist, top: str, drawn: frozenset[str]) -> str:
    """Writes what `top` reaches, worked out from `wanted` where parameters are handed down; `drawn`: the layout's
    ports.

    Returns the name of the top as it is written: cells have upper and lower case in netgen.
    """
    lines = canonical(opened(reference, top).lines)
    names = {line.subckt_name: line.words[1] for line in lines if line.first == ".subckt"}
    if any(_hands_down(line) for line in lines):
        text = _worked_out(wanted, names, top, drawn)
    else:
        one = _one_name(circuit_named(wanted, top), drawn)
        text = "\n".join(fold_line(words) for words in _as_netgen_reads(lines, top, one))
    path.write_text(f"* {top}\n{text}\n")
    return names[top.upper()]


def _hands_down(line: Line) -> bool:
    is_call = line.text[0] in "Xx" and line.model not in MODELS
    return "=" in line.text and (is_call or line.first in (".param", ".subckt"))


def _worked_out(wanted: kdb.Netlist, names: Mapping[str, str], top: str, drawn: frozenset[str]) -> str:
    netlist = wanted.dup()
    for circuit in netlist.each_circuit():
        circuit.name = names.get(circuit.name, circuit.name)
        for number, net in enumerate(circuit.each_net(), 1):
            net.cluster_id = number  # as in an extracted netlist, where each net has one of its own
    tied_as_one(circuit_named(netlist, top), drawn)
    return layout_spice(netlist)


def _one_name(circuit: kdb.Circuit, drawn: frozenset[str]) -> dict[str, str]:
    """Of ports that the schematic ties, the name of the one that the layout has, by the others'."""
    groups = [tied_names(pin.name()) for pin in circuit.each_pin() if BETWEEN in pin.name()]
    return {name: drawn_name(BETWEEN.join(group), drawn) for group in groups if set(group) & drawn for name in group}


def _as_netgen_reads(lines: Iterable[Line], top: str, one: Mapping[str, str]) -> Iterator[list[str]]:
    """The words of each statement. `one`: by name of a tied port of the top the one that stands for them all, as netgen
    joins few nets by a resistor of nothing, and no ports."""
    within = ""
    for line in lines:
        within = line.subckt_name if line.first == ".subckt" else within
        words = _statement(line)
        if within != top.upper() or not one:
            yield words
        elif line.first == ".subckt":
            yield [word for word in words if one.get(word.upper(), word.upper()) == word.upper()]
        elif not (pair := tied_by(line)) or one.get(pair[0], pair[0]) != one.get(pair[1], pair[1]):
            yield [*words[:1], *(one.get(word.upper(), word) for word in words[1:])]


def _statement(line: Line) -> list[str]:
    """Its words. Models are subcircuits to netgen, in lower case, so that a transistor is an X line."""
    words, tied = line.text.split(), tied_by(line)
    if tied is not None:
        return [f"R{words[0]}", *tied, "0"]
    return _as_call(line) if line.text[0] in "XxMmCcRr" and line.model in MODELS else words


def _as_call(line: Line) -> list[str]:
    """A resistor by the name of its width is one of the model that takes any, as the layout's are."""
    device, words = MODELS[line.model], line.words
    name = words[0] if words[0][0] in "Xx" else f"X{words[0]}"
    model, width = device.model, []
    if isinstance(device, ResDevice) and device.w_um is not None:
        model, width = general_model(device), [f"w={device.w_um}"]
    return [name, *words[1:-1], model, *line.text.split()[len(words) :], *width]
