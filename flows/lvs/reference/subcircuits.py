"""The subcircuits of a netlist, and those that the compared one reaches: nothing else is looked at."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from analoom.flows.lvs.devices.models import MODELS, known
from analoom.pdk.errors import InputError

from .dialect import PREFIX
from .lines import Line

XSCHEM = 'in xschem, Simulation > LVS > "LVS netlist + Top level is a .subckt"'


@dataclass(frozen=True)
class Subckt:
    """A .subckt statement, what it holds, and its .ends."""

    head: Line
    body: tuple[Line, ...]
    end: Line

    @property
    def name(self) -> str:
        """In upper case."""
        return self.head.subckt_name

    @property
    def lines(self) -> Iterator[Line]:
        yield self.head
        yield from self.body
        yield self.end

    def same_as(self, other: Subckt) -> bool:
        """Whether both say the same, blanks and upper case aside; of .ends nothing counts."""
        return _said(self) == _said(other)


@dataclass
class Divided:
    """A netlist's subcircuits by name, those that xschem left commented out, and the lines outside any."""

    subckts: dict[str, list[Subckt]] = field(default_factory=dict)
    commented: list[Subckt] = field(default_factory=list)
    outside: list[Line] = field(default_factory=list)


def divided(lines: Iterable[Line]) -> Divided:
    """Raises InputError for a .subckt inside another, one without .ends, and the other way round."""
    parts = Divided()
    head: Line | None = None
    body: list[Line] = []
    for line in lines:
        if line.first == ".subckt":
            if head is not None:
                raise line.refused(f"a .subckt inside another, which began at line {head.number}")
            if len(line.words) < 2:
                raise line.refused(".subckt without a name")
            head, body = line, []
        elif line.first == ".ends":
            _check_end(line, head)
            if head is not None:
                parts.subckts.setdefault(head.subckt_name, []).append(Subckt(head, tuple(body), line))
            head = None
        else:
            (parts.outside if head is None else body).append(line)
    if head is not None:
        raise head.refused(f"{head.subckt_name} has no .ends")
    parts.commented = list(_commented(parts.outside))
    parts.outside = [line for line in parts.outside if line.text[0] != "*"]
    return parts


def _check_end(line: Line, head: Line | None) -> None:
    if head is None:
        raise line.refused(".ends without a .subckt")
    words = line.words
    if len(words) > 1 and words[1].upper() != head.subckt_name:
        raise line.refused(f".ends {words[1]} where {head.subckt_name} is open, from line {head.number}")


def _commented(outside: Sequence[Line]) -> Iterator[Subckt]:
    """What lies between xschem's `**.subckt` and `**.ends`. Older versions name a port as often as it has a symbol."""
    head: Line | None = None
    body: list[Line] = []
    for line in outside:
        if line.first == "**.subckt" and len(line.words) > 1:
            head, body = line, []
        elif line.first == "**.ends" and head is not None:
            ports = dict.fromkeys(word.lower() for word in head.words[2:])
            text = " ".join([".subckt", head.words[1], *ports])
            yield Subckt(replace(head, text=text), tuple(body), replace(line, text=".ends"))
            head = None
        elif line.text[0] != "*":
            body.append(line)


@dataclass
class Reach:
    """Follows calls in the netlist `file`. `cell` gives the lines of a standard cell; `notes` say how the top was
    found."""

    file: Path
    parts: Divided
    cell: Callable[[str], list[Line]]
    notes: list[str] = field(default_factory=list)

    def below(self, top: str, read: Callable[[Line], Line]) -> list[Subckt]:
        """The top and all it reaches, each once, their lines made plain by `read`.

        Raises InputError where one of them is defined in two ways.
        """
        found: dict[str, Subckt] = {}
        todo = [self._top(top)]
        while todo:
            subckt = todo.pop()
            if subckt.name in found:
                continue
            body = tuple(read(line) for line in subckt.body if line.text[0] != "*")
            found[subckt.name] = Subckt(read(subckt.head), body, subckt.end)
            called = {line.model: line for line in reversed(body) if line.text[0] in "Xx"}
            todo += [self.only(name) for name, line in called.items() if name not in found and self._is_known(line)]
        return list(found.values())

    def ports(self, name: str) -> list[str] | None:
        """Of the subcircuit `name`, all in upper case; None where there is none."""
        return [word.upper() for word in self.parts.subckts[name][0].head.words[2:]] if self.has(name) else None

    def has(self, name: str) -> bool:
        """Whether `name`, in upper case, is a subcircuit and no model of the PDK."""
        if name in MODELS:
            return False
        if name not in self.parts.subckts:
            for known, subckts in divided(self.cell(name)).subckts.items():
                self.parts.subckts.setdefault(known, subckts)
        return name in self.parts.subckts

    def only(self, name: str) -> Subckt:
        """The one definition of `name`. Raises InputError naming both places where two differ."""
        first, *others = self.parts.subckts[name]
        for other in others:
            if not other.same_as(first):
                raise other.head.refused(f"{name} is defined otherwise than at {first.head.place}")
        return first

    def _is_known(self, line: Line) -> bool:
        """Whether a call is one of a subcircuit. Raises InputError where it is of nothing at all."""
        name = line.model
        if not self.has(name) and known(name) is None and not name.startswith(PREFIX):
            raise line.refused(f"{name} is neither a subcircuit nor a device", "--netlist, again, with its netlist")
        return self.has(name)

    def _top(self, top: str) -> Subckt:
        name = top.upper()
        if name in self.parts.subckts:
            return self.only(name)
        alike = [subckt for subckt in self.parts.commented if subckt.name == name]
        if len(alike) > 1:
            raise alike[1].head.refused(f"{name} is commented out, there and at {alike[0].head.place}", XSCHEM)
        if not alike:
            raise self._no_such(top)
        self.notes.append(f"{alike[0].head.place}: the commented-out **.subckt {top} is read as the top")
        return alike[0]

    def _no_such(self, top: str) -> InputError:
        known = ", ".join([*self.parts.subckts, *(f"{x.name} (commented out)" for x in self.parts.commented)])
        loose = next((line for line in self.parts.outside if line.text[0] != "."), None)
        where = f" ({loose.place}: a device outside any .subckt)" if loose and not known else ""
        message = f"{self.file}: no subcircuit {top}; it has {known or 'none'}{where}"
        return InputError(message, field="top", remedy="--circuit NAME" if known else XSCHEM if loose else None)


def _said(subckt: Subckt) -> list[list[str]]:
    return [line.text.lower().split() for line in (subckt.head, *subckt.body)]
