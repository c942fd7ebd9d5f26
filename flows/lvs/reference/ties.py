"""Wires that a schematic ties by a resistor or a source of nothing: one net with several names.

A layout has one wire there, which may carry the labels of both.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import klayout.db as kdb

from .dialect import NUMBER
from .lines import Line

BETWEEN = "="
"""Stands between the names of tied ports in the name of their pin: no name holds one."""

SHORT = "short"
"""The model of a tie in the CDL of the PDK's standard cells."""

COMMA = "\x1f"

Ties = Mapping[str, list[tuple[str, str]]]
"""Pairs of nets by subcircuit, all in upper case."""


def tied_by(line: Line) -> tuple[str, str] | None:
    """The nets that a device line ties: `R0 a b 0`, `R0 a b short` or `Vm a b 0`; None for any other."""
    if line.text[0] not in "RrVv":
        return None
    words, settings = line.words, line.settings
    if len(words) == 5 and words[3].lower() == "dc":
        words.pop(3)
    if len(words) == 3 and len(settings) == 1:
        words += [settings.get("r", settings.get("dc", ""))]
    if len(words) != 4:
        return None
    is_short = words[3].lower() == SHORT and line.text[0] in "Rr"
    return (words[1].upper(), words[2].upper()) if is_short or _is_zero(words[3]) else None


def ties(lines: Iterable[Line]) -> Ties:
    """All of a netlist."""
    found: dict[str, list[tuple[str, str]]] = {}
    name = ""
    for line in lines:
        name = line.subckt_name if line.first == ".subckt" else name
        pair = tied_by(line)
        if pair is not None:
            found.setdefault(name, []).append(pair)
    return found


def join_ties(netlist: kdb.Netlist, tied: Ties) -> None:
    """Joins the nets, in the circuits above too where both are ports. A pin of several ports has all their names.

    klayout puts commas between joined names, so a comma within one is hidden from it.
    """
    if not tied:
        return
    _rename(netlist, ",", COMMA)
    for circuit in netlist.each_circuit():
        for names in tied.get(circuit.name.split("(")[0], ()):
            one, other = (_net(circuit, name.replace(",", COMMA)) for name in names)
            if one is not None and other is not None and one.name != other.name:
                circuit.join_nets(one, other)
    _rename(netlist, ",", BETWEEN)
    _rename(netlist, COMMA, ",")


def tied_names(pin: str) -> list[str]:
    """The ports of a pin: one, or those that are tied."""
    return pin.split(BETWEEN)


def _net(circuit: kdb.Circuit, name: str) -> kdb.Net | None:
    joined = (net for net in circuit.each_net() if name in net.name.split(","))
    return circuit.net_by_name(name) or next(joined, None)


def _rename(netlist: kdb.Netlist, old: str, new: str) -> None:
    """Of every pin and net."""
    for circuit in netlist.each_circuit():
        for pin in list(circuit.each_pin()):
            if old in pin.name():
                circuit.rename_pin(pin.id(), pin.name().replace(old, new))
        for net in circuit.each_net():
            if old in net.name:
                net.name = net.name.replace(old, new)


def _is_zero(value: str) -> bool:
    digits = NUMBER.fullmatch(value)
    return digits is not None and not any(c in "123456789" for c in value.lower().split("e")[0])
