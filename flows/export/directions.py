"""Which way a signal goes at a pin, told by the circuit alone.

- input: the pin's net meets gates of transistors and, at most, junction diodes: it takes no current.
- output: drains of p and of n transistors are on its net, and channels and resistors lead from there to a power and to
  a ground pin and to no other signal pin, not by way of a net with gates on it (what a switch leads to). None of the
  transistors has its gate there too (connected as a diode).
- inout: everything else, and every supply.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from analoom.cells.model.circuit import Circuit, Device, Diode, Mos, Res

Direction = Literal["input", "output", "inout"]
Group = frozenset[str]
"""Nets that current flows between."""

GATE, JUNCTION, N_DRAIN, P_DRAIN, OTHER = "gate", "junction", "n drain", "p drain", "other"
TAKES_NO_CURRENT = {GATE, JUNCTION}


@dataclass
class Reached:
    """Of one circuit: what each net meets in it and below, and the groups of nets with channels between them."""

    meets: dict[str, set[str]] = field(default_factory=lambda: defaultdict(set))
    groups: set[Group] = field(default_factory=set)


def directions(circuit: Circuit, power: Collection[str], ground: Collection[str]) -> dict[str, Direction]:
    """The direction of each port; `power` and `ground` are the ports that are supplies."""
    below: dict[str, Reached] = {}
    for child in circuit.children():
        below[child.name] = _outside(_reached(child, below), child.ports)
    found, near = _reached(circuit, below), defaultdict(list)
    for group in _without_signals(found, circuit.ports):
        for net in group:
            near[net].append(group)
    supplies = {*power, *ground}
    return {
        port: "inout" if port in supplies else _direction(port, circuit, found, near, (set(power), set(ground)))
        for port in circuit.ports
    }


def _direction(
    port: str,
    circuit: Circuit,
    found: Reached,
    near: Mapping[str, list[Group]],
    supplies: tuple[set[str], set[str]],
) -> Direction:
    meets = found.meets.get(port, set())
    if GATE in meets and meets <= TAKES_NO_CURRENT:
        return "input"
    if not {N_DRAIN, P_DRAIN} <= meets:
        return "inout"
    reached = _ports_reached(port, near, set(circuit.ports))
    both = all(reached & supply for supply in supplies)
    alone = not reached - supplies[0] - supplies[1]
    return "output" if both and alone and not _is_diode(circuit, frozenset([port]), set()) else "inout"


def _ports_reached(port: str, near: Mapping[str, list[Group]], ports: set[str]) -> set[str]:
    """The other ports that channels lead to; nothing leads on through a port."""
    seen, left = {port}, [port]
    while left:
        net = left.pop()
        for other in {net for group in near.get(net, ()) for net in group} - seen:
            seen.add(other)
            if other not in ports:
                left.append(other)
    return (seen & ports) - {port}


def _reached(circuit: Circuit, below: Mapping[str, Reached]) -> Reached:
    found = Reached()
    for device in circuit.devices:
        _add_device(found, device)
    for instance in circuit.instances:
        child = below[instance.circuit.name]
        for port, met in child.meets.items():
            found.meets[instance.nets[port]] |= met
        found.groups.update(frozenset(instance.nets[port] for port in group) for group in child.groups)
    return found


def _add_device(found: Reached, device: Device) -> None:
    roles = _roles(device)
    for terminal, net in device.nets.items():
        found.meets[net].add(roles.get(terminal, OTHER))
    ends = ("d", "s") if isinstance(device, Mos) else ("r0", "r1") if isinstance(device, Res) else ()
    if ends:
        found.groups.add(frozenset(device.nets[end] for end in ends))


def _without_signals(found: Reached, ports: Iterable[str]) -> set[Group]:
    """The groups without the nets inside that gates are on: nothing leads on through one."""
    signals = {net for net, met in found.meets.items() if GATE in met}.difference(ports)
    return {group - signals for group in found.groups}


def _roles(device: Device) -> dict[str, str]:
    """What a net meets at the terminals that say something."""
    if isinstance(device, Mos):
        return {"g": GATE, "d": P_DRAIN if device.device.is_p else N_DRAIN}
    return {"a": JUNCTION, "c": JUNCTION} if isinstance(device, Diode) else {}


def _outside(found: Reached, ports: Iterable[str]) -> Reached:
    """The same of the ports alone: what meets inside is one group of the ports around it."""
    own, leading = set(ports), _without_signals(found, ports)
    root: dict[str, str] = {}

    def of(net: str) -> str:
        while root.setdefault(net, net) != net:
            root[net] = net = root[root[net]]
        return net

    for group in leading:
        inner = [net for net in group if net not in own]
        for net in inner[1:]:
            root[of(net)] = of(inner[0])
    around: dict[str, set[str]] = defaultdict(set)
    direct = {group for group in leading if group <= own}
    for group in leading - direct:
        around[of(next(net for net in group if net not in own))] |= group & own
    groups = direct | {frozenset(group) for group in around.values()}
    meets = {net: met for net, met in found.meets.items() if net in own}
    return Reached(meets, {group for group in groups if len(group) > 1})


def _is_diode(circuit: Circuit, nets: Group, seen: set[tuple[str, Group]]) -> bool:
    """Whether a transistor has its gate and an end of its channel on one net, which `nets` name in this circuit."""
    if (circuit.name, nets) in seen:
        return False
    seen.add((circuit.name, nets))
    for device in circuit.devices:
        if isinstance(device, Mos) and device.nets["g"] in nets and {device.nets["d"], device.nets["s"]} & nets:
            return True
    for instance in circuit.instances:
        inside = frozenset(port for port, net in instance.nets.items() if net in nets)
        if inside and _is_diode(instance.circuit, inside, seen):
            return True
    return False
