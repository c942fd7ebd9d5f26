"""Nets that one side has and the other has not, told by what is on them and on the nets beyond.

klayout's comparer ends with an internal error on some netlists that differ, where transistors have two terminals on one
net. This tells them apart without pairing anything: what it finds is a difference, what it does not find no match.
Source of the method: refinement of colours (Weisfeiler and Leman, 1968).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import klayout.db as kdb

MOST_STEPS = 8
"""So many devices away from a net are looked at."""

Label = tuple[object, ...]


def told_apart(layout: kdb.Circuit, reference: kdb.Circuit) -> list[str]:
    """One line a net without a like on the other side, sizes aside; none for circuits that hold instances."""
    if any(next(circuit.each_subcircuit(), None) is not None for circuit in (layout, reference)):
        return []
    drawn, wanted = _Labelled(layout), _Labelled(reference)
    numbers: dict[Label, int] = {}
    for _ in range(MOST_STEPS):
        drawn.look_further(numbers)
        wanted.look_further(numbers)
        lone = [*drawn.lone("layout", wanted), *wanted.lone("schematic", drawn)]
        if lone:
            return lone
    return []


class _Labelled:
    """The nets of a circuit by number, each with a label: equal ones look alike as far as was looked."""

    def __init__(self, circuit: kdb.Circuit) -> None:
        self.nets = list(circuit.each_net())
        self.label = [-1] * len(self.nets)
        self.device: dict[int, list[tuple[str, int]]] = {}
        self.model: dict[int, str] = {}
        for number, net in enumerate(self.nets):
            for end in net.each_terminal():
                self.model[end.device().id()] = end.device().device_class().name.upper()
                self.device.setdefault(end.device().id(), []).append((_kind(end), number))

    def look_further(self, numbers: dict[Label, int]) -> None:
        """By one device; `numbers` gives equal labels one number on both sides."""
        beyond: list[list[Label]] = [[] for _ in self.nets]
        for device, ends in self.device.items():
            seen = tuple(sorted((kind, self.label[net]) for kind, net in ends))
            for kind, net in ends:
                beyond[net].append((self.model[device], kind, seen))
        labels = [(_port(net), self.label[n], *sorted(beyond[n], key=repr)) for n, net in enumerate(self.nets)]
        self.label = [numbers.setdefault(label, len(numbers)) for label in labels]

    def lone(self, side: str, other: _Labelled) -> Iterator[str]:
        """The nets with labels that `other` has not, or not as often."""
        left = Counter(self.label) - Counter(other.label)
        for net, label in zip(self.nets, self.label, strict=True):
            if left[label] > 0 and not net.is_floating():
                left[label] -= 1
                yield f"net {net.expanded_name()} ({net.terminal_count()} device terminals) is only in the {side}"


def _kind(end: kdb.NetTerminalRef) -> str:
    """Terminals that may change over are of one kind: source and drain, a resistor's ends."""
    kind, name = end.device().device_class(), end.terminal_def().name
    if isinstance(kind, kdb.DeviceClassMOS4Transistor):
        return "S" if name == "D" else name
    return "A" if isinstance(kind, kdb.DeviceClassResistor) and name == "B" else name


def _port(net: kdb.Net) -> str:
    return ",".join(sorted(ref.pin().name().upper() for ref in net.each_pin()))
