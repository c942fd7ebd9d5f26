"""Which pin of the tile each pin of a macro goes to, and what the pins are tied to that nothing drives.

    assignment(cell, settings).nets["ib"] == "ua[0]"

Analog pins take ua[0] on, the rightmost first; digital inputs ui_in, then uio_in, then rst_n and clk; outputs uo_out,
then uio_out. Outputs of the frame that nothing drives are tied to ground, and so are the enables of bidirectional pins
but for those that are driven.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analoom.cells.model.cell import Cell
from analoom.generators.shuttle.plan import GROUND, HIGH_SUPPLY, SUPPLY
from analoom.pdk.errors import SpecError
from analoom.pdk.shuttle.tiny_tapeout import USABLE_ANALOG, TileFrame

from .pin_kinds import Kind, kind_of, size_that_fits
from .settings import TinyTapeoutSettings

PLACES: dict[Kind, tuple[str, ...]] = {
    "analog": tuple(f"ua[{n}]" for n in range(USABLE_ANALOG)),
    "input": (*(f"ui_in[{n}]" for n in range(8)), *(f"uio_in[{n}]" for n in range(8)), "rst_n", "clk"),
    "output": (*(f"uo_out[{n}]" for n in range(8)), *(f"uio_out[{n}]" for n in range(8))),
}
"""The pins of the frame that a kind may take, in the order in which it takes them."""
SUPPLIES = {"ground": GROUND, "power": SUPPLY}
OPEN = "open"
_SHORT = re.compile(r"(ui|uo|uio)(\[\d\])")
_BUSES = {
    ("ui", "input"): "ui_in",
    ("uo", "output"): "uo_out",
    ("uio", "input"): "uio_in",
    ("uio", "output"): "uio_out",
}


@dataclass(frozen=True)
class Assignment:
    """`nets`: by port of the macro its net in the tile; `ties`: by pin of the frame its supply."""

    nets: Mapping[str, str]
    ties: Mapping[str, str]

    @property
    def analog_pins(self) -> int:
        """How many are in use."""
        return sum(net.startswith("ua[") for net in set(self.nets.values()))

    def ports_on(self, pin: str) -> list[str]:
        """The macro's pins on a pin of the frame."""
        return [port for port, net in self.nets.items() if net == pin]


def assignment(cell: Cell, settings: TinyTapeoutSettings) -> Assignment:
    """The assignment of all ports. Raises SpecError for a pin that is not there or taken, and for too many."""
    frame = TileFrame(settings.tile, settings.uses_3v3)
    asked = dict(_asked(cell, settings, frame))
    nets = asked | dict(_others(cell, asked))
    nets = {port: nets[port] for port in cell.circuit.ports}
    _require_in_order(nets)
    return Assignment(nets, dict(_ties(frame, nets)))


def _asked(cell: Cell, settings: TinyTapeoutSettings, frame: TileFrame) -> Iterator[tuple[str, str]]:
    """What the settings say."""
    known = {pin.name: pin.direction for pin in frame.pins()} | dict.fromkeys(frame.supplies, "supply")
    taken = Counter[str]()
    for port, given in settings.pins.items():
        field = f"settings.pins.{port}"
        if port not in cell.circuit.ports:
            raise SpecError(field, given, f"for a pin of {cell.name}: {', '.join(cell.circuit.ports)}")
        place, kind = _long(given, kind_of(cell, port)), kind_of(cell, port)
        if place == OPEN and kind not in ("input", "supply"):
            yield port, f"{port}_open"
            continue
        if place not in known or place == "ena" or place.startswith("uio_oe"):
            raise SpecError(field, given, _words(frame), "the pins and supplies of a tile")
        if kind in PLACES and place not in (*PLACES[kind], *frame.supplies):
            raise SpecError(field, given, f"for an {kind} pin one of {PLACES[kind][0]} to {PLACES[kind][-1]}")
        if kind == "supply" and place not in frame.supplies:
            raise SpecError(field, given, f"one of {', '.join(frame.supplies)}", "a supply")
        if place not in frame.supplies and (taken[place] or _other_half(place) in taken):
            raise SpecError(field, given, "a pin that nothing else takes")
        taken[place] += 1
        yield port, place


