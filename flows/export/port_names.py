"""The one list of pins that every abstract of a cell is written from, refused when a format could not hold a name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from analoom.cells.model.cell import Cell, Pin
from analoom.pdk.errors import InputError

from .directions import Direction, directions

PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
"""Names that GDS, LEF, Verilog, SPICE and CDL all take as they are; brackets would make a bus of a LEF pin."""

LONGEST = 200


@dataclass(frozen=True)
class Port:
    """A pin by name: what it is used for, which way it goes and where it is drawn, in the order of the circuit."""

    name: str
    use: str
    places: tuple[Pin, ...]
    direction: Direction = "inout"

    @property
    def is_supply(self) -> bool:
        return self.use != "signal"


def ports_of(cell: Cell) -> tuple[Port, ...]:
    """The ports of `cell` in the circuit's order, each with its places in the layout.

    Raises InputError when layout and circuit differ in a name, when one pin is used for two things, and for a name that
    some format cannot hold. SPICE does not tell upper from lower case: names may not differ by case alone.
    """
    names = cell.circuit.ports
    for name in (cell.name, *names):
        _check(name)
    times = Counter(name.lower() for name in names)
    if twice := sorted(name for name in names if times[name.lower()] > 1):
        raise InputError(f"{cell.name}: {', '.join(twice)} are one pin to SPICE", field="pins", remedy="rename one")
    odd = sorted({pin.name for pin in cell.pins} ^ set(names))
    if odd:
        raise InputError(f"{cell.name}: {', '.join(odd)} in one view only, layout or circuit", field="pins")
    places: dict[str, list[Pin]] = {name: [] for name in names}
    for pin in cell.pins:
        places[pin.name].append(pin)
    ports = tuple(_port(cell, name, places[name]) for name in names)
    supplies = {use: [port.name for port in ports if port.use == use] for use in ("power", "ground")}
    ways = directions(cell.circuit, supplies["power"], supplies["ground"])
    return tuple(replace(port, direction=ways[port.name]) for port in ports)


def _port(cell: Cell, name: str, places: Sequence[Pin]) -> Port:
    uses = sorted({pin.use for pin in places})
    if len(uses) > 1:
        raise InputError(f"{cell.name}: pin {name} is {' and '.join(uses)}", field="pins", remedy="one use a pin")
    return Port(name, uses[0], tuple(places))


def _check(name: str) -> None:
    if not PLAIN.fullmatch(name) or len(name) > LONGEST:
        shown = name if len(name) <= LONGEST else f"{name[:40]}..."
        raise InputError(
            f"{shown!r} cannot name a cell or pin in GDS, LEF, Verilog and CDL alike",
            field="pins",
            remedy=f"use letters, digits and _, a letter or _ first, at most {LONGEST}",
        )
