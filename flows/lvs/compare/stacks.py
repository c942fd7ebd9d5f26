"""Stacks of transistors drawn in several strips: their inner nets joined where the strips carry equal voltages there.

klayout's `join_split_gates` does this too, but not in every order of the netlist's lines.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import klayout.db as kdb

CHANNEL = ("S", "D")
WIDTH_DIGITS = 6
"""Of the ratio of two widths: 1e-6, as sizes are compared."""


@dataclass(frozen=True)
class Step:
    """One transistor of a strip: model, gate, body (numbers of nets), length; and its width, which may differ."""

    model: str
    gate: int
    body: int
    l_um: float
    w_um: float

    @property
    def kind(self) -> tuple[str, int, int, float]:
        return self.model, self.gate, self.body, self.l_um


@dataclass(frozen=True)
class Strip:
    """Transistors in series from net to net, and the nets between them, all by number."""

    ends: tuple[int, int]
    steps: tuple[Step, ...]
    inner: tuple[int, ...]

    def turned(self) -> Strip:
        return Strip(self.ends[::-1], self.steps[::-1], self.inner[::-1])

    @property
    def key(self) -> tuple[object, ...]:
        """Equal for strips whose inner nets are at equal voltages: widths may be another by one ratio throughout."""
        first = self.steps[0].w_um
        return (*self.order, tuple(round(step.w_um / first, WIDTH_DIGITS) for step in self.steps))

    @property
    def order(self) -> tuple[tuple[int, int], tuple[tuple[str, int, int, float], ...]]:
        return self.ends, tuple(step.kind for step in self.steps)


class _Wiring:
    """The nets of a circuit by number, and which one each terminal of a transistor is on."""

    def __init__(self, circuit: kdb.Circuit) -> None:
        self.nets = list(circuit.each_net())
        self.at: dict[tuple[int, str], int] = {}
        self.between: dict[int, list[kdb.Device]] = {}
        for number, net in enumerate(self.nets):
            ends = list(net.each_terminal())
            for end in ends:
                self.at[end.device().id(), end.terminal_def().name] = number
            if net.pin_count() == 0 and net.subcircuit_pin_count() == 0 and _joins_two_channels(ends):
                self.between[number] = [end.device() for end in ends]

    def strips(self) -> Iterator[Strip]:
        """Every strip once: from each inner net not seen yet to both its ends."""
        seen: set[int] = set()
        for start, (device, other) in self.between.items():
            if start not in seen:
                left, right = self._walk(start, device), self._walk(start, other)
                inner = (*left[1][:-1][::-1], start, *right[1][:-1])
                seen |= set(inner)
                steps = (*left[0][::-1], *right[0])
                if len(set(inner)) == len(inner):
                    yield Strip((left[1][-1], right[1][-1]), steps, inner)

    def _walk(self, net: int, device: kdb.Device) -> tuple[list[Step], list[int]]:
        """Transistors from `net` through `device` as far as nets are inner ones, and the nets behind each."""
        steps, nets, first = [self._step(device)], [self._beyond(device, net)], net
        while nets[-1] in self.between and nets[-1] != first:
            one, other = self.between[nets[-1]]
            device = other if one.id() == device.id() else one
            steps.append(self._step(device))
            nets.append(self._beyond(device, nets[-1]))
        return steps, nets

    def _beyond(self, device: kdb.Device, net: int) -> int:
        source, drain = (self.at[device.id(), name] for name in CHANNEL)
        return drain if source == net else source

    def _step(self, device: kdb.Device) -> Step:
        gate, body = (self.at.get((device.id(), name), -1) for name in "GB")
        return Step(device.device_class().name, gate, body, device.parameter("L"), device.parameter("W"))


def strips_of(circuit: kdb.Circuit) -> list[Strip]:
    """Every strip of transistors in series, nets by their place in `circuit.each_net()`."""
    return list(_Wiring(circuit).strips()) if _may_have_strips(circuit) else []


def join_strips(circuit: kdb.Circuit) -> bool:
    """Joins the inner nets of strips that are alike and stand between the same nets. Whether there were any.

    Transistors in parallel must have been combined before.
    """
    wiring = _Wiring(circuit) if _may_have_strips(circuit) else None
    alike: dict[tuple[object, ...], list[Strip]] = defaultdict(list)
    for strip in wiring.strips() if wiring else ():
        straight = min(strip, strip.turned(), key=lambda x: x.order)
        alike[straight.key].append(straight)
    several = [strips for strips in alike.values() if len(strips) > 1]
    for first, *others in several:
        for other in others:
            for kept, joined in zip(first.inner, other.inner, strict=True):
                circuit.join_nets(wiring.nets[kept], wiring.nets[joined])  # type: ignore[union-attr]
    return bool(several)


def _may_have_strips(circuit: kdb.Circuit) -> bool:
    """Cheap, for circuits of many devices."""
    return sum(1 for net in circuit.each_net() if net.pin_count() == 0 and net.terminal_count() == 2) > 1


def _joins_two_channels(ends: list[kdb.NetTerminalRef]) -> bool:
    """Two different transistors of one model, by source or drain."""
    if len(ends) != 2 or any(end.terminal_def().name not in CHANNEL for end in ends):
        return False
    one, other = (end.device() for end in ends)
    is_mos = isinstance(one.device_class(), kdb.DeviceClassMOS4Transistor)
    return is_mos and one.id() != other.id() and one.device_class().name == other.device_class().name