def _words(frame: TileFrame) -> str:
    return f"ua[0] to ua[{USABLE_ANALOG - 1}], ui[n], uo[n], uio[n], clk, rst_n, {', '.join(frame.supplies)} or {OPEN}"


def _long(given: str, kind: Kind) -> str:
    """ui[0] as the frame calls it."""
    short = _SHORT.fullmatch(given)
    return f"{_BUSES.get((short[1], kind), short[1])}{short[2]}" if short else given


def _other_half(place: str) -> str:
    """A bidirectional pin is an input or an output of one project."""
    return place.replace("uio_in", "uio_?").replace("uio_out", "uio_in").replace("uio_?", "uio_out")


def _others(cell: Cell, asked: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """The ports that the settings leave to us, kind by kind."""
    taken = set(asked.values()) | {_other_half(place) for place in asked.values() if place.startswith("uio")}
    for kind, ports in _by_kind(cell, asked).items():
        if kind == "supply":
            yield from ((port, _supply(cell, port)) for port in ports)
            continue
        free = [place for place in PLACES[kind] if place not in taken]
        if len(ports) > len(free):
            bound = f"with at most {len(free)} {kind} pins left to place"
            raise SpecError("name", cell.name, bound, _too_many(kind, ports), instead=size_that_fits(cell))
        for port, place in zip(ports, free, strict=False):
            taken |= {place} | ({_other_half(place)} if place.startswith("uio") else set())
            yield port, place


def _too_many(kind: Kind, ports: list[str]) -> str:
    return f"it has {len(ports)}: {', '.join(ports)}; a tile has {len(PLACES[kind])}"


def _by_kind(cell: Cell, asked: Mapping[str, str]) -> dict[Kind, list[str]]:
    """The ports left, analog ones from the right of the macro to its left, digital words bit by bit.

    Raises SpecError for one of no known kind.
    """
    found: dict[Kind, list[str]] = {}
    for port in (port for port in cell.circuit.ports if port not in asked):
        found.setdefault(kind_of(cell, port), []).append(port)
    if strange := found.get("unknown"):
        fix = f"pins.{strange[0]}=ua[0]"
        raise SpecError("settings.pins", {}, f"told for {', '.join(strange)}", "their kind is not known", instead=fix)
    places = {pin.name: pin.box.center().x for pin in reversed(cell.pins)}
    order = {"analog": lambda port: -places[port]}
    for kind, ports in found.items():
        ports.sort(key=order.get(kind, _number))
    return found


def _number(port: str) -> int:
    """The bit of a word: all of bit 0 before all of bit 1, other names first."""
    digits = re.search(r"\d+", port)
    return int(digits[0]) if digits else -1


def _supply(cell: Cell, port: str) -> str:
    use = next(pin.use for pin in cell.pins if pin.name == port)
    return SUPPLIES[use]


def _require_in_order(nets: Mapping[str, str]) -> None:
    """The shuttle wires the first analog pins: none may be left out."""
    used = {net for net in nets.values() if net.startswith("ua[")}
    for n in range(len(used)):
        if f"ua[{n}]" not in used:
            raise SpecError("settings.pins", sorted(used), f"with ua[{n}] too", "analog pins are counted from ua[0]")


def _ties(frame: TileFrame, nets: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Outputs of the frame that no pin of the macro drives."""
    driven = set(nets.values())
    for pin in frame.pins():
        if pin.direction == "output" and pin.name not in driven:
            enabled = pin.name.replace("uio_oe", "uio_out") in driven and pin.name.startswith("uio_oe")
            yield pin.name, SUPPLY if enabled else GROUND


__all__ = ["HIGH_SUPPLY", "Assignment", "assignment"]
