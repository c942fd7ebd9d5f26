"""A reference netlist as text: what the compared circuit reaches, as plain SPICE, then as klayout's reader takes it.

Each line keeps the file and line it came from, so that whatever is wrong with it can be said by name. What klayout
would read otherwise than ngspice does, or hang on, is put right or refused here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace

from .check import IGNORED, check_outside, check_statement, check_subckts
from .dialect import Dialect
from .includes import Netlists, Opener, reference_of
from .lines import SETTING, Line
from .subcircuits import Reach, divided
from .ties import tied_by
from .values import bare, is_value

MOST_COPIES = 4096
"""Largest `m` of a subcircuit call: each copy becomes a call of its own."""

WHOLE = re.compile(r"(\d{1,9})(?:\.0*)?")
COPIES = re.compile(r"(?i)(?<=\s)m\s*=\s*('[^']*'|\{[^}]*\}|\"[^\"]*\"|\S+)")
"""The setting `m` of a call."""
PLAIN_VALUE = re.compile(r"[-+]?[\w.]+")
NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")
OUTER = "outer__"


@dataclass(frozen=True)
class Opened:
    """The statements that the compared circuit reaches, as plain SPICE, and what was done to have them."""

    lines: tuple[Line, ...]
    notes: tuple[str, ...]


def opened(netlists: Netlists, top: str) -> Opened:
    """Opens the netlist and follows the calls from `top`. Raises InputError with file and line."""
    reference = reference_of(netlists)
    opener = Opener(reference)
    parts = divided(opener.statements())
    check_outside(parts.outside)
    reach = Reach(reference.files[0], parts, opener.cell)
    dialect = Dialect(reach.ports)
    subckts = reach.below(top, lambda line: _checked(dialect, line))
    check_subckts(subckts)
    inner = [line for subckt in subckts for line in subckt.lines if line.first not in IGNORED]
    return Opened((*_outer(parts.outside, inner), *inner), (*opener.notes, *reach.notes))


def plain_lines(lines: Iterable[Line]) -> list[Line]:
    """Statements as klayout should read them. Raises InputError with file and line."""
    devices = [line for line in canonical(lines) if tied_by(line) is None]
    return list(_with_globals(_with_copies(devices)))


def canonical(lines: Iterable[Line]) -> list[Line]:
    """Words first, then `name=value`, expressions in single quotes. Raises InputError for a value that is none."""
    return [_canonical(line) for line in lines]


def _checked(dialect: Dialect, line: Line) -> Line:
    check_statement(line)
    return dialect.plain(line)


def _outer(outside: Iterable[Line], inner: Sequence[Line]) -> Iterator[Line]:
    """Of the lines outside any subcircuit those that it needs: global nets, and parameters that it names."""
    lines = list(outside)
    yield from (line for line in lines if line.first == ".global")
    given = {n.lower(): (v, x) for x in lines if x.first == ".param" for n, v in SETTING.findall(x.text)}
    named = (word.lower() for line in inner if "=" in line.text for word in NAME.findall(line.text)) if given else ()
    for name in _with_those_below({name: value for name, (value, _) in given.items()}, named):
        value, line = given[name]
        check_statement(line)
        yield replace(line, text=f".param {name}={value}")


def _with_those_below(values: Mapping[str, str], named: Iterable[str]) -> Iterator[str]:
    """The parameters named, each behind those that its value names."""
    seen: set[str] = set()
    todo = [(name, True) for name in sorted(set(named) & values.keys(), reverse=True)]
    while todo:
        name, enter = todo.pop()
        if not enter:
            yield name
        elif name not in seen:
            seen.add(name)
            below = {word.lower() for word in NAME.findall(values[name])} & values.keys()
            todo += [(name, False), *((word, True) for word in sorted(below))]


def _canonical(line: Line) -> Line:
    if "=" not in line.text:
        _check_words(line, line.text)
        return line
    words = SETTING.sub(" ", re.sub(r"(?i)\bparams:", " ", line.text))
    _check_words(line, words)
    settings = []
    for name, value in SETTING.findall(line.text):
        inner = bare(value)
        if not is_value(inner):
            raise line.refused(f"{name} = {value[:40]} is no value")
        settings.append(f"{name}={inner if PLAIN_VALUE.fullmatch(inner) else repr(inner)}")
    return replace(line, text=" ".join([*words.split(), *settings]))


def _check_words(line: Line, words: str) -> None:
    odd = next((c for c in words if c in "'\"{}()=\\"), None)
    if odd is not None:
        raise line.refused(f"{line.text[:40]!r}: a {odd} where a name should stand")


def _with_copies(lines: list[Line]) -> Iterator[Line]:
    """A call of a subcircuit with `m=3` becomes three calls, as ngspice takes it; a model's R or C line an X line."""
    takes_m = {x.subckt_name: "m" in x.settings for x in lines if x.first == ".subckt"}
    for line in lines:
        if line.text[0] in "RrCc" and line.model.startswith(("SKY130_FD_PR__RES", "SKY130_FD_PR__CAP")):
            yield replace(line, text=f"X{line.text}")
        elif line.text[0] in "Xx" and "=" in line.text and takes_m.get(line.model) is False:
            yield from _copies(line)
        else:
            yield line


