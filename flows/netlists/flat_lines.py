"""Transistors as plain device lines, without a subcircuit around each: what makes large netlists load and solve fast.

The installed subcircuit of a transistor holds one device line whose values are expressions of the instance's numbers
and of the process. With the size given these are parameters that can stand once, at the top; the numbers of the
instance go onto the line. Only for circuits without random draws: those are the subcircuit's, one for each instance.
`tests/flows/netlists/test_models.py` compares both forms, to the last digit; `tests/benchmarks/flat_lines.py` takes the
time.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache

from analoom.pdk.errors import ToolError
from analoom.pdk.model_files import subcircuit_text

from .model_variants import Size, at_size, card_name, without_comments

_INSTANCE = re.compile(r"^[Xx](\S+) ([^=\n]*?) ?(\S+fet\S*)((?: \w+=\S+)+)$", re.M)
_DEVICE_LINE = re.compile(r"^M\S+\s+d\s+g\s+s\s+b\s+\w+(\s.*)$", re.M)
_TERM = re.compile(r"(\w+)\s*=\s*(?:\{([^}]*)\}|(\S+))")
_NAME = re.compile(r"[A-Za-z_]\w*")
_SIZE_NAMES = frozenset(("w", "l", "nf"))
NO_BULK = "rbodymod=0"
_MULTIPLIER = "mult"
"""Of the mismatch draw alone: without one it has no effect."""


@dataclass(frozen=True)
class _DeviceLine:
    """The device line of a subcircuit: its model `card`, and `terms` and `local` parameters, expressions by name."""

    card: str
    terms: Mapping[str, str]
    local: Mapping[str, str]

    def suffix(self, size: Size) -> str:
        return f"{self.card}__{size.tag}"


def with_flat_lines(netlist: str, bulk: bool = True) -> str:
    """The same netlist with every transistor a device line on the cards of its own size.

    It needs `flat_parameters` of its sizes beside their library. A device `Xm1` is `mm1` to ngspice then. Without
    `bulk` the resistances of the bulk are left out, three nodes a transistor: they carry what junctions leak, so that
    an operating point changes in the 14th digit and a large one is found four times as fast; a transient needs them.
    """
    end = "" if bulk else f" {NO_BULK}"
    return _INSTANCE.sub(lambda line: _flat(*line.groups()) + end, netlist)


def flat_parameters(sizes: Iterable[Size]) -> str:
    """The lines that give values to what the device lines of `sizes` leave open, such as the threshold shift."""
    return "\n".join(line for size in sizes if size.w_um for line in _parameters(size))


def _flat(name: str, nets: str, model: str, rest: str) -> str:
    given = dict(part.split("=", 1) for part in rest.split())
    size = Size(model, float(given["w"]), float(given["l"]), int(given["nf"]))
    line = _device_line(model)
    values = [f"{term}={_value(line, term, size, given)}" for term in line.terms]
    return f"M{name} {nets} {line.suffix(size)} {' '.join(values)} m={given.get('m', '1')}"


def _value(line: _DeviceLine, term: str, size: Size, given: Mapping[str, str]) -> str:
    """A number in braces is read and printed as in a subcircuit; without, ngspice may read another last digit."""
    expression = line.terms[term]
    if expression in given:
        return f"{{{given[expression]}}}"
    return f"{{{term}__{line.suffix(size)}}}"


def _parameters(size: Size) -> list[str]:
    """Every term of the line as a parameter, its local names replaced by what they stand for."""
    line = _device_line(size.model)
    return [
        f".param {term}__{line.suffix(size)} = {{{at_size(_spelled_out(line, expression), size)}}}"
        for term, expression in line.terms.items()
        if expression not in _SIZE_NAMES
    ]


def _spelled_out(line: _DeviceLine, expression: str) -> str:
    def meaning(found: re.Match[str]) -> str:
        name = found.group(0)
        if name in _SIZE_NAMES:
            return name
        if name == _MULTIPLIER:
            return "1"
        return f"({_spelled_out(line, line.local[name])})" if name in line.local else name

    return _NAME.sub(meaning, expression)


@cache
def _device_line(model: str) -> _DeviceLine:
    head = re.sub(
        r"\n\+", " ", without_comments(re.split(r"^\.model ", subcircuit_text(model), maxsplit=1, flags=re.M)[0])
    )
    found = _DEVICE_LINE.search(head)
    if found is None:
        raise ToolError(f"the subcircuit of {model} has no device line that analoom knows", field="models")
    parameters = " ".join(re.findall(r"^\.param\s(.*)$", head, re.M))
    return _DeviceLine(card_name(model), _expressions(found.group(1)), _expressions(parameters))


def _expressions(text: str) -> dict[str, str]:
    return {name: braced or plain for name, braced, plain in _TERM.findall(text)}
