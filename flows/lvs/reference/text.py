"""A reference netlist as text, made plain for klayout's reader: includes opened, lines joined, parameters handed down.

Each line keeps the file and line it came from, so that whatever is wrong with it can be said by name. What klayout
would read otherwise than ngspice does, or hang on, is put right or refused here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

from .check import IGNORED, check
from .lines import SETTING, Line, statements
from .values import bare, is_value

MOST_COPIES = 4096
"""Largest `m` of a subcircuit call: each copy becomes a call of its own."""

PLAIN_VALUE = re.compile(r"[-+]?[\w.]+")


def plain_lines(path: Path) -> list[Line]:
    """The statements of `path` as klayout should read them. Raises InputError with file and line."""
    lines = list(statements(path))
    check(lines)
    lines = [_canonical(line) for line in lines if line.first not in IGNORED]
    return list(_with_globals(_with_copies(lines)))


def _canonical(line: Line) -> Line:
    """Words first, then `name=value`, expressions quoted. Raises InputError for a value that is none."""
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
    odd = next((c for c in words if c in "'\"{}=\\"), None)
    if odd is not None:
        raise line.refused(f"{line.text[:40]!r}: a {odd} where a name should stand")


def _with_copies(lines: list[Line]) -> Iterator[Line]:
    """A call of a subcircuit with `m=3` becomes three calls, as ngspice takes it; a resistor line an X line."""
    takes_m = {x.subckt_name: "m" in x.settings for x in lines if x.first == ".subckt"}
    for line in lines:
        if line.text[0] in "Rr" and line.model.startswith("SKY130_FD_PR__RES"):
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
    if not given["m"].isdigit() or not 1 <= int(given["m"]) <= MOST_COPIES:
        raise line.refused(f"m={given['m']} must be a whole number from 1 to {MOST_COPIES}")
    name, rest = line.text.split(None, 1)
    rest = re.sub(r"(?i)(?<=\s)m\s*=\s*\d+", "", rest)
    for copy in range(int(given["m"])):
        yield replace(line, text=f"{name}{f'_m{copy + 1}' if copy else ''} {rest}")


def _with_globals(lines: Iterable[Line]) -> Iterator[Line]:
    """Parameters set outside subcircuits are set again in each that has none of that name: klayout forgets them."""
    every = list(lines)
    local = _local_names(every)
    outer: list[tuple[str, str]] = []
    inside = False
    for line in every:
        yield line
        if line.first == ".subckt":
            inside = True
            own = local[line.subckt_name]
            yield from (replace(line, text=f".param {n}={v}") for n, v in _handed_down(outer, own))
        elif line.first == ".ends":
            inside = False
        elif line.first == ".param" and not inside:
            outer += line.settings.items()


def _handed_down(outer: list[tuple[str, str]], own: set[str]) -> Iterator[tuple[str, str]]:
    """Under names nobody else has, as an outer expression means the outer values; then, where free, by its name."""
    known: set[str] = set()
    for name, value in outer:
        for other in known:
            value = re.sub(rf"(?i)\b{other}\b", f"outer__{other}", value)
        known.add(name)
        yield f"outer__{name}", value
        if name not in own:
            yield name, f"outer__{name}"


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
