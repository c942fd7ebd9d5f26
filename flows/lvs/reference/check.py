"""What a netlist must not hold where it counts: statements LVS cannot use, cells that hold themselves."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from .lines import LINE_STARTS, Line
from .subcircuits import Subckt
from .ties import tied_by

EMPTY_VALUE = re.compile(r"(\w+)\s*=\s*(?=\w+\s*=|$)")
IGNORED = (
    *(".option", ".options", ".opt", ".save", ".op", ".tran", ".dc", ".ac", ".noise", ".tf", ".four", ".pz", ".sens"),
    *(".disto", ".temp", ".probe", ".print", ".plot", ".width", ".meas", ".measure", ".ic", ".nodeset", ".csparam"),
    *(".model", ".func", ".step", ".data", ".enddata", ".sp", ".pss", ".protect", ".unprotect", ".backanno"),
)
"""Statements that say nothing about the circuit, whatever they hold."""

READ = (".subckt", ".ends", ".param", ".global")
"""Those that do; any other is refused, as a misspelt one would be a part of the circuit left out."""

SCALE = re.compile(r"\bscale\s*=\s*(\S+)", re.IGNORECASE)
SCALES = re.compile(r"0*1(?:\.0*)?(?:u|e-0*6)|0?\.0{5}1", re.IGNORECASE)
"""1e-6, the PDK's own."""


def check_outside(lines: Iterable[Line]) -> None:
    """Of a testbench: devices and analyses pass, statements that LVS cannot know what to make of do not."""
    for line in lines:
        if line.text[0] == ".":
            _check_dot(line)


def check_subckts(subckts: Sequence[Subckt]) -> None:
    """Raises InputError with file and line for the first thing that is wrong."""
    for subckt in subckts:
        _check_ports(subckt.head)
        names: set[str] = set()
        for line in subckt.body:
            if line.text[0] != "." and line.first in names:
                raise line.refused(f"{line.first.upper()} is there twice in its subcircuit")
            names.add(line.first)
    calls = {x.name: {y.model: y for y in reversed(x.body) if y.text[0] in "Xx"} for x in subckts}
    _check_recursion(calls)
    _check_parameters(subckts)


def check_statement(line: Line) -> None:
    """One statement by itself. Raises InputError for one that LVS cannot use."""
    if not line.text.isascii():
        odd = next(c for c in line.text if not c.isascii())
        raise line.refused(f"the character {odd!r}: names are plain ASCII")
    if line.text[0].upper() not in LINE_STARTS and tied_by(line) is None:
        raise line.refused(f"{line.text[:40]!r} is no device LVS knows")
    if "=" in line.first or not line.words:
        raise line.refused(f"{line.first[:40]!r}: a statement begins with a name")
    if line.text[0] == ".":
        _check_dot(line)
    empty = EMPTY_VALUE.search(line.text) if "=" in line.text else None
    if empty and line.first not in IGNORED:
        raise line.refused(f"{empty[1]} has no value")


def _check_dot(line: Line) -> None:
    if line.first not in READ and line.first not in IGNORED:
        raise line.refused(f"{line.first[:40]} is no statement LVS knows")
    scale = SCALE.search(line.text) if line.first in (".option", ".options", ".opt") else None
    if scale and not SCALES.fullmatch(scale[1]):
        raise line.refused(f"scale={scale[1][:40]}: sizes are read in um, as with scale=1e-6 of the PDK")


def _check_ports(head: Line) -> None:
    ports = [word.upper() for word in head.words[2:]]
    twice = [port for port in ports if ports.count(port) > 1] if len(set(ports)) < len(ports) else []
    if twice:
        raise head.refused(f"port {twice[0]} is there twice")


def _check_parameters(subckts: Sequence[Subckt]) -> None:
    """A call may set what its subcircuit declares, and `m`."""
    declared = {subckt.name: {"m", *subckt.head.settings} for subckt in subckts}
    for line in (line for subckt in subckts for line in subckt.body):
        if line.text[0] in "Xx" and "=" in line.text and line.model in declared:
            odd = next((name for name in line.settings if name not in declared[line.model]), None)
            if odd is not None:
                raise line.refused(f"{odd} is no parameter of {line.model}")


def _check_recursion(calls: dict[str, dict[str, Line]]) -> None:
    """Walks down from each subcircuit; one that is met on the way to itself never ends."""
    done: set[str] = set()
    for start in calls:
        path: list[str] = []
        todo: list[tuple[str, bool]] = [(start, True)]
        while todo:
            name, enter = todo.pop()
            if not enter:
                done.add(path.pop())
            elif name not in done:
                path.append(name)
                todo.append((name, False))
                for called, line in calls[name].items():
                    if called in path:
                        circle = " > ".join([*path[path.index(called) :], called])
                        raise line.refused(f"{called} holds itself: {circle}")
                    todo += [(called, True)] if called in calls and called not in done else []
