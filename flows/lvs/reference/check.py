"""What a reference netlist must not hold: statements LVS cannot use, open subcircuits, cells that hold themselves."""

from __future__ import annotations

import re

from .lines import LINE_STARTS, Line

EMPTY_VALUE = re.compile(r"(\w+)\s*=\s*(?=\w+\s*=|$)")
IGNORED = (
    *(".option", ".options", ".opt", ".save", ".op", ".tran", ".dc", ".ac", ".noise", ".tf", ".four", ".pz", ".sens"),
    *(".disto", ".temp", ".probe", ".print", ".plot", ".width", ".meas", ".measure", ".ic", ".nodeset", ".csparam"),
    ".model",
)
"""Statements that say nothing about the circuit, whatever they hold."""

READ = (".subckt", ".ends", ".param", ".global")
"""Those that do; any other is refused, as a misspelt one would be a part of the circuit left out."""


def check(lines: list[Line]) -> None:
    """Raises InputError with file and line for the first thing that is wrong."""
    open_at: Line | None = None
    names: set[str] = set()
    calls: dict[str, dict[str, Line]] = {}
    for line in lines:
        _check_statement(line)
        if line.first == ".subckt":
            if open_at is not None:
                raise line.refused(f"a .subckt inside another, which began at line {open_at.number}")
            open_at, names = line, set()
            calls.setdefault(line.subckt_name, {})
        elif line.first == ".ends":
            _check_end(line, open_at)
            open_at = None
        elif open_at is not None and line.text[0] != ".":
            if line.first in names:
                raise line.refused(f"{line.first.upper()} is there twice in its subcircuit")
            names.add(line.first)
            calls[open_at.subckt_name].setdefault(line.model, line)
    if open_at is not None:
        raise open_at.refused(f"{open_at.subckt_name} has no .ends")
    _check_recursion(calls)
    _check_parameters(lines)


def _check_end(line: Line, open_at: Line | None) -> None:
    if open_at is None:
        raise line.refused(".ends without a .subckt")
    words = line.words
    if len(words) > 1 and words[1].upper() != open_at.subckt_name:
        raise line.refused(f".ends {words[1]} where {open_at.subckt_name} is open, from line {open_at.number}")


def _check_statement(line: Line) -> None:
    if line.text[0].upper() not in LINE_STARTS:
        raise line.refused(f"{line.text[:40]!r} is no device LVS knows")
    if "=" in line.first:
        raise line.refused(f"{line.first[:40]!r}: a statement begins with a name")
    if line.text[0] == "." and line.first not in READ and line.first not in IGNORED:
        raise line.refused(f"{line.first[:40]} is no statement LVS knows")
    empty = EMPTY_VALUE.search(line.text) if "=" in line.text else None
    if empty:
        raise line.refused(f"{empty[1]} has no value")
    if line.first == ".subckt":
        words = line.words
        if len(words) < 2:
            raise line.refused(".subckt without a name")
        ports = [word.upper() for word in words[2:]]
        twice = [port for port in ports if ports.count(port) > 1] if len(set(ports)) < len(ports) else []
        if twice:
            raise line.refused(f"port {twice[0]} is there twice")


def _check_parameters(lines: list[Line]) -> None:
    """A call may set what its subcircuit declares, and `m`."""
    declared = {line.subckt_name: {"m", *line.settings} for line in lines if line.first == ".subckt"}
    for line in lines:
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
