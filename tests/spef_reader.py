"""A strict reader of SPEF, written from the grammar of IEEE Std 1481-1999 (9.3), for files with *D_NET sections only.

It knows nothing of the writer: whatever the grammar does not allow is an error with its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

HEADER = (
    ("*SPEF", r'"[^"]*"'),
    ("*DESIGN", r'"[^"]*"'),
    ("*DATE", r'"[^"]*"'),
    ("*VENDOR", r'"[^"]*"'),
    ("*PROGRAM", r'"[^"]*"'),
    ("*VERSION", r'"[^"]*"'),
    ("*DESIGN_FLOW", r'"[^"]*"(\s+"[^"]*")*'),
    ("*DIVIDER", r"[./:|]"),
    ("*DELIMITER", r"[./:|]"),
    ("*BUS_DELIMITER", r"[\[{(<:.](\s*[\]})>])?"),
    ("*T_UNIT", r"\d+(\.\d+)? (NS|PS)"),
    ("*C_UNIT", r"\d+(\.\d+)? (PF|FF)"),
    ("*R_UNIT", r"\d+(\.\d+)? (OHM|KOHM)"),
    ("*L_UNIT", r"\d+(\.\d+)? (HENRY|MH|UH)"),
)
NAME = r"(?:[A-Za-z0-9_\[\].]|\\[^\s])+"
NUMBER = r"\d+(?:\.\d+)?(?:[eE][+-]?\d+)?"
C_UNITS = {"PF": 1e-12, "FF": 1e-15}


@dataclass
class SpefNet:
    """Totals and elements of a net in F and ohm; a capacitor's second node is None when it goes to ground."""

    total_f: float
    ports: list[str] = field(default_factory=list)
    capacitors: list[tuple[str, str | None, float]] = field(default_factory=list)
    resistors: list[tuple[str, str, float]] = field(default_factory=list)


@dataclass
class Spef:
    ports: dict[str, str]
    nets: dict[str, SpefNet]


def read_spef(text: str) -> Spef:
    """Raises ValueError with the line that the grammar does not allow."""
    lines = iter([line.strip() for line in text.splitlines() if line.strip()])
    units = {}
    for keyword, form in HEADER:
        line = next(lines)
        if not re.fullmatch(rf"{re.escape(keyword)}\s+{form}", line):
            raise ValueError(f"{keyword} expected: {line}")
        units[keyword] = line.split(maxsplit=1)[1]
    size, unit = units["*C_UNIT"].split()
    scale = float(size) * C_UNITS[unit]
    ports, first = _ports(lines)
    nets: dict[str, SpefNet] = {}
    net, section, count, net_done = SpefNet(0.0), "", 0, True
    for line in (first, *lines):
        if net_done:
            name, total = _match(rf"\*D_NET ({NAME}) ({NUMBER})", line)
            net, section, net_done = SpefNet(float(total) * scale), "", False
            if name in nets:
                raise ValueError(f"a second *D_NET {name}")
            nets[name] = net
        elif line == "*END":
            net_done = True
        elif line in ("*CONN", "*CAP", "*RES"):
            if ("", "*CONN", "*CAP", "*RES").index(line) <= ("", "*CONN", "*CAP", "*RES").index(section):
                raise ValueError(f"{line} after {section}")
            section, count = line, 0
        else:
            count += 1
            _element(net, section, count, line, scale)
    if not net_done:
        raise ValueError("the last *D_NET has no *END")
    return Spef(ports, nets)


def _ports(lines: Iterator[str]) -> tuple[dict[str, str], str]:
    """(ports with their directions, the first line after them)."""
    line = next(lines)
    if line != "*PORTS":
        return {}, line
    ports: dict[str, str] = {}
    for line in lines:
        if line.startswith("*"):
            return ports, line
        name, direction = _match(rf"({NAME}) ([IOB])", line)
        ports[name] = direction
    raise ValueError("no *D_NET")


def _element(net: SpefNet, section: str, count: int, line: str, scale: float) -> None:
    if section == "*CONN":
        name, _ = _match(rf"\*P ({NAME}) ([IOB])", line)
        net.ports.append(name)
        return
    node = rf"{NAME}(?::[1-9]\d*)?"
    if section == "*CAP":
        number, a, b, value = _match(rf"(\d+) ({node})(?: ({node}))? ({NUMBER})", line)
        net.capacitors.append((a, b, float(value) * scale))
    elif section == "*RES":
        number, a, b, value = _match(rf"(\d+) ({node}) ({node}) ({NUMBER})", line)
        net.resistors.append((a, b, float(value)))
    else:
        raise ValueError(f"outside a section: {line}")
    if int(number) != count:
        raise ValueError(f"element {number} where {count} was expected: {line}")


def _match(form: str, line: str) -> tuple[str, ...]:
    found = re.fullmatch(form, line)
    if not found:
        raise ValueError(f"not in the grammar: {line}")
    return found.groups()
