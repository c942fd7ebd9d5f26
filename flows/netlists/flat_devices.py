"""The devices of a circuit, one by one: where each sits in the hierarchy and which nets of the top it touches."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from analoom.cells.model.circuit import Circuit, Device


@dataclass(frozen=True)
class FlatDevice:
    """A device with its instance path (names without the X) and its nets by terminal, named from the top."""

    path: tuple[str, ...]
    device: Device
    nets: Mapping[str, str]


def flat_devices(
    circuit: Circuit, path: tuple[str, ...] = (), nets: Mapping[str, str] | None = None
) -> Iterator[FlatDevice]:
    """Every device of `circuit` and below, in the netlist's order; a net inside is named by path with dots."""
    known = nets or {port: port for port in circuit.ports}

    def named(local: str) -> str:
        return known.get(local, ".".join([*path, local]))

    for device in circuit.devices:
        yield FlatDevice(path, device, {t: named(n) for t, n in device.nets.items()})
    for instance in circuit.instances:
        inner = {port: named(instance.nets[port]) for port in instance.circuit.ports}
        yield from flat_devices(instance.circuit, (*path, instance.name), inner)