def _copies(line: Line) -> Iterator[Line]:
    given = line.settings
    if "m" not in given:
        yield line
        return
    value = bare(given["m"])
    whole = WHOLE.fullmatch(value)
    if whole is None or not 1 <= int(whole[1]) <= MOST_COPIES:
        raise line.refused(f"m={value} must be a whole number from 1 to {MOST_COPIES}")
    name, rest = line.text.split(None, 1)
    rest = COPIES.sub("", rest)
    for copy in range(int(whole[1])):
        yield replace(line, text=f"{name}{f'_m{copy + 1}' if copy else ''} {rest}")


def _with_globals(lines: Iterable[Line]) -> Iterator[Line]:
    """Parameters set outside subcircuits are set again in each, as klayout forgets them, and under names of their own:
    klayout takes a net with the name of a parameter for its value."""
    every = list(lines)
    first = next((n for n, line in enumerate(every) if line.first == ".subckt"), 0)
    outer = {n: v for line in every[:first] if line.first == ".param" for n, v in line.settings.items()}
    yield from (line for line in every[:first] if line.first != ".param")
    local = _local_names(every)
    own: set[str] = set()
    for line in every[first:]:
        if line.first == ".subckt":
            own = local[line.subckt_name]
        free = outer.keys() - own
        _check_nets(line, own)
        yield _renamed(line, free) if free and "=" in line.text else line
        if line.first == ".subckt":
            yield from (
                replace(line, text=f".param {OUTER}{name}={_of_outer(value, outer.keys())}")
                for name, value in outer.items()
            )


def _renamed(line: Line, outer: AbstractSet[str]) -> Line:
    text = SETTING.sub(lambda found: f"{found[1]}={_of_outer(found[2], outer)}", line.text)
    return replace(line, text=text)


def _of_outer(value: str, outer: AbstractSet[str]) -> str:
    return NAME.sub(lambda found: f"{OUTER}{found[0]}" if found[0].lower() in outer else found[0], value)


def _check_nets(line: Line, own: set[str]) -> None:
    if own and line.text[0] != ".":
        odd = next((word for word in line.words[1:] if word.lower() in own), None)
        if odd is not None:
            raise line.refused(f"{odd} is a net and a parameter of the same subcircuit")


def _local_names(lines: list[Line]) -> dict[str, set[str]]:
    local: dict[str, set[str]] = {}
    name: str | None = None
    for line in lines:
        if line.first == ".subckt":
            name = line.subckt_name
            local.setdefault(name, set()).update(line.settings)
        elif line.first == ".ends":
            name = None
        elif line.first == ".param" and name is not None:
            local[name].update(line.settings)
    return local
