"""A reference netlist as text, made plain for klayout's reader: includes opened, lines joined, parameters handed down.

Each line keeps the file and line it came from, so that whatever is wrong with it can be said by name. What klayout
would read otherwise than ngspice does, or hang on, is put right or refused here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from analoom.pdk.errors import InputError

from .lvs_netlist_values import bare, is_value

LARGEST_BYTES = 512_000_000
"""A larger netlist file is refused, not half read."""

DEEPEST_INCLUDE = 16
MOST_COPIES = 4096
"""Largest `m` of a subcircuit call: each copy becomes a call of its own."""

EMPTY_VALUE = re.compile(r"(\w+)\s*=\s*(?=\w+\s*=|$)")
COMMENT = re.compile(r"\s[$;](?:\s.*)?$|\s;.*$")
IGNORED = (".option", ".options", ".save", ".op", ".tran", ".dc", ".ac", ".temp", ".probe", ".print", ".model")
"""Statements that say nothing about the circuit, whatever they hold."""

PLAIN_VALUE = re.compile(r"[-+]?[\w.]+")
SETTING = re.compile(r"([A-Za-z_]\w*)\s*=\s*('[^']*'|\{[^}]*\}|\"[^\"]*\"|\S+)")
LINE_STARTS = ".XMCR"
"""First characters of the lines that are read. Comments, blank lines and `.control` blocks are not."""


@dataclass(frozen=True)
class Line:
    """One statement, continuation lines joined, and where it begins."""

    text: str
    file: Path
    number: int

    def refused(self, why: str) -> InputError:
        return InputError(f"{self.file}, line {self.number}: {why}", field="netlist")

    @property
    def first(self) -> str:
        """Its first word, in lower case."""
        return self.text.split(None, 1)[0].lower()


def plain_lines(path: Path) -> list[Line]:
    """The statements of `path` as klayout should read them. Raises InputError with file and line."""
    lines = list(_statements(path, ()))
    _check(lines)
    lines = [_canonical(line) for line in lines if line.first not in IGNORED]
    return list(_with_globals(_with_copies(lines)))


def _statements(path: Path, above: tuple[Path, ...]) -> Iterator[Line]:
    in_control = False
    for line in _joined(path, skip_title=not above):
        if line.first == ".control":
            in_control = True
        if not in_control and line.first in (".include", ".inc"):
            yield from _included(line, (*above, path.resolve()))
        elif not in_control and line.first not in (".lib", ".title", ".end"):
            yield line
        if line.first == ".endc":
            in_control = False


def _included(line: Line, above: tuple[Path, ...]) -> Iterator[Line]:
    name = line.text.split(None, 1)[1].strip().strip("\"'") if len(line.text.split(None, 1)) == 2 else ""
    path = line.file.parent / name
    if not name or not path.is_file():
        raise line.refused(f"no such file to include: {name or 'none named'}")
    if path.resolve() in above or len(above) > DEEPEST_INCLUDE:
        raise line.refused(f"{name} includes itself, or is nested deeper than {DEEPEST_INCLUDE}")
    yield from _statements(path, above)


def _joined(path: Path, skip_title: bool) -> Iterator[Line]:
    """Statements with their continuation lines; the first line of a netlist may be a title."""
    pending: Line | None = None
    for number, raw in enumerate(_text(path).split("\n"), 1):
        text = COMMENT.sub("", raw.strip().replace("\t", " ")) if "$" in raw or ";" in raw else raw.strip()
        if not text or text[0] in "*;$":
            continue
        if text[0] == "+":
            if pending is None:
                raise Line(text, path, number).refused("a continuation of nothing")
            pending = replace(pending, text=f"{pending.text} {text[1:].strip()}")
            continue
        if pending is not None:
            yield pending
        is_title = number == 1 and skip_title and text[0].upper() not in LINE_STARTS
        pending = None if is_title else Line(text, path, number)
    if pending is not None:
        yield pending


def _text(path: Path) -> str:
    if path.stat().st_size > LARGEST_BYTES:
        raise InputError(f"{path}: larger than {LARGEST_BYTES / 1e6:.0f} MB", field="netlist")
    try:
        text = path.read_text(encoding="utf-8")
    except (UnicodeDecodeError, OSError) as problem:
        raise InputError(f"{path}: not a text file: {problem}", field="netlist") from None
    odd = next((c for c in text if ord(c) < 32 and c not in "\n\r\t\f\v"), None) if not text.isprintable() else None
    if odd is not None:
        raise InputError(f"{path}: not a text file: it holds the control character {ord(odd)}", field="netlist")
    return text


def _check(lines: list[Line]) -> None:
    """Statements LVS cannot use, subcircuits left open, and cells that hold themselves."""
    open_at: Line | None = None
    names: set[str] = set()
    calls: dict[str, dict[str, Line]] = {}
    for line in lines:
        _check_statement(line)
        if line.first == ".subckt":
            if open_at is not None:
                raise line.refused(f"a .subckt inside another, which began at line {open_at.number}")
            open_at, names = line, set()
            calls.setdefault(_subckt_name(line), {})
        elif line.first == ".ends":
            open_at = None
        elif open_at is not None and line.text[0] != ".":
            if line.first in names:
                raise line.refused(f"{line.first.upper()} is there twice in its subcircuit")
            names.add(line.first)
            calls[_subckt_name(open_at)].setdefault(_model(line), line)
    if open_at is not None:
        raise open_at.refused(f"{_subckt_name(open_at)} has no .ends")
    _check_recursion(calls)


def _check_statement(line: Line) -> None:
    if line.text[0].upper() not in LINE_STARTS:
        raise line.refused(f"{line.text[:40]!r} is no device LVS knows")
    empty = EMPTY_VALUE.search(line.text) if "=" in line.text else None
    if empty:
        raise line.refused(f"{empty[1]} has no value")
    if line.first == ".subckt":
        words = _words(line)
        if len(words) < 2:
            raise line.refused(".subckt without a name")
        ports = [word.upper() for word in words[2:]]
        twice = [port for port in ports if ports.count(port) > 1] if len(set(ports)) < len(ports) else []
        if twice:
            raise line.refused(f"port {twice[0]} is there twice")


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


def _words(line: Line) -> list[str]:
    """The words before the first setting."""
    words = re.sub(r"\s*=\s*", "=", line.text.replace("PARAMS:", "").replace("params:", "")).split()
    return words[: next((n for n, word in enumerate(words) if "=" in word), len(words))]


def _subckt_name(line: Line) -> str:
    return _words(line)[1].upper()


def _model(line: Line) -> str:
    words = _words(line)
    return words[-1].upper() if len(words) > 1 else ""


def _settings(line: Line) -> dict[str, str]:
    return {name.lower(): value for name, value in SETTING.findall(line.text)}


def _with_copies(lines: list[Line]) -> Iterator[Line]:
    """A call of a subcircuit with `m=3` becomes three calls, as ngspice takes it; a resistor line an X line."""
    takes_m = {_subckt_name(x): "m" in _settings(x) for x in lines if x.first == ".subckt"}
    for line in lines:
        if line.text[0] in "Rr" and _model(line).startswith("SKY130_FD_PR__RES"):
            yield replace(line, text=f"X{line.text}")
        elif line.text[0] in "Xx" and "=" in line.text and takes_m.get(_model(line)) is False:
            yield from _copies(line)
        else:
            yield line


def _copies(line: Line) -> Iterator[Line]:
    given = _settings(line)
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
            own = local[_subckt_name(line)]
            yield from (replace(line, text=f".param {n}={v}") for n, v in _handed_down(outer, own))
        elif line.first == ".ends":
            inside = False
        elif line.first == ".param" and not inside:
            outer += _settings(line).items()


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
            name = _subckt_name(line)
            local.setdefault(name, set()).update(_settings(line))
        elif line.first == ".ends":
            name = None
        elif line.first == ".param" and name is not None:
            local[name].update(_settings(line))
    return local
