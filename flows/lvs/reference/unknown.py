"""What a netlist calls and LVS does not know: left out of the comparison, and named with file and line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import klayout.db as kdb

from analoom.flows.lvs.devices.circuits import remove_with_calls
from analoom.pdk.errors import InputError

from .lines import Line


@dataclass(frozen=True)
class Unknown:
    """Devices of one model, or calls of one name, in upper case: the first of them as an error, and how many."""

    model: str
    error: InputError
    number: int = 1

    def __str__(self) -> str:
        more = f"; {self.number - 1} more of them" if self.number > 1 else ""
        return f"{self.error.message}: left out{more}"


@dataclass(frozen=True)
class Skipped:
    """A device that a netlist's reader passed over: in which circuit, its name, its model, and what is wrong."""

    circuit: str
    name: str
    model: str
    why: str


def leave_out_calls(netlist: kdb.Netlist, path: Path, lines: Sequence[Line]) -> Iterator[Unknown]:
    """Removes what klayout makes of a call it cannot resolve: an empty circuit with numbered pins."""
    for circuit in [c for c in netlist.each_circuit() if _is_unresolved(c)]:
        model = circuit.name.split("(")[0]
        where = next((line for line in lines if model in line.text.upper().split()), Line("", path, 0))
        number = sum(1 for _ in circuit.each_ref())
        yield Unknown(model, where.refused(f"{model} is neither a subcircuit nor a device"), number)
        remove_with_calls(netlist, circuit)


def skipped_devices(skipped: Iterable[Skipped], path: Path, lines: Sequence[Line]) -> list[Unknown]:
    """One for each model, at its first line."""
    by_model: dict[str, Skipped] = {}
    number: Counter[str] = Counter()
    for device in skipped:
        by_model.setdefault(device.model, device)
        number[device.model] += 1
    places = _places(lines) if by_model else {}
    nowhere = Line("", path, 0)
    return [
        Unknown(model, places.get((x.circuit.split("(")[0], x.name), nowhere).refused(x.why), number[model])
        for model, x in by_model.items()
    ]


def holds_device(circuit: kdb.Circuit) -> bool:
    """Whether there is a device in `circuit` or below."""
    todo, seen = [circuit], {circuit.name}
    while todo:
        here = todo.pop()
        if any(True for _ in here.each_device()):
            return True
        below = [sub.circuit_ref() for sub in here.each_subcircuit()]
        todo += {c.name: c for c in below if c.name not in seen}.values()
        seen |= {c.name for c in below}
    return False


def _is_unresolved(circuit: kdb.Circuit) -> bool:
    numbered = [p.name() for p in circuit.each_pin()] == [str(n + 1) for n in range(circuit.pin_count())]
    return numbered and not any(circuit.each_device()) and not any(circuit.each_subcircuit())


def _places(lines: Iterable[Line]) -> dict[tuple[str, str], Line]:
    """Lines by their subcircuit and first word, in upper case."""
    places: dict[tuple[str, str], Line] = {}
    inside = ""
    for line in lines:
        inside = line.subckt_name if line.first == ".subckt" else inside
        places.setdefault((inside, line.first.upper()), line)
    return places
